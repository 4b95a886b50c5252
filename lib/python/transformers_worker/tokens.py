"""Prompts in a model's tokens: the rules of lib/src/scoring/llama/tokens.ts, so that both give a model the same."""

import json
from dataclasses import dataclass

from refusal import Refusal


@dataclass(frozen=True)
class Prompt:
    """What stands before a row's fields is shared by all; its first field may be shared by several."""

    id: str
    first: tuple
    question: tuple
    # In all.
    tokens: int


class Tokens:
    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.known = {}

    def plain(self, text, trusted):
        """Special tokens are recognised in trusted texts alone: those of a data set stay text."""
        key = (text, trusted)
        if key not in self.known:
            encoded = self.tokenizer(text, add_special_tokens=False, split_special_tokens=not trusted)
            self.known[key] = tuple(encoded["input_ids"])
        return self.known[key]

    def following(self, text, trusted, previous="\n"):
        """The tokens of a text after a line break: SentencePiece puts a space before one that stands alone."""
        context, whole = self.plain(previous, trusted), self.plain(previous + text, trusted)
        if whole[: len(context)] == context:
            return whole[len(context) :]
        return self.plain(text, trusted)

    def begins(self):
        """The token that the tokeniser puts before every text, if any."""
        bos = self.tokenizer.bos_token_id
        ids = self.tokenizer("a")["input_ids"]
        return (bos,) if bos is not None and ids[:1] == [bos] else ()

    def ends(self):
        """The token that the tokeniser puts after every text, if any."""
        eos = self.tokenizer.eos_token_id
        ids = self.tokenizer("a")["input_ids"]
        return (eos,) if eos is not None and ids[-1:] == [eos] else ()

    def prompts(self, request):
        """What all prompts begin with, and the prompts, in an order that their tokens alone decide."""
        before = ()
        for index, piece in enumerate(request["before"]):
            text, trusted = piece["text"], piece["trusted"]
            before += self.following(text, trusted) if index else self.plain(text, trusted)
        if before[:1] != self.begins():
            before = self.begins() + before
        after = tuple(id for piece in request["after"] for id in self.following(piece["text"], piece["trusted"]))
        prompts = []
        for row in request["rows"]:
            first, *others = (self.following(text, False) for text in row["texts"])
            question = tuple(id for other in others for id in other) + after
            prompts.append(Prompt(row["id"], first, question, len(before) + len(first) + len(question)))
        return before, sorted(prompts, key=lambda each: (each.first, each.question, each.id))

    def answers(self, request):
        """The first token of each answer after a prompt. @raises Refusal if two are the same."""
        previous = request["after"][-1]["text"]
        return told_apart([(word, self.following(word, True, previous)[0]) for word in request["answers"]])

    def first_answers(self, request):
        """The same of answers that follow nothing."""
        return told_apart([(word, self.plain(word, True)[0]) for word in request["answers"]])


def told_apart(answers):
    """The first tokens of (answer, first token). @raises Refusal naming answers with the same: their scores would be equal."""
    firsts = [token for _, token in answers]
    alike = [json.dumps(word.strip(), ensure_ascii=False) for word, token in answers if firsts.count(token) > 1]
    if alike:
        raise Refusal(
            f"the words {', '.join(alike)} begin with the same token in this model’s vocabulary, "
            "and a label is told by its first token",
            "Choose words that begin differently, such as A, B and C, and say in the instruction what each stands for.",
        )
    return firsts
