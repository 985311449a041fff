"""The episode program: act, step, store; where learning is due: select, learn, update the selection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from rlkit.contracts.agent import Learner
from rlkit.contracts.data import Progress
from rlkit.contracts.tensor import Tensor, Variable
from rlkit.loops.compiled.joined_variables import JoinedVariables
from rlkit.loops.compiled.learning import ENOUGH, Learning, Log
from rlkit.loops.compiled.returning import Plan, Returned
from rlkit.noise.in_graph import graph_noise, reset_key
from rlkit.noise.philox import stream_key
from rlkit.programs.calling import Call, compiled
from rlkit.programs.learner_program import LearnerProgram
from rlkit.programs.program import Program
from rlkit.programs.ready import MEMORY
from rlkit.programs.task import Leaves, Task
from rlkit.replay.graph_ring import GraphRing
from rlkit.replay.ring import EXTRA

CHUNK = 1000
"""Environment steps after which the program returns to the host in mid-episode, so that Ctrl-C and limits are heard."""
_FEW = 2**14
"""Weights and other variables of a learner that are handed out at every return, for the price of copying them: a call
that reads them costs more. Of larger learners they are read when they are asked for."""
_STREAMS = ("environment", "act", "select", "learn")
_NEVER = 2**62


class Carried(NamedTuple):
    """What goes from step to step beside the variables."""

    state: Leaves
    observation: Tensor
    """(1, *o)."""
    memory: Leaves
    length: Tensor
    """int64, steps of the open episode."""
    episode_return: Tensor
    """float64."""
    terminated: Tensor
    truncated: Tensor
    step: Tensor
    """int64, as in `Progress`."""
    update: Tensor
    """int64, as in `Progress`."""
    log: Log


class EpisodeProgram:
    """An episode, or a part of it, in one call; what goes on from call to call is in variables."""

    def __init__(
        self, learner: Learner, shapes: LearnerProgram, selection: Program, task: Task, capacity: int, call: Call
    ) -> None:
        self._task, self._call, self._shapes = task, call, shapes
        self._ring = GraphRing(capacity, shapes.columns)
        self._learning = Learning(learner, shapes, selection, self._ring, call)
        functions = {function.name: function for function in shapes.program.functions}
        self._act, self._report = functions["act"], functions.get("report")
        self._keys, self._plan = _int64(len(_STREAMS)), _int64(len(Plan._fields))
        self._progress = _int64(3)
        self._open: tuple[Variable, ...] = tuple(
            tf.Variable(value, trainable=False)
            for value in (
                *task.blank,
                *map(tf.constant, shapes.memory),
                tf.zeros((), tf.int64),
                tf.zeros((), tf.float64),
            )
        )
        """The open episode: state, memory, length, return so far."""
        packed = JoinedVariables(shapes.program.variables)
        self._variables = packed if packed.count <= _FEW else None
        self._run = compiled(self._episode, call)

    def start(self, seed: int) -> None:
        """Begin a run: nothing was done or stored."""
        keys = [stream_key(seed, stream) for stream in _STREAMS]
        self._keys.assign(np.array(keys, np.uint64).view(np.int64))
        self._progress.assign(np.zeros(3, np.int64))
        self._learning.announced.assign(0)
        self._open[-2].assign(0)
        self._open[-1].assign(0.0)

    def follow(self, plan: Plan) -> None:
        """Return to the host as this plan says, from now on."""
        self._plan.assign([_NEVER if number is None else number for number in plan])

    def __call__(self) -> Returned:
        """Go on until the episode ends, or the plan or `CHUNK` asks for a return."""
        counts, numbers, log, variables = self._run()
        step, update, length, terminated, truncated, sound, finite, rows = counts.numpy().tolist()
        episode_return, *reports = numbers.numpy().tolist()
        logged = rows + (not finite)
        metrics = log.numpy()[:logged] if logged else np.zeros((0, 0))
        return Returned(
            step,
            update,
            length,
            episode_return,
            bool(terminated),
            bool(truncated),
            bool(sound),
            reports,
            metrics,
            bool(finite),
            self._variables.unpacked(variables) if self._variables else None,
        )

    def _episode(self) -> tuple[Tensor, Tensor, Tensor, dict[str, Tensor]]:
        keys = dict(zip(_STREAMS, tf.unstack(self._keys), strict=True))
        step, episode, update = tf.unstack(self._progress)
        steps, updates, pause, interval = tf.unstack(self._plan)
        until = tf.minimum(tf.minimum(steps, (step // pause + 1) * pause), step + CHUNK)
        key = reset_key(keys["environment"], 0, episode)

        def goes_on(now: Carried) -> Tensor:
            learning = (now.update < updates) & (now.log.rows < ENOUGH) & now.log.finite
            return ~now.terminated & ~now.truncated & (now.step < until) & learning

        def one_step(now: Carried) -> Carried:
            progress = Progress(now.step, episode, now.update)
            chosen = self._call(
                self._act,
                observation=now.observation,
                first=tf.equal(now.length, 0)[None],
                progress=tf.stack(progress),
                **{f"{MEMORY}{place:03d}": leaf for place, leaf in enumerate(now.memory)},
                **graph_noise(self._act.noise, keys["act"], now.step),
            )
            length = now.length + 1
            state, next_observation, reward, terminated, truncated = self._task.step(
                now.state, chosen["action"][0], key, length
            )
            self._ring.store(
                now.step,
                {
                    "observation": now.observation,
                    "action": chosen["action"],
                    "reward": reward,
                    "terminated": terminated,
                    "truncated": truncated,
                    "next_observation": next_observation,
                    **{name: value for name, value in chosen.items() if name.startswith(EXTRA)},
                },
            )
            progress = progress._replace(step=now.step + 1)
            update, log = self._learning.learn(progress, length, now.log, keys=keys, updates=updates, interval=interval)
            memory = tuple(chosen[name] for name in sorted(chosen) if name.startswith(MEMORY))
            earned = now.episode_return + tf.cast(reward, tf.float64)
            return Carried(
                state, next_observation, memory, length, earned, terminated, truncated, progress.step, update, log
            )

        begin = self._opened(key, step, update)
        flat = tf.while_loop(
            lambda *flat: goes_on(_unflat(begin, flat)),
            lambda *flat: _flat(one_step(_unflat(begin, flat))),
            _flat(begin),
        )
        variables = self._variables.pack() if self._variables else {}
        return *self._closed(_unflat(begin, flat), episode), variables

    def _opened(self, key: Tensor, step: Tensor, update: Tensor) -> Carried:
        """The open episode as it was left, or the beginning of the next."""
        *leaves, length, earned = (variable.read_value() for variable in self._open)
        first, states = tf.equal(length, 0), len(self._task.blank)
        fresh = (*self._task.reset(key), *map(tf.constant, self._shapes.memory))
        leaves = [tf.where(first, new, old) for new, old in zip(fresh, leaves, strict=True)]
        state, memory = tuple(leaves[:states]), tuple(leaves[states:])
        no = tf.constant(False)
        return Carried(
            state, self._task.seen(state), memory, length, earned, no, no, step, update, self._learning.blank_log()
        )

    def _closed(self, end: Carried, episode: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Leave the episode open, or count it; what the host is told, in as few arrays as can be."""
        over = end.terminated | end.truncated
        counts = (tf.where(over, tf.zeros_like(count), count) for count in (end.length, end.episode_return))
        for variable, value in zip(self._open, (*end.state, *end.memory, *counts), strict=True):
            variable.assign(value)
        self._progress.assign(tf.stack([end.step, episode + tf.cast(over, tf.int64), end.update]))
        reports = tf.zeros((0,), tf.float32)
        if self._report is not None:
            reports = self._call(self._report, progress=tf.stack([end.step, episode, end.update]))["values"]
        sound = tf.math.is_finite(end.episode_return) & end.log.finite
        if end.observation.dtype.is_floating:
            sound &= ~tf.reduce_any(tf.math.is_nan(end.observation))
        flags = (end.terminated, end.truncated, sound, end.log.finite)
        said = [end.step, end.update, end.length, *(tf.cast(flag, tf.int64) for flag in flags), end.log.rows]
        numbers = tf.concat([end.episode_return[None], tf.cast(reports, tf.float64)], 0)
        return tf.stack(said), numbers, end.log.metrics


def _int64(count: int) -> Variable:
    return tf.Variable(tf.zeros((count,), tf.int64), trainable=False)


def _flat(carried: Carried) -> list[Tensor]:
    return [tf.convert_to_tensor(leaf) for leaf in tf.nest.flatten(carried)]


def _unflat(like: Carried, flat: Sequence[Tensor]) -> Carried:
    packed: Carried = tf.nest.pack_sequence_as(like, list(flat))
    return packed
