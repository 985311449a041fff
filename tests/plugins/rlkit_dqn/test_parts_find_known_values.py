"""Each part alone finds the known action values of a small world, in both loops; bootstraps have tests of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rlkit_dqn import Adam
from rlkit_dqn.bootstraps.double import DoubleBootstrap
from rlkit_dqn.buffers.prioritized import PrioritizedBuffer
from rlkit_dqn.heads.c51 import C51Head
from rlkit_dqn.heads.fqf import FQFHead
from rlkit_dqn.heads.iqn import IQNHead
from rlkit_dqn.heads.quantile import QuantileHead
from rlkit_dqn.heads.value import ValueHead
from rlkit_dqn.layers.noisy import NoisyLayer
from rlkit_dqn.losses.huber import Huber
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.optimizers.rmsprop import RMSprop
from rlkit_dqn.schedules.linear import Linear
from rlkit_dqn.target_updates.hard import HardUpdate
from rlkit_dqn.target_updates.soft import SoftUpdate
from tests.plugins.rlkit_dqn.probing import Values, found, known, led_to


def greatest(values: Values, place: int, action: int) -> tuple[float, float]:
    return 0.0, values[led_to(place, action)].max()


def after_three_steps(values: Values, place: int, action: int) -> tuple[float, float]:
    """What follows is two steps of the behaviour, which is random, before it is the greatest value."""
    return 0.0, behaved(values, led_to(place, action), 2)


def behaved(values: Values, place: int, steps: int) -> float:
    if not steps:
        return float(values[place].max())
    total = 0.0
    for action in (0, 1):
        to = place + (1 if action else -1)
        reward = 0.1 if to < 0 else 1.0 if to == len(values) else 0.0
        total += reward + (0.8 * behaved(values, led_to(place, action), steps - 1) if to < len(values) else 0.0)
    return total / 2


ANNEALED = Linear(start=0.005, end=0.0001, over=6000, by="update")
SLOWLY: dict[str, Any] = {"steps": 6000, "optimizer": Adam(learning_rate=ANNEALED)}
WIDE = MLP(hidden=(64,))
"""Of few units, some fractions' embeddings have none that is alive."""
PARTS: dict[str, tuple[dict[str, Any], float]] = {
    "plain": ({}, 0.03),
    "double": ({"bootstrap": DoubleBootstrap()}, 0.03),
    "dueling": ({"head": ValueHead(dueling=True), **SLOWLY}, 0.03),
    "prioritized": ({"buffer": PrioritizedBuffer(capacity=2000)}, 0.03),
    "huber": ({"loss": Huber()}, 0.03),
    "rmsprop": ({"optimizer": RMSprop(learning_rate=0.01)}, 0.05),
    "soft target": ({"target_update": SoftUpdate(tau=0.1), "steps": 3000}, 0.03),
    "hard target": ({"target_update": HardUpdate(every=20), "steps": 3000}, 0.03),
    "noisy": ({"head": ValueHead(layer=NoisyLayer(sigma=0.1)), **SLOWLY}, 0.05),
    "c51": ({"head": C51Head(low=0.0, high=2.0, atoms=21)}, 0.06),
    "c51, dueling": ({"head": C51Head(low=0.0, high=2.0, atoms=21, dueling=True)}, 0.06),
    "quantile": ({"head": QuantileHead(quantiles=8, kappa=0.1), **SLOWLY}, 0.05),
    "iqn": ({"head": IQNHead(fractions=8), "network": WIDE, **SLOWLY}, 0.05),
    "fqf": ({"head": FQFHead(fractions=8), "network": WIDE, **SLOWLY}, 0.05),
}
DEAR = pytest.mark.slow


@pytest.mark.parametrize("loop", ["stepwise", "compiled"])
@pytest.mark.parametrize("part", [pytest.param(name, marks=[] if name == "plain" else [DEAR]) for name in PARTS])
def test_a_part_alone_finds_the_known_values(part: str, loop: str) -> None:
    parts, within = PARTS[part]
    np.testing.assert_allclose(found(loop, **parts), known(greatest), atol=within)


@pytest.mark.slow
@pytest.mark.parametrize("loop", ["stepwise", "compiled"])
def test_three_steps_find_the_values_of_what_was_done_for_two_of_them(loop: str) -> None:
    values = found(loop, n_step=3, **SLOWLY)
    np.testing.assert_allclose(values, known(after_three_steps), atol=0.08)
