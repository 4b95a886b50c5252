"""Two systems trained three times, compared by their mean macro-F1; writes paired_seeds.json.

Made with scipy 1.17.1, scikit-learn 1.9.1, numpy 2: python paired_seeds.py

scipy exchanges, and draws, clusters of rows by their numbers; a cluster goes with the predictions of all seeds. The standard
error is the jackknife's, leaving out a cluster at a time; for other seeds too the variance over seeds is added.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.metrics import f1_score

LABELS = "SCN"
REPLICATES = 10_000
ROWS, CLUSTERS, SEEDS = 160, 40, 3
rng = np.random.default_rng(20261125)

clusters = rng.integers(0, CLUSTERS, ROWS)
gold = rng.choice(3, CLUSTERS, p=[0.5, 0.3, 0.2])[clusters]
hard = rng.random(CLUSTERS)[clusters]


def trained(share):
    """Three trainings that find the same clusters hard."""
    return [np.where(rng.random(ROWS) < share - 0.6 * hard, gold, rng.choice(3, ROWS)) for _ in range(SEEDS)]


ours, theirs, single = trained(0.97), trained(0.88), trained(0.88)[0]
members = [np.flatnonzero(clusters == cluster) for cluster in np.unique(clusters)]
UNITS = len(members)


def macro_f1(systems, units):
    """Mean over the trainings of macro-F1 on the rows of `units`; from UNITS on a cluster is the other system's."""
    scores = []
    for mine, other in systems:
        rows = [members[unit % UNITS] for unit in units]
        said = [(mine if unit < UNITS else other)[of] for unit, of in zip(units, rows)]
        right = gold[np.concatenate(rows)]
        scores.append(f1_score(right, np.concatenate(said), labels=[0, 1, 2], average="macro", zero_division=0))
    return float(np.mean(scores))


def compared(theirs):
    systems = list(zip(ours, theirs))

    def difference(mine, other):
        return macro_f1(systems, mine) - macro_f1(systems, other)

    all_units = np.arange(UNITS)
    test = stats.permutation_test(
        (all_units, all_units + UNITS),
        difference,
        permutation_type="samples",
        n_resamples=REPLICATES,
        rng=np.random.default_rng(1),
    )

    def of_units(units):
        return difference(units, units + UNITS)

    interval = stats.bootstrap(
        (all_units,),
        of_units,
        n_resamples=REPLICATES,
        method="percentile",
        vectorized=False,
        rng=np.random.default_rng(2),
    )
    without = np.array([of_units(np.delete(all_units, unit)) for unit in range(UNITS)])
    error = np.sqrt((UNITS - 1) / UNITS * np.sum((without - without.mean()) ** 2))
    # Other rows and other seeds: both variances, by Student's t with Welch and Satterthwaite's degrees of freedom, of the
    # clusters as many as of equal size they are worth, less one.
    single = [macro_f1([system], all_units) - macro_f1([system], all_units + UNITS) for system in systems]
    of_seeds = np.var(single, ddof=1) / SEEDS
    variance = error**2 + of_seeds
    worth = ROWS**2 / np.sum(np.bincount(clusters) ** 2)
    freedom = variance**2 / (error**4 / (worth - 1) + of_seeds**2 / (SEEDS - 1))
    joint = stats.t.interval(0.95, freedom, loc=float(test.statistic), scale=np.sqrt(variance))
    return {
        "otherSeeds": [float(end) for end in joint],
        "difference": float(test.statistic),
        "p": float(test.pvalue),
        "interval": [float(interval.confidence_interval.low), float(interval.confidence_interval.high)],
        "deviation": float(interval.standard_error),
        "standardError": float(error),
    }


def text(labels):
    return "".join(LABELS[label] for label in labels)


Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "clusters": clusters.tolist(),
            "gold": text(gold),
            "ours": [text(each) for each in ours],
            "theirs": [text(each) for each in theirs],
            "single": text(single),
            "overSeeds": compared(theirs),
            "againstSingle": compared([single] * SEEDS),
        }
    )
    + "\n"
)
