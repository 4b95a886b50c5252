"""ROUGE and exact match of written answers; writes written.json.

Made with rouge-score 0.1.2 and transformers 4.57.6: python written.py

The exact match is that of SQuAD, as transformers.data.metrics.squad_metrics has it. Texts are made up.
"""

import json
from pathlib import Path

from rouge_score.rouge_scorer import RougeScorer
from transformers.data.metrics.squad_metrics import compute_exact

scorer = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
CASES = [
    ("the drug lowers blood pressure in most patients", ["the drug lowers the blood pressure of most patients"]),
    ("Aspirin, 75 mg/day, did NOT help.", ["aspirin 75 mg day did not help"]),
    ("no", ["No.", "there is no effect"]),
    ("The effect.", ["an effect", "effects"]),
    ("a a a b", ["a b a b", "b a"]),
    ("IL-6 and TNF-α levels fell by 30 %", ["levels of IL-6 and of TNF-α fell by a third", "TNF-α and IL-6 fell"]),
    ("naïve B cells, çédille and İstanbul", ["naive B cells", "naïve b cells, cedille and istanbul"]),
    ("The theatre and another anthem", ["theatre and another anthem", "the the theatre"]),
    ("patients who were treated early recovered", ["early recovered who treated were patients", "recovered early"]),
    ("", ["something", ""]),
    ("something", [""]),
    ("!?", ["?!", "..."]),
    ("one", ["one"]),
    ("under_score and e.g. self-report", ["underscore and eg selfreport", "under score and e g self report"]),
]


def scores(candidate, references):
    rouge = scorer.score_multi(references, candidate)
    return {
        "candidate": candidate,
        "references": references,
        "exact-match": max(compute_exact(reference, candidate) for reference in references),
        "rouge-1": rouge["rouge1"].fmeasure,
        "rouge-2": rouge["rouge2"].fmeasure,
        "rouge-l": rouge["rougeL"].fmeasure,
    }


Path(__file__).with_suffix(".json").write_text(
    json.dumps([scores(*case) for case in CASES], indent=1, ensure_ascii=False) + "\n"
)
