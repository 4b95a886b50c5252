"""Trained heads: they read a row's texts, without a prompt, and answer with logits or tags."""

import time
from types import SimpleNamespace

import torch

from batches import by_length, chunks, filled
from refusal import Refusal, too_long


class Head:
    def __init__(self, model, tokenizer, device):
        self.model = model
        self.tokenizer = tokenizer
        self.device = device
        self.config = model.config if not hasattr(model, "get_base_model") else model.get_base_model().config
        if tokenizer.pad_token is None:
            tokenizer.pad_token = tokenizer.eos_token
        self.config.pad_token_id = tokenizer.pad_token_id

    def batches(self, request, **wanted):
        """Batches of (rows, their encodings, the logits, milliseconds a row)."""
        encoded = []
        for row in request["rows"]:
            encoding = self.tokenizer(*row["texts"], **wanted)
            encoded.append(SimpleNamespace(id=row["id"], encoding=encoding, tokens=len(encoding["input_ids"]), row=row))
        context = getattr(self.config, "max_position_embeddings", None)
        too_long(encoded, min(context or 10**9, self.tokenizer.model_max_length))
        order = sorted(encoded, key=lambda each: (each.encoding["input_ids"], each.id))
        for length, those in by_length(order, lambda each: each.tokens):
            for chosen in chunks(those, request["batch"]):
                started = time.perf_counter()
                kept = {"input_ids", "attention_mask", "token_type_ids"}
                rows = [{k: v for k, v in each.encoding.items() if k in kept} for each in filled(chosen)]
                # No longer than the model's positions.
                size = min(length, context or length)
                batch = self.tokenizer.pad(rows, padding="max_length", max_length=size, return_tensors="pt")
                logits = self.model(**batch.to(self.device)).logits[: len(chosen)].double()
                yield chosen, logits, (time.perf_counter() - started) * 1000 / len(chosen)


class Classifier(Head):
    @torch.inference_mode()
    def label(self, request):
        for chosen, logits, milliseconds in self.batches(request):
            for each, own in zip(chosen, logits.tolist()):
                yield {"id": each.id, "logits": own, "tokens": each.tokens, "milliseconds": milliseconds}


class Tagger(Head):
    @torch.inference_mode()
    def tag(self, request):
        types = {each.lower(): each for each in request["types"]}
        names = {index: self.named(label, types) for index, label in self.config.id2label.items()}
        for chosen, logits, milliseconds in self.batches(request, return_offsets_mapping=True):
            for each, own in zip(chosen, logits.argmax(-1).tolist()):
                spans = self.spans(each, [names[tag] for tag in own])
                yield {"id": each.id, "spans": spans, "tokens": each.tokens, "milliseconds": milliseconds}

    def named(self, label, types):
        """A tag as (whether a span begins, its type), or nothing: `B-TYPE`, `I-TYPE`, `TYPE` or `O`."""
        if label in ("O", "_"):
            return None
        begins, kind = (label[0] != "I", label[2:]) if label[1:2] in ("-", "_") else (False, label)
        if kind.lower() not in types:
            raise Refusal(
                f"the tagger finds {kind}, which is no type of the task ({', '.join(types.values())})",
                "Give the task the types that id2label in its config.json names.",
            )
        return begins, types[kind.lower()]

    def spans(self, each, tags):
        """Stretches of words with one type; a word's first token speaks for it. In UTF-16 units."""
        text, offsets, words = each.row["texts"][0], each.encoding["offset_mapping"], each.encoding.word_ids()
        spans, last = [], None
        for place, word in enumerate(words):
            if word is None:
                continue
            start, end = offsets[place]
            if word == last:
                if spans and spans[-1]["word"] == word:
                    spans[-1]["end"] = end
                continue
            goes_on = spans and spans[-1]["word"] == last and last is not None
            last = word
            if tags[place] is None:
                continue
            begins, kind = tags[place]
            if goes_on and not begins and spans[-1]["type"] == kind:
                spans[-1].update(end=end, word=word)
            else:
                spans.append({"type": kind, "start": start, "end": end, "word": word})
        units = lambda place: len(text[:place].encode("utf-16-le")) // 2
        return [{"type": s["type"], "start": units(s["start"]), "end": units(s["end"])} for s in spans]
