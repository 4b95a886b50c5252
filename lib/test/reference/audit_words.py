"""Competency statistics, PMI, LMI and binomial tails of words, and the chi-square test of labels; writes audit_words.json.

z (Gardner et al. 2021) and PMI from counts, tails and chi-square by scipy. Made with scipy 1.17.1: python audit_words.py
"""

import json
import math
from collections import Counter
from pathlib import Path

from audit_data import DATASETS
from scipy.stats import binom, chi2_contingency
from sklearn.feature_extraction.text import CountVectorizer

LEAST = 5
analyse = CountVectorizer().build_analyzer()

result = []
for name, data in DATASETS.items():
    labels, train, test = data["labels"], data["train"], data["test"]
    shares = {label: sum(row["label"] == label for row in train) / len(train) for label in labels}
    fields = {}
    for field in ("claim", "evidence"):
        holding = {}
        for row in train:
            for word in set(analyse(row[field])):
                holding.setdefault(word, []).append(row["label"])
        holding = {word: some for word, some in holding.items() if len(some) >= LEAST}
        words = []
        for word, some in holding.items():
            n, counts = len(some), Counter(some)
            z = {
                label: (counts[label] / n - q) / math.sqrt(q * (1 - q) / n) if 0 < q < 1 else 0
                for label, q in shares.items()
            }
            label = max(labels, key=lambda each: z[each])
            k, q = counts[label], shares[label]
            pmi = math.log2((k / n) / q) if k else 0
            p = min(1, len(holding) * len(labels) * float(binom.sf(k - 1, n, q)))
            words.append(
                {"word": word, "label": label, "rows": n, "withLabel": k, "z": z[label], "p": p, "pmi": pmi,
                 "lmi": k / len(train) * pmi}
            )
        fields[field] = words
    table = [[sum(row["label"] == label for row in part) for label in labels] for part in (train, test)]
    shift = chi2_contingency(table, correction=False).pvalue
    result.append({"name": name, "fields": fields, "shift": float(shift)})

Path(__file__).with_suffix(".json").write_text(json.dumps(result, ensure_ascii=False) + "\n")
