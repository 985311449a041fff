"""The episode program: act, step, store; where learning is due: select, learn, update the selection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from rlkit.contracts.data import Progress
from rlkit.contracts.tensor import Tensor, Variable
from rlkit.loops.compiled.faults import FINE, fault_of, mask_fault, number_of
from rlkit.loops.compiled.joined_variables import JoinedVariables
from rlkit.loops.compiled.learning import ENOUGH, Learning, Log
from rlkit.loops.compiled.returning import Plan, Returned
from rlkit.loops.compiled.task import Leaves, Moment, Task
from rlkit.noise.in_graph import graph_noise, reset_key
from rlkit.noise.philox import stream_key
from rlkit.programs.calling import Call, compiled, reads
from rlkit.programs.learner_program import LearnerProgram
from rlkit.programs.ready import MEMORY, ReadyPrograms
from rlkit.replay.columns import ALLOWED, EXTRA, MASKS
from rlkit.replay.graph_ring import GraphRing

CHUNK = 1000
"""Environment steps after which the program returns to the host in mid-episode, so that Ctrl-C and limits are heard."""
_FEW = 2**14
"""Weights and other variables of a learner that are handed out at every return, for the price of copying them: a call
that reads them costs more. Of larger learners they are read when they are asked for."""
_STREAMS = ("environment", "act", "added", "select", "learn", "update", "draw")
LAST_REWARD = "last_reward"
PREVIOUS = ("previous_action", LAST_REWARD)
"""Fields of a `Seen` that are carried from step to step where they are read."""
_NEVER = 2**62


class Carried(NamedTuple):
    """What goes from step to step beside the variables."""

    moment: Moment
    previous: Leaves
    """Action (1, *a) and reward (1,) of the step before, if `act` reads them."""
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
    fault: Tensor
    """int64: `FINE`, or what went wrong with the last step."""
    action: Tensor
    """int64: that step's action, if it is discrete."""
    log: Log


