from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import ParameterError, Progress
from rlkit_dqn import Constant, Exponential, Linear
from tests.plugins.rlkit_dqn.words import progress


def test_constant_stays():
    assert float(Constant(amount=0.3).value(progress(9, 9, 9))) == pytest.approx(0.3)


@pytest.mark.parametrize(("n", "expected"), [(0, 1.0), (25, 0.8), (100, 0.2), (10**9, 0.2)])
def test_linear_goes_straight_and_stays_at_its_end(n, expected):
    assert float(Linear(start=1.0, end=0.2, over=100).value(progress(step=n))) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("step", "expected"), [(0, 1.0), (50, 0.6), (200, 0.2), (201, 0.2)])
def test_linear_without_a_length_takes_as_long_as_the_run(step, expected):
    schedule = Linear(start=1.0, end=0.2)
    now = Progress(step=step, episode=0, update=0, total=200 if step != 50 else 100)
    assert schedule.needs_total and not Linear(start=1.0, end=0.2, over=9).needs_total
    assert float(schedule.value(now)) == pytest.approx(expected)


def test_linear_may_rise():
    assert float(Linear(start=0.4, end=1.0, over=4).value(progress(step=2))) == pytest.approx(0.7)


@pytest.mark.parametrize("decay", [0.9, 0.995, 0.99999])
def test_exponential_equals_the_power_in_double_precision(decay):
    schedule = Exponential(start=2.0, decay=decay, end=0.01)
    for n in (0, 1, 2, 10, 459, 460, 5000, 400_000):
        expected = max(2.0 * decay**n, 0.01)
        assert float(schedule.value(progress(step=n))) == pytest.approx(expected, rel=2e-6)


@pytest.mark.parametrize("clock", ["step", "episode", "update"])
def test_schedules_count_what_they_are_told(clock):
    now = progress(**{clock: 5})
    assert float(Linear(start=0.0, end=10.0, over=10, by=clock).value(now)) == 5.0
    assert float(Exponential(start=32.0, decay=0.5, by=clock).value(now)) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "schedule", [Constant(amount=2.0), Linear(start=4.0, end=0.0, over=6), Exponential(start=16.0, decay=0.5)]
)
def test_host_integers_and_graph_tensors_give_the_same_float32(schedule):
    host = schedule.value(Progress(np.int64(3), np.int64(1), 0))
    graph = tf.function(schedule.value)(progress(step=3, episode=1))
    assert host.dtype == graph.dtype == tf.float32
    assert host.shape == graph.shape == ()
    assert float(host) == float(graph) == 2.0


@pytest.mark.parametrize(
    ("make", "parameter"),
    [
        (lambda: Linear(start=1, end=0, over=0), "over"),
        (lambda: Linear(start=1, end=0, by="episode"), "over"),
        (lambda: Exponential(start=1, decay=0.0), "decay"),
        (lambda: Exponential(start=1, decay=1.1), "decay"),
        (lambda: Exponential(start=1, decay=0.9, end=2), "end"),
        (lambda: Constant(amount=float("nan")), "amount"),
    ],
)
def test_parameters_have_ranges(make, parameter):
    with pytest.raises(ParameterError) as refused:
        make()
    assert refused.value.parameter == parameter
