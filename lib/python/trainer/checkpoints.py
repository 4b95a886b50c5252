"""What a training leaves on disk: whole or not at all."""

import json
import os
import shutil

import torch

from methods import trained

STATE = "state.pt"


def checkpoints(output):
    """(update, folder), in order."""
    found = [name for name in os.listdir(output) if name.startswith("checkpoint-") and name[11:].isdigit()]
    return sorted((int(name[11:]), os.path.join(output, name)) for name in found)


def weights(model):
    """What is trained, as it is now. Not the model's files: of P-tuning these hold what the encoder gave, not it."""
    return {name: own.detach().clone() for name, own in trained(model).items()}


def load_weights(model, kept):
    for name, own in trained(model).items():
        own.data.copy_(kept[name])


def save(output, answers, optimiser, step, per_epoch, kept):
    """What it takes to go on, and at an epoch's end the model. Earlier states go."""
    folder = os.path.join(output, f"checkpoint-{step}")
    half = folder + ".half"
    shutil.rmtree(half, ignore_errors=True)
    os.makedirs(half)
    model = answers.model
    if step % per_epoch == 0:
        save_model(answers, half)
    state = {
        "step": step,
        "random": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all(),
        "optimiser": optimiser.state_dict(),
        "kept": kept,
        "weights": weights(model),
    }
    torch.save(state, os.path.join(half, STATE))
    os.rename(half, folder)
    for earlier, old in checkpoints(output):
        if earlier == step:
            continue
        if earlier % per_epoch != 0:
            shutil.rmtree(old)
        elif os.path.exists(os.path.join(old, STATE)):
            os.remove(os.path.join(old, STATE))


def save_model(answers, folder):
    """In Hugging Face's or PEFT's layout."""
    answers.base.set_output_embeddings(answers.head.head)
    try:
        if answers.base is answers.model:
            answers.model.save_pretrained(folder)
        else:
            answers.model.save_pretrained(folder, save_embedding_layers=False)
    finally:
        answers.base.set_output_embeddings(answers.head)


def resume(output, model, optimiser):
    """The updates done, and what else was kept."""
    for name in os.listdir(output):
        if name.endswith(".half"):
            shutil.rmtree(os.path.join(output, name))
    found = [folder for _, folder in checkpoints(output) if os.path.exists(os.path.join(folder, STATE))]
    if not found:
        return 0, None
    state = torch.load(os.path.join(found[-1], STATE), map_location="cpu")
    load_weights(model, state["weights"])
    optimiser.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["random"])
    if state["cuda"]:
        torch.cuda.set_rng_state_all(state["cuda"])
    return state["step"], state["kept"]


class Curve:
    """Lines of JSON, an object each; those after the last checkpoint are written anew."""

    def __init__(self, path, done, say):
        self.say = say
        self.lines = [line for line in whole_lines(path) if line["step"] <= done]
        write(path, self.lines)
        self.file = open(path, "a", encoding="utf-8")

    def add(self, **line):
        self.lines.append(line)
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
        self.say(line)


def whole_lines(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def write(path, objects):
    with open(path + ".half", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(each) + "\n" for each in objects)
    os.rename(path + ".half", path)
