"""Predictions about made-up claims, with accuracy, macro-F1, F1 by label and the confusion matrix by scikit-learn; writes own_claims.json beside itself.

Made with scikit-learn 1.9.1: python own_claims.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

LABELS = ["SUPPORT", "CONTRADICT", "NEI"]
rng = np.random.default_rng(20261127)
gold = rng.choice(LABELS, 60, p=[0.5, 0.3, 0.2])
# Every fifth row has no gold.
known = np.arange(60) % 5 > 0
probabilities = rng.dirichlet([1, 1, 1], 60).round(4)
for row, label in enumerate(gold):
    probabilities[row][LABELS.index(label)] += 0.3
predicted = np.array([LABELS[best] for best in probabilities.argmax(axis=1)])

Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "rows": [
                {
                    "gold": str(label) if has else None,
                    "probabilities": [round(float(each) / sum(shares), 6) for each in shares],
                    "prediction": str(best),
                }
                for label, has, shares, best in zip(gold, known, probabilities.tolist(), predicted)
            ],
            "accuracy": accuracy_score(gold[known], predicted[known]),
            "macroF1": f1_score(gold[known], predicted[known], average="macro", zero_division=0),
            "f1": f1_score(gold[known], predicted[known], average=None, labels=LABELS, zero_division=0).tolist(),
            "confusion": confusion_matrix(gold[known], predicted[known], labels=LABELS).tolist(),
        },
        indent=1,
    )
    + "\n"
)
