"""Trees and rules of what is counted of rows, in the invented datasets; writes audit_rules.json beside itself.

Trees are grown of scikit-learn's stumps: at each node one DecisionTreeClassifier of depth 1 for each feature by itself,
of which the first that lowers the impurity most is taken, as the study does it where scikit-learn draws among equals.
Where no two are equal the tree must be that of DecisionTreeClassifier with the depth asked for, and else one that it
grows with some random_state. Threshold rules are the first of the highest macro-F1 among all, tried one by one.
Made with scikit-learn 1.9.1: python audit_rules.py
"""

import json
from itertools import combinations_with_replacement, product
from pathlib import Path

import numpy as np
from audit_counts import features
from audit_data import DATASETS
from sklearn.metrics import accuracy_score, f1_score
from sklearn.tree import DecisionTreeClassifier

# A split that makes nothing purer is not made.
LEAST = 1e-9


def grow(x, y, depth):
    """The label of rows below this node, as a function of their features, and whether no split had an equal."""
    values, counts = np.unique(y, return_counts=True)
    commonest = values[counts.argmax()]
    leaf = lambda rows: np.full(len(rows), commonest)
    if depth == 0 or len(values) == 1:
        return leaf, True
    stumps = [DecisionTreeClassifier(max_depth=1).fit(x[:, [f]], y).tree_ for f in range(x.shape[1])]
    gains = []
    for stump in stumps:
        n, impurity = stump.n_node_samples, stump.impurity
        gains.append(impurity[0] - (n[1:] * impurity[1:]).sum() / n[0] if len(n) > 1 else 0)
    best = max(gains)
    if best < LEAST:
        return leaf, True
    equals = [f for f, gain in enumerate(gains) if gain > best - LEAST]
    feature, threshold = equals[0], stumps[equals[0]].threshold[0]
    goes_below = lambda rows: rows[:, feature].astype(np.float32) <= threshold
    side = goes_below(x)
    below, one = grow(x[side], y[side], depth - 1)
    above, other = grow(x[~side], y[~side], depth - 1)
    label = lambda rows: np.where(goes_below(rows), below(rows), above(rows))
    return label, len(equals) == 1 and one and other


def tree(train, gold, test, depth):
    label, alone = grow(train, gold, depth)
    trained, predicted = label(train), label(test)
    for seed in range(1 if alone else 5000):
        model = DecisionTreeClassifier(max_depth=depth, min_impurity_decrease=LEAST, random_state=seed).fit(train, gold)
        if (model.predict(train) == trained).all() and (model.predict(test) == predicted).all():
            break
    else:
        raise AssertionError("scikit-learn grows no such tree")
    return {"trained": trained.tolist(), "predicted": predicted.tolist()}


def threshold_rule(train, gold, test, classes):
    values = np.unique(train)
    cuts = [values[0], *((values[1:] + values[:-1]) / 2)]
    total = np.bincount(gold, minlength=classes)
    best, found = -1, None
    for low, high in combinations_with_replacement(cuts, 2):
        parts = np.array(
            [np.bincount(gold[side], minlength=classes) for side in (train < low, (train >= low) & (train < high), train >= high)]
        )
        for labels in product(range(classes), repeat=3):
            sizes = np.bincount(labels, weights=parts.sum(axis=1), minlength=classes)
            hits = np.bincount(labels, weights=parts[range(3), labels], minlength=classes)
            reached = (2 * hits / np.maximum(total + sizes, 1)).mean()
            if reached > best + 1e-12:
                best, found = reached, (low, high, labels)
    low, high, labels = found
    follow = lambda numbers: np.array(labels)[(numbers >= low).astype(int) + (numbers >= high)]
    trained = follow(train)
    assert abs(f1_score(gold, trained, labels=range(classes), average="macro", zero_division=0) - best) < 1e-12
    return {"macroF1": best, "trained": trained.tolist(), "predicted": follow(test).tolist()}


result = []
for name, data in DATASETS.items():
    counted = {part: [features(row) for row in data[part]] for part in ("train", "test")}
    names = list(counted["train"][0])
    x, fresh = (np.array([list(row.values()) for row in counted[part]], float) for part in ("train", "test"))
    y = np.array([data["labels"].index(row["label"]) for row in data["train"]])
    reading = {
        "the claim": [i for i, n in enumerate(names) if n.startswith("claim")],
        "the evidence": [i for i, n in enumerate(names) if n.startswith("evidence")],
        "both": list(range(len(names))),
    }
    single = {n: tree(x[:, [i]], y, fresh[:, [i]], 2) for i, n in enumerate(names)}
    reached = [accuracy_score(y, each["trained"]) for each in single.values()]
    result.append(
        {
            "name": name,
            "single": single,
            "best": names[int(np.argmax(np.round(reached, 12)))],
            "trees": {reads: tree(x[:, some], y, fresh[:, some], 3) for reads, some in reading.items()},
            "rules": {
                n: threshold_rule(x[:, names.index(n)], y, fresh[:, names.index(n)], len(data["labels"]))
                for n in ("claim-words", "evidence-words", "overlap")
            },
        }
    )
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
