from __future__ import annotations

import numpy as np
import pytest

from rlkit import Array, Discrete, ParameterError, Spaces
from rlkit_dqn import HashCounts, Linear
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import call, noise, progress, seen

SPACES = Spaces(Array((2,), "float32"), Discrete(3))
ONE, OTHER, NEVER = [1.0, 0.2], [-1.0, -0.2], [0.3, -1.0]


def bonus(**parameters):
    part = HashCounts(**{"bits": 8, "scale": 0.5, **parameters}).build(SPACES)
    part.begin(call(noise(0, 100)))
    return part


def visit(part, *places):
    part.seen(seen(np.float32(places), 3), call())


def value(part, places, **now):
    observation = np.float32(places)[:, None]
    sample = random_sample(0, rows=len(places), width=2, observation=observation)
    return part.value(sample, call(**now)).numpy()[:, 0]


def test_it_falls_with_the_root_of_the_visits():
    part = bonus()
    for visits in range(1, 6):
        visit(part, ONE)
        np.testing.assert_allclose(value(part, [ONE]), [0.5 / np.sqrt(visits)], rtol=1e-6)


def test_each_environment_visits_and_cells_are_counted_apart():
    part = bonus()
    visit(part, ONE, OTHER, ONE, ONE)
    found = value(part, [OTHER, ONE, NEVER])
    np.testing.assert_allclose(found, [0.5, 0.5 / np.sqrt(3), 0.5], rtol=1e-6)
    assert float(part.report(progress())["visited_cells"]) == 2


def test_asking_counts_nothing():
    part = bonus()
    visit(part, ONE)
    before = part.counts.numpy()
    value(part, [ONE, OTHER] * 8)
    np.testing.assert_array_equal(part.counts, before)


def test_each_step_of_a_row_has_its_own():
    part = bonus()
    visit(part, ONE, ONE, OTHER)
    observation = np.float32([[ONE, OTHER], [OTHER, ONE]])
    sample = random_sample(0, rows=2, width=2, length=2, observation=observation)
    once, twice = 0.5, 0.5 / np.sqrt(2)
    np.testing.assert_allclose(part.value(sample, call()), [[twice, once], [once, twice]], rtol=1e-6)


def test_the_scale_follows_a_schedule():
    part = bonus(scale=Linear(start=1.0, end=0.0, over=10))
    np.testing.assert_allclose([value(part, [ONE], step=step)[0] for step in (0, 5, 10)], [1.0, 0.5, 0.0], atol=1e-6)


@pytest.mark.parametrize(("parameter", "wrong"), [("scale", -0.1), ("bits", 0), ("bits", 17)])
def test_parameters_have_ranges(parameter, wrong):
    with pytest.raises(ParameterError) as refused:
        HashCounts(**{parameter: wrong})
    assert refused.value.parameter == parameter
