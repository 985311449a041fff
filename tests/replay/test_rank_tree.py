"""Drawing by ranks: as often as the ranks say, and the same slots in NumPy and in a graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from scipy.stats import chi2

from rlkit.replay.graph_rank_tree import GraphRankTree
from rlkit.replay.rank_tree import KEYS, RankTree, keys_of

CAPACITIES = (1, 5, 64, 65, 300, 5_000)


class Both:
    """A tree of each sort, told the same; a dict of what is stored."""

    def __init__(self, capacity: int, exponent: float) -> None:
        self.tree, self.graph = RankTree(capacity, exponent), GraphRankTree(capacity, exponent)
        self.stored: dict[int, float] = {}

    def set(self, slots: Any, priorities: Any) -> None:
        slots, priorities = np.asarray(slots, np.int64), np.asarray(priorities, np.float32)
        self.tree.set(slots, priorities)
        self.graph.set(tf.constant(slots), tf.constant(priorities))
        self.stored |= dict(zip(slots.tolist(), priorities.tolist(), strict=True))

    def draw(self, words: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """The slots, which are the same in both."""
        slots, share = self.tree.draw(words)
        drawn = self.graph.draw(tf.constant(words))
        np.testing.assert_array_equal(drawn.slots, slots)
        np.testing.assert_allclose(drawn.share, share, rtol=1e-6)
        return slots, share


def shares(stored: dict[int, float], exponent: float) -> dict[int, float]:
    """By slot; ranks from 1 on, those of slots that tie being shared."""
    masses = np.array([(1.0 / rank) ** exponent for rank in range(1, len(stored) + 1)])
    shared: dict[float, list[float]] = {}
    for priority, mass in zip(sorted(stored.values(), reverse=True), masses / masses.sum(), strict=True):
        shared.setdefault(priority, []).append(mass)
    return {slot: float(np.mean(shared[priority])) for slot, priority in stored.items()}


def evenly(size: int) -> npt.NDArray[np.int64]:
    """In the middle of each share."""
    return np.full(size, 2**31, np.int64)


def by_hand(stored: dict[int, float], exponent: float, size: int) -> list[int]:
    """The slots at the middles of `size` equal shares, the greatest priorities first and ties in the order of slots."""
    share, order = shares(stored, exponent), sorted(stored, key=lambda slot: (-stored[slot], slot))
    ends = np.cumsum([share[slot] for slot in order])
    return [order[int((ends <= (place + 0.5) / size).sum())] for place in range(size)]


# Powers of 2, which are told apart in any case; 40 of them, so that many slots tie.
def random_priorities(rng: np.random.Generator, size: int) -> npt.NDArray[np.float32]:
    return (2.0 ** rng.integers(-20, 20, size)).astype(np.float32)


@pytest.mark.parametrize("capacity", CAPACITIES)
def test_slots_and_shares_are_those_of_sorted_priorities(capacity: int) -> None:
    rng, both = np.random.default_rng(capacity), Both(capacity, 0.7)
    stored = max(1, capacity * 3 // 4)
    both.set(np.arange(stored), random_priorities(rng, stored))
    expected = shares(both.stored, 0.7)
    for size in (1, 101):
        slots, share = both.draw(evenly(size))
        assert slots.tolist() == by_hand(both.stored, 0.7, size)
        np.testing.assert_allclose(share, [expected[slot] for slot in slots.tolist()], rtol=1e-5)


def test_only_the_order_of_priorities_counts() -> None:
    rng = np.random.default_rng(0)
    near, far = Both(50, 0.7), Both(50, 0.7)
    order = rng.permutation(40)
    near.set(order, 1.25 ** np.arange(40))
    far.set(order, [*1.25 ** np.arange(39), 1e6])
    words = rng.integers(0, 2**32, 32)
    for ours, theirs in zip(near.draw(words), far.draw(words), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_priorities_change_slots_repeat_and_the_ring_wraps() -> None:
    rng, both, written = np.random.default_rng(1), Both(70, 0.6), 0
    for _ in range(12):
        both.set(np.arange(written, written + 13) % 70, random_priorities(rng, 13))
        written += 13
        drawn, _ = both.draw(rng.integers(0, 2**32, 16))
        drawn[:4] = drawn[-4:]  # some of them twice, with other priorities
        both.set(drawn, random_priorities(rng, 16))
        slots, share = both.draw(evenly(33))
        expected = shares(both.stored, 0.6)
        assert slots.tolist() == by_hand(both.stored, 0.6, 33)
        np.testing.assert_allclose(share, [expected[slot] for slot in slots.tolist()], rtol=1e-5)


def test_of_a_slot_that_is_set_twice_the_last_priority_counts() -> None:
    both = Both(300, 1.0)
    both.set([3, 200, 3, 200, 7], [5.0, 1.0, 2.0, 4.0, 0.5])
    slots, share = both.draw(evenly(200))
    found = dict(zip(slots.tolist(), share.tolist(), strict=True))
    assert found == pytest.approx({200: 6 / 11, 3: 3 / 11, 7: 2 / 11})


def test_an_exponent_of_0_draws_uniformly() -> None:
    both = Both(10, 0.0)
    both.set(np.arange(10), random_priorities(np.random.default_rng(2), 10))
    slots, share = both.draw(evenly(10))
    assert sorted(slots.tolist()) == list(range(10))
    np.testing.assert_allclose(share, 0.1)


def test_many_draws_follow_the_ranks_by_chi_square() -> None:
    rng, tree, count = np.random.default_rng(3), RankTree(400, 0.7), np.zeros(400)
    priorities = rng.permutation(2.0 ** (np.arange(400) // 9 - 22)).astype(np.float32)
    tree.set(rng.permutation(400), random_priorities(rng, 400))  # overwritten by what follows
    tree.set(np.arange(400), priorities)
    share = shares(dict(enumerate(priorities.tolist())), 0.7)
    for _ in range(3_000):
        np.add.at(count, tree.draw(rng.integers(0, 2**32, 64))[0], 1)
    expected = count.sum() * np.array([share[slot] for slot in range(400)])
    # Shares of equal size make draws steadier than independent ones, so only the upper tail can tell a fault.
    assert ((count - expected) ** 2 / expected).sum() < chi2.ppf(0.999, 399)


def test_priorities_are_told_apart_by_an_eighth_and_never_put_out_of_order() -> None:
    priorities = np.sort(np.random.default_rng(4).lognormal(0, 8, 10_000).astype(np.float32))[::-1]
    keys = keys_of(priorities)
    assert (np.diff(keys) >= 0).all() and keys.min() == 0 and keys.max() == KEYS - 1
    inside = priorities[(priorities > 2.0**-24) & (priorities < 2.0**24)]
    assert (keys_of(inside) != keys_of(np.float32(1.126) * inside)).mean() > 0.999
    assert keys_of(np.array([1e-30, 1e-10, 1e9, 3e38], np.float32)).tolist() == [KEYS - 1, KEYS - 1, 0, 0]


def test_a_graph_tree_is_cleared_for_the_next_run() -> None:
    graph = GraphRankTree(40, 0.7)
    graph.set(tf.range(40, dtype=tf.int64), tf.ones((40,)))
    graph.clear()
    graph.set(tf.constant([39], tf.int64), tf.constant([2.0]))
    assert graph.draw(tf.constant(np.arange(8) << 28)).slots.numpy().tolist() == [39] * 8
