"""TF-IDF and logistic regression by scikit-learn on an invented corpus; writes partial_input.json beside itself.

Made with scikit-learn 1.9.1: python partial_input.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(7)
WORDS = (
    "alpha beta gamma-4 Delta μ-opioid naïve T cell_line 5-HT no not reduces raises dose 2.5mg IL-6 "
    "rat trial x placebo"
).split()
LEANING = {"SUPPORT": ["raises"], "CONTRADICT": ["not", "no"], "NEI": ["trial", "placebo"]}


def sentence(label, longest):
    drawn = list(rng.choice(WORDS + 3 * LEANING[label], rng.integers(1, longest)))
    return " ".join(drawn) + "."


rows = []
for index in range(90):
    label = list(LEANING)[rng.choice(3, p=[0.5, 0.3, 0.2])]
    evidence = "" if label == "NEI" and rng.random() < 0.5 else sentence(label, 20)
    rows.append({"claim": sentence(label, 8), "evidence": evidence, "label": label})
train, test = rows[:60], rows[60:]

result = {"train": train, "test": test, "fits": []}
for fields in (["claim"], ["evidence"], ["claim", "evidence"]):
    for strength in (1.0, 10.0):
        vectorizers = [TfidfVectorizer(ngram_range=(1, 2)).fit([row[f] for row in train]) for f in fields]

        def features(some):
            return hstack([v.transform([row[f] for row in some]) for v, f in zip(vectorizers, fields)]).tocsr()

        model = LogisticRegression(C=strength, tol=1e-10, max_iter=10000)
        model.fit(features(train), [row["label"] for row in train])
        columns = [list(model.classes_).index(label) for label in LEANING]
        result["fits"].append(
            {
                "input": "both" if len(fields) == 2 else fields[0],
                "strength": strength,
                "terms": [list(v.get_feature_names_out()) for v in vectorizers],
                "firstVector": features(train)[[0]].toarray()[0][features(train)[[0]].toarray()[0] != 0].tolist(),
                "probabilities": model.predict_proba(features(test))[:, columns].round(8).tolist(),
            }
        )

Path(__file__).with_suffix(".json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
