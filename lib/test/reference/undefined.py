"""Bootstraps, jackknives and tests of scores that some draws leave undefined; writes undefined.json.

Made with seqeval 1.2.2, scipy 1.17.1 and numpy 2.4.6: python undefined.py

F1 of entities is 0 / 0 where a draw has none, gold or answered; seqeval itself is asked on the rows as they are. A correlation is
not a number where all its numbers are equal, as scipy says.
"""

import itertools
import json
import warnings
from pathlib import Path

import numpy as np
from scipy import stats
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20261127)
DRAWS = 40_000


def spans(words):
    """An entity a word."""
    return [{"type": "Disease", "start": 2 * word, "end": 2 * word + 1} for word in words]


def tags(words):
    return ["B-Disease" if word in words else "O" for word in range(6)]


def tagged(name, gold, answers):
    """F1 over draws of rows, of those in which it is a number."""
    hits = np.array([len(set(one) & set(other)) for one, other in zip(gold, answers)])
    either = np.array([len(one) + len(other) for one, other in zip(gold, answers)])
    number = f1_score([tags(row) for row in gold], [tags(row) for row in answers], mode="strict", scheme=IOB2)
    assert abs(number - 2 * hits.sum() / either.sum()) < 1e-12
    rows = len(gold)
    drawn = rng.integers(0, rows, (DRAWS, rows))
    scores = 2 * hits[drawn].sum(axis=1) / either[drawn].sum(axis=1)
    return {"name": name, "gold": list(map(spans, gold)), "answers": list(map(spans, answers)), "number": number, **summary(scores)}


def correlated(name, gold, answers):
    gold, answers = np.array(gold, dtype=float), np.array(answers, dtype=float)
    drawn = rng.integers(0, len(gold), (DRAWS // 4, len(gold)))
    scores = np.array([stats.pearsonr(gold[rows], answers[rows]).statistic for rows in drawn])
    return {
        "name": name,
        "gold": gold.tolist(),
        "answers": answers.tolist(),
        "number": float(stats.pearsonr(gold, answers).statistic),
        **summary(scores),
    }


def summary(scores):
    known = scores[~np.isnan(scores)]
    low, high = np.quantile(known, [0.025, 0.975])
    return {"undefined": float(np.mean(np.isnan(scores))), "interval": [low, high], "deviation": float(np.std(known, ddof=1))}


def exchanged(gold, ours, theirs):
    """The p-value over all ways to exchange two systems' answers to rows that leave both correlations defined."""
    gold, ours, theirs = (np.array(numbers, dtype=float) for numbers in (gold, ours, theirs))

    def difference(swap):
        a, b = np.where(swap, theirs, ours), np.where(swap, ours, theirs)
        return stats.pearsonr(gold, a).statistic - stats.pearsonr(gold, b).statistic

    found = np.array([difference(np.array(swap)) for swap in itertools.product([False, True], repeat=len(gold))])
    known = found[~np.isnan(found)]
    return {
        "gold": gold.tolist(),
        "ours": ours.tolist(),
        "theirs": theirs.tolist(),
        "undefined": float(np.mean(np.isnan(found))),
        "difference": float(found[0]),
        "p": float(np.mean(np.abs(known) >= abs(found[0]) - 1e-12)),
    }


def rare(rows, holding, wrong=0):
    """Rows of which few hold two entities; of `wrong` the second is answered elsewhere."""
    gold = [[1, 3] if row < holding else [] for row in range(rows)]
    answers = [[1, 4] if row < wrong else words for row, words in enumerate(gold)]
    return gold, answers


few = [0.0] * 16 + [1.0, 2.0, 3.0, 4.0]
two = [0.0] * 18 + [1.0, 2.0]
Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "tagged": [
                tagged("perfect, three rows of sixty hold entities", *rare(60, 3)),
                tagged("half right in two of four rows of sixty", *rare(60, 4, 2)),
                tagged("perfect, two rows of sixty hold entities", *rare(60, 2)),
                tagged("half right, one row of sixty holds entities", *rare(60, 1, 1)),
            ],
            "correlated": [
                correlated("gold numbers that are equal but for four", few, (np.array(few) + rng.normal(0, 1, 20)).round(2)),
                correlated("gold numbers that are equal but for two", two, (np.array(two) + rng.normal(0, 1, 20)).round(2)),
            ],
            "exchanged": exchanged(
                [1, 2, 3, 4, 5, 6, 7, 8],
                [0, 2, 0, 3, 0, 5, 0, 0],
                [1, 0, 3, 0, 1, 0, 0, 0],
            ),
        },
        default=float,
    )
    + "\n"
)
