from __future__ import annotations

import math

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Discrete, ParameterError, Spaces
from rlkit_dqn import CountUCB, Linear
from tests.plugins.rlkit_dqn.words import call, noise, progress, seen

ACTIONS = 3
SPACES = Spaces(Array((2,), "float32"), Discrete(ACTIONS))
ONE, OTHER = [1.0, 0.2], [-1.0, -0.2]


def policy(**parameters):
    part = CountUCB(**{"bits": 4, **parameters}).build(SPACES)
    part.begin(call(noise(0, 100)))
    return part


def chosen(part, values, place=ONE, allowed=None, **now):
    rows = len(values)
    there = seen(np.tile(np.float32(place), (rows, 1)), ACTIONS, allowed)
    return part.select(tf.constant(values), there, call(**now)).numpy().tolist()


def test_every_action_is_taken_once_before_any_is_taken_twice_the_best_first():
    part = policy()
    assert [chosen(part, [[0.0, 5.0, 1.0]])[0] for _ in range(3)] == [1, 2, 0]


def test_then_it_is_the_bound_of_ucb1_that_decides():
    part, values = policy(c=0.8), [0.3, 0.5, 0.0]
    counts = [0] * ACTIONS
    for _ in range(60):
        (action,) = chosen(part, [values])
        if all(counts):
            total = sum(counts)
            bounds = [
                value + 0.8 * math.sqrt(math.log(total) / count) for value, count in zip(values, counts, strict=True)
            ]
            assert action == int(np.argmax(bounds))
        counts[action] += 1
    assert min(counts) > 3
    assert counts[1] == max(counts)


def test_cells_of_observations_are_counted_apart():
    part = policy()
    assert [chosen(part, [[2.0, 1.0, 0.0]], place)[0] for place in (ONE, OTHER, ONE, OTHER)] == [0, 0, 1, 1]
    assert float(part.report(progress())["cells"]) == 2.0
    assert part.counts.numpy().sum() == 4


def test_environments_in_one_cell_are_all_counted():
    part = policy()
    assert chosen(part, [[0.0, 1.0, 0.0]] * 5) == [1] * 5
    assert part.counts.numpy().max() == 5


def test_forbidden_actions_are_never_taken_though_their_counts_stay_at_zero():
    part = policy(c=100.0)
    allowed = np.array([[True, False, True]])
    taken = [chosen(part, [[0.0, -1e30, 1.0]], allowed=allowed)[0] for _ in range(20)]
    assert taken[:2] == [2, 0]
    assert 1 not in taken


def test_without_a_weight_it_is_greedy_once_all_were_tried():
    part = policy(c=0.0)
    assert [chosen(part, [[0.0, 1.0, 2.0]])[0] for _ in range(6)] == [2, 1, 0, 2, 2, 2]


def test_the_weight_follows_a_schedule():
    part = policy(c=Linear(start=50.0, end=0.0, over=10))
    for _ in range(3):
        chosen(part, [[0.0, 1.0, 2.0]])
    taken = [chosen(part, [[0.0, 1.0, 2.0]])[0] for _ in range(3)]
    assert sorted(taken) == [0, 1, 2]
    assert [chosen(part, [[0.0, 1.0, 2.0]], step=10)[0] for _ in range(4)] == [2] * 4


def test_its_probabilities_are_its_choice_and_count_nothing():
    part, values = policy(), tf.constant([[0.0, 1.0, 2.0]])
    for expected in (2, 1, 0):
        there = seen(np.float32([ONE]), ACTIONS)
        assert part.probabilities(values, there, call()).numpy()[0].argmax() == expected
        assert chosen(part, values.numpy()) == [expected]


@pytest.mark.parametrize(("parameter", "value"), [("c", -0.1), ("bits", 0), ("bits", 17)])
def test_parameters_have_ranges(parameter, value):
    with pytest.raises(ParameterError) as refused:
        CountUCB(**{parameter: value})
    assert refused.value.parameter == parameter
