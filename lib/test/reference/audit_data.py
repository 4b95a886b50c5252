"""Invented datasets that the audit is tried on; writes audit_data.json beside itself: python audit_data.py

unicode: four labels; words of several alphabets, compatibility forms and characters outside the basic plane.
missing: three labels, of which train has two and test another two.
tiny: two labels, seven rows to learn from and five to be tried on.
"""

import json
from pathlib import Path

import numpy as np


def dataset(seed, words, leaning, sizes, labels, claims=None, empty=0.1):
    rng = np.random.default_rng(seed)
    pool = []

    def text(label, longest):
        drawn = rng.choice(words + 2 * leaning[label], rng.integers(1, longest))
        marks = rng.choice([" ", " ", " ", ", ", "; ", " (", ") "], len(drawn))
        return "".join(w + m for w, m in zip(drawn, marks)).strip() + str(rng.choice([".", ".", "?", ""]))

    def row(part, index):
        label = str(rng.choice(labels[part]))
        claim = text(label, 9)
        if pool and rng.random() < 0.4:
            evidence = str(rng.choice(pool))
        else:
            evidence = "" if rng.random() < empty else text(label, 25)
            if evidence:
                pool.append(evidence)
        if rng.random() < 0.1:
            evidence = evidence.upper().replace(" ", "  ")
        return {"id": f"{part}{index}", "claim": claim, "evidence": evidence, "label": label}

    return {part: [row(part, i) for i in range(size)] for part, size in sizes.items()}


UNICODE_WORDS = (
    "naïve ﬁbrosis µ-opioid μg ＩＬ－６ İstanbul ΣΑΣ ß-blocker Žižek 北京 東京 𝒜lpha 𐐀𐐁 été ete² ½ dose rat trial "
    "not 5-HT T cell_line Α-synuclein Москва мышь x may"
).split()
PLAIN_WORDS = "zinc dose cold trial not no rat mice 12 3.5mg may might raises lowers placebo group".split()

DATASETS = {
    "unicode": dataset(
        1,
        UNICODE_WORDS,
        {"a": ["北京"], "b": ["Москва", "not"], "ç": ["ﬁbrosis"], "d": ["may"]},
        {"train": 160, "test": 80},
        {"train": ["a", "b", "ç", "d"], "test": ["a", "b", "ç", "d"]},
    ),
    "missing": dataset(
        2,
        PLAIN_WORDS,
        {"yes": ["raises"], "no": ["lowers", "not"], "maybe": ["may"]},
        {"train": 90, "test": 60},
        {"train": ["yes", "yes", "maybe"], "test": ["yes", "no", "no"]},
    ),
    "tiny": dataset(
        3, PLAIN_WORDS, {"0": ["no"], "1": ["raises"]}, {"train": 7, "test": 5}, {"train": ["0", "1"], "test": ["1", "0"]}
    ),
}
for parts in DATASETS.values():
    parts["labels"] = sorted({row["label"] for part in ("train", "test") for row in parts[part]})

if __name__ == "__main__":
    Path(__file__).with_suffix(".json").write_text(json.dumps(DATASETS, ensure_ascii=False, indent=1) + "\n")
