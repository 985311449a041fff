"""The document's DQN as one compiled JAX program an episode: the peer of rlkit's compiled loop in `compiled.py`.

`python benchmarks/jax_dqn.py SEED` trains CartPole-v1 until the mean return of the last 50 episodes is above 225
(2,000 episodes at most). `… SEED STEPS` goes on, solved or not, to the end of the episode that reaches so many
environment steps. Prints one JSON line; `steps_per_s` leaves out imports, the call that compiles and the first 1,000
steps, and `solved` is the zero-based index of the first episode at which the criterion held, or null.

The environment, the ring and the learner are one program, made fast as rlkit's is: all parameters in one vector with
Adam on it, rows of the ring packed into one array that is updated in place, loops of at most one turn where a branch
would copy the ring, the narrow head as multiply-and-sum, an exact sample without replacement by Floyd's algorithm.
It needs JAX and NumPy alone (`pip install 'rlkit-framework[jax]'`).
"""
# ruff: noqa: E402

from __future__ import annotations

import os
import time

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_ENABLE_X64", "0")
if "XLA_FLAGS" not in os.environ:
    # Level 1 runs this program 1.11 times as fast as the default, 3, and to the same bits.
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false --xla_backend_optimization_level=1"
_IMPORTING = time.perf_counter()
import argparse
import functools
import json
import math
import resource
import sys
from typing import Any, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

IMPORT_SECONDS = time.perf_counter() - _IMPORTING

GAMMA, TAU, LEARNING_RATE = 0.95, 0.01, 0.001
BETA_1, BETA_2, ADAM_EPSILON = 0.9, 0.999, 1e-7
CAPACITY, BATCH, STEPS_PER_UPDATE, HIDDEN = 50_000, 64, 4, 64
EPISODES, STEPS_PER_EPISODE = 2000, 500
EPSILON_DECAY, EPSILON_END = 0.995, 0.1
WINDOW, THRESHOLD = 50, 225
UNTIMED_STEPS = 1000

Array: TypeAlias = Any
ROW = 4 + 4 + 3
"""Floats in a row of the ring: observation, next observation, action, reward, terminated."""
WORDS = 2 * STEPS_PER_UPDATE + BATCH
"""Random words for four steps: two for each action, one for each row of the sample."""


class Learner(NamedTuple):
    """What learning changes: vectors of all parameters, and Adam's powers of its two decay rates."""

    online: Array
    target: Array
    mean: Array
    square: Array
    powers: Array


class Clock(NamedTuple):
    """An episode in progress."""

    observation: Array
    length: Array
    over: Array


class State(NamedTuple):
    """All that lasts from one episode to the next."""

    learner: Learner
    ring: Array
    stored: Array
    epsilon: Array
    noise: Array


def layers(parameters: Array) -> tuple[Array, Array, Array, Array]:
    """The weights and biases of 4 → 64 → 2, cut from the vector of all."""
    first, bias = 4 * HIDDEN, 5 * HIDDEN
    head = bias + 2 * HIDDEN
    return (
        parameters[:first].reshape(4, HIDDEN),
        parameters[first:bias],
        parameters[bias:head].reshape(2, HIDDEN),
        parameters[head:],
    )


def q_values(parameters: Array, observation: Array) -> Array:
    """(…, 4) to (…, 2)."""
    weights, bias, head, head_bias = layers(parameters)
    hidden = jnp.maximum(observation @ weights + bias, 0.0)
    return (hidden[..., None, :] * head).sum(-1) + head_bias


def initial_parameters(seed: int) -> Any:
    """Glorot uniform weights, biases of zero, as a NumPy vector."""
    random = np.random.default_rng(seed)
    limit, head_limit = math.sqrt(6 / (4 + HIDDEN)), math.sqrt(6 / (HIDDEN + 2))
    parts = (
        random.uniform(-limit, limit, 4 * HIDDEN),
        np.zeros(HIDDEN),
        random.uniform(-head_limit, head_limit, 2 * HIDDEN),
        np.zeros(2),
    )
    return np.concatenate(parts).astype(np.float32)


