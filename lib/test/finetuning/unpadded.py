"""The trainer's losses and gradients beside those of PEFT's own model on padded rows: unpadded.py TRAINER WEIGHTS ROWS.jsonl

Prints, of each method, the largest differences of the loss (relative) and of the gradients (to the largest gradient).
"""

import json
import sys

import torch

trainer, weights, rows = sys.argv[1:]
sys.path.insert(0, trainer)

from answers import Answers  # noqa: E402
from methods import load, trained  # noqa: E402
from rows import first_of_answer, read  # noqa: E402
from torch.nn.functional import cross_entropy  # noqa: E402
from transformers import AutoModelForCausalLM, set_seed  # noqa: E402

sizes = {"rank": 4, "alpha": 8, "dropout": 0, "targets": "all-linear", "virtualTokens": 5}
told = {}
for method in ("lora", "full", "p-tuning", "prompt-tuning", "prefix-tuning"):
    config = {
        **{"weights": weights, "method": method, "seed": 1, "precision": "float32"},
        **{"labels": [], "loss": "vocabulary", "perDevice": 30, **sizes},
    }
    some = read(rows)
    model = load(config, "cpu").train()
    own = trained(model)
    with torch.no_grad():
        # Of an adapter one half begins as nothing, and the other then has no gradient.
        for each in own.values():
            each.add_(torch.randn_like(each), alpha=0.02)
    answers = Answers(model, config, "cpu")
    ours = answers.loss(some)
    ours.backward()
    gradients = {name: each.grad.clone() for name, each in own.items()}
    model.zero_grad()

    # The libraries' own way, with the same weights.
    answers.base.set_output_embeddings(answers.head.head)
    answers.base.set_attn_implementation("eager")
    for module in model.modules():
        module.__dict__.pop("forward", None)
    longest = max(len(row["input_ids"]) for row in some)
    fill = lambda given, what: torch.tensor([each + [what] * (longest - len(each)) for each in given])
    ids = fill([row["input_ids"] for row in some], 0)
    mask = fill([[1] * len(row["input_ids"]) for row in some], 0)
    logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits[:, -longest:]
    theirs = 0
    for n, row in enumerate(some):
        for at in range(first_of_answer(row), len(row["input_ids"])):
            theirs = theirs + cross_entropy(logits[n, at - 1], ids[n, at])
    theirs.backward()
    largest = max(each.grad.abs().max().item() for each in own.values())
    apart = max((each.grad - gradients[name]).abs().max().item() for name, each in own.items())
    told[method] = {"loss": abs(ours.item() / theirs.item() - 1), "gradients": apart / largest}
print(json.dumps(told))
