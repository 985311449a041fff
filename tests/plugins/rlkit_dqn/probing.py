"""A small world in which every action value can be worked out, played in either loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit import Array, Discrete, Nest, Noise, Spaces, Tensor, Transition, as_gymnasium, component
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.loop import CompiledLoop
from rlkit.loops.compiled.making import make_compiled
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.making import make
from rlkit.programs.verifying.when import Verify
from rlkit.testing.training import learner_of
from rlkit.worlds.world import World
from rlkit.worlds.worlds import Worlds
from rlkit_dqn import DQN, MLP, Adam, EpsilonGreedy, NoTargetNetwork, UniformBuffer
from tests.unverified import unverified

GAMMA, PLACES = 0.8, 3
Values = npt.NDArray[np.float64]


@component
class Passage:
    """Three places in a row. Action 0 goes left, with reward 0.1 where a wall is; right of the last, the end and 1."""

    episode_limit: int | None = 50

    def spaces(self) -> Spaces:
        return Spaces(Array((PLACES,), "float32", 0.0, 1.0), Discrete(2))

    def reset(self, noise: Noise) -> Nest:
        return tf.constant(0)

    def observe(self, state: Nest) -> Tensor:
        return tf.cast(tf.equal(tf.range(PLACES), state), tf.float32)

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        to = state + 2 * action - 1
        reward = tf.where(to < 0, 0.1, tf.where(to >= PLACES, 1.0, 0.0))
        return Transition(tf.clip_by_value(to, 0, PLACES - 1), reward, to >= PLACES)


def known(backup: Callable[[Values, int, int], tuple[float, float]]) -> Values:
    """Action values (places, actions) that are those of their own backups, place by place and action by action.

    Args:
        backup: from all values, a place and an action to a bonus on the reward and, for the place that the action
            leads to, its value.
    """
    values = np.zeros((PLACES, 2))
    for _ in range(200):
        for place in range(PLACES):
            for action in (0, 1):
                to = place + (1 if action else -1)
                reward = 0.1 if to < 0 else 1.0 if to == PLACES else 0.0
                bonus, following = backup(values, place, action)
                values[place, action] = reward + bonus + (GAMMA * following if to < PLACES else 0.0)
    return values


def led_to(place: int, action: int) -> int:
    return min(max(place + (1 if action else -1), 0), PLACES - 1)


def found(loop: str, steps: int = 1200, *, verify: Verify = unverified, **parts: Any) -> Values:
    """What an agent with these parts and a table for a network finds: action values (places, actions).

    `verify` is that of `rlkit.programs.making.make`.
    """
    agent = DQN(
        **{
            "gamma": GAMMA,
            "batch_size": 32,
            "update_every": 1,
            "network": MLP(hidden=()),
            "optimizer": Adam(learning_rate=0.02),
            "buffer": UniformBuffer(capacity=2000),
            "exploration": EpsilonGreedy(start=1.0, end=1.0),
            "target_update": NoTargetNetwork(),
            **parts,
        }
    )
    spaces = Passage().spaces()
    if loop == "compiled":
        ready = make_compiled(agent, agent.buffer, Passage(), spaces, 0, verify=verify)
        playing: Any = CompiledLoop(ready, Limits(steps=steps), environment="Passage-v0", metrics_interval=100)
    else:
        ready = make(agent, agent.buffer, spaces, 0, verify=verify)
        assert ready.acting.backend.name == "litert"
        world = World(as_gymnasium(Passage()), spaces, seed=0, stream="environment", steps_per_episode=None)
        playing = StepwiseLoop(ready, Worlds([world]), Limits(steps=steps), metrics_interval=100)
    for _ in playing.train():
        pass
    learner = learner_of(ready)
    values: Values = np.asarray(learner.head.values(learner.online(tf.eye(PLACES))), np.float64)
    return values
