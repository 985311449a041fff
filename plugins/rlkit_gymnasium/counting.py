"""How many actions combinations make, and which digits a number has among them."""

from __future__ import annotations

import math
from collections.abc import Sequence

MOST_ACTIONS = 10_000
"""As many as are numbered: an agent that values actions one by one has an output for each."""


def combinations(sizes: Sequence[int], what: str, called: str = "combinations") -> int:
    """The product of the sizes.

    Raises:
        ValueError: if there are more than `MOST_ACTIONS`; the sentence begins with `what` they are made of.
    """
    count = math.prod(sizes)
    if count > MOST_ACTIONS:
        shown = f"{count:,}" if count < 10**15 else f"{float(count):.1e}" if count < 10**300 else "over 1e300"
        raise ValueError(f"{what} has {shown} {called}; allowed: at most {MOST_ACTIONS:,}")
    return count


def digits(number: int, sizes: Sequence[int]) -> list[int]:
    """Of a number below the product of the sizes, row-major: the last digit changes fastest."""
    found = []
    for size in reversed(sizes):
        number, digit = divmod(number, size)
        found.append(digit)
    return found[::-1]
