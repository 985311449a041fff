from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from scipy.stats import chisquare

from rlkit import Array, Discrete, ParameterError, Spaces
from rlkit.noise.traced import TracedNoise
from rlkit.programs.reports import report_function
from rlkit_dqn import EpsilonGreedy, EZGreedy, Linear
from tests.plugins.rlkit_dqn.words import call, seen

ACTIONS, GREEDY = 3, 1
SPACES = Spaces(Array((2,), "float32"), Discrete(ACTIONS))
MANY = 60_000


def policy(environments=1, epsilon=1.0, **parameters):
    component = EZGreedy(start=epsilon, end=epsilon, **parameters)
    return component.build(SPACES._replace(environments=environments))


def words(steps, environments, seed=0):
    """For each step and environment: two floats and an integer."""
    drawn = np.random.default_rng(seed)
    floats = (drawn.integers(0, 2**24, (steps, 2, environments)) * 2.0**-24).astype(np.float32)
    return floats, drawn.integers(0, 2**32, (steps, environments))


def play(part, floats, integers):
    """Actions chosen, and steps that each repeat has left after them: (steps, environments) int32 each."""
    steps, environments = integers.shape
    values = tf.constant([[0.0, 2.0, 1.0]] * environments)

    @tf.function
    def select(uniforms, words):
        return part.select(values, seen(tf.zeros((environments, 2)), ACTIONS), call(TracedNoise(uniforms, words)))

    chosen, left = np.empty((2, steps, environments), np.int32)
    for step in range(steps):
        chosen[step] = select(floats[step].ravel(), integers[step])
        left[step] = part.left.numpy()
    return chosen, left


@pytest.mark.parametrize(("mu", "most"), [(2.0, 1000), (1.25, 50), (3.0, 10_000)])
def test_durations_follow_the_zeta_law_up_to_the_longest(mu, most):
    environments = min(MANY, 60_000_000 // most)
    _, left = play(policy(environments, mu=mu, most=most), *words(1, environments))
    probability = np.arange(1, most + 1) ** -mu
    expected = probability / probability.sum() * environments
    # As many durations to themselves as have ten draws each; the rest together.
    alone = int(np.sum(expected >= 10))
    counts = np.bincount(left[0], minlength=most)
    assert len(counts) == most
    seen, law = (np.append(found[:alone], found[alone:].sum()) for found in (counts, expected))
    assert chisquare(seen[law > 0], law[law > 0]).pvalue > 0.001


def test_tried_actions_are_equally_likely():
    chosen, _ = play(policy(MANY), *words(1, MANY))
    assert chosen.dtype == np.int32
    assert chisquare(np.bincount(chosen[0], minlength=ACTIONS)).pvalue > 0.001


def test_a_repeat_lasts_as_long_as_was_drawn_and_is_not_interrupted():
    steps, environments = 400, 20
    chosen, left = play(policy(environments, epsilon=0.3, mu=1.5, most=30), *words(steps, environments))
    before = np.vstack([np.zeros((1, environments), np.int32), left[:-1]])
    going = before > 0
    assert going.mean() > 0.3
    np.testing.assert_array_equal(left[going], before[going] - 1)
    np.testing.assert_array_equal(chosen[1:][going[1:]], chosen[:-1][going[1:]])


def test_where_no_repeat_is_under_way_one_begins_with_probability_epsilon():
    steps, environments, epsilon = 40, 2_000, 0.3
    floats, integers = words(steps, environments)
    chosen, left = play(policy(environments, epsilon=epsilon), floats, integers)
    free = np.vstack([np.ones((1, environments), bool), left[:-1] == 0])
    begins = free & (floats[:, 0] < epsilon)
    assert (chosen[free & ~begins] == GREEDY).all()
    tried = (integers * ACTIONS) >> 32
    np.testing.assert_array_equal(chosen[begins], tried[begins])
    count = begins[free].sum()
    assert chisquare([count, free.sum() - count], [epsilon * free.sum(), (1 - epsilon) * free.sum()]).pvalue > 0.001


def test_epsilon_zero_is_greedy():
    chosen, left = play(policy(50, epsilon=0.0), *words(20, 50))
    assert (chosen == GREEDY).all()
    assert (left == 0).all()


def test_repeats_of_one_step_are_epsilon_greedy():
    floats, integers = words(50, 40)
    chosen, _ = play(policy(40, epsilon=0.5, most=1), floats, integers)
    plain = EpsilonGreedy(start=0.5, end=0.5)
    values = tf.constant([[0.0, 2.0, 1.0]] * 40)
    for step in range(50):
        noise = TracedNoise(tf.constant(floats[step, 0]), tf.constant(integers[step]))
        np.testing.assert_array_equal(chosen[step], plain.select(values, seen(tf.zeros((40, 2)), ACTIONS), call(noise)))


def test_environments_do_not_touch_each_other():
    floats, integers = words(200, 3)
    first, _ = play(policy(3, epsilon=0.4), floats, integers)
    others, more = words(200, 3, seed=1)
    others[:, :, 1], more[:, 1] = floats[:, :, 1], integers[:, 1]
    second, _ = play(policy(3, epsilon=0.4), others, more)
    np.testing.assert_array_equal(first[:, 1], second[:, 1])
    assert (first[:, [0, 2]] != second[:, [0, 2]]).any(axis=0).all()


def test_epsilon_follows_a_schedule_and_is_reported_once():
    part = EZGreedy(schedule=Linear(start=1.0, end=0.0, over=100)).build(SPACES)
    functions, names = report_function(part, "exploration")
    assert names == ("epsilon",)
    assert functions[0].traced(tf.constant([25, 3, 0, 0], tf.int64))["values"].numpy().tolist() == [0.75]


@pytest.mark.parametrize(
    ("parameter", "value"), [("start", 1.1), ("mu", 1.0), ("most", 0), ("most", 10_001), ("decay", 0.0)]
)
def test_parameters_have_ranges(parameter, value):
    with pytest.raises(ParameterError) as refused:
        EZGreedy(**{parameter: value})
    assert refused.value.parameter == parameter


def test_a_schedule_beside_the_decay_is_refused():
    with pytest.raises(ParameterError, match="cannot be given beside schedule"):
        EZGreedy(schedule=Linear(start=1, end=0, over=1), decay=0.9)
