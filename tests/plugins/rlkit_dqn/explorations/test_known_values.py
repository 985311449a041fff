"""Explorations that remember, in both loops: an agent that acts by them finds the values of the best policy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rlkit_dqn as parts
from rlkit.programs.verifying.when import always
from tests.plugins.rlkit_dqn.probing import found, known, led_to
from tests.unverified import unverified

CASES: dict[str, Any] = {
    "vdbe": parts.VDBE(sigma=0.2, delta=0.1),
    "vdbe in cells": parts.VDBE(sigma=0.2, bits=4),
    "count_ucb": parts.CountUCB(c=0.5, bits=4),
}


@pytest.mark.parametrize(
    ("name", "loop"),
    [
        ("vdbe", "compiled"),
        ("count_ucb", "stepwise"),
        pytest.param("count_ucb", "compiled", marks=pytest.mark.slow),
        pytest.param("vdbe", "stepwise", marks=pytest.mark.slow),
        pytest.param("vdbe in cells", "stepwise", marks=pytest.mark.slow),
        pytest.param("vdbe in cells", "compiled", marks=pytest.mark.slow),
    ],
)
def test_the_best_policy_s_values_are_found(name: str, loop: str) -> None:
    """Built and traced a second time, too: what `begin` draws must not count as a difference."""
    best = known(lambda values, place, action: (0.0, max(values[led_to(place, action)])))
    verify = always if name == "count_ucb" else unverified
    np.testing.assert_allclose(found(loop, verify=verify, exploration=CASES[name]), best, atol=0.05)