def physics(state: Array, action: Array) -> tuple[Array, Array]:
    """CartPole's Euler step (Barto, Sutton and Anderson, 1983; constants of Gymnasium): next state, terminated."""
    x, x_dot, theta, theta_dot = state
    force = jnp.where(action == 1, 10.0, -10.0)
    cosine, sine = jnp.cos(theta), jnp.sin(theta)
    drive = (force + 0.05 * theta_dot * theta_dot * sine) / 1.1
    theta_acceleration = (9.8 * sine - cosine * drive) / (0.5 * (4 / 3 - 0.1 * cosine * cosine / 1.1))
    x_acceleration = drive - 0.05 * theta_acceleration * cosine / 1.1
    x, x_dot = x + 0.02 * x_dot, x_dot + 0.02 * x_acceleration
    theta, theta_dot = theta + 0.02 * theta_dot, theta_dot + 0.02 * theta_acceleration
    terminated = (jnp.abs(x) > 2.4) | (jnp.abs(theta) > 12 * 2 * math.pi / 360)
    return jnp.stack([x, x_dot, theta, theta_dot]), terminated


def unit(words: Array) -> Array:
    """Random words as floats in [0, 1) on a grid of 2⁻²⁴."""
    return (words >> 8).astype(jnp.float32) * 2.0**-24


def below(words: Array, bound: Array) -> Array:
    """Random words as integers in [0, bound), bound at most 2¹⁶: the top of a product, in two halves of 16 bits."""
    bound = bound.astype(jnp.uint32)
    low = ((words & 0xFFFF) * bound) >> 16
    return (((words >> 16) * bound + low) >> 16).astype(jnp.int32)


def distinct(words: Array, stored: Array) -> Array:
    """64 different slots below `stored`, every set as likely as any other: Floyd's algorithm, without its loop.

    Draw number i is uniform up to its own ceiling c + i, and is replaced by that ceiling if it was taken before. It was
    if an earlier draw is equal, or if it names the ceiling of an earlier draw that was itself replaced; the
    second is a chain, followed until nothing changes (hardly ever more than one turn).
    """
    turn = jnp.arange(BATCH, dtype=jnp.int32)
    ceiling = stored - BATCH + turn
    drawn = below(words, ceiling + 1)
    equal = ((drawn[:, None] == drawn[None, :]) & (turn[None, :] < turn[:, None])).any(1)
    named = drawn - (stored - BATCH)
    follows = (named >= 0) & (named < turn)

    def wider(replaced: Array) -> Array:
        return equal | (follows & replaced[jnp.clip(named, 0, BATCH - 1)])

    _, replaced = lax.while_loop(
        lambda pair: (pair[0] != pair[1]).any(), lambda pair: (pair[1], wider(pair[1])), (equal, wider(equal))
    )
    return jnp.where(replaced, ceiling, drawn)


def learn(learner: Learner, rows: Array) -> Learner:
    """A gradient step on the mean squared TD error of (64, 11) rows, then the soft update."""
    observation, next_observation = rows[:, :4], rows[:, 4:8]
    action, reward, terminated = rows[:, 8], rows[:, 9], rows[:, 10]
    goal = reward + GAMMA * (1.0 - terminated) * q_values(learner.target, next_observation).max(-1)

    def loss(online: Array) -> Array:
        q = q_values(online, observation)
        return jnp.square(goal - jnp.where(action > 0, q[:, 1], q[:, 0])).mean()

    gradient = jax.grad(loss)(learner.online)
    powers = learner.powers * jnp.array([BETA_1, BETA_2], jnp.float32)
    mean = learner.mean + (1 - BETA_1) * (gradient - learner.mean)
    square = learner.square + (1 - BETA_2) * (gradient * gradient - learner.square)
    rate = LEARNING_RATE * jnp.sqrt(1 - powers[1]) / (1 - powers[0])
    online = learner.online - rate * mean / (jnp.sqrt(square) + ADAM_EPSILON)
    return Learner(online, learner.target + TAU * (online - learner.target), mean, square, powers)


