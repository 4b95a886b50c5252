"""What a model says of the answers to prompts."""

import math
from contextlib import contextmanager

import torch
from torch.nn.functional import cross_entropy

from methods import SOFT, AnswerHead
from rows import first_of_answer, parts


class Answers:
    """Asks a model of rows, one after another."""

    def __init__(self, model, config, device):
        self.model = model
        self.config = config
        self.device = device
        self.among = config["labels"] if config["loss"] == "labels" else []
        self.head = AnswerHead(model.get_output_embeddings(), self.among)
        self.base = model.get_base_model() if hasattr(model, "get_base_model") else model
        self.base.set_output_embeddings(self.head)
        self.soft = config["method"] in SOFT
        # What is added to the logits of the labels, see `correction`.
        self.shift = torch.zeros(len(self.among), device=device)

    def logits(self, rows):
        """The logits at each token of the rows' answers, and which tokens are right there; (row, token), in order."""
        among = bool(self.among)
        # What follows the label word has no part in the loss among label words.
        ends = [first_of_answer(row) + 1 if among else len(row["input_ids"]) for row in rows]
        asked = [(n, at) for n, row in enumerate(rows) for at in range(first_of_answer(row), ends[n])]
        ids = [row["input_ids"][: end - 1] for row, end in zip(rows, ends)]
        bfloat16 = self.config["precision"] == "bfloat16"
        with torch.autocast(self.device, torch.bfloat16, enabled=bfloat16):
            embedded, given, before = self.given(ids)
            starts = [sum(given["lengths"][:n]) + before for n in range(len(rows))]
            # The token before each is where it is foreseen.
            self.head.places = [starts[n] + at - 1 for n, at in asked]
            logits = self.base(inputs_embeds=embedded, use_cache=False, **given).logits
        right = [rows[n]["input_ids"][at] for n, at in asked]
        if among:
            logits, right = logits + self.shift, [self.among.index(token) for token in right]
        return [n for n, _ in asked], logits, torch.tensor(right, device=self.device)

    def given(self, ids):
        """Rows one after another, and virtual tokens before each: (embeddings, what else is given, virtual tokens)."""
        lengths = [len(row) for row in ids]
        embed = self.base.get_input_embeddings()
        words = embed(torch.tensor(sum(ids, []), device=self.device)).split(lengths)
        prompt = self.model.get_prompt(1) if self.soft else None
        prefix, before, after = None, 0, 0
        if isinstance(prompt, torch.Tensor):
            before = prompt.shape[1]
            words = [each for row in words for each in (prompt[0].to(row.dtype), row)]
        elif prompt is not None:
            prefix = [(layer.keys, layer.values) for layer in prompt.layers]
            after = prompt.get_seq_length()
        lengths = [before + length for length in lengths]
        places = torch.cat([torch.arange(after, after + length, device=self.device) for length in lengths])
        return torch.cat(list(words))[None], {"position_ids": places[None], "lengths": lengths, "prefix": prefix}, before

    def loss(self, rows):
        """Cross-entropy in nats, summed over the tokens of the answers, or over rows where it is among label words."""
        _, logits, right = self.logits(rows)
        return cross_entropy(logits, right, reduction="sum")

    @contextmanager
    def only_asked(self):
        """Without dropout, and without gradients."""
        self.model.eval()
        for module in self.model.modules():
            # Else bitsandbytes packs weights for a processor in a way that it cannot learn through afterwards.
            if hasattr(module, "quant_state"):
                module.train()
        with torch.no_grad():
            yield
        self.model.train()

    def of(self, rows):
        """Of each row, in order: its id, the loss of its answer in nats, whether it is what the model would write, and
        the label that it holds most probable (its place, if there are labels)."""
        told = {}
        labels = self.config["labels"]
        for part in parts(rows, self.config["perDevice"]):
            with self.only_asked():
                owners, logits, right = self.logits(part)
            losses = cross_entropy(logits, right, reduction="none").tolist()
            written = (logits.argmax(-1) == right).tolist()
            best = (logits if self.among else logits[:, labels] if labels else logits[:, :1]).argmax(-1).tolist()
            for n, row in enumerate(part):
                own = [at for at, owner in enumerate(owners) if owner == n]
                told[row["id"]] = {
                    "id": row["id"],
                    "loss": number(sum(losses[at] for at in own)),
                    "right": all(written[at] for at in own),
                    "label": best[own[0]] if labels else None,
                }
        return [told[row["id"]] for row in rows]

    def correction(self, rows):
        """What must be added to the labels' logits for them to be foreseen as often as they are: a model that never
        says one of the words would else spend its first epoch on that."""
        sums = torch.zeros_like(self.shift)
        counts = torch.zeros_like(self.shift)
        for part in parts(rows, self.config["perDevice"]):
            with self.only_asked():
                _, logits, right = self.logits(part)
            sums += logits.log_softmax(-1).sum(0)
            counts += torch.bincount(right, minlength=len(counts))
        return (counts / len(rows)).clamp(min=1e-6).log() - sums / len(rows)


def number(loss):
    """A loss as JSON has it: none where a training has diverged."""
    return loss if math.isfinite(loss) else None


def mean(told):
    """The mean loss of rows in nats, and the share of them that are right."""
    losses = [row["loss"] for row in told]
    return {
        "loss": None if None in losses else math.fsum(losses) / len(losses),
        "right": sum(row["right"] for row in told) / len(told),
    }
