"""Prioritised replay: masses and weights as the paper has them."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

import rlkit
from rlkit import Added, Drawn, ParameterError, Sampling, Storage, Stored, Surprise
from rlkit_dqn import Linear, PrioritizedBuffer
from rlkit_dqn.buffers.prioritized import PrioritizedSelection
from tests.plugins.rlkit_dqn.words import call

STORAGE = Storage(100, 1, Sampling(4), {})


def update(selection: PrioritizedSelection, *priorities: float) -> list[float]:
    slots = tf.range(len(priorities), dtype=tf.int64)
    return selection.update(Surprise(slots, tf.constant(priorities)), call()).numpy().tolist()


def test_masses_are_surprise_to_the_power_of_alpha() -> None:
    selection = PrioritizedBuffer(alpha=0.5, epsilon=0.01).build(STORAGE)
    assert update(selection, 0.0, 0.24, 2.24, 0.99) == pytest.approx([0.1, 0.5, 1.5, 1.0])


def test_new_steps_have_the_greatest_mass_so_far_which_begins_at_1() -> None:
    selection = PrioritizedBuffer(alpha=0.5, epsilon=1e-6).build(STORAGE)
    added = Added(tf.range(3, dtype=tf.int64), tf.constant(2, tf.int64), tf.zeros((3,), tf.bool))
    assert selection.added(added, call()).numpy().tolist() == [1.0, 1.0, 1.0]
    update(selection, 0.1, 9.0, 0.2, 4.0)
    update(selection, 0.1, 0.1, 0.1, 0.1)
    assert selection.added(added, call()).numpy().tolist() == pytest.approx([3.0, 3.0, 3.0])


@pytest.mark.parametrize(("beta", "expected"), [(0.0, [1, 1, 1]), (1.0, [1, 0.25, 0.1]), (0.5, [1, 0.5, 0.1**0.5])])
def test_weights_make_up_for_the_share_and_the_greatest_is_1(beta: float, expected: list[float]) -> None:
    drawn = Drawn(tf.constant([5, 7, 5], tf.int64), tf.constant([0.01, 0.04, 0.1]))
    stored = Stored(tf.constant(50, tf.int64), tf.constant(50, tf.int64), drawn)
    slots, weight = PrioritizedBuffer(beta=beta).build(STORAGE).select(stored, call())
    assert slots.numpy().tolist() == [5, 7, 5]
    np.testing.assert_allclose(weight, expected, rtol=1e-6)


def test_beta_may_follow_a_schedule() -> None:
    drawn = Drawn(tf.constant([1, 2], tf.int64), tf.constant([0.1, 0.4]))
    stored = Stored(tf.constant(10, tf.int64), tf.constant(10, tf.int64), drawn)
    selection = PrioritizedBuffer(beta=Linear(start=0.0, end=1.0, over=100)).build(STORAGE)
    weights = [selection.select(stored, call(step=step)).weight.numpy()[1] for step in (0, 50, 100, 200)]
    assert weights == pytest.approx([1.0, 0.5, 0.25, 0.25])


@pytest.mark.parametrize("wrong", [{"alpha": 1.5}, {"alpha": -0.1}, {"beta": 1.1}, {"epsilon": 0.0}, {"capacity": 0}])
def test_parameters_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        PrioritizedBuffer(**wrong)


def test_an_experiment_names_it() -> None:
    experiment = rlkit.load("cartpole_dqn", ["buffer={name: prioritized, alpha: 0.5, capacity: 1000}"])
    assert experiment.agent.buffer == PrioritizedBuffer(alpha=0.5, capacity=1000)
