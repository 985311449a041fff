"""Drawing by masses: as often as the masses say, and the same slots in NumPy and in a graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from scipy.stats import chi2

from rlkit.replay.graph_sum_tree import GraphSumTree
from rlkit.replay.sum_tree import SumTree, level_blocks

CAPACITIES = (1, 5, 16, 17, 128, 129, 3_000)


def random_words(rng: np.random.Generator, size: int) -> npt.NDArray[np.int64]:
    return rng.integers(0, 2**32, size)


def by_hand(masses: npt.NDArray[np.float64], words: npt.NDArray[np.int64]) -> list[int]:
    """Inverting the sums one slot after another."""
    size, total, found = len(words), float(masses.sum()), []
    for place, word in enumerate(words.tolist()):
        target, slot = (place + word / 2**32) * total / size, 0
        while target >= masses[slot]:
            target -= masses[slot]
            slot += 1
        found.append(slot)
    return found


@pytest.mark.parametrize("capacity", CAPACITIES)
def test_slots_are_those_of_the_inverted_sums(capacity: int) -> None:
    rng = np.random.default_rng(capacity)
    # Multiples of 1/256, so that sums are exact in any order; some slots are empty.
    masses = rng.integers(0, 4, capacity) / 256.0
    masses[-1] = 1.0
    tree, graph = SumTree(capacity), GraphSumTree(capacity)
    tree.set(np.arange(capacity), masses.astype(np.float32))
    graph.set(tf.range(capacity, dtype=tf.int64), tf.constant(masses, tf.float32))
    for size in (1, 32):
        words = random_words(rng, size)
        expected = by_hand(masses, words)
        slots, share = tree.draw(words)
        drawn = graph.draw(tf.constant(words))
        assert slots.tolist() == drawn.slots.numpy().tolist() == expected
        np.testing.assert_allclose(share, masses[expected] / masses.sum(), rtol=1e-6)
        np.testing.assert_allclose(drawn.share, share, rtol=1e-6)


def test_of_a_slot_that_is_set_twice_the_last_mass_counts() -> None:
    slots, masses = np.array([3, 200, 3, 200, 7]), np.array([5.0, 1.0, 2.0, 4.0, 0.5], np.float32)
    tree, graph = SumTree(300), GraphSumTree(300)
    tree.set(slots, masses)
    graph.set(tf.constant(slots), tf.constant(masses))
    for drawn, share in (tree.draw(np.arange(1000) << 22), graph.draw(tf.constant(np.arange(1000) << 22))):
        found = dict(zip(np.asarray(drawn).tolist(), np.asarray(share).tolist(), strict=True))
        assert found == pytest.approx({3: 2.0 / 6.5, 7: 0.5 / 6.5, 200: 4.0 / 6.5})


def test_many_draws_follow_the_masses_by_chi_square() -> None:
    rng = np.random.default_rng(0)
    masses = (rng.random(400) ** 3 + 1e-3).astype(np.float32)
    tree = SumTree(400)
    tree.set(rng.permutation(400), rng.random(400).astype(np.float32))  # overwritten by what follows
    tree.set(np.arange(400), masses)
    counts = np.zeros(400)
    for _ in range(4_000):
        np.add.at(counts, tree.draw(random_words(rng, 64))[0], 1)
    expected = counts.sum() * masses / masses.sum()
    # Shares of equal size make draws steadier than independent ones, so only the upper tail can tell a fault.
    assert ((counts - expected) ** 2 / expected).sum() < chi2.ppf(0.999, 399)


def test_rare_slots_among_many_are_drawn_and_empty_ones_never() -> None:
    tree, rng = SumTree(1_000_000), np.random.default_rng(1)
    tree.set(np.arange(500_000), np.full(500_000, 1e-6, np.float32))
    tree.set(np.array([700_000]), np.array([1e6], np.float32))
    drawn = np.concatenate([tree.draw(random_words(rng, 32))[0] for _ in range(50)])
    assert set(drawn.tolist()) == {700_000}
    tree.set(np.array([700_000]), np.array([0.25], np.float32))
    drawn = np.concatenate([tree.draw(random_words(rng, 32))[0] for _ in range(200)])
    assert (drawn < 500_000).mean() == pytest.approx(2 / 3, abs=0.03)
    assert len(np.unique(drawn[drawn < 500_000])) > 4_000 and set(drawn[drawn >= 500_000].tolist()) == {700_000}


def test_levels_hold_every_slot_and_end_at_one_block() -> None:
    assert [level_blocks(capacity, 128) for capacity in (1, 128, 129, 1_000_000)] == [[1], [1], [2, 1], [7813, 62, 1]]


def test_a_graph_tree_is_cleared_for_the_next_run() -> None:
    graph = GraphSumTree(40)
    graph.set(tf.range(40, dtype=tf.int64), tf.ones((40,)))
    graph.clear()
    graph.set(tf.constant([39], tf.int64), tf.constant([2.0]))
    words: Any = tf.constant(np.arange(8) << 28)
    assert graph.draw(words).slots.numpy().tolist() == [39] * 8
