"""Offsets of labels with the highest macro-F1, and labels with offsets fitted on other groups; writes label_offsets.json.

Made with numpy 2.4.6 and scikit-learn 1.9.1: python label_offsets.py

Written from its definition alone: the offset of a label can only matter where a row changes, so that macro-F1, by
scikit-learn, is tried at a point between all such places, one label at a time, until none gains.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

rng = np.random.default_rng(7)
LABELS = ["SUPPORT", "CONTRADICT", "NEI"]
sizes = [1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12, 12]
groups = np.repeat(np.arange(len(sizes)), sizes)
gold = rng.choice(3, len(groups), p=[0.5, 0.3, 0.2])
scores = rng.normal(size=(len(groups), 3)) + 1.2 * np.eye(3)[gold] + np.array([2.0, 0.0, -1.0])
logprobs = np.round(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), 6)


def macro(gold, logprobs, offsets):
    return f1_score(gold, np.argmax(logprobs + offsets, axis=1), labels=[0, 1, 2], average="macro", zero_division=0)


def fit(gold, logprobs):
    offsets = np.zeros(3)
    reached = macro(gold, logprobs, offsets)
    gained = True
    while gained:
        gained = False
        for label in range(3):
            others = [other for other in range(3) if other != label]
            places = np.unique((logprobs + offsets)[:, others].max(axis=1) - logprobs[:, label])
            tried = np.concatenate([[places[0] - 1], (places[:-1] + places[1:]) / 2, [places[-1] + 1]])
            found = []
            for offset in tried:
                moved = offsets.copy()
                moved[label] = offset
                found.append(macro(gold, logprobs, moved))
            best = int(np.argmax(np.array(found) > max(found) - 1e-12))
            if found[best] > reached + 1e-12:
                offsets[label], reached, gained = tried[best], found[best], True
    return offsets


folds = [[] for _ in range(5)]
for group in sorted(range(len(sizes)), key=lambda group: -sizes[group]):
    min(folds, key=len).extend(np.flatnonzero(groups == group))
crossed = np.zeros(len(gold), dtype=int)
for fold in folds:
    others = np.setdiff1d(np.arange(len(gold)), fold)
    crossed[fold] = np.argmax(logprobs[fold] + fit(gold[others], logprobs[others]), axis=1)

offsets = fit(gold, logprobs)
Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "groups": groups.tolist(),
            "gold": [LABELS[label] for label in gold],
            "logprobs": logprobs.tolist(),
            "offsets": offsets.tolist(),
            "before": macro(gold, logprobs, np.zeros(3)),
            "after": macro(gold, logprobs, offsets),
            "crossFitted": [LABELS[label] for label in crossed],
        },
        indent=1,
    )
    + "\n"
)
