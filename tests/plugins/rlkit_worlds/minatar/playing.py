"""Whole episodes under random play, of the package's games and of their twins."""

from __future__ import annotations

import warnings

import gymnasium
import numpy as np
import tensorflow as tf
from minatar.gym import register_envs

from rlkit.noise.traced import TracedNoise


def original(identity: str) -> gymnasium.Env:
    """The package's environment, checked by nobody."""
    if identity not in gymnasium.registry:
        register_envs()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*out of date", DeprecationWarning)
        return gymnasium.make(identity, disable_env_checker=True)


def originals(identity: str, episodes: int, seed: int) -> np.ndarray:
    """(episodes, 2): return and length of episodes of the package's game, each of an environment that was new."""
    random, outcomes = np.random.default_rng(seed), []
    for episode in range(episodes):
        environment = original(identity).unwrapped
        environment.reset(seed=seed * episodes + episode)
        rewards, terminated = [], False
        while not terminated:
            _, reward, terminated, _, _ = environment.step(random.integers(environment.action_space.n))
            rewards.append(reward)
        outcomes.append((sum(rewards), len(rewards)))
    return np.array(outcomes)


def twins(environment, episodes: int, seed: int, chunk: int = 50_000) -> np.ndarray:
    """(episodes, 2): return and length of the first episodes of the twin, compiled."""
    layouts = []
    for call in (environment.reset, lambda noise: environment.step(environment.reset(TracedNoise()), 0, noise)):
        noise = TracedNoise()
        call(noise)
        layouts.append(noise.layout)
    actions, random = environment.spaces().action.n, np.random.default_rng(seed)

    def step(carried, row):
        action, reset_drawn, drawn = row
        taken = environment.step(carried[0], action, TracedNoise(*drawn))
        begun = environment.reset(TracedNoise(*reset_drawn))
        state = tf.nest.map_structure(lambda new, old: tf.where(taken.terminated, new, old), begun, taken.state)
        return state, taken.reward, taken.terminated

    @tf.function(jit_compile=True, autograph=False)
    def run(state, rows):
        return tf.scan(step, rows, (state, tf.constant(0.0), tf.constant(False)))

    def drawn(layout):
        uniforms = random.integers(2**24, size=(chunk, layout.uniforms)) * 2.0**-24
        return tf.constant(uniforms, tf.float32), tf.constant(random.integers(2**32, size=(chunk, layout.integers)))

    state, rewards, ends = environment.reset(TracedNoise()), [], []
    while np.sum(ends) < episodes:
        rows = tf.constant(random.integers(actions, size=chunk), tf.int32), *map(drawn, layouts)
        states, reward, terminated = run(state, rows)
        state = tf.nest.map_structure(lambda x: x[-1], states)
        rewards.append(reward.numpy())
        ends.append(terminated.numpy())
    last = np.flatnonzero(np.concatenate(ends))[:episodes]
    total = np.cumsum(np.concatenate(rewards, dtype=float))[last]
    return np.stack([np.diff(total, prepend=0), np.diff(last, prepend=-1)], 1)
