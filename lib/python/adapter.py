"""Trains an adapter, or all weights, on prompts and answers in tokens: adapter.py CONFIG.json

The configuration has: weights (a folder in Hugging Face's layout), rows (JSON Lines of id, input_ids, completion_mask),
output (a folder), method (full, lora, p-tuning, prompt-tuning or prefix-tuning), rank, alpha, dropout, virtualTokens,
labels (the first token of each label's answer; empty: the loss is over the vocabulary), balanced, precision (float32 or
bfloat16), seed, epochs, batch, perDevice, learningRate, warmup and saveSteps. It prints a JSON object an update.

A loop of its own instead of TRL's: the loss among the label words needs the logits of one position and three words
only. One thread a training: with several, OpenMP's threads wait for one another on a busy machine.
"""

import json
import math
import os
import random
import shutil
import sys
import time

import torch
from peft import (
    LoraConfig,
    PrefixTuningConfig,
    PromptEncoderConfig,
    PromptTuningConfig,
    get_peft_model,
)
from transformers import AutoModelForCausalLM, set_seed

SOFT = {"p-tuning": PromptEncoderConfig, "prompt-tuning": PromptTuningConfig, "prefix-tuning": PrefixTuningConfig}


def adapted(model, config):
    """The model with what is trained of it; its first weights depend on the seed that was set before."""
    if config["method"] == "full":
        return model
    if config["method"] == "lora":
        ranks = {"r": config["rank"], "lora_alpha": config["alpha"], "lora_dropout": config["dropout"]}
        return get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", target_modules="all-linear", **ranks))
    soft = SOFT[config["method"]]
    size = {"encoder_hidden_size": model.config.hidden_size} if soft is PromptEncoderConfig else {}
    return get_peft_model(model, soft(task_type="CAUSAL_LM", num_virtual_tokens=config["virtualTokens"], **size))


def virtual_tokens(config):
    """Positions that come before a row's own in the logits; a prefix is in the keys and values alone."""
    return config["virtualTokens"] if config["method"] in ("p-tuning", "prompt-tuning") else 0


def first_of_answer(row):
    return row["completion_mask"].index(1)


def updates(rows, config, epoch):
    """An epoch's updates: rows drawn by seed and epoch alone, so that a training that goes on draws the same."""
    draw = random.Random(f"{config['seed']} {epoch}")
    drawn = draw.sample(rows, len(rows))
    if config["balanced"]:
        by_answer = {}
        for row in drawn:
            by_answer.setdefault(row["input_ids"][first_of_answer(row)], []).append(row)
        # Rows of each label at even distances: every update holds the labels in the shares that all rows have.
        places = [((n + 0.5) / len(own), row) for own in by_answer.values() for n, row in enumerate(own)]
        drawn = [row for _, row in sorted(places, key=lambda place: place[0])]
    return [drawn[start : start + config["batch"]] for start in range(0, len(drawn), config["batch"])]


def parts(update, size):
    """Rows of like length together: less padding, the same update."""
    by_length = sorted(update, key=lambda row: len(row["input_ids"]))
    return [by_length[start : start + size] for start in range(0, len(by_length), size)]


def summed_loss(model, rows, config):
    """Cross-entropy in nats, summed over the tokens of the answers, or over rows where it is among label words."""
    labels = config["labels"]
    # What follows the label word has no part in the loss then.
    ids = [row["input_ids"][: first_of_answer(row) if labels else -1] for row in rows]
    longest = max(map(len, ids))
    padded = torch.tensor([own + [0] * (longest - len(own)) for own in ids])
    mask = torch.tensor([[1] * len(own) + [0] * (longest - len(own)) for own in ids])
    # The token after each of these positions is to be foreseen.
    asked = [(n, at) for n, row in enumerate(rows) for at in range(first_of_answer(row) - 1, len(ids[n]))]
    positions = sorted({at for _, at in asked})
    keep = torch.tensor(positions) + virtual_tokens(config)
    with torch.autocast("cpu", torch.bfloat16, enabled=config["precision"] == "bfloat16"):
        logits = model(input_ids=padded, attention_mask=mask, logits_to_keep=keep).logits
    logits = logits[[n for n, _ in asked], [positions.index(at) for _, at in asked]].float()
    wanted = [rows[n]["input_ids"][at + 1] for n, at in asked]
    if labels:
        logits, wanted = logits[:, labels], [labels.index(token) for token in wanted]
    return torch.nn.functional.cross_entropy(logits, torch.tensor(wanted), reduction="sum"), len(asked)


