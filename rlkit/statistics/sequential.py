"""Deciding as seeds come in: a permutation test at each of several looks, all of them together within one level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
PERMUTATIONS = 9_999


def decided_at(
    ours: Sequence[Numbers],
    theirs: Sequence[Numbers],
    looks: int,
    *,
    level: float = 0.05,
    permutations: int = PERMUTATIONS,
) -> int | None:
    """The first look at which two differ, from 0; None if they have not differed at any look so far.

    A group-sequential permutation test in the manner of AdaStop (Mathieu et al., 2023): labels are drawn anew within
    each batch of runs, a boundary for each look is set so that of all permutations at most a share level · k / looks
    has crossed one of the first k. So a false difference is found at any look with a probability of at most `level`,
    however often one looks and whatever the scores' distribution. For several comparisons, share the level out.

    Args:
        ours: the scores of each batch up to now, (n_k,).
        theirs: of the same batches, (m_k,).
        looks: in all, at least as many as there are batches.
        level: over all looks.
        permutations: how many are drawn.
    """
    rng = np.random.default_rng(0)
    inside = np.ones(permutations + 1, bool)  # the first is what was seen
    total, count = np.zeros(permutations + 1), 0
    crossed = 0
    for look, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        both = np.concatenate([one, other])
        mixed = rng.permuted(np.broadcast_to(both, (permutations, len(both))), axis=1)
        mixed = np.concatenate([both[None], mixed])
        total += len(one) * (mixed[:, : len(one)].mean(axis=1) - mixed[:, len(one) :].mean(axis=1))
        count += len(one)
        allowed = int(level * (look + 1) / looks * (permutations + 1)) - crossed
        size = np.abs(total) / count
        boundary = _boundary(size[inside], allowed)
        if size[0] > boundary:
            return look
        beyond = inside & (size > boundary)
        crossed += int(beyond.sum())
        inside &= ~beyond
    return None


def _boundary(sizes: Numbers, allowed: int) -> float:
    """The least value that at most so many lie beyond."""
    if allowed <= 0 or not len(sizes):
        return np.inf
    ordered = np.sort(sizes)
    return float(ordered[max(0, len(ordered) - 1 - allowed)])


def sequential_p(ours: Sequence[Numbers], theirs: Sequence[Numbers], looks: int) -> float:
    """The least level at which `decided_at` finds a difference at one of the looks so far; 1 where it never does.

    Args:
        ours: see `decided_at`.
        theirs: see `decided_at`.
        looks: see `decided_at`.
    """
    low, high = 0.0, 1.0
    if decided_at(ours, theirs, looks, level=high) is None:
        return 1.0
    for _ in range(14):  # to 0.0001, which is what so many permutations tell apart
        middle = (low + high) / 2
        low, high = (low, middle) if decided_at(ours, theirs, looks, level=middle) is not None else (middle, high)
    return high
