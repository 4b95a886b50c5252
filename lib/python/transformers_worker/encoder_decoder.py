"""A model that reads a text whole and writes another, such as T5: asked in batches of equal length."""

import time

import torch

from batches import by_length, chunks, filled
from decoder import label_logits
from refusal import too_long
from tokens import Tokens


class EncoderDecoder:
    def __init__(self, model, tokenizer, device):
        self.tokens = Tokens(tokenizer)
        self.tokenizer = tokenizer
        self.device = device
        self.model = model
        self.config = model.config if not hasattr(model, "get_base_model") else model.get_base_model().config

    @torch.inference_mode()
    def score(self, request):
        # The decoder begins anew, so answers follow nothing.
        answers = self.tokens.first_answers(request)
        for chosen, given in self.batches(request):
            started = time.perf_counter()
            start = torch.full((len(given["input_ids"]), 1), self.config.decoder_start_token_id, device=self.device)
            logits = self.model(**given, decoder_input_ids=start).logits[:, -1]
            milliseconds = (time.perf_counter() - started) * 1000 / len(chosen)
            yield from label_logits(chosen, logits, answers, milliseconds)

    @torch.inference_mode()
    def write(self, request):
        for chosen, given in self.batches(request):
            started = time.perf_counter()
            limit = request["maxTokens"]
            outputs = self.model.generate(**given, do_sample=False, num_beams=1, max_new_tokens=limit).tolist()
            milliseconds = (time.perf_counter() - started) * 1000 / len(chosen)
            for prompt, output in zip(chosen, outputs):
                yield {**self.read(output, limit, request["stop"]), "id": prompt.id, "tokens": prompt.tokens, "milliseconds": milliseconds}

    def read(self, output, limit, stops):
        """A text up to its end or the first string that stops it."""
        own = output[1:]
        end = own.index(self.tokenizer.eos_token_id) if self.tokenizer.eos_token_id in own else None
        text = self.tokenizer.decode(own[:end], skip_special_tokens=True, clean_up_tokenization_spaces=False)
        found = [text.index(stop) for stop in stops if stop in text]
        finish = "length" if end is None and not found and len(own) >= limit else "stop"
        return {"text": text[: min(found, default=None)], "finish": finish, "written": len(own[:end])}

    def batches(self, request):
        before, prompts = self.tokens.prompts(request)
        too_long(prompts, getattr(self.config, "max_position_embeddings", None))
        ends = self.tokens.ends()
        for length, those in by_length(prompts, lambda prompt: prompt.tokens + len(ends)):
            for chosen in chunks(those, request["batch"]):
                rows = filled(chosen)
                ids = torch.full((len(rows), length), self.tokenizer.pad_token_id or 0)
                mask = torch.zeros(len(rows), length, dtype=torch.long)
                for row, prompt in enumerate(rows):
                    whole = before + prompt.first + prompt.question + ends
                    ids[row, : len(whole)] = torch.tensor(whole)
                    mask[row, : len(whole)] = 1
                yield chosen, {"input_ids": ids.to(self.device), "attention_mask": mask.to(self.device)}
