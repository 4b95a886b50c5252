"""How often Student's t over unequal groups rejects a true null, by what the groups are worth; writes unequal_groups.json.

Made with numpy 2.4.6 and scipy 1.17.1: python unequal_groups.py

In a draw as many groups as there are are taken with replacement; each agrees as a whole or not at all, in 30 of 100 cases, which
is the null. The error of the mean is the jackknife's; degrees of freedom are groups less one, or what they are worth less one.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats

rng = np.random.default_rng(20261127)
DRAWS = 20_000
SHARE = 0.3


def rejected(sizes):
    count = len(sizes)
    drawn = sizes[rng.integers(count, size=(DRAWS, count))]
    agree = (rng.random((DRAWS, count)) < SHARE) - SHARE
    total, sums = drawn.sum(1), (drawn * agree).sum(1)
    without = (sums[:, None] - drawn * agree) / (total[:, None] - drawn)
    error = np.sqrt((count - 1) / count * np.sum((without - without.mean(1, keepdims=True)) ** 2, 1))
    t = np.abs(sums / total) / np.maximum(error, 1e-12)
    worth = total**2 / np.sum(drawn**2, 1)
    return [
        float(np.mean(2 * stats.t.sf(t, freedom) < 0.05)) for freedom in (count - 1, np.maximum(1, worth - 1))
    ]


found = []
for count in (20, 40, 80):
    for spread in (0, 0.5, 1, 1.5, 2):
        # Sizes are quantiles of a log-normal distribution.
        sizes = np.exp(spread * stats.norm.ppf((np.arange(count) + 0.5) / count))
        by_groups, by_worth = rejected(sizes)
        worth = sizes.sum() ** 2 / np.sum(sizes**2)
        found.append({"groups": count, "worth": round(float(worth), 1), "groupsLessOne": by_groups, "worthLessOne": by_worth})
Path(__file__).with_suffix(".json").write_text(json.dumps({"draws": DRAWS, "found": found}, indent=1) + "\n")
