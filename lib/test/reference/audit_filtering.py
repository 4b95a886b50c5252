"""AFLite by scikit-learn, and rows that scikit-learn's classifiers get right or wrong; writes audit_filtering.json.

AFLite (Le Bras et al. 2020, algorithm 1) on the single words of the rows to learn from, with the partitions that the
study's stream of random numbers (xoshiro128**, seeded by SHA-256) draws. Easy and hard rows are those of the tests that the
classifiers of the claim and of the evidence in audit_guesses.json get right both or wrong both.
Made with scikit-learn 1.9.1: python audit_filtering.py
"""

import json
import struct
from hashlib import sha256
from pathlib import Path

import numpy as np
from audit_data import DATASETS
from scipy.sparse import hstack
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

PARTITIONS, TRAINING, SLICE, THRESHOLD = 16, 0.5, 0.05, 0.75
here = Path(__file__)
guessed = {each["name"]: each["approaches"] for each in json.loads(here.with_name("audit_guesses.json").read_text())}


class Stream:
    """xoshiro128** (Blackman and Vigna 2018)."""

    def __init__(self, purpose, seed):
        self.state = list(struct.unpack("<4I", sha256(f"{purpose}\n{seed}".encode()).digest()[:16]))

    def bits(self):
        cut = lambda x: x & 0xFFFFFFFF
        rotate = lambda x, k: cut(x << k) | (x >> (32 - k))
        a, b, c, d = self.state
        drawn = cut(rotate(cut(b * 5), 7) * 9)
        c, d = c ^ a, d ^ b
        self.state = [a ^ d, b ^ c, c ^ cut(b << 9), rotate(d, 11)]
        return drawn

    def shuffled(self, count):
        order = list(range(count))
        for i in range(count - 1, 0, -1):
            share = ((self.bits() >> 5) * 2**26 + (self.bits() >> 6)) / 2**53
            j = int(share * (i + 1))
            order[i], order[j] = order[j], order[i]
        return order


def classifier(gold):
    if len(set(gold)) == 1:
        return DummyClassifier()
    return LogisticRegression(C=1, tol=1e-10, max_iter=100000)


def aflite(matrix, gold):
    stream = Stream("AFLite", 0)
    size, most = int(TRAINING * len(gold)), max(1, int(SLICE * len(gold)))
    kept, rounds = np.arange(len(gold)), []
    while len(kept) > size:
        x, y = matrix[kept], gold[kept]
        right, tried = np.zeros(len(kept)), np.zeros(len(kept))
        for _ in range(PARTITIONS):
            order = stream.shuffled(len(kept))
            some, rest = order[:size], order[size:]
            right[rest] += classifier(y[some]).fit(x[some], y[some]).predict(x[rest]) == y[rest]
            tried[rest] += 1
        scores = right / np.maximum(tried, 1)
        ranked = sorted(np.flatnonzero(scores > THRESHOLD), key=lambda row: (-scores[row], row))
        gone = ranked[:most]
        if not gone:
            break
        rounds.append(sorted(kept[gone].tolist()))
        kept = np.delete(kept, gone)
        if len(gone) < most:
            break
    return {"kept": kept.tolist(), "rounds": rounds}


result = []
for name, data in DATASETS.items():
    train, test, labels = data["train"], data["test"], data["labels"]
    vectorized = {
        part: TfidfVectorizer(sublinear_tf=True, min_df=2).fit_transform([row[part] for row in train])
        for part in ("claim", "evidence")
    }
    inputs = {**vectorized, "both": hstack(list(vectorized.values())).tocsr()}
    gold = np.array([labels.index(row["label"]) for row in train])
    right = [
        [labels[guess] == row["label"] for guess, row in zip(guessed[name][part]["predicted"], test)]
        for part in ("claim", "evidence")
    ]
    result.append(
        {
            "name": name,
            "filtered": {input: aflite(matrix, gold) for input, matrix in inputs.items()},
            "easy": [row["id"] for row, *of in zip(test, *right) if all(of)],
            "hard": [row["id"] for row, *of in zip(test, *right) if not any(of)],
        }
    )
here.with_suffix(".json").write_text(json.dumps(result) + "\n")
