"""Bootstrap intervals by scipy, by rows and by whole claims; writes bootstrap.json.

Made with scipy 1.17.1 and scikit-learn 1.9.1: python bootstrap.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import bootstrap
from sklearn.metrics import f1_score

rng = np.random.default_rng(20260612)


def text(labels):
    return "".join("SCN"[label] for label in labels)


def macro_f1(gold, predicted):
    return f1_score(gold, predicted, labels=[0, 1, 2], average="macro", zero_division=0)


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
            "gold": text(gold),
            "predicted": text(predicted),
            "rival": text(rival),
            "claims": claims.tolist(),
            "macroF1ByRows": list(by_rows),
            "accuracyDifferenceByRows": list(difference),
            "accuracyByClaims": list(by_claims),
        }
    )
    + "\n"
)
