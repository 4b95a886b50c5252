"""Rows of equal length, together.

A row's last digits depend on how long it is with its padding, and not on what stands beside it: so lengths are rounded
up, only rows of one such length share a batch, and none is computed alone, since a batch of one takes another path
through the libraries. Then a row's scores are the same in any order and after any interruption.
"""

from itertools import groupby

# Lengths are rounded up to a multiple of this; a batch has at least so many rows, copies among them.
MULTIPLE = 16
FEWEST = 4


def by_length(items, length, multiple=MULTIPLE):
    """(rounded length, items of it), shortest first; within it in their order."""
    rounded = lambda item: -(-length(item) // multiple) * multiple
    return [(size, list(group)) for size, group in groupby(sorted(items, key=rounded), key=rounded)]


def chunks(items, size):
    return [items[start : start + size] for start in range(0, len(items), size)]


def filled(items):
    return items + items[-1:] * (FEWEST - len(items))
