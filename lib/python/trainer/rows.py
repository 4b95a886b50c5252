"""Rows in tokens, and how an epoch goes through them."""

import json
import random
from itertools import cycle, islice


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def first_of_answer(row):
    return row["completion_mask"].index(1)


def answer(row):
    return tuple(row["input_ids"][first_of_answer(row) :])


def updates(rows, config, epoch):
    """An epoch's updates: rows drawn by seed and epoch alone, so that a training that goes on draws the same."""
    draw = random.Random(f"{config['seed']} {epoch}")
    drawn = draw.sample(rows, len(rows))
    if config["balanced"]:
        drawn = balanced(drawn)
    return [drawn[start : start + config["batch"]] for start in range(0, len(drawn), config["batch"])]


def balanced(drawn):
    """As many rows of each answer, in turn: rows of a rare one come again, some of a frequent one wait for an epoch."""
    by_answer = {}
    for row in drawn:
        by_answer.setdefault(answer(row), []).append(row)
    turns = zip(*(cycle(by_answer[key]) for key in sorted(by_answer)))
    return list(islice((row for turn in turns for row in turn), len(drawn)))


def parts(rows, size):
    return [rows[start : start + size] for start in range(0, len(rows), size)]
