"""Trains a language model to answer prompts, given both in tokens: python lib/python/trainer CONFIG.json

The configuration has
- (paths seen from the configuration's folder) weights (a folder in Hugging Face's layout), train and heldOut (JSON Lines of id, input_ids, completion_mask; heldOut
  may be null) and output (a folder);
- method (full, lora, qlora, p-tuning, prompt-tuning or prefix-tuning), rank, alpha, dropout, targets, virtualTokens,
  and quantisation (arguments of BitsAndBytesConfig for qlora, else null);
- labels (the first token of each label's answer; of other answers none), loss (labels: among these; vocabulary),
  balanced, corrected;
- precision (float32 or bfloat16), seed, epochs, batch, perDevice, learningRate, warmup (updates), saveSteps, and
  patience (epochs without a smaller held-out loss after which it ends; 0: never).

It goes on from the last checkpoint in output, and learns the same as if it had never been interrupted. It leaves there
`checkpoint-UPDATE` at the end of each epoch, `curve.jsonl`, which it also prints, an object an update and, where rows
are held out, an epoch, and at its end `fit.jsonl`, what it says of each of its training rows.
"""

import json
import os
import sys

os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"  # or cuBLAS sums in no fixed order

import torch

from loop import train
from report import reporters

# With several, OpenMP's threads wait for one another on a busy machine: trainings run side by side instead.
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True, warn_only=True)
# Which would else cost a pass over everything that is computed.
torch.utils.deterministic.fill_uninitialized_memory = False
with open(sys.argv[1], encoding="utf-8") as file:
    config = json.load(file)
# Paths are seen from the configuration's folder.
for part in ("weights", "train", "heldOut", "output"):
    if config[part]:
        config[part] = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), config[part])
names = [name for name in os.environ.get("SMALL_CLAIMS_REPORT_TO", "").split(",") if name]
telling = reporters(names, config["output"])


def say(line):
    print(json.dumps(line), flush=True)
    for tell in telling:
        tell(line)


train(config, say)
