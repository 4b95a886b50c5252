"""Areas under the ROC curve when clusters of rows are drawn anew, in the invented datasets; writes audit_areas.json.

A cluster bootstrap written with numpy, of few clusters all their draws; a draw that lacks a side has no area. Clusters are
connected components by scipy, areas are scikit-learn's.
Made with scikit-learn 1.9.1 and scipy 1.17.1: python audit_areas.py
"""

import json
from itertools import product
from pathlib import Path

import numpy as np
from audit_counts import features, normal
from audit_data import DATASETS
from scipy.sparse.csgraph import connected_components
from sklearn.metrics import roc_auc_score

REPLICATES = 20_000
rng = np.random.default_rng(23)


def clusters_of(rows):
    """Rows linked by claim or evidence; where one cluster has most rows those of one evidence, of one claim, or each alone."""
    same = {part: np.array([[normal(r[part]) == normal(s[part]) != "" for s in rows] for r in rows]) for part in ("claim", "evidence")}
    for linked in (same["claim"] | same["evidence"], same["evidence"], same["claim"]):
        count, keys = connected_components(linked, directed=False)
        if np.bincount(keys).max() <= len(rows) / 2:
            return keys
    return np.arange(len(rows))


def area(positive, numbers, weights):
    """Area of rows that occur `weights` times, for each of many replicates."""
    psi = np.sign(numbers[positive][:, None] - numbers[~positive][None, :]) / 2 + 0.5
    x, y = weights[:, positive], weights[:, ~positive]
    with np.errstate(invalid="ignore"):
        return ((x @ psi) * y).sum(axis=1) / (x.sum(axis=1) * y.sum(axis=1))


result = []
for name, data in DATASETS.items():
    rows = data["test"]
    keys = clusters_of(rows)
    count = keys.max() + 1
    drawn = (
        np.array(list(product(range(count), repeat=count))) if count < 7 else rng.integers(0, count, (REPLICATES, count))
    )
    times = np.apply_along_axis(np.bincount, 1, drawn, minlength=count)
    weights = times[:, keys].astype(float)
    counted = [features(row) for row in rows]
    gold = np.array([row["label"] for row in rows])
    found = []
    for feature in counted[0]:
        numbers = np.array([row[feature] for row in counted], float)
        for label in data["labels"]:
            positive = gold == label
            if positive.all() or not positive.any() or len(set(numbers)) == 1:
                continue
            areas = area(positive, numbers, weights)
            areas = areas[~np.isnan(areas)]
            auc = roc_auc_score(positive, numbers)
            assert np.isclose(area(positive, numbers, np.ones((1, len(rows)))), auc)
            low, high = np.quantile(areas, [0.025, 0.975])
            found.append(
                {"feature": feature, "label": label, "auc": float(auc), "sd": float(areas.std()), "low": float(low),
                 "high": float(high)}
            )
    result.append({"name": name, "clusters": keys.tolist(), "areas": found})
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
