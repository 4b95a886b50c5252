"""The rows of public data sets, read by pandas and seqeval; writes public_rows.json beside this file.

    pip install pandas==3.1.1 seqeval==1.2.2
    python public_rows.py FOLDER            FOLDER/DATASET/FILE, as DATA_MIRROR

Of each build: how many rows, how often each label (of spans: each type), and the SHA-256 of all rows, a line each: id,
gold, keys and texts. No text is written.
"""

import csv
import hashlib
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
from seqeval.metrics.sequence_labeling import get_entities

FOLDER = Path(sys.argv[1])
# By the corpus's own release: the numbers of the flags are those of its labels in alphabetical order.
HALLMARKS = sorted(
    ["Sustaining proliferative signaling", "Evading growth suppressors", "Resisting cell death",
     "Enabling replicative immortality", "Inducing angiogenesis", "Activating invasion and metastasis",
     "Genomic instability and mutation", "Tumor promoting inflammation", "Cellular energetics",
     "Avoiding immune destruction"],
)


def normal(text):
    return re.sub(r"\s+", " ", text).strip()


def units(text):
    """Length in UTF-16 units, which offsets count in."""
    return len(text.encode("utf-16-le")) // 2


def summary(rows):
    lines = ["\t".join([id_, "|".join(gold), key, *texts]) for id_, gold, key, texts in rows]
    counts = Counter(re.sub(r"^\d+-\d+-", "", each) for _, gold, _, _ in rows for each in gold)
    return {
        "rows": len(rows),
        "golds": dict(sorted(counts.items())),
        "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    }


def pubmedqa(split):
    questions = json.loads((FOLDER / "pubmedqa/ori_pqal.json").read_text())
    test = json.loads((FOLDER / "pubmedqa/test_ground_truth.json").read_text())
    return [
        (f"pubmedqa:{split}:{pmid}", [q["final_decision"]], pmid, [normal(q["QUESTION"]), normal(" ".join(q["CONTEXTS"]))])
        for pmid, q in sorted(questions.items(), key=lambda item: int(item[0]))
        if (pmid in test) == (split == "test")
    ]


def frame(path):
    return pd.read_csv(FOLDER / path, sep="\t", quoting=csv.QUOTE_NONE, keep_default_na=False, dtype=str)


def hoc(split, together):
    data = frame(f"hoc/{split}.tsv")
    data["document"] = data["index"].str.split("_").str[0]
    data["flags"] = data["labels"].map(lambda cell: [each.endswith("_1") for each in cell.split(",")])
    groups = data.groupby("document" if together else "index", sort=False)
    return [
        (f"hoc:{split}:{name}", [HALLMARKS[at].lower() for at in range(10) if any(f[at] for f in group["flags"])],
         group["document"].iloc[0], [" ".join(normal(s) for s in group["sentence"])])
        for name, group in groups
    ]


def biosses(split):
    return [
        (f"biosses:{split}:{row.pair_id}", [f"{float(row.score):.1f}"], "", [normal(row.sent1), normal(row.sent2)])
        for row in frame(f"biosses/{split}.tsv").itertuples()
    ]


def ncbi(split, file):
    rows = []
    for number, block in enumerate((FOLDER / f"ncbi-disease/{file}.tsv").read_text().strip("\n").split("\n\n"), 1):
        tokens, tags = zip(*(line.split("\t") for line in block.split("\n")))
        starts = [units(" ".join(tokens[:at])) + (at > 0) for at in range(len(tokens))]
        spans = [f"{starts[a]}-{starts[b] + units(tokens[b])}-{type_}" for type_, a, b in get_entities(list(tags))]
        rows.append((f"ncbi-disease:{split}:{number}", spans, "", [" ".join(tokens)]))
    return rows


builds = {}
for part in ("train", "test"):
    builds[f"pubmedqa/rows/{part}"] = pubmedqa(part)
for part in ("train", "dev", "test"):
    builds[f"hoc/sentences/{part}"] = hoc(part, False)
    builds[f"hoc/abstracts/{part}"] = hoc(part, True)
    builds[f"biosses/rows/{part}"] = biosses(part)
    builds[f"ncbi-disease/rows/{part}"] = ncbi(part, {"dev": "devel"}.get(part, part))

Path(__file__).with_suffix(".json").write_text(
    json.dumps({name: summary(rows) for name, rows in builds.items()}, indent=1) + "\n"
)
