"""The studentised exchange test of macro-F1, by numpy and scikit-learn; writes studentised.json.

Made with numpy 2.4.6 and scikit-learn 1.9.1: python studentised.py

Written from its definition alone, row by row: the difference of two scores over its delete-one-group jackknife error,
for every one of the 4,096 ways to exchange the predictions of twelve groups.
"""

import itertools
import json
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

HERE = Path(__file__)
LABELS = "SCN"
rng = np.random.default_rng(20261127)

sizes = [1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 9, 12]
groups = np.repeat(np.arange(12), sizes)
gold = rng.choice(3, len(groups), p=[0.5, 0.3, 0.2])
hard = rng.random(12)[groups]
# They favour other labels: an exchange of answers moves the scores.
ours = [np.where(rng.random(len(gold)) < 0.9 - 0.6 * hard, gold, 0) for _ in range(2)]
theirs = [np.where(rng.random(len(gold)) < 0.7 - 0.5 * hard, gold, 1) for _ in range(2)]


def macro_f1(gold, predicted):
    counts = np.bincount(3 * gold + predicted, minlength=9).reshape(3, 3)
    totals = counts.sum(axis=0) + counts.sum(axis=1)
    return np.mean(2 * np.diag(counts) / np.maximum(totals, 1))


for each in ours + theirs:
    known = f1_score(gold, each, labels=[0, 1, 2], average="macro", zero_division=0)
    assert abs(known - macro_f1(gold, each)) < 1e-12


def difference(kept, a, b):
    return np.mean([macro_f1(gold[kept], x[kept]) - macro_f1(gold[kept], y[kept]) for x, y in zip(a, b)])


def statistic(a, b):
    everything = np.ones(len(gold), dtype=bool)
    whole = difference(everything, a, b)
    without = np.array([difference(groups != group, a, b) for group in range(12)])
    error = np.sqrt(11 / 12 * np.sum((without - without.mean()) ** 2))
    return whole, error, whole / error


def exact(a, b):
    observed = statistic(a, b)
    reached = 0
    for exchanged in itertools.product([False, True], repeat=12):
        rows = np.array(exchanged)[groups]
        x = [np.where(rows, theirs_, ours_) for ours_, theirs_ in zip(a, b)]
        y = [np.where(rows, ours_, theirs_) for ours_, theirs_ in zip(a, b)]
        reached += abs(statistic(x, y)[2]) >= abs(observed[2]) * (1 - 1e-9)
    return dict(zip(["difference", "standardError", "t"], observed)) | {"exactP": reached / 4096}


def text(labels):
    return "".join(LABELS[label] for label in labels)


HERE.with_suffix(".json").write_text(
    json.dumps(
        {
            "groups": groups.tolist(),
            "gold": text(gold),
            "ours": [text(each) for each in ours],
            "theirs": [text(each) for each in theirs],
            "once": exact(ours[:1], theirs[:1]),
            "overSeeds": exact(ours, theirs),
        },
        indent=1,
        default=float,
    )
    + "\n"
)
