"""Areas under the ROC curve, cluster bootstrap intervals of one and of a difference of mean areas, by scikit-learn and scipy; writes auc.json beside itself.

Made with scikit-learn 1.9.1 and scipy 1.17.1: python auc.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import bootstrap
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(20261130)


def case(name, numbers, positive):
    area = float(roc_auc_score(positive, numbers))
    return {"name": name, "numbers": numbers.tolist(), "positive": positive.tolist(), "auc": area}


few = rng.random(200) < 0.2
tied = rng.random(150) < 0.5
apart = rng.random(40) < 0.5
length = rng.random(300) < 0.4
words = rng.poisson(np.where(length, 25, 30))
clusters = rng.integers(0, 90, 300)


def of_clusters(drawn):
    rows = np.concatenate([np.flatnonzero(clusters == cluster) for cluster in drawn])
    return roc_auc_score(length[rows], words[rows])


by_clusters = bootstrap(
    (np.unique(clusters),), of_clusters, vectorized=False, n_resamples=20000, method="percentile", rng=rng
).confidence_interval

# Two systems on the rows above: two trainings of one, one of the other.
ours = [(length + rng.normal(0, scale, 300)).round(6) for scale in (1.2, 1.5)]
theirs = [(length + rng.normal(0, 2.5, 300)).round(6)]


def difference(drawn):
    rows = np.concatenate([np.flatnonzero(clusters == cluster) for cluster in drawn])
    mean = lambda system: np.mean([roc_auc_score(length[rows], numbers[rows]) for numbers in system])
    return mean(ours) - mean(theirs)


of_difference = bootstrap(
    (np.unique(clusters),), difference, vectorized=False, n_resamples=20000, method="percentile", rng=rng
).confidence_interval
pair = {
    "ours": [numbers.tolist() for numbers in ours],
    "theirs": [numbers.tolist() for numbers in theirs],
    "positive": length.tolist(),
    "clusters": clusters.tolist(),
    "difference": float(difference(np.unique(clusters))),
    "byClusters": list(of_difference),
}

areas = [
    case("few positive rows", rng.normal(few * 0.5).round(6), few),
    case("many ties", rng.integers(0, 4, 150), tied),
    case("positive rows all higher", apart * 10 + rng.integers(0, 5, 40), apart),
    {**case("counts of words", words, length), "clusters": clusters.tolist(), "byClusters": list(by_clusters)},
]
Path(__file__).with_suffix(".json").write_text(json.dumps({"areas": areas, "pair": pair}) + "\n")
