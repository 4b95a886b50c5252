"""Areas under the ROC curve with DeLong's variance, rank sums and decision trees; writes audit_structure.json.

DeLong's variance is written from the paper (DeLong, DeLong and Clarke-Pearson 1988), Obuchowski's (1997) for clusters
too, row by row and cluster by cluster; the area is scikit-learn's, the rank sum scipy's, the trees scikit-learn's.
Made with scikit-learn 1.9.1 and scipy 1.17.1: python audit_structure.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import mannwhitneyu, norm
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

rng = np.random.default_rng(20)


def area(numbers, positive, clusters):
    x, y = numbers[positive], numbers[~positive]
    psi = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    v10, v01 = psi.mean(axis=1), psi.mean(axis=0)
    delong = v10.var(ddof=1) / len(x) + v01.var(ddof=1) / len(y)
    theta = psi.mean()
    ours, theirs, both = [], [], []
    for cluster in np.unique(clusters):
        a, b = v10[clusters[positive] == cluster], v01[clusters[~positive] == cluster]
        if len(a):
            ours.append((a.sum() - len(a) * theta) ** 2)
        if len(b):
            theirs.append((b.sum() - len(b) * theta) ** 2)
        both.append((a.sum() - len(a) * theta) * (b.sum() - len(b) * theta))
    m, n = len(x), len(y)
    s10 = len(ours) / ((len(ours) - 1) * m) * sum(ours)
    s01 = len(theirs) / ((len(theirs) - 1) * n) * sum(theirs)
    s11 = len(both) / (len(both) - 1) * sum(both)
    clustered = s10 / m + s01 / n + 2 * s11 / (m * n)
    rank_sum = mannwhitneyu(x, y, use_continuity=False, method="asymptotic").pvalue
    wald = lambda variance: 2 * norm.sf(abs(theta - 0.5) / np.sqrt(variance)) if variance > 0 else 0.0
    return {
        "numbers": numbers.tolist(),
        "positive": positive.tolist(),
        "clusters": clusters.tolist(),
        "auc": float(roc_auc_score(positive, numbers)),
        "delong": float(np.sqrt(delong)),
        "clustered": float(np.sqrt(clustered)),
        "p": float(max(rank_sum, wald(delong))),
    }


def tree(rows, classes, features, depth):
    x = np.column_stack([rng.integers(0, top, rows) for top in features]).astype(float)
    y = ((x[:, 0] > 2).astype(int) + (x[:, -1] > 4) + (rng.random(rows) < 0.2)) % classes
    fresh = np.column_stack([rng.integers(0, top, 50) for top in features]).astype(float)
    model = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(x, y)
    return {
        "classes": classes,
        "depth": depth,
        "features": x.T.tolist(),
        "targets": y.tolist(),
        "fresh": fresh.T.tolist(),
        "trained": model.predict(x).tolist(),
        "predicted": model.predict(fresh).tolist(),
    }


few = rng.random(80) < 0.2
tied = rng.random(120) < 0.5
apart = rng.random(30) < 0.5
result = {
    "areas": [
        area(rng.normal(few * 0.8).round(3), few, rng.integers(0, 20, 80)),
        area(rng.integers(0, 3, 120) + 0.0, tied, rng.integers(0, 50, 120)),
        area(apart * 10.0 + rng.integers(0, 5, 30), apart, rng.integers(0, 9, 30)),
    ],
    "trees": [tree(200, 3, [7, 30, 9], 3), tree(150, 2, [5, 9], 2), tree(400, 4, [8, 50, 20, 11], 3), tree(12, 2, [6, 8], 1)],
}
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