def rate(step, steps, config):
    """Rises over the first updates, then falls along a cosine."""
    warmup = config["warmup"]
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def trained_parameters(model):
    return {name: own for name, own in model.named_parameters() if own.requires_grad}


def save(folder, model, optimiser, step):
    """Complete or not at all: the folder gets its name when all is in it."""
    half = folder + ".half"
    shutil.rmtree(half, ignore_errors=True)
    model.save_pretrained(half)
    torch.save(
        {
            "step": step,
            "random": torch.get_rng_state(),
            "optimiser": optimiser.state_dict(),
            # Not the adapter's file alone: of P-tuning that holds what the encoder gave, not the encoder.
            "weights": {name: own.detach() for name, own in trained_parameters(model).items()},
        },
        os.path.join(half, "state.pt"),
    )
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    os.rename(half, folder)


def last_checkpoint(output):
    steps = [int(name.split("-")[1]) for name in os.listdir(output) if name.split("-")[-1].isdigit()]
    return os.path.join(output, f"checkpoint-{max(steps)}") if steps else None


def train(config, say):
    torch.set_num_threads(1)
    set_seed(config["seed"])
    with open(config["rows"], encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    model = adapted(AutoModelForCausalLM.from_pretrained(config["weights"], dtype=torch.float32), config)
    model.train()
    own = list(trained_parameters(model).values())
    optimiser = torch.optim.AdamW(own, lr=config["learningRate"], weight_decay=0)
    os.makedirs(config["output"], exist_ok=True)
    done = 0
    checkpoint = last_checkpoint(config["output"])
    if checkpoint:
        state = torch.load(os.path.join(checkpoint, "state.pt"))
        for name, weights in trained_parameters(model).items():
            weights.data.copy_(state["weights"][name])
        optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["random"])
        done = state["step"]
    per_epoch = math.ceil(len(rows) / config["batch"])
    steps = per_epoch * config["epochs"]
    started, tokens = time.perf_counter(), 0
    for step in range(done, steps):
        if step % per_epoch == 0 or step == done:
            drawn = updates(rows, config, step // per_epoch)
        update = drawn[step % per_epoch]
        total = len(update) if config["labels"] else sum(sum(row["completion_mask"]) for row in update)
        learning_rate = config["learningRate"] * rate(step, steps, config)
        for group in optimiser.param_groups:
            group["lr"] = learning_rate
        loss = 0.0
        for part in parts(update, config["perDevice"]):
            summed, _ = summed_loss(model, part, config)
            (summed / total).backward()
            loss += summed.item() / total
        torch.nn.utils.clip_grad_norm_(own, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        tokens += sum(len(row["input_ids"]) for row in update)
        a_second = tokens / (time.perf_counter() - started)
        left = (steps - step - 1) * (time.perf_counter() - started) / (step + 1 - done)
        say(step=step + 1, steps=steps, loss=loss, learning_rate=learning_rate, tokens_per_second=a_second, left=left)
        if (step + 1) % config["saveSteps"] == 0 or (step + 1) % per_epoch == 0:
            save(os.path.join(config["output"], f"checkpoint-{step + 1}"), model, optimiser, step + 1)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        train(json.load(file), lambda **what: print(json.dumps(what), flush=True))
