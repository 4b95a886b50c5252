"""Classifiers of partial inputs by scikit-learn and their scores; writes audit_guesses.json beside itself.

Made with scikit-learn 1.9.1: python audit_guesses.py
"""

import json
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
from audit_data import DATASETS
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score


def normal(text):
    text = unicodedata.normalize("NFKC", text).lower()
    return " ".join("".join(" " if unicodedata.category(c)[0] == "P" else c for c in text).split())


def first_commonest(labels, order):
    counts = Counter(labels)
    return max(order, key=lambda label: counts[label])


def scored(gold, predicted, labels):
    return {
        "predicted": [labels.index(label) for label in predicted],
        "accuracy": accuracy_score(gold, predicted),
        "macroF1": f1_score(gold, predicted, labels=labels, average="macro", zero_division=0),
        "f1": list(f1_score(gold, predicted, labels=labels, average=None, zero_division=0)),
    }


result = []
for name, data in DATASETS.items():
    labels, train, test = data["labels"], data["train"], data["test"]
    gold = [row["label"] for row in test]
    learnt = [row["label"] for row in train]
    commonest = first_commonest(learnt, labels)
    approaches = {"majority": scored(gold, [commonest] * len(test), labels)}
    seen = {}
    for part in ("claim", "evidence"):
        by_text = {}
        for row in train:
            by_text.setdefault(normal(row[part]), []).append(row["label"])
        found = [by_text.get(normal(row[part])) for row in test]
        looked_up = [first_commonest(some, labels) if some else commonest for some in found]
        approaches[part + "-lookup"] = scored(gold, looked_up, labels)
        seen[part] = [normal(row[part]) != "" and normal(row[part]) in by_text for row in test]
    for input, fields in {"claim": ["claim"], "evidence": ["evidence"], "both": ["claim", "evidence"]}.items():
        vectorizers = [
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2).fit([row[f] for row in train])
            for f in fields
        ]

        def features(rows):
            return hstack([v.transform([row[f] for row in rows]) for v, f in zip(vectorizers, fields)]).tocsr()

        model = LogisticRegression(C=5, class_weight="balanced", tol=1e-10, max_iter=100000)
        model.fit(features(train), learnt)
        probabilities = np.zeros((len(test), len(labels)))
        probabilities[:, [labels.index(c) for c in model.classes_]] = model.predict_proba(features(test))
        approaches[input] = scored(gold, [labels[i] for i in probabilities.argmax(axis=1)], labels)
        approaches[input]["probabilities"] = probabilities.round(9).tolist()
    result.append({"name": name, "approaches": approaches, "seen": seen})

Path(__file__).with_suffix(".json").write_text(json.dumps(result, ensure_ascii=False) + "\n")
