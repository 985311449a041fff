"""Does an agent find the action values that are known?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from rlkit.contracts.agent import Agent
from rlkit.contracts.tensor import Tensor
from rlkit.testing.training import learner_of, prepare, train
from rlkit.testing.verdict import demand
from rlkit.testing.worlds.probe_world import ProbeWorld


def check_known_values(
    agent: Agent,
    world: ProbeWorld,
    q_values: Callable[[Any, Tensor], Tensor],
    *,
    gamma: float,
    steps: int,
    tolerance: float,
    seed: int = 0,
) -> None:
    """Train an agent in a probe world, and compare its action values with the known ones.

    Args:
        agent: small and quick: a network of a few units, a high learning rate, much exploration.
        world: see `rlkit.testing.worlds`.
        q_values: reads the values out of the working agent: (learner, observations (N, *o)) to (N, actions).
        gamma: the agent's discount.
        steps: environment steps of training.
        tolerance: how far a value may be off, absolutely.
        seed: of the run.

    Raises:
        ContractBroken: for the value that is furthest off.
    """
    __tracebackhide__ = True
    # Not built a second time to be verified: its conformance suite does so.
    prepared = prepare(agent, world, seed=seed, verify=lambda again: None)
    train(prepared, world, steps=steps)
    known = world.known_values(gamma)
    found = np.asarray(q_values(learner_of(prepared), tf.constant(known.observations)), np.float64)
    off = np.abs(found - known.values)
    row, action = np.unravel_index(np.argmax(off), off.shape)
    demand(
        off[row, action] <= tolerance,
        f"{type(agent).__name__} in {type(world).__name__}",
        f"Q = {known.values[row, action]:.4g} ± {tolerance:g} for action {action} at "
        f"{known.observations[row].tolist()} after {steps} steps",
        f"{found[row, action]:.4g}",
    )
