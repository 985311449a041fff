"""Agents that learn from rollouts, as third parties write them, and worlds for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np
import tensorflow as tf

from rlkit import (
    Act,
    Array,
    Discrete,
    Due,
    Learned,
    Nest,
    Noise,
    Sampling,
    Spaces,
    Tensor,
    Transition,
    component,
    greedy,
)

CALLS = 60
"""Rollouts that `Watching` has room for."""


class Clock(gymnasium.Env[Any, Any]):
    """Observation (time over all episodes, number of the environment); 1 to 6 steps an episode, every other one cut."""

    observation_space = gymnasium.spaces.Box(0, np.inf, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self, number: int) -> None:
        self.number, self.time, self.left, self.episode = number, 0, 0, 0

    def reset(self, **_: Any) -> Any:
        self.episode += 1
        self.left = 1 + (3 * self.number + 5 * self.episode) % 6
        return self.observe(), {}

    def step(self, action: Any) -> Any:
        self.time, self.left = self.time + 1, self.left - 1
        over, cut = self.left == 0, self.episode % 2 == 0
        return self.observe(), float(self.time), over and not cut, over and cut, {}

    def observe(self) -> Any:
        return np.array([self.time, self.number], np.float32)


@dataclass(frozen=True)
class Watching:
    """Keeps the rollouts that it was handed, in their order."""

    length: int = 5
    every: int = 5

    @property
    def sampling(self) -> Sampling:
        return Sampling.rollout(self.length)

    @property
    def due(self) -> Due:
        return Due(self.every, clock="time")

    def build(self, spaces: Spaces) -> Any:
        return _WatchingLearner(self, spaces)


class _WatchingLearner:
    def __init__(self, agent, spaces):
        self.rollouts = tf.Variable(tf.zeros((CALLS, spaces.environments, agent.length, 4)), trainable=False)

    def initial_memory(self, environments):
        return ()

    def act(self, seen, memory, call, explore):
        return Act(tf.zeros(seen.first.shape, tf.int32), memory, {})

    def learn(self, sample, call):
        steps = sample.steps
        over = tf.cast(steps.terminated | steps.truncated, tf.float32)
        valid = tf.cast(sample.valid, tf.float32)
        told = tf.concat([steps.observation, tf.stack([over, valid], -1)], -1)
        place = tf.reshape(call.progress.update, (1, 1))
        self.rollouts.assign(tf.tensor_scatter_nd_update(self.rollouts, place, told[None]))
        return Learned({"loss": tf.reduce_mean(valid)}, sample.weight)


PLACES = 7


@component
class Row:
    """Seven places; the walk begins in the middle, 1 lies at the right end and −1 at the left; 20 steps at most."""

    episode_limit = 20

    def spaces(self) -> Spaces:
        return Spaces(Array((PLACES,), "float32", 0.0, 1.0), Discrete(2))

    def reset(self, noise: Noise) -> Nest:
        return tf.constant(PLACES // 2)

    def observe(self, state: Nest) -> Tensor:
        return tf.one_hot(state, PLACES)

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        after = tf.clip_by_value(state + 2 * action - 1, 0, PLACES - 1)
        right, left = tf.equal(after, PLACES - 1), tf.equal(after, 0)
        return Transition(after, tf.cast(right, tf.float32) - tf.cast(left, tf.float32), right | left)


@dataclass(frozen=True)
class Reinforce:
    """A policy and a value for each place, in tables; returns of a rollout, bootstrapped at its end."""

    length: int = 16
    rate: float = 0.1
    gamma: float = 0.9

    @property
    def sampling(self) -> Sampling:
        return Sampling.rollout(self.length)

    @property
    def due(self) -> Due:
        return Due(self.length, clock="time")

    def build(self, spaces: Spaces) -> Any:
        return _ReinforceLearner(self)


class _ReinforceLearner:
    def __init__(self, agent):
        self.agent = agent
        self.preferences = tf.Variable(tf.zeros((PLACES, 2)))
        self.values = tf.Variable(tf.zeros((PLACES,)))

    def initial_memory(self, environments):
        return ()

    def act(self, seen, memory, call, explore):
        logits = seen.observation @ self.preferences
        if explore:
            logits += call.noise.gumbel(logits.shape)
        return Act(greedy(logits, seen.allowed), memory, {})

    def learn(self, sample, call):
        steps = sample.steps
        ahead = tf.linalg.matvec(steps.next_observation, self.values) * (1.0 - tf.cast(steps.terminated, tf.float32))
        over = steps.terminated | steps.truncated
        goal, goals = ahead[:, -1], []
        for time in reversed(range(self.agent.length)):
            goal = steps.reward[:, time] + self.agent.gamma * tf.where(over[:, time], ahead[:, time], goal)
            goals.append(goal)
        advantage = tf.stack(goals[::-1], 1) - tf.linalg.matvec(steps.observation, self.values)
        surprise = tf.one_hot(steps.action, 2) - tf.nn.softmax(steps.observation @ self.preferences)
        self.preferences.assign_add(
            self.agent.rate * tf.einsum("etp,eta,et->pa", steps.observation, surprise, advantage)
        )
        self.values.assign_add(self.agent.rate * tf.einsum("etp,et->p", steps.observation, advantage) / 8.0)
        return Learned({"loss": tf.reduce_mean(advantage**2)}, tf.reduce_mean(tf.abs(advantage), 1))
