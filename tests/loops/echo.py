"""An agent that writes down what it is told, and a world in which that can be checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from rlkit import Act, Array, Discrete, Due, Learned, Nest, Noise, Sampling, Spaces, Tensor, Transition, component
from rlkit_dqn.buffers.uniform import UniformBuffer

ACTIONS, MOST = 3, 7


@component
class Stairs:
    """Observation: the number of the step; its reward is 10 times that and the action. 1 to 7 steps, as drawn."""

    episode_limit = None

    def spaces(self) -> Spaces:
        return Spaces(Array((1,), "float32"), Discrete(ACTIONS))

    def reset(self, noise: Noise) -> Nest:
        length = tf.cast(1 + noise.integers((), MOST), tf.int32)
        return {"count": tf.constant(0), "length": length, "cut": noise.uniform(()) < 0.5}

    def observe(self, state: Nest) -> Tensor:
        return tf.cast(state["count"], tf.float32)[None]

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        reward = tf.cast(10 * state["count"] + action, tf.float32)
        after = {**state, "count": state["count"] + 1}
        over = after["count"] >= state["length"]
        return Transition(after, reward, over & ~state["cut"], over & state["cut"])


@dataclass(frozen=True)
class Echo:
    """Stores with each step what `act` was given, its memory included; learning changes nothing."""

    sampling, due = Sampling(4), Due(10, first=4)
    buffer: Any = field(default_factory=lambda: UniformBuffer(capacity=600))

    def build(self, spaces: Spaces) -> Any:
        return EchoLearner()


class EchoLearner:
    """Its memory: steps of the episode so far, and the sum of their rewards but the last."""

    def initial_memory(self, environments):
        return {"steps": tf.zeros((environments,), tf.int32), "earned": tf.fill((environments,), -0.5)}

    def act(self, seen, memory, call, explore):
        count, earned = memory["steps"], memory["earned"] + seen.previous_reward
        told = {
            "steps": count,
            "earned": earned,
            "first": seen.first,
            "previous_action": seen.previous_action,
            "previous_reward": seen.previous_reward,
            "total": tf.fill(count.shape, call.progress.total),
        }
        chosen = tf.cast(call.noise.integers(count.shape, ACTIONS), tf.int32)
        if not explore:
            chosen = (count + 2 * seen.previous_action + tf.cast(seen.previous_reward > 15.0, tf.int32)) % ACTIONS
        return Act(chosen, {"steps": count + 1, "earned": earned}, told)

    def learn(self, sample, call):
        counts = {name: tf.cast(count, tf.float32) for name, count in call.progress._asdict().items()}
        return Learned({"loss": tf.reduce_mean(sample.weight), **counts}, sample.weight)


def greedy_return(length: int) -> float:
    """Of an episode of so many steps, in plain Python."""
    action, reward, earned = 0, 0.0, 0.0
    for count in range(length):
        action = (count + 2 * action + (reward > 15.0)) % ACTIONS
        reward = 10.0 * count + action
        earned += reward
    return earned
