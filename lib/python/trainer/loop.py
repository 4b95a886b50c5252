"""The loop."""

import math
import os
import time

import torch

from answers import Answers, mean, number
from checkpoints import Curve, load_weights, resume, save, weights, write
from methods import load, trained
from rows import parts, read, updates


def rate(step, steps, warmup):
    """Rises over the first updates, then falls along a cosine to nothing."""
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def train(config, say):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    rows = read(config["train"])
    held = read(config["heldOut"]) if config["heldOut"] else []
    output = config["output"]
    os.makedirs(output, exist_ok=True)
    model = load(config, device)
    model.train()
    own = list(trained(model).values())
    optimiser = torch.optim.AdamW(own, lr=config["learningRate"], weight_decay=0)
    answers = Answers(model, config, device)
    per_epoch = math.ceil(len(rows) / config["batch"])
    done, kept = resume(output, model, optimiser)
    if kept is None:
        shift = answers.correction(rows) if config["corrected"] else answers.shift
        # `best`: what was trained, at the end of the epoch with the least held-out loss.
        kept = {"shift": shift, "best": None}
    shift = kept["shift"].to(device)
    curve = Curve(os.path.join(output, "curve.jsonl"), done, say)
    step = done
    while not ended(step, per_epoch, config, curve.lines):
        epoch = step // per_epoch
        for update in updates(rows, config, epoch)[step % per_epoch :]:
            # Taken back along the first epoch: at its end the model is on its own.
            answers.shift = shift * max(0, 1 - step / per_epoch)
            curve.add(**learn(answers, own, optimiser, update, step, per_epoch * config["epochs"], config))
            step += 1
            if step % per_epoch == 0:
                if held:
                    answers.shift = torch.zeros_like(shift)
                    told = mean(answers.of(held))
                    curve.add(step=step, heldOutLoss=told["loss"], heldOutRight=told["right"])
                    if config["patience"] and best(curve.lines) == step:
                        kept["best"] = weights(model)
                save(output, answers, optimiser, step, per_epoch, kept)
            elif step % config["saveSteps"] == 0:
                save(output, answers, optimiser, step, per_epoch, kept)
    if kept["best"]:
        load_weights(model, kept["best"])
    answers.shift = torch.zeros_like(shift)
    if not os.path.exists(os.path.join(output, "fit.jsonl")):
        say({"step": step, "fit": len(rows)})
        write(os.path.join(output, "fit.jsonl"), answers.of(rows))


def learn(answers, own, optimiser, update, step, steps, config):
    """One update of the weights. @returns its line of the curve."""
    started = time.perf_counter()
    # A loss a token of the answers, or a row where it is among label words.
    count = len(update) if answers.among else sum(sum(row["completion_mask"]) for row in update)
    learning_rate = config["learningRate"] * rate(step, steps, config["warmup"])
    for group in optimiser.param_groups:
        group["lr"] = learning_rate
    total = 0.0
    for part in parts(update, config["perDevice"]):
        loss = answers.loss(part) / count
        loss.backward()
        total += loss.item()
    torch.nn.utils.clip_grad_norm_(own, 1.0)
    optimiser.step()
    optimiser.zero_grad()
    tokens = sum(len(row["input_ids"]) for row in update)
    return {
        **{"step": step + 1, "loss": number(total), "learningRate": learning_rate},
        **{"tokens": tokens, "seconds": round(time.perf_counter() - started, 4)},
    }


def ended(step, per_epoch, config, lines):
    """Whether all is learnt, or the held-out loss has not become smaller for some epochs."""
    if step >= per_epoch * config["epochs"]:
        return True
    patience = config["patience"]
    if not patience or step % per_epoch != 0 or step == 0:
        return False
    return step - best(lines) >= patience * per_epoch


def best(lines):
    """The update at the end of the epoch with the least held-out loss; of equals the first."""
    ends = [line for line in lines if "heldOutLoss" in line]
    return min(ends, key=lambda line: math.inf if line["heldOutLoss"] is None else line["heldOutLoss"])["step"]
