"""Lines of a curve, told to what shows them while a training goes on: what transformers calls `report_to`."""

import os
import sys


def reporters(names, output):
    """What is called with each line. @raises SystemExit of a name that is not known, or not installed."""
    known = {"tensorboard": tensorboard, "wandb": wandb}
    for name in names:
        if name not in known:
            sys.exit(f"report to {', '.join(known)}, not {name}")
    try:
        return [known[name](output) for name in names]
    except ImportError as error:
        sys.exit(f"{error}: install it beside the packages of requirements/train.txt")


def numbers(line):
    return {name: value for name, value in line.items() if name != "step" and value is not None}


def tensorboard(output):
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(os.path.join(output, "tensorboard"))

    def tell(line):
        for name, value in numbers(line).items():
            writer.add_scalar(name, value, line["step"])
        writer.flush()

    return tell


def wandb(output):
    import wandb

    # A training that goes on is the same run; project and key as W&B takes them, from the environment.
    name = os.path.basename(os.path.dirname(output))
    run = wandb.init(dir=output, name=name, id=name, resume="allow")
    return lambda line: run.log(numbers(line), step=line["step"])
