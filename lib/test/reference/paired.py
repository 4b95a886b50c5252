"""Paired tests of macro-F1 by sacrebleu and scipy; writes paired.json.

Made with sacrebleu 2.6.0, scipy 1.17.1, scikit-learn 1.9.1: python paired.py

sacrebleu exchanges and sums statistics of segments: a segment is a row, or a whole cluster of rows. Its bootstrap centres on
the mean absolute difference, which makes a one-sided test, so the bootstrap here is scipy's.
"""

import json
from pathlib import Path

import numpy as np
from sacrebleu.metrics.base import Metric, Score, Signature
from sacrebleu.significance import PairedTest
from scipy import stats
from sklearn.metrics import accuracy_score, f1_score

HERE = Path(__file__)
LABELS = "SCN"
REPLICATES = 10_000
rng = np.random.default_rng(20260614)

# Two systems near enough for the p-values to lie well between 0 and 1; rows of a cluster are alike.
clusters = rng.integers(0, 40, 160)
gold = rng.choice(3, 40, p=[0.5, 0.3, 0.2])[clusters]
hard = rng.random(40)[clusters]
ours = np.where(rng.random(160) < 1 - 0.6 * hard, gold, rng.choice(3, 160))
theirs = np.where(rng.random(160) < 0.97 - 0.6 * hard, gold, rng.choice(3, 160))
by_row = [np.array([row]) for row in range(len(gold))]
by_cluster = [np.flatnonzero(clusters == cluster) for cluster in np.unique(clusters)]


def macro_f1_of_counts(counts):
    counts = np.asarray(counts, dtype=float).reshape(3, 3)
    totals = counts.sum(axis=0) + counts.sum(axis=1)
    return float(np.mean(2 * np.diag(counts) / np.maximum(totals, 1)))


def macro_f1(gold, predicted):
    return macro_f1_of_counts(np.bincount(3 * gold + predicted, minlength=9))


for predicted in (ours, theirs):
    known = f1_score(gold, predicted, labels=[0, 1, 2], average="macro", zero_division=0)
    assert abs(known - macro_f1(gold, predicted)) < 1e-12


class OfCounts(Metric):
    """A score of sacrebleu's from how often each label was predicted as each, summed over segments."""

    _SIGNATURE_TYPE = Signature

    def __init__(self, name, score):
        super().__init__()
        self.name, self.score, self.num_refs = name, score, 1

    def _preprocess_segment(self, sent):
        return sent

    def _extract_reference_info(self, refs):
        return {"gold": refs[0]}

    def _compute_segment_statistics(self, hypothesis, ref_kwargs):
        counts = [0] * 9
        for right, said in zip(ref_kwargs["gold"], hypothesis):
            counts[3 * LABELS.index(right) + LABELS.index(said)] += 1
        return counts

    def _compute_score_from_stats(self, stats):
        return Score(self.name, self.score(stats))

    def _aggregate_and_compute(self, stats):
        return self._compute_score_from_stats(np.sum(stats, axis=0))


def text(labels):
    return "".join(LABELS[label] for label in labels)


def segments(labels, units):
    return [text(labels[unit]) for unit in units]


def sacrebleu_p(units):
    systems = [("theirs", segments(theirs, units)), ("ours", segments(ours, units))]
    metric = OfCounts("macro-F1", macro_f1_of_counts)
    test = PairedTest(systems, {"macro-F1": metric}, [segments(gold, units)], test_type="ar", n_samples=REPLICATES)
    _, scores = test()
    return scores["macro-F1"][1].p_value


def permutation_p(score, units, resamples):
    """scipy's test: which system made the predictions for a unit is exchanged."""

    def difference(first, second):
        chosen = np.zeros(len(gold), dtype=int)
        for unit, system in zip(units, first):
            chosen[unit] = system
        rows = np.concatenate(units)
        a, b = np.where(chosen, theirs, ours), np.where(chosen, ours, theirs)
        return score(gold[rows], a[rows]) - score(gold[rows], b[rows])

    sides = (np.zeros(len(units), dtype=int), np.ones(len(units), dtype=int))
    return stats.permutation_test(
        sides, difference, permutation_type="samples", vectorized=False, n_resamples=resamples, rng=rng
    ).pvalue


def bootstrap_p(units):
    """The p-value of a shifted bootstrap (Efron and Tibshirani 1993, section 16.4), from scipy's replicates."""

    def difference(drawn):
        rows = np.concatenate([units[unit] for unit in drawn])
        return macro_f1(gold[rows], ours[rows]) - macro_f1(gold[rows], theirs[rows])

    every = np.arange(len(units))
    observed = difference(every)
    replicates = stats.bootstrap(
        (every,), difference, vectorized=False, n_resamples=REPLICATES, method="percentile", rng=rng
    ).bootstrap_distribution
    return (1 + np.sum(np.abs(replicates - observed) >= abs(observed) - 1e-12)) / (1 + REPLICATES)


few = by_cluster[:12]
HERE.with_suffix(".json").write_text(
    json.dumps(
        {
            "gold": text(gold),
            "ours": text(ours),
            "theirs": text(theirs),
            "clusters": clusters.tolist(),
            "difference": macro_f1(gold, ours) - macro_f1(gold, theirs),
            "randomisationByRows": sacrebleu_p(by_row),
            "randomisationByClusters": sacrebleu_p(by_cluster),
            "randomisationOfAccuracy": permutation_p(accuracy_score, by_row, 5000),
            # All 4,096 ways to exchange twelve clusters: exact.
            "few": {"rows": np.concatenate(few).tolist(), "exactByClusters": permutation_p(macro_f1, few, np.inf)},
            "bootstrapByRows": bootstrap_p(by_row),
            "bootstrapByClusters": bootstrap_p(by_cluster),
        },
        indent=1,
        default=float,
    )
    + "\n"
)
