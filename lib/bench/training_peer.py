"""Updates of a training, timed: training_peer.py CONFIG.json ours|bare

CONFIG is what lib/python/trainer reads. `ours` is its loop, `bare` what PyTorch, transformers and PEFT need to do the same.
After an update that is not timed it says {"ready": true}; then, of each number on its input, it makes so many updates more and
says {"tokens", "seconds", "processor"} of them, the last being seconds of processor time.
"""

import json
import os
import sys
import time

import torch
from torch.nn.functional import cross_entropy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python", "trainer"))
torch.set_num_threads(1)
with open(sys.argv[1], encoding="utf-8") as file:
    config = json.load(file)
steps = 10_000


def ours():
    from answers import Answers
    from loop import learn
    from methods import load, trained
    from rows import updates

    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False
    model = load(config, "cpu").train()
    own = list(trained(model).values())
    optimiser = torch.optim.AdamW(own, lr=config["learningRate"], weight_decay=0)
    answers = Answers(model, config, "cpu")
    for update in forever(updates):
        yield learn(answers, own, optimiser, update, 0, steps, config)["tokens"]


def bare():
    """Rows padded on the left, so that all answers are foreseen at the last place, and only there are logits."""
    from peft import LoraConfig, get_peft_model
    from rows import first_of_answer, updates
    from transformers import AutoModelForCausalLM, get_cosine_schedule_with_warmup

    ranks = {"r": config["rank"], "lora_alpha": config["alpha"], "lora_dropout": config["dropout"]}
    model = AutoModelForCausalLM.from_pretrained(config["weights"], dtype=torch.float32)
    model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", target_modules=config["targets"], **ranks)).train()
    own = [each for each in model.parameters() if each.requires_grad]
    optimiser = torch.optim.AdamW(own, lr=config["learningRate"], weight_decay=0)
    schedule = get_cosine_schedule_with_warmup(optimiser, config["warmup"], steps)
    labels = config["labels"]
    for update in forever(updates):
        prompts = [row["input_ids"][: first_of_answer(row)] for row in update]
        longest = max(map(len, prompts))
        ids = torch.tensor([[0] * (longest - len(each)) + each for each in prompts])
        mask = torch.tensor([[0] * (longest - len(each)) + [1] * len(each) for each in prompts])
        right = torch.tensor([labels.index(row["input_ids"][first_of_answer(row)]) for row in update])
        places = (mask.cumsum(1) - 1).clamp(min=0)
        with torch.autocast("cpu", torch.bfloat16, enabled=config["precision"] == "bfloat16"):
            given = {"attention_mask": mask, "position_ids": places, "use_cache": False, "logits_to_keep": 1}
            logits = model(input_ids=ids, **given).logits[:, -1, labels]
        cross_entropy(logits.float(), right).backward()
        torch.nn.utils.clip_grad_norm_(own, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        yield sum(len(row["input_ids"]) for row in update)


def forever(updates):
    from rows import read

    rows = read(config["train"])
    epoch = 0
    while True:
        yield from updates(rows, config, epoch)
        epoch += 1


made = {"ours": ours, "bare": bare}[sys.argv[2]]()
next(made)
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    started, before = time.perf_counter(), time.process_time()
    tokens = sum(next(made) for _ in range(int(line)))
    took = {"seconds": time.perf_counter() - started, "processor": time.process_time() - before}
    print(json.dumps({"tokens": tokens, **took}), flush=True)
