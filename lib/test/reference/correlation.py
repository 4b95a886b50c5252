"""Correlations, their differences, tests and intervals; writes correlation.json.

Made with scipy 1.17.1 and numpy 2.4.6: python correlation.py

scipy knows no row without an answer: it is given the mean of the answers there, or of their ranks.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from scipy import stats

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20270106)


def defined(number):
    return 0.0 if np.isnan(number) else float(number)


def pearson(gold, answers):
    if len(gold) < 2:
        return 0.0
    return defined(stats.pearsonr(gold, answers).statistic)


def spearman(gold, answers):
    return pearson(stats.rankdata(gold), stats.rankdata(answers)) if len(gold) > 1 else 0.0


def filled(numbers, known):
    """Those that are known, and their mean in place of the others."""
    return np.where(known, numbers, numbers[known].mean() if known.any() else 0.0)


def case(name, gold, answers):
    gold = np.array(gold, dtype=float)
    known = np.array([answer is not None for answer in answers])
    numbers = np.array([np.nan if answer is None else answer for answer in answers], dtype=float)
    ranks = np.full(len(numbers), np.nan)
    ranks[known] = stats.rankdata(numbers[known])
    found = {
        "name": name,
        "gold": gold.tolist(),
        "answers": list(answers),
        "pearson": pearson(gold, filled(numbers, known)),
        "spearman": pearson(stats.rankdata(gold), filled(ranks, known)),
    }
    if known.all() and len(gold) > 2:
        assert abs(found["spearman"] - defined(stats.spearmanr(gold, numbers).statistic)) < 1e-12
    return found


def noisy(numbers, size):
    return (numbers + rng.normal(0, size, len(numbers))).round(2).tolist()


def with_gaps(numbers, share):
    return [None if rng.random() < share else number for number in numbers]


gold = rng.integers(0, 21, 80) / 5
plain = rng.normal(0, 1, 50)
cases = [
    case("ratings with ties", gold, np.clip(np.round(gold + rng.normal(0, 1, 80)), 0, 4).tolist()),
    case("no ties, the other way round", plain, noisy(-plain, 0.7)),
    case("far from 0", 1e6 + plain, noisy(1e6 + plain, 0.5)),
    case("some unanswered", gold, with_gaps(noisy(gold, 1), 0.25)),
    case("all answers equal", gold, [1.1] * 80),
    case("all gold numbers equal", [0.3] * 20, noisy(np.zeros(20), 1)),
    case("none answered", gold[:10], [None] * 10),
    case("one answered", gold[:10], [None] * 9 + [2.0]),
    case("one row", [2.0], [2.0]),
]

first, second = np.array(noisy(gold, 1.2)), np.array(noisy(gold, 1.5))


def exchanged(score, rows):
    """The p-value over all ways to exchange two systems' answers to rows."""

    def difference(chosen, _):
        ours, theirs = np.where(chosen, second[rows], first[rows]), np.where(chosen, first[rows], second[rows])
        return score(gold[rows], ours) - score(gold[rows], theirs)

    sides = (np.zeros(len(rows), dtype=int), np.ones(len(rows), dtype=int))
    return stats.permutation_test(
        sides, difference, permutation_type="samples", vectorized=False, n_resamples=np.inf
    ).pvalue


def jackknifed(score):
    def difference(rows):
        return score(gold[rows], first[rows]) - score(gold[rows], second[rows])

    rows = np.arange(len(gold))
    without = np.array([difference(np.delete(rows, row)) for row in rows])
    n = len(rows)
    return {
        "difference": difference(rows),
        "standardError": float(np.sqrt((n - 1) / n * np.sum((without - without.mean()) ** 2))),
    }


def drawn(score):
    interval = stats.bootstrap(
        (gold, first), score, paired=True, vectorized=False, n_resamples=20_000, method="percentile", rng=rng
    ).confidence_interval
    return list(interval)


scores = {"pearson": pearson, "spearman": spearman}
Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "cases": cases,
            "gold": gold.tolist(),
            "ours": first.tolist(),
            "theirs": second.tolist(),
            "few": 12,
            "exchanged": {name: exchanged(score, np.arange(12)) for name, score in scores.items()},
            "jackknifed": {name: jackknifed(score) for name, score in scores.items()},
            "interval": {name: drawn(score) for name, score in scores.items()},
        },
        default=float,
    )
    + "\n"
)
