"""Quantiles of Student's t, and intervals of few groups by it; writes student.json.

Made with scipy 1.17.1: python student.py

The groups and errors are those of studentised.json. Degrees of freedom are the groups of equal size that they are worth, less
one; the interval of a share is made on the scale of its logit.
"""

import json
from pathlib import Path

import numpy as np
from scipy import special, stats

HERE = Path(__file__)
studentised = json.loads(HERE.with_name("studentised.json").read_text())
sizes = np.bincount(studentised["groups"])
worth = sizes.sum() ** 2 / np.sum(sizes**2)
once = studentised["once"]
gold = np.array(list(studentised["gold"]))
ours = np.array(list(studentised["ours"][0]))
groups = np.array(studentised["groups"])


def macro_f1(kept):
    hits = [np.sum(kept & (gold == label) & (ours == label)) for label in "SCN"]
    rows = [np.sum(kept & (gold == label)) + np.sum(kept & (ours == label)) for label in "SCN"]
    return float(np.mean([2 * hit / of if of else 0 for hit, of in zip(hits, rows)]))


score = macro_f1(np.ones(len(gold), dtype=bool))
without = np.array([macro_f1(groups != group) for group in range(len(sizes))])
error = np.sqrt((len(sizes) - 1) / len(sizes) * np.sum((without - without.mean()) ** 2))
reach = stats.t.ppf(0.975, worth - 1)
logit = special.logit(score) + np.array([-1, 1]) * reach * error / (score * (1 - score))
HERE.with_suffix(".json").write_text(
    json.dumps(
        {
            "quantiles": [
                [p, freedom, float(stats.t.ppf(p, freedom))]
                for p in (0.025, 0.5, 0.8, 0.975, 0.995)
                for freedom in (1, 2.3, 11.5, 19, 49, 247)
            ],
            "shares": [
                [t, freedom, float(stats.t.cdf(t, freedom))] for t in (-4.2, -0.3, 0, 1.7, 6) for freedom in (1, 2.3, 19, 247)
            ],
            "worth": float(worth),
            "difference": [float(end) for end in stats.t.interval(0.95, worth - 1, once["difference"], once["standardError"])],
            "score": [float(end) for end in special.expit(logit)],
        }
    )
    + "\n"
)
