"""Sentences nearest to a claim by TF-IDF cosine, by scikit-learn; writes nei_tfidf.json beside this file.

    pip install scikit-learn==1.9.1
    python nei_tfidf.py                     a small corpus written for this project: cosines and choices
    python nei_tfidf.py data.tar.gz         also the SciFact release: choices alone, as sentence indices by row id
"""

import json
import re
import sys
import tarfile
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

SETTINGS = dict(lowercase=True, token_pattern=r"(?u)\b\w\w+\b", ngram_range=(1, 1), smooth_idf=True, norm="l2")


def normalise(text):
    return re.sub(r"\s+", " ", text).strip()


def nearest(cosines, count):
    """The highest, of equals the earlier, in the order of the abstract. Sums that differ by rounding are equal."""
    order = np.lexsort((np.arange(len(cosines)), -np.round(cosines, 12)))
    return sorted(int(i) for i in order[:count])


def cosines(vectorizer, claim, sentences):
    return (vectorizer.transform(sentences) @ vectorizer.transform([claim]).T).toarray().ravel()


CORPUS = [
    ["Tea was given to mice.", "Tea lengthened sleep in mice and in men.", "Sleep was measured.", "No harm was seen."],
    ["Salt raises blood pressure.", "A β-blocker lowers it.", "IL-6 and IL 6 are the same.", "Tea does neither."],
    ["Nothing here is shared.", "Nor is it here."],
]
CLAIMS = ["Tea lengthens sleep.", "β-blockers lower blood pressure", "IL-6 raises pressure", "Quite unrelated words"]

vectorizer = TfidfVectorizer(**SETTINGS).fit([s for abstract in CORPUS for s in abstract])


def row(claim, index):
    found = cosines(vectorizer, claim, CORPUS[index])
    rounded = [round(float(c), 12) for c in found]
    return {"claim": claim, "abstract": index, "cosines": rounded, "nearest": [nearest(found, n) for n in (1, 3)]}


rows_of_small = [row(claim, index) for claim in CLAIMS for index in range(len(CORPUS))]

target = Path(__file__).with_suffix(".json")
release = json.loads(target.read_text())["scifact"] if target.exists() else {}
if len(sys.argv) > 1:
    with tarfile.open(sys.argv[1]) as archive:
        read = lambda name: [json.loads(line) for line in archive.extractfile(f"data/{name}.jsonl")]
        corpus = {row["doc_id"]: [normalise(s) for s in row["abstract"]] for row in read("corpus")}
        vectorizer = TfidfVectorizer(**SETTINGS).fit([s for abstract in corpus.values() for s in abstract])
        release = {}
        for split in ("train", "dev"):
            for claim in read(f"claims_{split}"):
                for document in claim["cited_doc_ids"] if not claim["evidence"] else []:
                    found = cosines(vectorizer, normalise(claim["claim"]), corpus[document])
                    release[f"scifact:{split}:{claim['id']}:{document}:nei"] = [nearest(found, n) for n in (1, 3)]

rows = ",\n    ".join(f"{json.dumps(key)}: {json.dumps(choices)}" for key, choices in release.items())
small_rows = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in rows_of_small)
target.write_text(
    "{\n"
    f'  "corpus": {json.dumps(CORPUS, ensure_ascii=False)},\n'
    f'  "rows": [\n    {small_rows}\n  ],\n'
    f'  "scifact": {{\n    {rows}\n  }}\n'
    "}\n"
)
