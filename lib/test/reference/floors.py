"""The floors of invented data of each shape, by scikit-learn, scipy and by counting; writes floors.json beside itself.

No training row of the shape `one-of` is labelled maybe, and none of `some-of` has the label rash, while test rows are and do.
Made with scikit-learn 1.9.1 and scipy 1.17.1: python floors.py
"""

import itertools
import json
import re
import statistics
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import hstack
from scipy.stats import pearsonr, spearmanr
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

rng = np.random.default_rng(5)
WORDS = "dose trial placebo rat cell reduces raises fever cough aspirin zinc heart lung week month".split()
LABELS = ["maybe", "no", "yes"]
LEANING = {"yes": ["raises", "effective"], "no": ["reduces", "useless"], "maybe": ["unclear"]}
SETS = {"pain": ["ache", "sore"], "rash": ["itch"], "sleep": ["tired", "drowsy"]}
TYPES = {"Drug": ["aspirin", "zinc", "zinc oxide"], "Illness": ["fever", "dry cough", "cough"]}


def phrase(least, most, more=()):
    drawn = [str(word) for word in rng.choice(WORDS, rng.integers(least, most))] + [str(word) for word in more]
    rng.shuffle(drawn)
    return drawn


def asked(label):
    question = phrase(3, 6)
    context = phrase(4, {"yes": 20, "no": 9, "maybe": 30}[label], rng.choice(LEANING[label], rng.integers(0, 3)))
    return {"question": " ".join(question), "context": " ".join(context), "gold": label}


def tagged(labels):
    note = phrase(2, 7, [rng.choice(SETS[label]) for label in labels if rng.random() < 0.8])
    return {"note": " ".join(note), "gold": labels}


def rated():
    first, second = phrase(3, 7), phrase(3, 12)
    shared = len(set(first) & set(second)) / len(set(first))
    return {"first": " ".join(first), "second": " ".join(second), "gold": round(4 * (0.7 * shared + 0.3 * rng.random()), 1)}


def mentioned():
    text, spans = "", []
    for _ in range(rng.integers(3, 7)):
        kind = str(rng.choice([*TYPES, "none"]))
        words = str(rng.choice(TYPES.get(kind, ["week", "heart", "fever", "trial"])))
        # Now and then a word of one type is meant as the other.
        kind = str(rng.choice([*TYPES])) if kind != "none" and rng.random() < 0.1 else kind
        text = f"{text} {words.capitalize() if rng.random() < 0.2 else words}".strip()
        if kind != "none":
            spans.append({"type": kind, "start": len(text) - len(words), "end": len(text)})
    return {"text": f"{text}.", "gold": spans}


def written():
    return {"note": " ".join(phrase(3, 6)), "gold": " ".join(phrase(2, 4))}


def texts(rows, field):
    return [row[field] for row in rows]


def bag(train, test, fields):
    vectorizers = [TfidfVectorizer(ngram_range=(1, 2)).fit(texts(train, field)) for field in fields]
    return [hstack([v.transform(texts(rows, f)) for v, f in zip(vectorizers, fields)]).tocsr() for rows in (train, test)]


def logistic():
    return LogisticRegression(C=10, tol=1e-10, max_iter=10000)


def overlap(row, first, second):
    wanted = set(row[first].split())
    return round(len(wanted & set(row[second].split())) / len(wanted), 4)


def thresholds(train, test, labels):
    """Answers of the two cuts and three labels with the highest macro-F1 on (number, label) of train, tried one by one."""
    numbers = sorted({number for number, _ in train})
    cuts = [numbers[0], *((a + b) / 2 for a, b in itertools.pairwise(numbers))]
    gold = [label for _, label in train]

    def say(rows, rule):
        low, high, said = rule
        return [said[0] if number < low else said[1] if number < high else said[2] for number, _ in rows]

    rules = [
        (low, high, said)
        for low, high in itertools.combinations_with_replacement(cuts, 2)
        for said in itertools.product(labels, repeat=3)
    ]
    reached = [f1_score(gold, say(train, rule), labels=labels, average="macro", zero_division=0) for rule in rules]
    best = [rule for rule, score in zip(rules, reached) if score > max(reached) - 1e-9]
    answers = [say(test, rule) for rule in best]
    assert all(each == answers[0] for each in answers), "several rules are as good, and differ on test"
    return answers[0]


