"""Seeds as people write them: `10`, `0-9`, `3,5,8-10`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MOST_SEEDS = 10_000
"""In one go: a slip of the keyboard must not fill a disk with folders."""
_ITEM = re.compile(r"(\d+)(?:-(\d+))?")
_FORMS = "allowed: a number of seeds (10, the same as 0-9), ranges and lists of them (0-9 or 3,5,8-10)"


class SeedsError(ValueError):
    """Seeds that cannot be run; the text is a sentence for people."""


def parse_seeds(text: str) -> tuple[int, ...]:
    """The seeds that a text stands for: a single number is how many, from 0. Raises SeedsError."""
    if re.fullmatch(r"\d+", text):
        if not int(text):
            raise SeedsError(f"found 0 seeds; {_FORMS}")
        return checked(range(int(text)))
    return checked(seed for item in text.split(",") for seed in _seeds(item.strip(), text))


def checked(seeds: Iterable[int]) -> tuple[int, ...]:
    """The seeds, or SeedsError for none, too many, duplicates, and what no experiment may have as its seed."""
    from rlkit.experiment.own_keys import LARGEST_SEED

    found: dict[int, None] = {}
    for seed in seeds:
        if len(found) == MOST_SEEDS:
            raise SeedsError(f"found more than {MOST_SEEDS:,} seeds, which is the most in one go")
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= LARGEST_SEED:
            raise SeedsError(f"found the seed {_shown(seed)}; allowed: whole numbers from 0 to {LARGEST_SEED}")
        if seed in found:
            raise SeedsError(f"found the seed {seed} twice; each run of a seed would be the same")
        found[seed] = None
    if not found:
        raise SeedsError("found no seeds; at least one is needed")
    return tuple(found)


def _shown(seed: object) -> str:
    return "null" if seed is None else str(seed).lower() if isinstance(seed, bool) else repr(seed)


def _seeds(item: str, text: str) -> Iterator[int]:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise SeedsError(f"found '{item}' in the seeds '{text}'; {_FORMS}")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise SeedsError(f"found '{item}' in the seeds '{text}', which ends before it begins; {_FORMS}")
    yield from range(first, last + 1)
