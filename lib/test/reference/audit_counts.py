"""What is counted of rows, and which rows share a text, in the invented datasets; writes audit_counts.json beside itself.

Counts by unicodedata and str methods; areas under the ROC curve by scikit-learn; shared and nearly shared texts by
comparing every row with every other. The lists of words are the study's own, read from its sources.
Made with scikit-learn 1.9.1: python audit_counts.py
"""

import json
import re
import unicodedata
from pathlib import Path

import numpy as np
from audit_data import DATASETS
from sklearn.metrics import roc_auc_score

SOURCE = Path(__file__).parents[2] / "src"


def listed(file, name):
    source = (SOURCE / file).read_text()
    return set(re.search(name + r"[^=]*= new Set\(\s*['`]([^'`]*)['`]", source).group(1).split())


NEGATIONS, HEDGES = listed("audit/measures/cues.ts", "NEGATIONS"), listed("audit/measures/cues.ts", "HEDGES")
FUNCTION_WORDS = listed("datasets/content.ts", "FUNCTION_WORDS")


def normal(text):
    text = unicodedata.normalize("NFKC", text).lower()
    return " ".join("".join(" " if unicodedata.category(c)[0] == "P" else c for c in text).split())


def runs(text):
    """Runs of letters, numbers and _, which is what unicodedata's L and N are."""
    kept = "".join(c if c == "_" or unicodedata.category(c)[0] in "LN" else " " for c in text.lower())
    return kept.split()


def content(text):
    return {word for word in runs(text) if len(word) > 1 and word not in FUNCTION_WORDS}


def sentences(text):
    ends = re.split(r"[.!?]+(?:\s+|$)|[。！？]+\s*", text.strip())
    return sum(1 for piece in ends if piece.strip())


def counts(text):
    category = [unicodedata.category(c) for c in text]
    return {
        "empty": int(not text.strip()),
        "characters": len(text),
        "words": len(text.split()),
        "sentences": sentences(text),
        "punctuation": sum(c[0] == "P" for c in category),
        "digits": category.count("Nd"),
        "negations": sum(w in NEGATIONS for w in runs(text)) + len(re.findall(r"n['’]t\b", text, re.I)),
        "hedges": sum(w in HEDGES for w in runs(text)),
    }


def features(row):
    found = {f"{part}-{name}": n for part in ("claim", "evidence") for name, n in counts(row[part]).items()}
    wanted, there = content(row["claim"]), content(row["evidence"])
    found["overlap"] = len(wanted & there) / len(wanted) if wanted else 0
    return found


TEXTS = {
    "pair": lambda row: (normal(row["claim"]), normal(row["evidence"])),
    "claim": lambda row: (normal(row["claim"]),),
    "evidence": lambda row: (normal(row["evidence"]),),
}


def shingles(text):
    words = " ".join(text).split()
    return {" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))}


def near(one, other):
    if not any(one) or not any(other) or " ".join(one).split() == " ".join(other).split():
        return False
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b) >= 0.8


def same(one, other):
    return any(one) and one == other


def shared(data, of, alike):
    texts = {part: [TEXTS[of](row) for row in data[part]] for part in ("train", "test")}
    within = lambda some: sum(any(alike(t, u) for j, u in enumerate(some) if j != i) for i, t in enumerate(some))
    between = sum(any(alike(t, u) for u in texts["train"]) for t in texts["test"])
    return {"between": between, "train": within(texts["train"]), "test": within(texts["test"])}


def conflicting(data):
    labels = {}
    for row in data["train"] + data["test"]:
        labels.setdefault(TEXTS["pair"](row), []).append(row["label"])
    return sum(len(some) for text, some in labels.items() if any(text) and len(set(some)) > 1)


if __name__ == "__main__":
    result = []
    for name, data in DATASETS.items():
        rows = [features(row) for row in data["test"]]
        gold = np.array([row["label"] for row in data["test"]])
        areas = {
            feature: {
                label: float(roc_auc_score(gold == label, [row[feature] for row in rows]))
                for label in data["labels"]
                if 0 < (gold == label).sum() < len(gold)
            }
            for feature in rows[0]
        }
        result.append(
            {
                "name": name,
                "counts": {feature: [row[feature] for row in rows] for feature in rows[0]},
                "areas": areas,
                "same": {of: shared(data, of, same) for of in TEXTS},
                "near": {of: shared(data, of, near) for of in TEXTS},
                "conflicting": conflicting(data),
            }
        )
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, ensure_ascii=False) + "\n")