class EpisodeProgram:
    """An episode, or a part of it, in one call; what goes on from call to call is in variables."""

    def __init__(self, ready: ReadyPrograms, shapes: LearnerProgram, task: Task, call: Call) -> None:
        self._task, self._call, self._shapes, self._spaces = task, call, shapes, ready.spaces
        self._ring = GraphRing(ready.storage.capacity, shapes.columns)
        self._learning = Learning(ready, self._ring, call)
        act, self._report = shapes.program.function("act"), shapes.program.function("report")
        assert act is not None
        self._act = act
        self._keys, self._plan = _int64(len(_STREAMS)), _int64(len(Plan._fields))
        self._progress = _int64(4)
        self._previous = [name for name in PREVIOUS if reads(act, name)]
        specs = act.specs()
        previous = [tf.zeros(specs[name].shape, specs[name].dtype) for name in self._previous]
        self._open: tuple[Variable, ...] = tuple(
            tf.Variable(value, trainable=False)
            for value in (
                *task.blank,
                *previous,
                *map(tf.constant, shapes.memory),
                tf.zeros((), tf.int64),
                tf.zeros((), tf.float64),
            )
        )
        """The open episode: state, what came before it, memory, length, return so far."""
        packed = JoinedVariables(shapes.program.variables)
        self._variables = packed if packed.count <= _FEW else None
        self._run = compiled(self._episode, call)

    def start(self, seed: int, total: int) -> None:
        """Begin a run: nothing was done or stored. `total` is that of `Progress`."""
        keys = [stream_key(seed, stream) for stream in _STREAMS]
        self._keys.assign(np.array(keys, np.uint64).view(np.int64))
        self._progress.assign(np.array((0, 0, 0, total), np.int64))
        self._learning.begin()
        for variable in self._open[len(self._task.blank) :][: len(self._previous)]:
            variable.assign(tf.zeros_like(variable))
        self._open[-2].assign(0)
        self._open[-1].assign(0.0)

    def follow(self, plan: Plan) -> None:
        """Return to the host as this plan says, from now on."""
        self._plan.assign([_NEVER if number is None else number for number in plan])

    def __call__(self) -> Returned:
        """Go on until the episode ends, or the plan or `CHUNK` asks for a return."""
        counts, numbers, log, variables = self._run()
        step, update, length, terminated, truncated, sound, finite, fault, action, rows = counts.numpy().tolist()
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
            fault,
            action,
            self._variables.unpacked(variables) if self._variables else None,
        )

    def _episode(self) -> tuple[Tensor, Tensor, Tensor, dict[str, Tensor]]:
        keys = dict(zip(_STREAMS, tf.unstack(self._keys), strict=True))
        step, episode, update, total = tf.unstack(self._progress)
        steps, updates, pause, interval = tf.unstack(self._plan)
        until = tf.minimum(tf.minimum(steps, (step // pause + 1) * pause), step + CHUNK)
        key = reset_key(keys["environment"], 0, episode)

        def goes_on(now: Carried) -> Tensor:
            learning = (now.update < updates) & (now.log.rows < ENOUGH) & now.log.finite & tf.equal(now.log.fault, FINE)
            return ~now.terminated & ~now.truncated & (now.step < until) & learning & tf.equal(now.fault, FINE)

        def one_step(now: Carried) -> Carried:
            progress = Progress(now.step, episode, now.update, total)
            chosen = self._call(
                self._act,
                **self._seen(now),
                progress=tf.stack(progress),
                **graph_noise(self._act.noise, keys["act"], now.step),
            )
            action, length = chosen["action"], now.length + 1
            after, reward, terminated, truncated = self._task.step(now.moment.state, action[0], key, length)
            masks = zip(MASKS, (*now.moment.allowed, *after.allowed), strict=False)
            self._ring.store(
                now.step,
                {
                    "observation": now.moment.observation,
                    "action": action,
                    "reward": reward,
                    "terminated": terminated,
                    "truncated": truncated,
                    "next_observation": after.observation,
                    **{name: mask | terminated if name != ALLOWED else mask for name, mask in masks},
                    **{name: value for name, value in chosen.items() if name.startswith(EXTRA)},
                },
            )
            progress = progress._replace(step=now.step + 1)
            update, log = self._learning.learn(
                progress, length, terminated | truncated, now.log, keys=keys, updates=updates, interval=interval
            )
            before = {"previous_action": action, LAST_REWARD: reward[None]}
            return Carried(
                after,
                tuple(before[name] for name in self._previous),
                tuple(chosen[name] for name in sorted(chosen) if name.startswith(MEMORY)),
                length,
                now.episode_return + tf.cast(reward, tf.float64),
                terminated,
                truncated,
                progress.step,
                update,
                fault_of(action, now.moment.allowed, self._spaces.action, after.allowed, terminated),
                number_of(action, self._spaces.action),
                log,
            )

        begin = self._opened(key, step, update)
        flat = tf.while_loop(
            lambda *flat: goes_on(_unflat(begin, flat)),
            lambda *flat: _flat(one_step(_unflat(begin, flat))),
            _flat(begin),
        )
        variables = self._variables.pack() if self._variables else {}
        return *self._closed(_unflat(begin, flat), episode, total), variables

    def _seen(self, now: Carried) -> dict[str, Tensor]:
        """The inputs of `act`, noise and progress left out; what it does not read is zero."""
        unread = {spec.name: tf.zeros(spec.shape, spec.dtype) for spec in self._act.inputs if spec.name in PREVIOUS}
        return {
            "observation": now.moment.observation,
            "first": tf.equal(now.length, 0)[None],
            **unread,
            **dict(zip(self._previous, now.previous, strict=True)),
            **dict(zip((ALLOWED,), now.moment.allowed, strict=False)),
            **{f"{MEMORY}{place:03d}": leaf for place, leaf in enumerate(now.memory)},
        }

    def _opened(self, key: Tensor, step: Tensor, update: Tensor) -> Carried:
        """The open episode as it was left, or the beginning of the next."""
        *leaves, length, earned = (variable.read_value() for variable in self._open)
        states, previous = len(self._task.blank), len(self._previous)
        nothing = [
            leaf if name == LAST_REWARD else tf.zeros_like(leaf)
            for name, leaf in zip(self._previous, leaves[states : states + previous], strict=True)
        ]
        fresh = (*self._task.reset(key).state, *nothing, *map(tf.constant, self._shapes.memory))
        first = tf.equal(length, 0)
        leaves = [tf.where(first, new, old) for new, old in zip(fresh, leaves, strict=True)]
        moment, no, zero = self._task.seen(tuple(leaves[:states])), tf.constant(False), tf.zeros((), tf.int64)
        before, memory = tuple(leaves[states : states + previous]), tuple(leaves[states + previous :])
        log = self._learning.blank_log()
        return Carried(
            moment, before, memory, length, earned, no, no, step, update, mask_fault(moment.allowed, no), zero, log
        )

    def _closed(self, end: Carried, episode: Tensor, total: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Leave the episode open, or count it; what the host is told, in as few arrays as can be."""
        over = end.terminated | end.truncated
        counts = (tf.where(over, tf.zeros_like(count), count) for count in (end.length, end.episode_return))
        for variable, value in zip(self._open, (*end.moment.state, *end.previous, *end.memory, *counts), strict=True):
            variable.assign(value)
        self._progress.assign(tf.stack([end.step, episode + tf.cast(over, tf.int64), end.update, total]))
        reports = tf.zeros((0,), tf.float32)
        if self._report is not None:
            reports = self._call(self._report, progress=tf.stack([end.step, episode, end.update, total]))["values"]
        sound = tf.math.is_finite(end.episode_return)
        if end.moment.observation.dtype.is_floating:
            sound &= tf.reduce_all(tf.math.is_finite(end.moment.observation))
        flags = (end.terminated, end.truncated, sound, end.log.finite)
        counted = [tf.cast(flag, tf.int64) for flag in flags]
        said = [
            end.step,
            end.update,
            end.length,
            *counted,
            tf.maximum(end.log.fault, end.fault),
            end.action,
            end.log.rows,
        ]
        numbers = tf.concat([end.episode_return[None], tf.cast(reports, tf.float64)], 0)
        return tf.stack(said), numbers, end.log.metrics


def _int64(count: int) -> Variable:
    return tf.Variable(tf.zeros((count,), tf.int64), trainable=False)


def _flat(carried: Carried) -> list[Tensor]:
    return [tf.convert_to_tensor(leaf) for leaf in tf.nest.flatten(carried)]


def _unflat(like: Carried, flat: Sequence[Tensor]) -> Carried:
    packed: Carried = tf.nest.pack_sequence_as(like, list(flat))
    return packed
