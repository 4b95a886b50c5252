"""Pointwise V-information, training dynamics and AFLite's predictability, by their formulas; writes audit_information.json.

PVI (Ethayarajh et al. 2022) from scikit-learn's classifiers, training dynamics (Swayamdipta et al. 2020) by numpy,
predictability (Le Bras et al. 2020, algorithm 1) by scikit-learn's classifier on given partitions.
Made with scikit-learn 1.9.1: python audit_information.py
"""

import json
from pathlib import Path

import numpy as np
from audit_data import DATASETS
from scipy.sparse import hstack
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(9)


def vectorizer():
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)


def information(data, fields, strength):
    labels, train, test = data["labels"], data["train"], data["test"]
    fitted = [vectorizer().fit([row[f] for row in train]) for f in fields]
    features = lambda rows: hstack([v.transform([row[f] for row in rows]) for v, f in zip(fitted, fields)]).tocsr()
    learnt = [row["label"] for row in train]
    model = LogisticRegression(C=strength, tol=1e-10, max_iter=100000).fit(features(train), learnt)
    probabilities = model.predict_proba(features(test))
    rows = []
    for row, p in zip(test, probabilities):
        if row["label"] not in learnt:
            continue
        given = p[list(model.classes_).index(row["label"])]
        rows.append({"id": row["id"], "bits": float(-np.log2(learnt.count(row["label"]) / len(learnt)) + np.log2(given))})
    return {"strength": strength, "rows": rows, "bits": float(np.mean([r["bits"] for r in rows]))}


def dynamics(rows, classes, epochs):
    probabilities = rng.dirichlet(np.ones(classes), (epochs, rows)).round(6)
    gold = rng.integers(0, classes, rows)
    of_gold = probabilities[:, np.arange(rows), gold]
    return {
        "classes": classes,
        "targets": gold.tolist(),
        "epochs": probabilities.reshape(epochs, -1).tolist(),
        "confidence": of_gold.mean(axis=0).tolist(),
        "variability": of_gold.std(axis=0).tolist(),
        "correctness": (probabilities.argmax(axis=2) == gold).mean(axis=0).tolist(),
    }


def predictability(data):
    rows, labels = data["train"], data["labels"]
    matrix = vectorizer().fit_transform([row["claim"] for row in rows])
    gold = np.array([labels.index(row["label"]) for row in rows])
    partitions = [sorted(rng.choice(len(rows), len(rows) // 2, replace=False).tolist()) for _ in range(6)]
    right, tried = np.zeros(len(rows)), np.zeros(len(rows))
    for some in partitions:
        rest = np.setdiff1d(np.arange(len(rows)), some)
        one_label = len(set(gold[some])) == 1
        model = DummyClassifier() if one_label else LogisticRegression(C=1, tol=1e-10, max_iter=100000)
        model.fit(matrix[some], gold[some])
        right[rest] += model.predict(matrix[rest]) == gold[rest]
        tried[rest] += 1
    return {"partitions": partitions, "predictability": (right / np.maximum(tried, 1)).tolist()}


result = {
    "information": [
        {"name": name, "input": input, **information(DATASETS[name], fields, strength)}
        for name in DATASETS
        for input, fields, strength in [("claim", ["claim"], 0.5), ("both", ["claim", "evidence"], 5)]
    ],
    "dynamics": [dynamics(40, 3, 5), dynamics(7, 2, 1), dynamics(25, 5, 3)],
    "predictability": [{"name": name, **predictability(DATASETS[name])} for name in DATASETS],
}
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
