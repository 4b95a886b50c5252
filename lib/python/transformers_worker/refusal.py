"""What a user can mend."""


class Refusal(Exception):
    def __init__(self, message, hint=None):
        super().__init__(message)
        self.message = message
        self.hint = hint


def too_long(prompts, context, room=0):
    """@raises Refusal naming the first example that does not fit the model's context, before any is asked about."""
    for prompt in prompts:
        if context and prompt.tokens + room > context:
            raise Refusal(
                f"the prompt of example {prompt.id} has {prompt.tokens} tokens; the model’s context holds {context}"
                + (f" with {room} more" if room else ""),
                "Use fewer shots, a build with shorter evidence, or a model with a larger context.",
            )
