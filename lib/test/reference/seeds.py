"""Scores of three trainings on clustered rows, by scikit-learn and numpy; writes seeds.json.

Made with scikit-learn 1.9.1, numpy 2: python seeds.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, f1_score

rng = np.random.default_rng(20261124)
LABELS = "SCN"
ROWS, SIZES = 300, [1, 2, 3, 5, 9]
clusters = []
while len(clusters) < ROWS:
    clusters += [clusters[-1] + 1 if clusters else 0] * int(rng.choice(SIZES))
clusters = np.array(clusters[:ROWS])
gold = rng.choice(3, size=ROWS, p=[0.5, 0.2, 0.3])
# What one training gets right another mostly does too.
hard = rng.random(ROWS) < 0.35
seeds = [np.where(hard | (rng.random(ROWS) < share), rng.integers(0, 3, ROWS), gold) for share in (0.05, 0.1, 0.2)]


def measures(gold, predicted):
    three = {"labels": [0, 1, 2], "zero_division": 0}
    return [
        accuracy_score(gold, predicted),
        f1_score(gold, predicted, average="macro", **three),
        *f1_score(gold, predicted, average=None, **three),
    ]


by_seed = np.array([measures(gold, predicted) for predicted in seeds])
members = [np.flatnonzero(clusters == cluster) for cluster in np.unique(clusters)]
replicates = []
for _ in range(4000):
    rows = np.concatenate([members[index] for index in rng.integers(0, len(members), len(members))])
    replicates.append(np.mean([measures(gold[rows], predicted[rows]) for predicted in seeds], axis=0))
replicates = np.array(replicates)

text = lambda labels: "".join(LABELS[label] for label in labels)
Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "clusters": clusters.tolist(),
            "gold": text(gold),
            "predicted": [text(predicted) for predicted in seeds],
            "measures": ["accuracy", "macroF1", "SUPPORT", "CONTRADICT", "NEI"],
            "bySeed": by_seed.T.tolist(),
            "mean": by_seed.mean(axis=0).tolist(),
            "seedDeviation": by_seed.std(axis=0, ddof=1).tolist(),
            "samplingError": replicates.std(axis=0, ddof=1).tolist(),
            "low": np.quantile(replicates, 0.025, axis=0).tolist(),
            "high": np.quantile(replicates, 0.975, axis=0).tolist(),
        }
    )
    + "\n"
)
