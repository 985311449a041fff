"""Steps of a game of the `minatar` package, with the numbers that it drew, and the same steps taken by its twin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from minatar import Environment


class RecordedRandom:
    """Stands in for a game's `numpy.random.RandomState`, and keeps what it gave since the last `forget`.

    Its floats are multiples of 2⁻²⁴, as the framework's are.
    """

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)
        self.drawn: list[Any] = []

    def forget(self) -> None:
        self.drawn = []

    def rand(self, *shape):
        return self._keep(self._generator.integers(2**24, size=shape) * 2.0**-24)

    def randint(self, low, high=None, size=None):
        low, high = (0, low) if high is None else (low, high)
        return self._keep(self._generator.integers(low, high, size=size))

    def _keep(self, value):
        self.drawn.append(value)
        return np.array(value) if np.ndim(value) else value


class ServedNoise:
    """A noise source that gives the numbers it was handed, in their order."""

    def __init__(self, uniforms, integers) -> None:
        self._uniforms, self._integers, self._served = uniforms, integers, [0, 0]

    def uniform(self, shape):
        return self._take(self._uniforms, 0, shape)

    def integers(self, shape, bound):
        return self._take(self._integers, 1, shape)

    def _take(self, source, which, shape):
        begin, count = self._served[which], int(np.prod(shape))
        self._served[which] += count
        assert self._served[which] <= source.shape[0], "the twin asked for more numbers than the translation has"
        return tf.reshape(source[begin : begin + count], shape)


class Game(NamedTuple):
    """How a game of the package and its twin say the same."""

    name: str
    twin: Any
    """The twin that has all six moves."""
    state: Callable[[Environment], Any]
    """A game's state in the twin's form."""
    drawn: Callable[[list[Any], np.random.Generator], tuple[list[float], list[int]]]
    """What one step drew after the sticky move's number, in the twin's order; others fill the places left."""
    begun: Callable[[list[Any]], list[int]] = lambda drawn: drawn
    """What an episode's start drew, in the twin's order."""
    harder: Callable[[Any], None] = lambda game: None
    """Brings a game that just began into a state that random moves seldom reach."""
    canonical: Callable[[Any], Any] = lambda state: state
    """States, stacked, in a form in which equal ones are equal arrays."""


class Steps(NamedTuple):
    before: Any
    action: np.ndarray
    uniforms: np.ndarray
    integers: np.ndarray
    after: Any
    observation: np.ndarray
    reward: np.ndarray
    terminated: np.ndarray


def recorded(game: Game, count: int, seed: int) -> Steps:
    """Steps of the package's game with random moves, each episode of one more or less given to one of them."""
    random, others = RecordedRandom(seed), np.random.default_rng(seed + 1)
    original = Environment(game.name, difficulty_ramping=game.twin.difficulty_ramping)
    original.random = original.env.random = random
    rows: list[tuple[Any, ...]] = []
    terminated = True
    while len(rows) < count:
        if terminated:
            original.reset()
            original.last_action = 0
            favour = others.dirichlet(np.ones(6))
            if others.random() < 0.5:
                game.harder(original.env)
        random.forget()
        before, action = game.state(original), int(others.choice(6, p=favour))
        reward, terminated = original.act(action)
        uniforms, integers = game.drawn(random.drawn[1:], others)
        numbers = np.array([random.drawn[0], *uniforms], np.float32), np.array(integers, np.int64)
        rows.append((before, action, *numbers, game.state(original), original.state(), reward, terminated))
    return Steps(
        *(tf.nest.map_structure(lambda *values: np.array(values), *column) for column in zip(*rows, strict=True))
    )


def replayed(game: Game, steps: Steps) -> tuple[Any, ...]:
    """(state, observation, reward, terminated) that the twin makes of each recorded step."""

    def step(row):
        before, action, uniforms, integers = row
        after = game.twin.step(before, action, ServedNoise(uniforms, integers))
        return after.state, game.twin.observe(after.state), after.reward, after.terminated

    @tf.function(jit_compile=True, autograph=False)
    def run(rows):
        kinds = tf.nest.map_structure(lambda x: tf.TensorSpec(x.shape[1:], x.dtype), rows[0])
        shape = tuple(steps.observation.shape[1:])
        outputs = kinds, tf.TensorSpec(shape, tf.bool), tf.TensorSpec((), tf.float32), tf.TensorSpec((), tf.bool)
        return tf.map_fn(step, rows, fn_output_signature=outputs)

    rows = steps.before, steps.action.astype(np.int32), steps.uniforms, steps.integers
    return tf.nest.map_structure(lambda x: x.numpy(), run(tf.nest.map_structure(tf.constant, rows)))
