"""A model that goes on with a text: scored and made to write in batches, what prompts share evaluated once."""

import time

import torch
from torch.nn.functional import pad
from transformers import DynamicCache

from batches import MULTIPLE, by_length, chunks, filled
from refusal import Refusal, too_long
from tokens import Tokens

# Tokens of first fields whose keys and values are kept at a time, and the multiple that each is padded to: what is
# padding there costs little, and more questions then share a batch.
KEPT = 8192
KEPT_MULTIPLE = 64


class Decoder:
    def __init__(self, model, tokenizer, device):
        self.tokens = Tokens(tokenizer)
        self.tokenizer = tokenizer
        self.device = device
        tuning = getattr(model, "active_peft_config", None)
        # Virtual tokens and prefixes are put before the prompt here, once; other adapters are in the model's layers.
        self.virtual = model if tuning is not None and tuning.is_prompt_learning else None
        self.model = model.get_base_model() if self.virtual else model
        self.config = (model.get_base_model() if tuning is not None else model).config.get_text_config()

    @torch.inference_mode()
    def score(self, request):
        before, prompts = self.asked(request)
        answers = self.tokens.answers(request)
        for chosen, logits, _, milliseconds in self.evaluated(before, prompts, request["batch"]):
            yield from label_logits(chosen, logits, answers, milliseconds)

    @torch.inference_mode()
    def write(self, request):
        before, prompts = self.asked(request, request["maxTokens"])
        for chosen, logits, state, milliseconds in self.evaluated(before, prompts, request["batch"]):
            started = time.perf_counter()
            written = self.greedy(logits, state, len(chosen), request["maxTokens"], request["stop"])
            milliseconds += (time.perf_counter() - started) * 1000 / len(chosen)
            for prompt, (text, finish, count) in zip(chosen, written):
                yield {
                    **{"id": prompt.id, "text": text, "finish": finish, "tokens": prompt.tokens},
                    **{"written": count, "milliseconds": milliseconds},
                }

    def asked(self, request, room=0):
        before, prompts = self.tokens.prompts(request)
        if not before and self.virtual is None:
            raise Refusal("the prompt begins with a row’s field", "Give it an instruction.")
        tuned = self.virtual.active_peft_config.num_virtual_tokens if self.virtual else 0
        too_long(prompts, getattr(self.config, "max_position_embeddings", None), tuned + room)
        # With padding between them, tokens would see less of what is before them than the window.
        if "sliding_attention" in (getattr(self.config, "layer_types", None) or []):
            too_long(prompts, self.config.sliding_window, tuned + room + KEPT_MULTIPLE + MULTIPLE)
        return before, prompts

    def evaluated(self, before, prompts, batch):
        """Of each batch of prompts: they, the logits after them, what goes on from there, milliseconds a prompt."""
        shared = self.shared(before)
        for width, those in by_length(prompts, lambda prompt: len(prompt.first), KEPT_MULTIPLE):
            firsts = list(dict.fromkeys(prompt.first for prompt in those))
            for some in chunks(firsts, max(1, KEPT // (width * batch)) * batch):
                started = time.perf_counter()
                together = [(length, chunk) for length, group in by_length(some, len) for chunk in chunks(group, batch)]
                kept = [self.first(shared, chunk, length, width) for length, chunk in together]
                layers = [tuple(map(torch.cat, zip(*layer))) for layer in zip(*(layers for layers, _, _ in kept))]
                seen, start = (torch.cat(each) for each in list(zip(*kept))[1:])
                place = {first: index for index, first in enumerate(first for _, chunk in together for first in chunk)}
                asking = [prompt for prompt in those if prompt.first in place]
                milliseconds = (time.perf_counter() - started) * 1000 / len(asking)
                for size, group in by_length(asking, lambda prompt: len(prompt.question)):
                    for chosen in chunks(group, batch):
                        started = time.perf_counter()
                        rows = filled(chosen)
                        index = torch.tensor([place[prompt.first] for prompt in rows], device=self.device)
                        cache = self.cache(shared, len(rows), [(k[index], v[index]) for k, v in layers])
                        questions = [prompt.question for prompt in rows]
                        state = cache, seen[index], start[index]
                        logits, state = self.step(state, questions, size, left=True)
                        took = (time.perf_counter() - started) * 1000 / len(chosen)
                        yield chosen, logits, state, milliseconds + took

    def shared(self, before):
        """Keys and values, a layer, of what all prompts begin with, as one chunk; virtual tokens stand before it."""
        cache, given = DynamicCache(), {}
        ids = torch.tensor([before], device=self.device)
        if self.virtual is None:
            given["input_ids"] = ids
        else:
            prompt = self.virtual.get_prompt(1)
            if isinstance(prompt, torch.Tensor):
                words = self.model.get_input_embeddings()(ids)
                given["inputs_embeds"] = torch.cat([prompt.to(words.dtype), words], 1)
            else:
                cache, given["input_ids"] = prompt, ids
        self.model(**given, cache=cache, use_cache=True, logits_to_keep=1)
        return [(layer.keys, layer.values) for layer in cache.layers]

    def cache(self, shared, rows, layers):
        """Keys and values of several rows: what they share, and what each has of its own."""
        cache = DynamicCache()
        for index, own in enumerate(layers or [()] * len(shared)):
            pair = [each.expand(rows, -1, -1, -1) for each in shared[index]]
            cache.update(*(torch.cat([a, b], 2) for a, b in zip(pair, own)) if own else pair, index)
        return cache

    def first(self, shared, firsts, length, width):
        """Keys and values, a layer, of several first fields; which are no padding; where what follows each stands."""
        rows = filled(firsts)
        before = shared[0][0].shape[2]
        seen = torch.ones(len(rows), before, dtype=torch.long, device=self.device)
        start = torch.full((len(rows),), before, device=self.device)
        cache = self.cache(shared, len(rows), [])
        _, (_, seen, start) = self.step((cache, seen, start), rows, length, left=False)
        n = len(firsts)
        wide = lambda each: pad(each[:n, :, before:], (0, 0, 0, width - length))
        layers = [(wide(layer.keys), wide(layer.values)) for layer in cache.layers]
        return layers, pad(seen[:n], (0, width - length)), start[:n]

    def step(self, state, parts, length, left):
        """Evaluates a part more of each row, padded on one side. @returns the logits after the last place, and the state."""
        cache, seen, start = state
        ids = torch.zeros(len(parts), length, dtype=torch.long)
        here = torch.zeros(len(parts), length, dtype=torch.long)
        for row, part in enumerate(parts):
            where = slice(length - len(part), None) if left else slice(len(part))
            ids[row, where] = torch.tensor(part)
            here[row, where] = 1
        ids, here = ids.to(self.device), here.to(self.device)
        seen = torch.cat([seen, here], 1)
        output = self.model(
            input_ids=ids,
            attention_mask=seen,
            position_ids=(start[:, None] + here.cumsum(1) - 1).clamp(min=0),
            cache=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        return output.logits[:, -1], (cache, seen, start + here.sum(1))

    def ends(self):
        """Tokens that end an answer."""
        config = getattr(self.model, "generation_config", None)
        ends = getattr(config, "eos_token_id", None)
        known = ends if isinstance(ends, list) else [ends]
        return {each for each in [*known, self.tokenizer.eos_token_id] if each is not None}

    def greedy(self, logits, state, count, limit, stops):
        """The most probable tokens after each of the first `count` rows: (text, why it ended, number of tokens)."""
        ends, written, done = self.ends(), [[] for _ in range(count)], [None] * count
        for step in range(limit):
            chosen = logits.argmax(-1).tolist()
            for row in range(count):
                if done[row] is None:
                    done[row] = self.take(written[row], chosen[row], ends, limit, stops)
            if None not in done:
                break
            logits, state = self.step(state, [(token,) for token in chosen], 1, left=True)
        return done

    def take(self, written, token, ends, limit, stops):
        if token in ends:
            return self.text(written), "stop", len(written)
        written.append(token)
        text = self.text(written)
        found = [text.index(stop) for stop in stops if stop in text]
        if found:
            return text[: min(found)], "stop", len(written)
        return (text, "length", len(written)) if len(written) >= limit else None

    def text(self, tokens):
        return self.tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)


def label_logits(chosen, logits, answers, milliseconds):
    """Of each prompt: the answers' logits, the vocabulary's largest, and the sum of exp(logit - largest) over it."""
    logits = logits[: len(chosen)].double()
    largest = logits.max(-1).values
    weight = (logits - largest[:, None]).exp().sum(-1).tolist()
    own = logits[:, answers].tolist()
    for row, prompt in enumerate(chosen):
        yield {
            **{"id": prompt.id, "logits": own[row], "largest": largest[row].item(), "weight": weight[row]},
            **{"tokens": prompt.tokens, "milliseconds": milliseconds},
        }
