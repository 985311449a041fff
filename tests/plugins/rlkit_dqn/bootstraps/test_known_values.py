"""Each bootstrap finds the values that its own equation has, worked out in plain Python, in both loops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import rlkit_dqn as parts
from tests.plugins.rlkit_dqn.probing import Values, found, known, led_to

TEMPERATURE = 0.2


def soft_policy(values: Values, place: int) -> list[float]:
    weights = [math.exp(value / TEMPERATURE) for value in values[place]]
    return [weight / sum(weights) for weight in weights]


def greatest(values: Values, place: int, action: int) -> tuple[float, float]:
    return 0.0, max(values[led_to(place, action)])


def mean(values: Values, place: int, action: int) -> tuple[float, float]:
    """Of a policy that does anything."""
    return 0.0, sum(values[led_to(place, action)]) / 2


def soft(values: Values, place: int, action: int) -> tuple[float, float]:
    return 0.0, TEMPERATURE * math.log(sum(math.exp(value / TEMPERATURE) for value in values[led_to(place, action)]))


def munchausen(values: Values, place: int, action: int) -> tuple[float, float]:
    bonus = 0.9 * max(TEMPERATURE * math.log(soft_policy(values, place)[action]), -0.5)
    return bonus, soft(values, place, action)[1]


CASES: dict[str, tuple[Any, Any]] = {
    "averaged": (parts.AveragedBootstrap(target_networks=3), greatest),
    "clipped_double": (parts.ClippedDouble(), greatest),
    "max": (parts.MaxBootstrap(), greatest),
    "expected_sarsa": (parts.ExpectedSarsa(), mean),
    "munchausen": (parts.MunchausenBootstrap(temperature=TEMPERATURE, l0=-0.5), munchausen),
    "sarsa": (parts.Sarsa(), mean),
    "soft": (parts.SoftBootstrap(temperature=TEMPERATURE), soft),
}


@pytest.mark.parametrize(
    ("name", "loop"),
    [
        ("munchausen", "stepwise"),
        pytest.param("munchausen", "compiled", marks=pytest.mark.slow),
        ("sarsa", "stepwise"),
        ("sarsa", "compiled"),
        # Each program takes three seconds to make; what these have of their own is in those.
        pytest.param("averaged", "stepwise", marks=pytest.mark.slow),
        pytest.param("averaged", "compiled", marks=pytest.mark.slow),
        pytest.param("clipped_double", "stepwise", marks=pytest.mark.slow),
        pytest.param("clipped_double", "compiled", marks=pytest.mark.slow),
        pytest.param("expected_sarsa", "stepwise", marks=pytest.mark.slow),
        pytest.param("expected_sarsa", "compiled", marks=pytest.mark.slow),
        pytest.param("soft", "stepwise", marks=pytest.mark.slow),
        pytest.param("soft", "compiled", marks=pytest.mark.slow),
        pytest.param("max", "stepwise", marks=pytest.mark.slow),
        pytest.param("max", "compiled", marks=pytest.mark.slow),
    ],
)
def test_values_are_those_of_the_equation(name: str, loop: str) -> None:
    bootstrap, backup = CASES[name]
    np.testing.assert_allclose(found(loop, bootstrap=bootstrap), known(backup), atol=0.05)
