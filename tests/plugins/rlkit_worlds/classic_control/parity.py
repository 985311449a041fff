"""An original and its twin, stepped from the same states with the same actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import gymnasium
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.noise.philox import unit_floats, words
from rlkit.noise.traced import TracedNoise

Floats = npt.NDArray[Any]


class Steps(NamedTuple):
    """N steps."""

    states: Floats
    """(N, *s) float32, before each step."""
    actions: npt.NDArray[Any]
    after: Floats
    """(N, *s) float64, the original's state after it, as the original holds it."""
    observations: Floats
    rewards: npt.NDArray[np.float64]
    terminated: npt.NDArray[np.bool_]


def original_steps(
    id: str,
    steps: int,
    choose: Callable[[Floats, np.random.Generator], Any],
    as_twin: Callable[[Floats], Floats],
    anywhere: tuple[Any, Any],
) -> Steps:
    """Play the original, its state rounded to the twin's (`as_twin`) before each step, so that both begin alike.

    Of three episodes one has random actions and two those of `choose(state, rng)`, one of which begins anywhere in a
    box, (low, high).
    """
    original: Any = gymnasium.make(id, disable_env_checker=True).unwrapped
    rng, rows, length, episode = np.random.default_rng(0), [], 0, 0
    original.action_space.seed(0)
    original.reset(seed=0)
    for _ in range(steps):
        state = as_twin(np.asarray(original.state, np.float64))
        original.state = state.astype(np.float64)
        action = choose(state, rng) if episode % 3 else original.action_space.sample()
        observation, reward, terminated, _, _ = original.step(action)
        rows.append((state, action, np.array(original.state, np.float64), observation, reward, terminated))
        length += 1
        if terminated or length == 500:
            length, episode = 0, episode + 1
            original.reset()
            if episode % 3 == 2:
                original.state = rng.uniform(*anywhere)
    states, actions, after, observations, rewards, ended = (np.array(column) for column in zip(*rows, strict=True))
    return Steps(states, actions, after, observations, rewards.astype(np.float64), ended)


def twin_steps(twin: Any, states: Floats, actions: npt.NDArray[Any]) -> tuple[Floats, ...]:
    """(after, observations, rewards, terminated) of the twin, all steps at once, under XLA."""

    def one(inputs: tuple[tf.Tensor, tf.Tensor]) -> tuple[tf.Tensor, ...]:
        noise = TracedNoise()
        stepped = twin.step(*inputs, noise)
        assert not noise.layout.floats, "these tasks draw nothing at a step"
        return stepped.state, twin.observe(stepped.state), stepped.reward, stepped.terminated

    def every(states: tf.Tensor, actions: tf.Tensor) -> tuple[tf.Tensor, ...]:
        return tuple(tf.vectorized_map(one, (states, actions)))

    # A concrete function: TensorFlow takes tracing several in a row for a mistake.
    if np.issubdtype(actions.dtype, np.integer):
        actions = actions.astype(np.int32)
    traced = tf.function(every, jit_compile=True).get_concrete_function(tf.constant(states), tf.constant(actions))
    return tuple(part.numpy() for part in traced(tf.constant(states), tf.constant(actions)))


def twin_starts(twin: Any, count: int) -> Floats:
    """(count, *s): states at the start of episodes with keys 0, 1, …"""
    probe = TracedNoise()
    twin.reset(probe)
    asked = probe.layout.uniforms
    assert asked == len(probe.layout.floats)
    drawn = np.concatenate([unit_floats(words(key, 0, 1, asked)) for key in range(count)])
    return np.asarray(tf.vectorized_map(lambda uniforms: twin.reset(TracedNoise(uniforms)), tf.constant(drawn)))
