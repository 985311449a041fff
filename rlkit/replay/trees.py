"""What rows are drawn with, for the stepwise loop."""

from __future__ import annotations

from rlkit.replay.rank_tree import RankTree
from rlkit.replay.sum_tree import SumTree


def tree_for(capacity: int, rank_exponent: float | None) -> SumTree | RankTree:
    """By masses, or by the masses of ranks."""
    return SumTree(capacity) if rank_exponent is None else RankTree(capacity, rank_exponent)
