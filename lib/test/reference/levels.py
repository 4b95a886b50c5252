"""Levels that a correction leaves a test, least differences found at them, small tails, and an area's interval of few groups; writes levels.json.

Made with numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0 and scikit-learn 1.9.1: python levels.py

A level is found by halving: the highest p-value that statsmodels still rejects, the others as they are.
"""

import json
from pathlib import Path

import numpy as np
from scipy import special, stats
from sklearn.metrics import roc_auc_score
from statsmodels.stats.multitest import multipletests

HERE = Path(__file__)
P = [0.001, 0.2, 0.3, 0.0001, 0.011, 0.04, 0.0062]


def level(place, method):
    low, high = 0.0, 0.05
    for _ in range(60):
        middle = (low + high) / 2
        p = list(P)
        p[place] = middle
        low, high = (middle, high) if multipletests(p, 0.05, method)[0][place] else (low, middle)
    return low


pair = json.loads(HERE.with_name("auc.json").read_text())["pair"]
positive, numbers = np.array(pair["positive"]), np.array(pair["ours"][0])
# Fifteen groups of unequal sizes.
groups = np.minimum(np.array(pair["clusters"]) // 3, 14)
names = np.unique(groups)
area = roc_auc_score(positive, numbers)
without = np.array([roc_auc_score(positive[groups != name], numbers[groups != name]) for name in names])
error = np.sqrt((len(names) - 1) / len(names) * np.sum((without - without.mean()) ** 2))
sizes = np.array([np.sum(groups == name) for name in names])
freedom = sizes.sum() ** 2 / np.sum(sizes**2) - 1
ends = special.logit(area) + np.array([-1, 1]) * stats.t.ppf(0.975, freedom) * error / (area * (1 - area))
HERE.with_suffix(".json").write_text(
    json.dumps(
        {
            "p": P,
            "holm": [level(place, "holm") for place in range(len(P))],
            "benjamini-hochberg": [level(place, "fdr_bh") for place in range(len(P))],
            "least": [
                [error, freedom, alpha, error * (stats.t.ppf(1 - alpha / 2, freedom) + stats.t.ppf(0.8, freedom))]
                for error, freedom, alpha in [(0.02, 49, 0.05), (0.02, 11.5, 0.05 / 8), (0.5, 240, 0.005)]
            ],
            "tails": [
                [t, freedom, 2 * stats.t.sf(t, freedom)] for t, freedom in [(2.5, 4.6), (20, 43.3), (60, 140), (200, 20)]
            ],
            "area": {"groups": groups.tolist(), "interval": special.expit(ends).tolist()},
        },
        default=float,
    )
    + "\n"
)
