"""What rows are drawn with, for the compiled loop."""

from __future__ import annotations

from rlkit.replay.graph_rank_tree import GraphRankTree
from rlkit.replay.graph_sum_tree import GraphSumTree


def graph_tree_for(capacity: int, rank_exponent: float | None) -> GraphSumTree | GraphRankTree:
    """By masses, or by the masses of ranks."""
    return GraphSumTree(capacity) if rank_exponent is None else GraphRankTree(capacity, rank_exponent)
