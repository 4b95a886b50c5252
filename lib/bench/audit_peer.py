"""The audit's partial-input baselines on two CSV files, in scikit-learn, with a bootstrap of their scores.

usage: audit_peer.py TRAIN TEST REPLICATES; prints the seconds it took, without Python's start, and the macro-F1s.
"""

import csv
import json
import sys
import time

import numpy
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scores(counts):
    hits = numpy.diagonal(counts)
    either = counts.sum(0) + counts.sum(1)
    f1 = numpy.divide(2 * hits, either, out=numpy.zeros(len(hits)), where=either > 0)
    return [hits.sum() / counts.sum(), f1.mean(), *f1]


def bootstrap(gold, predicted, classes, replicates, random):
    outcomes = gold * classes + predicted
    drawn = numpy.empty((replicates, classes + 2))
    for replicate in range(replicates):
        sample = outcomes[random.integers(0, len(outcomes), len(outcomes))]
        drawn[replicate] = scores(numpy.bincount(sample, minlength=classes**2).reshape(classes, classes))
    return numpy.quantile(drawn, [0.025, 0.975], axis=0)


train, test, replicates = rows(sys.argv[1]), rows(sys.argv[2]), int(sys.argv[3])
started = time.perf_counter()
labels = sorted({row["label"] for row in train + test})
learnt, gold = (numpy.array([labels.index(row["label"]) for row in part]) for part in (train, test))
random = numpy.random.default_rng(0)
bags = {}
for part in ("claim", "evidence"):
    tfidf = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    bags[part] = tfidf.fit_transform([row[part] for row in train]), tfidf.transform([row[part] for row in test])
bags["both"] = tuple(hstack(pair).tocsr() for pair in zip(bags["claim"], bags["evidence"]))
macro_f1 = {}
for name, (fitted, tried) in bags.items():
    model = LogisticRegression(C=5, class_weight="balanced", max_iter=1000).fit(fitted, learnt)
    predicted = model.predict(tried)
    bootstrap(gold, predicted, len(labels), replicates, random)
    counts = numpy.bincount(gold * len(labels) + predicted, minlength=len(labels) ** 2)
    macro_f1[name] = scores(counts.reshape(len(labels), -1))[1]
print(json.dumps({"seconds": time.perf_counter() - started, "macroF1": macro_f1}))