@functools.partial(jax.jit, donate_argnums=0)
def episode(state: State) -> tuple[State, Array]:
    """Play one episode, learning after every fourth step of it, the first one included; and its length."""
    noise, words = lax.rng_bit_generator(state.noise, (4,), algorithm=lax.RandomAlgorithm.RNG_PHILOX)
    clock = Clock(unit(words) * 0.1 - 0.05, jnp.int32(0), jnp.bool_(False))

    def step(online: Array, clock: Clock, ring: Array, stored: Array, words: Array) -> tuple[Clock, Array, Array]:
        greedy = q_values(online, clock.observation)
        explores = unit(words[0]) < state.epsilon
        action = jnp.where(explores, words[1] >> 31 == 1, greedy[1] > greedy[0]).astype(jnp.float32)
        after, terminated = physics(clock.observation, action)
        rest = jnp.stack([action, jnp.float32(1.0), terminated.astype(jnp.float32)])
        row = jnp.concatenate([clock.observation, after, rest])
        ring = lax.dynamic_update_slice(ring, row[None], (stored % CAPACITY, jnp.int32(0)))
        length = clock.length + 1
        return Clock(after, length, terminated | (length >= STEPS_PER_EPISODE)), ring, stored + 1

    def four_steps(carried: Any) -> Any:
        clock, learner, ring, stored, noise = carried
        noise, words = lax.rng_bit_generator(noise, (WORDS,), algorithm=lax.RandomAlgorithm.RNG_PHILOX)
        clock, ring, stored = step(learner.online, clock, ring, stored, words[:2])

        def once(turn: Any) -> Any:
            due, learner = turn
            slots = distinct(words[2 * STEPS_PER_UPDATE :], jnp.minimum(stored, CAPACITY))
            return due & False, learn(learner, ring[slots])

        _, learner = lax.while_loop(lambda turn: turn[0], once, (stored >= BATCH, learner))

        def another(turn: Any) -> Any:
            at, clock, ring, stored = turn
            drawn = lax.dynamic_slice(words, (2 * at,), (2,))
            return at + 1, *step(learner.online, clock, ring, stored, drawn)

        _, clock, ring, stored = lax.while_loop(
            lambda turn: (turn[0] < STEPS_PER_UPDATE) & ~turn[1].over, another, (jnp.int32(1), clock, ring, stored)
        )
        return clock, learner, ring, stored, noise

    clock, learner, ring, stored, noise = lax.while_loop(
        lambda carried: ~carried[0].over, four_steps, (clock, state.learner, state.ring, state.stored, noise)
    )
    epsilon = jnp.where(
        state.epsilon > EPSILON_END, jnp.maximum(state.epsilon * EPSILON_DECAY, EPSILON_END), state.epsilon
    )
    return State(learner, ring, stored, epsilon, noise), clock.length


def begin(seed: int) -> State:
    """The state of a run that has not begun."""
    parameters = jnp.asarray(initial_parameters(seed))
    nothing = np.zeros_like(parameters)
    learner = Learner(
        parameters, parameters.copy(), jnp.asarray(nothing), jnp.asarray(nothing.copy()), jnp.ones(2, jnp.float32)
    )
    key = np.random.default_rng([seed, 1]).integers(0, 2**32, 4, np.uint32)
    ring = jnp.zeros((CAPACITY, ROW), jnp.float32)
    return State(learner, ring, jnp.int32(0), jnp.float32(1.0), jnp.asarray(key))


def train(seed: int, step_limit: int | None) -> dict[str, Any]:
    """Train, and return what is printed, memory aside."""
    compiling = time.perf_counter()
    state = begin(seed)
    program = episode.lower(state).compile()
    compile_seconds = time.perf_counter() - compiling
    lengths: list[int] = []
    steps, solved = 0, None
    timed_from: tuple[int, float] | None = None
    began = time.perf_counter()
    while len(lengths) < EPISODES or step_limit is not None:
        state, length = program(state)
        lengths.append(int(length))
        steps += lengths[-1]
        if timed_from is None and steps > UNTIMED_STEPS:
            timed_from = steps, time.perf_counter()
        recent = lengths[-WINDOW:]
        if solved is None and sum(recent) > THRESHOLD * len(recent):
            solved = len(lengths) - 1
        if solved is not None if step_limit is None else steps >= step_limit:
            break
    ended = time.perf_counter()
    timed = timed_from is not None and steps > timed_from[0]
    return {
        "seed": seed,
        "import_s": round(IMPORT_SECONDS, 2),
        "compile_s": round(compile_seconds, 2),
        "steps": steps,
        "episodes": len(lengths),
        "train_s": round(ended - began, 3),
        "steps_per_s": round((steps - timed_from[0]) / (ended - timed_from[1]), 1) if timed and timed_from else None,
        "solved": solved,
        "last50": float(np.mean(lengths[-WINDOW:])),
        "versions": {"jax": jax.__version__},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the document's DQN in JAX, all compiled; print one JSON line.")
    parser.add_argument("seed", type=int)
    parser.add_argument("steps", type=int, nargs="?", help="environment steps; without it, until solved")
    parser.add_argument("--quick", action="store_true", help="5,000 steps, to see that it works")
    arguments = parser.parse_args()
    result = train(arguments.seed, 5000 if arguments.quick else arguments.steps)
    unit_of_memory = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux KiB
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit_of_memory
    print(json.dumps({**result, "ru_maxrss_mb": round(peak, 1)}))


if __name__ == "__main__":
    main()
