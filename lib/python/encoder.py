"""Fine-tunes an encoder to label texts, or pairs of them, and labels others with it: encoder.py CONFIG.json

The configuration has: weights, train (JSON Lines of id, texts, gold), checkpoints, model (folders), labels, seed,
epochs, learningRate, batch, warmup, maxLength, and tests, a list of {rows, scores}, files to read and write. It prints
a JSON object a line: {"step", "steps", "loss"} while it trains, {"scored", "cut", "device"} after a test.
"""

import json
import math
import os
import sys
import time

os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"  # or cuBLAS sums in no fixed order

import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)
from transformers.trainer_utils import get_last_checkpoint

with open(sys.argv[1], encoding="utf-8") as file:
    config = json.load(file)
labels = config["labels"]
gpu = torch.cuda.is_available()


def say(**what):
    print(json.dumps(what), flush=True)


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


class Telling(TrainerCallback):
    def on_log(self, args, state, control, logs=None, **kwargs):
        if logs and "loss" in logs:
            say(step=state.global_step, steps=state.max_steps, loss=float(logs["loss"]))


def encode(tokenizer, rows):
    # Of a pair that is too long the second text is cut: of claims the evidence, since the claim says what is asked.
    return [
        tokenizer(
            *row["texts"],
            truncation="only_second" if len(row["texts"]) > 1 else True,
            max_length=config["maxLength"],
        )
        for row in rows
    ]


def train():
    set_seed(config["seed"])
    tokenizer = AutoTokenizer.from_pretrained(config["weights"])
    model = AutoModelForSequenceClassification.from_pretrained(
        config["weights"],
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
        dtype=torch.float32,
    )
    rows = read(config["train"])
    encoded = [
        {**pair, "labels": labels.index(row["gold"])} for pair, row in zip(encode(tokenizer, rows), rows)
    ]
    checkpoints = config["checkpoints"]
    arguments = TrainingArguments(
        output_dir=checkpoints,
        seed=config["seed"],
        data_seed=config["seed"],
        num_train_epochs=config["epochs"],
        learning_rate=config["learningRate"],
        per_device_train_batch_size=config["batch"],
        warmup_steps=config["warmup"],
        lr_scheduler_type="linear",
        weight_decay=0.01,
        max_grad_norm=1.0,
        # Not grouped by length: batches would hold one label each where a label's evidence is empty.
        train_sampling_strategy="random",
        save_strategy="epoch",
        save_total_limit=1,
        logging_steps=5,
        logging_nan_inf_filter=False,
        disable_tqdm=True,
        report_to="none",
        use_cpu=not gpu,
        dataloader_pin_memory=gpu,
        full_determinism=True,
    )
    trainer = Trainer(
        model=model,
        args=arguments,
        train_dataset=encoded,
        data_collator=DataCollatorWithPadding(tokenizer),
        callbacks=[Telling()],
    )
    last = get_last_checkpoint(checkpoints) if os.path.isdir(checkpoints) else None
    trainer.train(resume_from_checkpoint=last)
    half = config["model"] + ".half"
    trainer.save_model(half)
    tokenizer.save_pretrained(half)
    os.rename(half, config["model"])


@torch.inference_mode()
def score(tokenizer, model, test):
    rows = read(test["rows"])
    device = "cuda" if gpu else "cpu"
    model.to(device).eval()
    encoded = encode(tokenizer, rows)
    # Long and short pairs apart, in an order that the rows alone decide.
    order = sorted(range(len(rows)), key=lambda index: (len(encoded[index]["input_ids"]), rows[index]["id"]))
    scored = [None] * len(rows)
    for start in range(0, len(order), 32):
        chosen = order[start : start + 32]
        started = time.perf_counter()
        batch = tokenizer.pad([encoded[index] for index in chosen], return_tensors="pt").to(device)
        logprobs = model(**batch).logits.double().log_softmax(-1).tolist()
        milliseconds = (time.perf_counter() - started) * 1000 / len(chosen)
        if not all(math.isfinite(each) for row in logprobs for each in row):
            sys.exit("its scores are no finite numbers: the training has diverged; give the entry a smaller learningRate")
        for index, row in zip(chosen, logprobs):
            tokens = len(encoded[index]["input_ids"])
            scored[index] = {"id": rows[index]["id"], "logprobs": row, "tokens": tokens, "milliseconds": milliseconds}
    with open(test["scores"] + ".half", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in scored)
    os.rename(test["scores"] + ".half", test["scores"])
    say(scored=len(scored), cut=sum(bool(pair.encodings[0].overflowing) for pair in encoded), device=device)


if not os.path.isdir(config["model"]):
    train()
if config["tests"]:
    tokenizer = AutoTokenizer.from_pretrained(config["model"])
    model = AutoModelForSequenceClassification.from_pretrained(config["model"], dtype=torch.float32)
    for test in config["tests"]:
        score(tokenizer, model, test)
