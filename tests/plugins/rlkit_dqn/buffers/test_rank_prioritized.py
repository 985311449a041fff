"""Prioritised replay by ranks: priorities and weights as the paper has them."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

import rlkit
from rlkit import Added, Drawn, ParameterError, Sampling, Storage, Stored, Surprise
from rlkit_dqn import Linear, RankPrioritizedBuffer
from rlkit_dqn.buffers.rank_prioritized import RankPrioritizedSelection
from tests.plugins.rlkit_dqn.words import call

STORAGE = Storage(100, 1, Sampling(4), {})
NEW = Added(tf.range(3, dtype=tf.int64), tf.constant(2, tf.int64), tf.zeros((3,), tf.bool))


def update(selection: RankPrioritizedSelection, *priorities: float) -> list[float]:
    slots = tf.range(len(priorities), dtype=tf.int64)
    found: list[float] = selection.update(Surprise(slots, tf.constant(priorities)), call()).numpy().tolist()
    return found


def test_priorities_are_surprises_and_the_core_ranks_them_by_alpha() -> None:
    selection = RankPrioritizedBuffer(alpha=0.3).build(STORAGE)
    assert (selection.draws_by_mass, selection.rank_exponent) == (True, 0.3)
    assert update(selection, 0.5, -2.0, 1e6) == [0.5, 2.0, 1e6]
    assert 0.0 < update(selection, 0.0)[0] < 1e-20


def test_new_steps_have_the_greatest_priority_so_far() -> None:
    selection = RankPrioritizedBuffer().build(STORAGE)
    first = selection.added(NEW, call()).numpy()
    assert (first > 0).all() and (first == first[0]).all()
    update(selection, 0.1, -9.0, 0.2, 4.0)
    update(selection, 0.1, 0.1, 0.1, 0.1)
    assert selection.added(NEW, call()).numpy().tolist() == [9.0, 9.0, 9.0]


@pytest.mark.parametrize(("step", "expected"), [(0, 0.25**0.5), (50, 0.25**0.75), (100, 0.25), (200, 0.25)])
def test_weights_make_up_for_the_share_by_a_beta_that_may_follow_a_schedule(step: int, expected: float) -> None:
    drawn = Drawn(tf.constant([1, 2], tf.int64), tf.constant([0.1, 0.4]))
    stored = Stored(tf.constant(10, tf.int64), tf.constant(10, tf.int64), drawn)
    selection = RankPrioritizedBuffer(beta=Linear(start=0.5, end=1.0, over=100)).build(STORAGE)
    slots, weight = selection.select(stored, call(step=step))
    assert slots.numpy().tolist() == [1, 2]
    np.testing.assert_allclose(weight, [1.0, expected], rtol=1e-6)


@pytest.mark.parametrize("wrong", [{"alpha": 1.5}, {"alpha": -0.1}, {"beta": 1.1}, {"capacity": 0}])
def test_parameters_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        RankPrioritizedBuffer(**wrong)


def test_an_experiment_names_it() -> None:
    experiment = rlkit.load("cartpole_dqn", ["buffer={name: rank_prioritized, alpha: 0.5, capacity: 1000}"])
    assert experiment.agent.buffer == RankPrioritizedBuffer(alpha=0.5, capacity=1000)