def one_of(train, test):
    gold = texts(train, "gold")
    floors = {"Majority": DummyClassifier(strategy="most_frequent").fit(gold, gold).predict(test).tolist()}
    for title, number in (
        ("Context length", lambda row: len(row["context"].split())),
        ("Overlap", lambda row: overlap(row, "question", "context")),
    ):
        floors[title] = thresholds(*([(number(r), r["gold"]) for r in rows] for rows in (train, test)), LABELS)
    for title, fields in (("Context alone", ["context"]), ("Word classifier", ["question", "context"])):
        learnt, tried = bag(train, test, fields)
        floors[title] = logistic().fit(learnt, gold).predict(tried).tolist()
    right = texts(test, "gold")
    scores = {
        "accuracy": lambda said: accuracy_score(right, said),
        "macro-f1": lambda said: f1_score(right, said, labels=LABELS, average="macro", zero_division=0),
    }
    return floors, scores


def some_of(train, test):
    [commonest] = Counter(tuple(labels) for labels in texts(train, "gold")).most_common(1)
    binarizer = MultiLabelBinarizer(classes=list(SETS)).fit([])
    learnt, tried = bag(train, test, ["note"])
    model = OneVsRestClassifier(logistic()).fit(learnt, binarizer.transform(texts(train, "gold")))
    floors = {
        "Commonest answer": [list(commonest[0]) for _ in test],
        "Word classifier": [list(labels) for labels in binarizer.inverse_transform(model.predict(tried))],
    }
    right = binarizer.transform(texts(test, "gold"))
    scores = {
        "micro-f1": lambda said: f1_score(right, binarizer.transform(said), average="micro", zero_division=0),
        "macro-f1": lambda said: f1_score(right, binarizer.transform(said), average="macro", zero_division=0),
        "exact-match": lambda said: accuracy_score(right, binarizer.transform(said)),
    }
    return floors, scores


def number(train, test):
    floors = {
        "Mean": [statistics.fmean(texts(train, "gold"))] * len(test),
        "Overlap": [4 * overlap(row, "first", "second") for row in test],
    }
    right = texts(test, "gold")

    def of(correlation):
        # Constant answers have no correlation: 0.
        return lambda said: float(correlation(right, said).statistic) if len(set(said)) > 1 else 0

    return floors, {"pearson": of(pearsonr), "spearman": of(spearmanr)}


def spans(train, test):
    kinds = {}
    for row in train:
        for span in row["gold"]:
            kinds.setdefault(row["text"][span["start"] : span["end"]].lower(), []).append(span["type"])
    # The longest first, at word boundaries: what a regular expression of alternatives finds from left to right.
    known = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, kinds), key=len, reverse=True)) + r")\b", re.I)

    def found(text):
        return [
            {"type": Counter(kinds[m.group().lower()]).most_common(1)[0][0], "start": m.start(), "end": m.end()}
            for m in known.finditer(text)
        ]

    floors = {"Commonest answer": [[] for _ in test], "Dictionary": [found(row["text"]) for row in test]}

    def entity_f1(said):
        keyed = [[{tuple(span.values()) for span in row} for row in rows] for rows in (texts(test, "gold"), said)]
        hits = sum(len(right & answered) for right, answered in zip(*keyed))
        return 2 * hits / sum(len(row) for rows in keyed for row in rows)

    return floors, {"entity-f1": entity_f1}


def label_sets(labels, count):
    return [[label for label in labels if rng.random() < 0.4] for _ in range(count)]


data = {
    "one-of": (
        [asked(str(label)) for label in rng.choice(["yes", "no"], 60, p=[0.6, 0.4])],
        [asked(str(label)) for label in rng.choice(LABELS, 30)],
        one_of,
    ),
    "some-of": (
        [tagged(labels) for labels in label_sets(["pain", "sleep"], 50)],
        [tagged(labels) for labels in label_sets(list(SETS), 30)],
        some_of,
    ),
    "number": ([rated() for _ in range(20)], [rated() for _ in range(20)], number),
    "spans": ([mentioned() for _ in range(30)], [mentioned() for _ in range(20)], spans),
    "text": ([written() for _ in range(5)], [written() for _ in range(5)], lambda *_: ({}, {})),
}
result = {}
for shape, (train, test, floors_of) in data.items():
    floors, scores = floors_of(train, test)
    result[shape] = {
        "train": train,
        "test": test,
        "floors": [
            {"title": title, "answers": said, "scores": {name: float(score(said)) for name, score in scores.items()}}
            for title, said in floors.items()
        ],
    }
Path(__file__).with_suffix(".json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
