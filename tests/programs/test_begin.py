"""What runs once before the first step: of components in a learner, then its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit import Array, Call, Discrete, Spaces, component
from rlkit.programs.making import make
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.networks.mlp import MLP
from tests.unverified import unverified


@component
class DrawnRate:
    """A target update whose share is drawn at the start."""

    def build(self, spaces: Spaces) -> Working:
        return Working()


class Working:
    def __init__(self) -> None:
        self.share = tf.Variable(0.0, trainable=False)

    def begin(self, call: Call) -> None:
        self.share.assign(0.5 + 0.25 * call.noise.uniform(()))

    def update(self, target: list[Any], online: list[Any], call: Call) -> None:
        for variable, value in zip(target, online, strict=True):
            variable.assign(variable + self.share * (value - variable))


def begun(seed: int) -> dict[str, Any]:
    agent = DQN(batch_size=4, network=MLP(hidden=(3,)), target_update=DrawnRate())
    spaces = Spaces(Array((2,), "float32"), Discrete(2))
    ready = make(agent, agent.buffer, spaces, seed, debug=True, verify=unverified)
    return dict(ready.acting.backend.read())


def test_a_component_in_the_learner_draws_its_start_from_the_runs_seed() -> None:
    first, again, other = (float(begun(seed)["learner.target_update.share"]) for seed in (1, 1, 2))
    assert 0.5 <= first < 0.75
    assert first == again != other


def test_the_learners_own_comes_as_well() -> None:
    values = begun(3)
    online = [value for name, value in values.items() if name.startswith("learner.online.")]
    target = [value for name, value in values.items() if name.startswith("learner.target.")]
    assert len(online) == 4
    assert all(np.array_equal(a, b) for a, b in zip(online, target, strict=True))
