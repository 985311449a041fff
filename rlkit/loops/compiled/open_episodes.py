"""The episodes that are open between two calls of the episode program, in variables. B stands for environments."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from rlkit.contracts.tensor import Tensor, Variable
from rlkit.loops.compiled.carried import LAST_REWARD, Carried
from rlkit.loops.compiled.faults import mask_fault
from rlkit.loops.compiled.learning import Log
from rlkit.loops.compiled.task import Leaves, Task
from rlkit.noise.in_graph import reset_keys


class OpenEpisodes:
    """State, what came before it, memory, length and return so far of each environment's episode."""

    def __init__(self, task: Task, previous: Sequence[str], blank: Sequence[Tensor], memory: Leaves) -> None:
        """Nothing was played.

        Args:
            task: of B environments.
            previous: names of what is kept of the step before, of those in `PREVIOUS`.
            blank: (B, …) each, zeros for them.
            memory: what `act` remembers at an episode's beginning.
        """
        self._task, self._previous = task, list(previous)
        self._memory = tuple(memory)
        self._left: tuple[Variable, ...] = tuple(
            tf.Variable(value, trainable=False)
            for value in (
                *task.blank,
                *blank,
                *map(tf.constant, memory),
                tf.zeros((task.environments,), tf.int64),
                tf.zeros((task.environments,), tf.float64),
            )
        )
        self._begun: Variable = tf.Variable(tf.zeros((task.environments,), tf.int64), trainable=False)
        """By environment, the number of the episode that is open."""

    def begin(self) -> None:
        """Begin a run: each environment's first episode."""
        for variable in (*self._left[len(self._task.blank) :][: len(self._previous)], *self._left[-2:], self._begun):
            variable.assign(tf.zeros_like(variable))

    def keys(self, key: Tensor) -> Tensor:
        """Of their episodes, from that of the environment's stream (graph code)."""
        return reset_keys(key, self._begun.read_value())

    def opened(self, own_keys: Tensor, step: Tensor, update: Tensor, log: Log) -> Carried:
        """As they were left; where one has ended, the beginning of the next (graph code)."""
        *leaves, length, earned = (variable.read_value() for variable in self._left)
        states, previous = len(self._task.blank), len(self._previous)
        nothing = [
            leaf if name == LAST_REWARD else tf.zeros_like(leaf)
            for name, leaf in zip(self._previous, leaves[states : states + previous], strict=True)
        ]
        fresh = (*self._task.reset(own_keys).state, *nothing, *map(tf.constant, self._memory))
        first = tf.equal(length, 0)
        leaves = [by_environment(first, new, old) for new, old in zip(fresh, leaves, strict=True)]
        moment, none = self._task.seen(tuple(leaves[:states])), tf.zeros_like(first)
        before, memory = tuple(leaves[states : states + previous]), tuple(leaves[states + previous :])
        fault, action = mask_fault(moment.allowed, none), tf.zeros_like(length)
        return Carried(moment, before, memory, length, earned, none, none, step, update, fault, action, log)

    def leave(self, end: Carried) -> tuple[Tensor, Tensor]:
        """Leave them open, or count those that are over (graph code).

        Returns:
            (B,) int64 each: the numbers of the episodes that `end` is of, and 1 for those that are over.
        """
        over, begun = end.terminated | end.truncated, self._begun.read_value()
        counts = (tf.where(over, tf.zeros_like(count), count) for count in (end.length, end.episode_return))
        for variable, value in zip(self._left, (*end.moment.state, *end.previous, *end.memory, *counts), strict=True):
            variable.assign(value)
        ended = tf.cast(over, tf.int64)
        self._begun.assign(begun + ended)
        return begun, ended


def by_environment(chosen: Tensor, new: Tensor, old: Tensor) -> Tensor:
    """`new` where `chosen` (B,) says so, else `old`: (B, …)."""
    return tf.where(tf.reshape(chosen, (-1, *[1] * (len(new.shape) - 1))), new, old)
