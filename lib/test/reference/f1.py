"""F1 and accuracy of labels, sets of labels, entities and words, unanswered rows among them; writes f1.json.

Made with scikit-learn 1.9.1 and seqeval 1.2.2: python f1.py

scikit-learn knows no row without an answer: of one label it is given a label that is none of those scored, of a set and of
words nothing. That a row without an answer is never right as a whole is then ours to say.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from seqeval.metrics import classification_report, f1_score as entity_f1
from seqeval.scheme import IOB2
from sklearn.metrics import accuracy_score, f1_score

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20270105)
LABELS = ["yes", "no", "maybe"]
TOPICS = ["growth", "immune evasion", "genomic instability", "energetics"]
TYPES = ["Disease", "Chemical", "Gene"]


def f1_by(gold, answers, classes):
    each = f1_score(gold, answers, labels=classes, average=None, zero_division=0)
    macro, micro = (f1_score(gold, answers, labels=classes, average=kind, zero_division=0) for kind in ("macro", "micro"))
    return {"macro": macro, "micro": micro, "each": each.tolist()}


def one_of(name, gold, answers):
    known = ["none" if answer is None else answer for answer in answers]
    return {
        "name": name,
        "gold": list(gold),
        "answers": list(answers),
        "exact": accuracy_score(gold, known),
        **f1_by(gold, known, LABELS),
    }


def some_labels(n, labels, unanswered):
    return [None if rng.random() < unanswered else str(rng.choice(labels)) for _ in range(n)]


def some_of(name, gold, answers):
    indicators = [[[topic in (labels or []) for topic in TOPICS] for labels in side] for side in (gold, answers)]
    of_topics = [np.array(side, dtype=int) for side in indicators]
    answered = np.array([answer is not None for answer in answers])
    return {
        "name": name,
        "gold": gold,
        "answers": answers,
        "exact": float(np.mean(answered & (of_topics[0] == of_topics[1]).all(axis=1))),
        **f1_by(*of_topics, list(range(len(TOPICS)))),
    }


def some_sets(n, chance, unanswered=0.0):
    return [
        None if rng.random() < unanswered else [topic for topic in TOPICS if rng.random() < chance] for _ in range(n)
    ]


def text():
    """Where the words of a made-up text begin and end."""
    ends = np.cumsum(rng.integers(2, 9, rng.integers(4, 16)))
    return [[int(end - length), int(end)] for end, length in zip(ends, rng.integers(1, 3, len(ends)))]


def entities(words, chance):
    """Spans of one to three whole words that do not overlap, as (type, first word, last word)."""
    found, word = [], 0
    while word < len(words):
        if rng.random() < chance:
            last = min(len(words) - 1, word + int(rng.integers(0, 3)))
            found.append((str(rng.choice(TYPES)), word, last))
            word = last
        word += 1
    return found


def guess(gold, words):
    """Some right, some of another type, some a word too short, some missing; and some that are not there."""
    found = []
    for kind, first, last in gold:
        turn = rng.random()
        if turn < 0.5:
            found.append((kind, first, last))
        elif turn < 0.65:
            found.append((str(rng.choice(TYPES)), first, last))
        elif turn < 0.8:
            found.append((kind, first, max(first, last - 1)))
    taken = {word for _, first, last in gold for word in range(first, last + 1)}
    return found + [(str(rng.choice(TYPES)), word, word) for word in range(len(words)) if word not in taken and rng.random() < 0.06]


def spans(found, words):
    return None if found is None else [{"type": kind, "start": words[first][0], "end": words[last][1]} for kind, first, last in found]


def tags(found, words, begin="B-", inside="I-"):
    labels = ["O"] * len(words)
    for kind, first, last in found or []:
        for word in range(first, last + 1):
            labels[word] = (begin if word == first else inside) + kind
    return labels


def defined(score):
    """A mean over no type at all is no number: it counts as 0."""
    return 0.0 if np.isnan(score) else score


def of_entities(name, texts, golds, answers):
    gold, answered = ([tags(found, words) for found, words in zip(side, texts)] for side in (golds, answers))
    report = classification_report(gold, answered, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    by_word = [
        [label for found, words in zip(side, texts) for label in tags(found, words, "", "")] for side in (golds, answers)
    ]
    return {
        "name": name,
        "words": texts,
        "gold": [spans(found, words) for found, words in zip(golds, texts)],
        "answers": [spans(found, words) for found, words in zip(answers, texts)],
        "micro": entity_f1(gold, answered, mode="strict", scheme=IOB2, zero_division=0),
        "macro": defined(entity_f1(gold, answered, average="macro", mode="strict", scheme=IOB2, zero_division=0)),
        "each": [report[kind]["f1-score"] if kind in report else 0 for kind in TYPES],
        "byWord": f1_by(*by_word, TYPES),
    }


texts = [text() for _ in range(25)]
golds = [entities(words, 0.2) for words in texts]
guessed = [guess(gold, words) for gold, words in zip(golds, texts)]
nothing = [[] for _ in texts]
half = [None if row % 2 else found for row, found in enumerate(guessed)]

Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "labels": LABELS,
            "oneOf": [
                one_of("answered throughout", some_labels(60, LABELS, 0), some_labels(60, LABELS, 0)),
                one_of("some unanswered", some_labels(60, LABELS, 0), some_labels(60, LABELS, 0.2)),
                one_of("none answered", some_labels(30, LABELS, 0), some_labels(30, LABELS, 1)),
                one_of("a label in neither", some_labels(40, LABELS[:2], 0), some_labels(40, LABELS[:2], 0.1)),
                one_of("a label never answered", some_labels(40, LABELS, 0), some_labels(40, LABELS[:2], 0)),
                one_of("a label that is never right", some_labels(40, LABELS[1:], 0), some_labels(40, LABELS, 0)),
                one_of("all wrong", ["yes", "yes", "no"], ["no", "no", "maybe"]),
                one_of("one row", ["yes"], ["yes"]),
                one_of("one row, unanswered", ["yes"], [None]),
            ],
            "topics": TOPICS,
            "someOf": [
                some_of("answered throughout", some_sets(60, 0.3), some_sets(60, 0.3)),
                some_of("some unanswered, many sets empty", some_sets(60, 0.15), some_sets(60, 0.15, 0.2)),
                some_of("every gold set empty", some_sets(20, 0), some_sets(20, 0.2, 0.2)),
                some_of("none answered", some_sets(20, 0.5), some_sets(20, 0.5, 1)),
                some_of("one row", [["growth", "energetics"]], [["growth"]]),
            ],
            "types": TYPES,
            "spans": [
                of_entities("guessed", texts, golds, guessed),
                of_entities("every other text unanswered", texts, golds, half),
                of_entities("nothing found", texts, golds, nothing),
                of_entities("no entity at all", texts, nothing, nothing),
                of_entities("found where there is none", texts, nothing, guessed),
                of_entities("one text, all right", texts[:1], [[("Gene", 0, 1)]], [[("Gene", 0, 1)]]),
            ],
        },
        default=float,
    )
    + "\n"
)
