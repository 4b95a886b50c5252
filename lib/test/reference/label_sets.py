"""A classifier for each label by scikit-learn on an invented corpus of label sets; writes label_sets.json beside itself.

Made with scikit-learn 1.9.1: python label_sets.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

rng = np.random.default_rng(11)
WORDS = "dose mg trial x placebo naïve μ-opioid rat cell_line raises reduces".split()
LEANING = {"fever": ["hot", "chills"], "rash": ["itch", "red skin"], "nausea": ["sick", "hot"], "pain": ["ache"]}


def row():
    labels = [label for label in LEANING if rng.random() < 0.35]
    words = list(rng.choice(WORDS, rng.integers(2, 9))) + [str(rng.choice(LEANING[label])) for label in labels]
    rng.shuffle(words)
    return {"text": " ".join(words), "labels": labels}


rows = [row() for _ in range(120)]
train, test = rows[:80], rows[80:]
binarizer = MultiLabelBinarizer(classes=list(LEANING))
vectorizer = TfidfVectorizer(ngram_range=(1, 2))
model = OneVsRestClassifier(LogisticRegression(C=10, tol=1e-10, max_iter=10000))
model.fit(vectorizer.fit_transform([r["text"] for r in train]), binarizer.fit_transform([r["labels"] for r in train]))
predicted = binarizer.inverse_transform(model.predict(vectorizer.transform([r["text"] for r in test])))
result = {"labels": list(LEANING), "train": train, "test": test, "predicted": [list(labels) for labels in predicted]}
Path(__file__).with_suffix(".json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
