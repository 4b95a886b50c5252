"""Near duplicates by comparing every pair of texts, and what datasketch's MinHash estimates; writes audit_near.json.

Made with datasketch 2.0.0: python audit_near.py
"""

import json
import unicodedata
from pathlib import Path

import numpy as np
from datasketch import MinHash

rng = np.random.default_rng(4)
WORDS = [f"w{i}" for i in range(300)] + "naïve ﬁbrosis µ-opioid ＩＬ－６ 北京 Москва ΣΑΣ 𐐀𐐁".split()


def words(text):
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(" " if unicodedata.category(c)[0] == "P" else c for c in text).split()


def shingles(text):
    of = words(text)
    return {" ".join(of[i : i + 3]) for i in range(max(1, len(of) - 2))}


texts = []
for _ in range(120):
    base = list(rng.choice(WORDS, rng.integers(2, 60)))
    texts.append(" ".join(base) + ".")
    for _ in range(rng.integers(0, 3)):
        again = list(base)
        for _ in range(rng.integers(0, 3)):
            again[rng.integers(len(again))] = str(rng.choice(WORDS))
        texts.append(", ".join(again).upper() if rng.random() < 0.3 else " ".join(again))
texts += ["", "...", "one", "One!"]

pairs = []
seen = {}
for index, text in enumerate(texts):
    form = " ".join(words(text))
    if form and form not in seen:
        seen[form] = index
kept = sorted(seen.values())
for x, a in enumerate(kept):
    for b in kept[x + 1 :]:
        one, two = shingles(texts[a]), shingles(texts[b])
        jaccard = len(one & two) / len(one | two)
        if jaccard >= 0.8:
            sketches = []
            for some in (one, two):
                sketch = MinHash(num_perm=256, seed=1)
                sketch.update_batch([s.encode() for s in some])
                sketches.append(sketch)
            assert abs(sketches[0].jaccard(sketches[1]) - jaccard) < 0.12
            pairs.append({"a": a, "b": b, "jaccard": jaccard})

Path(__file__).with_suffix(".json").write_text(json.dumps({"texts": texts, "pairs": pairs}, ensure_ascii=False) + "\n")
print(len(pairs))
