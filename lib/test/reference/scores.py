"""Scores and bootstrap intervals by scikit-learn and scipy; writes scores.json beside itself.

Made with scikit-learn 1.9.1 and scipy 1.17.1: python scores.py
"""

import json
import warnings
from pathlib import Path

import numpy as np
from scipy.stats import bootstrap
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    precision_recall_fscore_support,
)

warnings.filterwarnings("ignore")
LABELS = ["SUPPORT", "CONTRADICT", "NEI"]
rng = np.random.default_rng(20260612)


def macro_f1(gold, predicted):
    return f1_score(gold, predicted, labels=[0, 1, 2], average="macro", zero_division=0)


def case(name, gold, predicted):
    precision, recall, f1, support = precision_recall_fscore_support(
        gold, predicted, labels=[0, 1, 2], zero_division=0
    )
    return {
        "name": name,
        "gold": "".join(LABELS[g][0] for g in gold),
        "predicted": "".join(LABELS[p][0] for p in predicted),
        "accuracy": accuracy_score(gold, predicted),
        "macroF1": macro_f1(gold, predicted),
        "balancedAccuracy": balanced_accuracy_score(gold, predicted),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
    }


def draw(n, gold_labels, predicted_labels):
    return rng.choice(gold_labels, n), rng.choice(predicted_labels, n)


cases = [
    case("all labels", *draw(200, [0, 1, 2], [0, 1, 2])),
    case("unbalanced", rng.choice(3, 300, p=[0.8, 0.15, 0.05]), rng.choice(3, 300, p=[0.2, 0.7, 0.1])),
    case("a label never predicted", *draw(50, [0, 1, 2], [0, 1])),
    case("a label absent from gold", *draw(50, [0, 2], [0, 1, 2])),
    case("a label in neither", *draw(50, [0, 1], [0, 1])),
    case("one label", *draw(10, [2], [2])),
    case("all wrong", np.array([0, 0, 1]), np.array([1, 1, 2])),
]

gold = rng.choice(3, 300, p=[0.5, 0.3, 0.2])
predicted = np.where(rng.random(300) < 0.7, gold, rng.choice(3, 300))
rival = np.where(rng.random(300) < 0.5, gold, rng.choice(3, 300))
claims = rng.integers(0, 90, 300)


def percentile(data, statistic):
    return bootstrap(
        data, statistic, paired=True, vectorized=False, n_resamples=20000, method="percentile", rng=rng
    ).confidence_interval


def of_claims(drawn):
    rows = np.concatenate([np.flatnonzero(claims == claim) for claim in drawn])
    return np.mean(gold[rows] == predicted[rows])


by_rows = percentile((gold, predicted), macro_f1)
difference = percentile((gold, predicted, rival), lambda g, a, b: np.mean(g == a) - np.mean(g == b))
by_claims = percentile((np.unique(claims),), of_claims)

Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "cases": cases,
            "intervals": {
                "gold": "".join(LABELS[g][0] for g in gold),
                "predicted": "".join(LABELS[p][0] for p in predicted),
                "rival": "".join(LABELS[p][0] for p in rival),
                "claims": claims.tolist(),
                "macroF1ByRows": list(by_rows),
                "accuracyDifferenceByRows": list(difference),
                "accuracyByClaims": list(by_claims),
            },
        },
        indent=1,
    )
    + "\n"
)
