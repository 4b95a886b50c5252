"""Agreement of labels of rows that share evidence, against chance, each with its jackknife error, and Student's p; writes signed_leaks.json.

Made with numpy 2.4.6 and scipy 1.17.1: python signed_leaks.py

Made-up rows: in half of the groups a test row and its training partners have opposite labels, as a claim and its negation.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats

HERE = Path(__file__)
LABELS = ["no", "unknown", "yes"]
rng = np.random.default_rng(20261127)

train, test = [], []
for group in range(40):
    evidence = f"evidence {group}"
    for _ in range(rng.integers(1, 4)):
        train.append({"label": LABELS[rng.integers(3)], "evidence": evidence, "group": group})
    for _ in range(rng.integers(1, 4)):
        like = train[-1]["label"]
        others = [label for label in LABELS if label != like]
        label = others[rng.integers(2)] if rng.random() < 0.8 else like
        test.append({"label": label, "evidence": evidence, "group": group})
test += [{"label": "yes", "evidence": f"alone {row}", "group": 100 + row} for row in range(5)]

pairs = [(mine, theirs) for mine in test for theirs in train if mine["evidence"] == theirs["evidence"]]


def excess(some):
    same = np.mean([mine["label"] == theirs["label"] for mine, theirs in some])
    shares = [
        np.array([np.mean([pair[side]["label"] == label for pair in some]) for label in LABELS]) for side in (0, 1)
    ]
    chance = float(shares[0] @ shares[1])
    return same - chance, same, chance


groups = sorted({mine["group"] for mine, _ in pairs})
count = len(groups)


def error(of):
    without = np.array([of([pair for pair in pairs if pair[0]["group"] != group]) for group in groups])
    return np.sqrt((count - 1) / count * np.sum((without - without.mean()) ** 2))


value, same, chance = excess(pairs)
sizes = np.array([sum(mine["group"] == group for mine, _ in pairs) for group in groups])
worth = sizes.sum() ** 2 / np.sum(sizes**2)
errors = [error(lambda some, at=at: excess(some)[at]) for at in (0, 1)]


def interval(number, error):
    return [number, *stats.t.interval(0.95, worth - 1, number, error)]


# Where all pairs of groups of one size disagree, or agree, by the exact bound of none and of all of n trials.
def exact(agreed, groups):
    found = stats.binomtest(groups if agreed else 0, groups).proportion_ci(0.95, "exact")
    return [float(agreed), found.low, found.high]


HERE.with_suffix(".json").write_text(
    json.dumps(
        {
            "train": train,
            "test": test,
            "pairs": len(pairs),
            "groups": count,
            "worth": worth,
            "agreement": interval(same, errors[1]),
            "chance": chance,
            "excess": interval(value, errors[0]),
            "p": 2 * stats.t.sf(abs(value) / errors[0], worth - 1),
            "none": {"groups": 100, "agreement": exact(False, 100), "p": 2 * stats.binom.pmf(0, 100, 0.5)},
            "all": {"groups": 40, "agreement": exact(True, 40), "p": 2 * stats.binom.pmf(40, 40, 0.5)},
        },
        default=float,
    )
    + "\n"
)
