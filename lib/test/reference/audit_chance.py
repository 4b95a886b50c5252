"""p-values of scikit-learn's guesses when gold labels are dealt out anew, by scipy's permutation test; writes audit_chance.json.

Of the tiny dataset all 120 orders are tried, of the others 99,999. Guesses are those of audit_guesses.json, scores are
held against scikit-learn's. Made with scipy 1.17.1 and scikit-learn 1.9.1: python audit_chance.py
"""

import json
from pathlib import Path

import numpy as np
from audit_data import DATASETS
from scipy.stats import permutation_test
from sklearn.metrics import accuracy_score, f1_score

RESAMPLES = 99_999
here = Path(__file__)
guessed = {each["name"]: each["approaches"] for each in json.loads(here.with_name("audit_guesses.json").read_text())}


def chance(gold, predicted, classes):
    def accuracy(dealt, axis):
        return (dealt == predicted).mean(axis=axis)

    def macro_f1(dealt, axis):
        f1 = []
        for label in range(classes):
            hits = ((dealt == label) & (predicted == label)).sum(axis=axis)
            either = (dealt == label).sum(axis=axis) + (predicted == label).sum()
            f1.append(2 * hits / np.maximum(either, 1))
        return np.mean(f1, axis=0)

    assert np.isclose(accuracy(gold, -1), accuracy_score(gold, predicted))
    by_sklearn = f1_score(gold, predicted, labels=range(classes), average="macro", zero_division=0)
    assert np.isclose(macro_f1(gold, -1), by_sklearn)
    found = {}
    for name, score in ("accuracy", accuracy), ("macroF1", macro_f1):
        test = permutation_test(
            (gold,), score, permutation_type="pairings", alternative="greater", vectorized=True,
            n_resamples=RESAMPLES, batch=10_000, rng=np.random.default_rng(17),
        )
        found[name] = {"p": float(test.pvalue), "mean": float(test.null_distribution.mean())}
    return found


result = []
for name, data in DATASETS.items():
    gold = np.array([data["labels"].index(row["label"]) for row in data["test"]])
    approaches = {
        approach: chance(gold, np.array(guesses["predicted"]), len(data["labels"]))
        for approach, guesses in guessed[name].items()
    }
    result.append({"name": name, "exact": len(gold) < 8, "approaches": approaches})
here.with_suffix(".json").write_text(json.dumps(result) + "\n")
