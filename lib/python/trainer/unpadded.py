"""Rows one after another instead of padded to one length, and adapters in few passes over memory: the same function, faster."""

from functools import lru_cache, partial

import torch
from peft.tuners import lora
from torch.nn.functional import linear
from transformers import AttentionInterface

ATTENTION = "row-by-row"


@lru_cache(maxsize=512)
def unseen(length, before, device, dtype):
    """Added to the scores of a row: nothing where a token may look, else what leaves no weight."""
    seen = torch.ones(length, before + length, dtype=torch.bool, device=device).tril(before)
    return torch.zeros(length, before + length, dtype=dtype, device=device).masked_fill(~seen, -torch.inf)


def row_by_row(module, query, key, value, attention_mask, scaling=None, lengths=(), prefix=None, **others):
    """Causal attention within each row; `prefix`: keys and values, a layer, that all rows see before their own.

    @raises ValueError of a model whose attention is another.
    """
    window = others.get("sliding_window")
    if others.get("softcap") is not None or (window is not None and max(lengths) > window):
        raise ValueError("a model with capped scores, or a window of attention shorter than a row, is not trained here")
    heads, shared, width = query.shape[1], key.shape[1], query.shape[3]
    before = prefix[module.layer_idx] if prefix else None
    rows = []
    for length, asked, keys, values in zip(lengths, *(each[0].split(lengths, 1) for each in (query, key, value))):
        if before is not None:
            keys, values = (torch.cat([each[0].to(own.dtype), own], 1) for each, own in zip(before, (keys, values)))
        # Queries that share their keys stand below one another.
        # Values are in the floats that matrices are multiplied in.
        mask = unseen(length, keys.shape[1] - length, value.device, value.dtype).repeat(heads // shared, 1)
        scores = torch.baddbmm(mask, asked.reshape(shared, -1, width), keys.transpose(1, 2), alpha=scaling)
        rows.append((scores.softmax(-1) @ values).view(heads, length, width))
    return torch.cat(rows, 1).transpose(0, 1)[None], None


AttentionInterface.register(ATTENTION, row_by_row)


class LowRank(torch.autograd.Function):
    """x W' + b + s (x A') B', in the floats of W, which is not trained."""

    @staticmethod
    def forward(ctx, x, weight, bias, a, b, scaling):
        x, a, b = x.to(weight.dtype), a.to(weight.dtype), (b * scaling).to(weight.dtype)
        inner = linear(x, a)
        ctx.save_for_backward(x, weight, a, b, inner)
        ctx.scaling = scaling
        out = linear(x, weight, bias)
        return out.view(-1, out.shape[-1]).addmm_(inner.view(-1, a.shape[0]), b.t()).view(out.shape)

    @staticmethod
    def backward(ctx, gradient):
        x, weight, a, b, inner = ctx.saved_tensors
        g = gradient.to(weight.dtype).reshape(-1, weight.shape[0])
        flat = x.reshape(-1, x.shape[-1])
        through = g @ b
        of_b = ctx.scaling * (g.t() @ inner.reshape(-1, a.shape[0])).float()
        of_a = (through.t() @ flat).float()
        of_x = (g @ weight).addmm_(through, a).view(x.shape) if ctx.needs_input_grad[0] else None
        return of_x, None, None, of_a, of_b, None


def low_rank(module, x):
    base, (name,) = module.base_layer, module.active_adapters
    a, b = module.lora_A[name].weight, module.lora_B[name].weight
    return LowRank.apply(x, base.weight, base.bias, a, b, module.scaling[name])


def fuse(model):
    """Has adapters on plain matrices computed so, where nothing is dropped."""
    for module in model.modules():
        if type(module) is lora.Linear and all(type(each) is torch.nn.Identity for each in module.lora_dropout.values()):
            module.forward = partial(low_rank, module)
