"""The episode program: act, step, store; where learning is due: select, learn, update the selection.

B stands for environments.
"""

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
from rlkit.noise.in_graph import graph_noise, reset_keys
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
    """Action (B, *a) and reward (B,) of the step before, if `act` reads them."""
    memory: Leaves
    length: Tensor
    """(B,) int64, steps of the open episodes."""
    episode_return: Tensor
    """(B,) float64."""
    terminated: Tensor
    """(B,) bool."""
    truncated: Tensor
    """(B,) bool."""
    step: Tensor
    """int64, as in `Progress`."""
    update: Tensor
    """int64, as in `Progress`."""
    fault: Tensor
    """(B,) int64: `FINE`, or what went wrong with the last step."""
    action: Tensor
    """(B,) int64: that step's actions, if they are discrete."""
    log: Log


class EpisodeProgram:
    """Steps of all environments, until an episode ends, in one call; what goes on from call to call is in variables."""

    def __init__(self, ready: ReadyPrograms, shapes: LearnerProgram, task: Task, call: Call) -> None:
        self._task, self._call, self._shapes, self._spaces = task, call, shapes, ready.spaces
        self._environments = task.environments
        self._ring = GraphRing(ready.storage.capacity, shapes.columns, task.environments)
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
                tf.zeros((task.environments,), tf.int64),
                tf.zeros((task.environments,), tf.float64),
            )
        )
        """The open episodes: state, what came before it, memory, length, return so far."""
        self._begun = _int64(task.environments)
        """By environment, the number of the episode that is open."""
        packed = JoinedVariables(shapes.program.variables)
        self._variables = packed if packed.count <= _FEW else None
        self._run = compiled(self._episode, call)

    def start(self, seed: int, total: int) -> None:
        """Begin a run: nothing was done or stored. `total` is that of `Progress`."""
        keys = [stream_key(seed, stream) for stream in _STREAMS]
        self._keys.assign(np.array(keys, np.uint64).view(np.int64))
        self._progress.assign(np.array((0, 0, 0, total), np.int64))
        self._learning.begin()
        for variable in (*self._open[len(self._task.blank) :][: len(self._previous)], *self._open[-2:], self._begun):
            variable.assign(tf.zeros_like(variable))

    def follow(self, plan: Plan) -> None:
        """Return to the host as this plan says, from now on."""
        self._plan.assign([_NEVER if number is None else number for number in plan])

    def __call__(self) -> Returned:
        """Go on until an episode ends, or the plan or `CHUNK` asks for a return."""
        counts, numbers, log, variables = self._run()
        environments, said, numbers = self._environments, counts.numpy(), numbers.numpy()
        step, update, finite, rows = said[:4].tolist()
        episode, length, terminated, truncated, sound, fault, action = said[4:].reshape(7, environments).tolist()
        logged = rows + (not finite)
        return Returned(
            step,
            update,
            episode,
            length,
            terminated,
            truncated,
            sound,
            fault,
            action,
            numbers[:environments].tolist(),
            numbers[environments:].reshape(environments, -1).tolist(),
            log.numpy()[:logged] if logged else np.zeros((0, 0)),
            bool(finite),
            self._variables.unpacked(variables) if self._variables else None,
        )

    def _episode(self) -> tuple[Tensor, Tensor, Tensor, dict[str, Tensor]]:
        keys = dict(zip(_STREAMS, tf.unstack(self._keys), strict=True))
        step, episode, update, total = tf.unstack(self._progress)
        steps, updates, pause, interval = tf.unstack(self._plan)
        until = tf.minimum(tf.minimum(steps, (step // pause + 1) * pause), step + CHUNK)
        own_keys = reset_keys(keys["environment"], self._begun.read_value())

        def goes_on(now: Carried) -> Tensor:
            learning = (now.update < updates) & (now.log.rows < ENOUGH) & now.log.finite & tf.equal(now.log.fault, FINE)
            stays = ~now.terminated & ~now.truncated & tf.equal(now.fault, FINE)
            return tf.reduce_all(stays) & (now.step < until) & learning

        def one_step(now: Carried) -> Carried:
            progress = Progress(now.step, episode, now.update, total)
            chosen = self._call(
                self._act,
                **self._seen(now),
                progress=tf.stack(progress),
                **graph_noise(self._act.noise, keys["act"], now.step // self._environments),
            )
            action, length = chosen["action"], now.length + 1
            after, reward, terminated, truncated = self._task.step(now.moment.state, action, own_keys, length)
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
                    **{name: mask | terminated[:, None] if name != ALLOWED else mask for name, mask in masks},
                    **{name: value for name, value in chosen.items() if name.startswith(EXTRA)},
                },
            )
            progress = progress._replace(step=now.step + self._environments)
            update, log = self._learning.learn(
                progress, length, terminated | truncated, now.log, keys=keys, updates=updates, interval=interval
            )
            before = {"previous_action": action, LAST_REWARD: reward}
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

        begin = self._opened(own_keys, step, update)
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
            "first": tf.equal(now.length, 0),
            **unread,
            **dict(zip(self._previous, now.previous, strict=True)),
            **dict(zip((ALLOWED,), now.moment.allowed, strict=False)),
            **{f"{MEMORY}{place:03d}": leaf for place, leaf in enumerate(now.memory)},
        }

    def _opened(self, own_keys: Tensor, step: Tensor, update: Tensor) -> Carried:
        """The open episodes as they were left; where one has ended, the beginning of the next."""
        *leaves, length, earned = (variable.read_value() for variable in self._open)
        states, previous = len(self._task.blank), len(self._previous)
        nothing = [
            leaf if name == LAST_REWARD else tf.zeros_like(leaf)
            for name, leaf in zip(self._previous, leaves[states : states + previous], strict=True)
        ]
        fresh = (*self._task.reset(own_keys).state, *nothing, *map(tf.constant, self._shapes.memory))
        first = tf.equal(length, 0)
        leaves = [by_environment(first, new, old) for new, old in zip(fresh, leaves, strict=True)]
        moment, none = self._task.seen(tuple(leaves[:states])), tf.zeros_like(first)
        before, memory = tuple(leaves[states : states + previous]), tuple(leaves[states + previous :])
        fault, action = mask_fault(moment.allowed, none), tf.zeros_like(length)
        log = self._learning.blank_log()
        return Carried(moment, before, memory, length, earned, none, none, step, update, fault, action, log)

    def _closed(self, end: Carried, episode: Tensor, total: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Leave episodes open, or count them; what the host is told, in as few arrays as can be."""
        over, begun = end.terminated | end.truncated, self._begun.read_value()
        counts = (tf.where(over, tf.zeros_like(count), count) for count in (end.length, end.episode_return))
        for variable, value in zip(self._open, (*end.moment.state, *end.previous, *end.memory, *counts), strict=True):
            variable.assign(value)
        ended = tf.cast(over, tf.int64)
        self._begun.assign(begun + ended)
        self._progress.assign(tf.stack([end.step, episode + tf.reduce_sum(ended), end.update, total]))
        reports = self._reported(Progress(end.step, episode, end.update, total), ended)
        sound = tf.math.is_finite(end.episode_return)
        if end.moment.observation.dtype.is_floating:
            finite = tf.math.is_finite(end.moment.observation)
            sound &= tf.reduce_all(tf.reshape(finite, (self._environments, -1)), axis=-1)
        fault = tf.maximum(end.log.fault, end.fault)
        flags = (tf.cast(flag, tf.int64) for flag in (end.terminated, end.truncated, sound))
        said = [
            tf.stack([end.step, end.update, tf.cast(end.log.finite, tf.int64), end.log.rows]),
            *(begun, end.length, *flags, fault, end.action),
        ]
        numbers = tf.concat([end.episode_return, tf.cast(tf.reshape(reports, (-1,)), tf.float64)], 0)
        return tf.concat(said, 0), numbers, end.log.metrics

    def _reported(self, progress: Progress, ended: Tensor) -> Tensor:
        """What components report of each environment's episode, if it has ended (B,): (B, reports) float32.

        As of each of them, those of environments before it counted.
        """
        report = self._report
        if report is None:
            return tf.zeros((self._environments, 0))
        if self._environments == 1:
            return self._call(report, progress=tf.stack(progress))["values"][None]
        blank = tf.zeros((self._environments, len(self._shapes.reports)))

        def one_more(count: Tensor, reports: Tensor) -> tuple[Tensor, Tensor]:
            now = tf.stack(progress._replace(episode=progress.episode + count))
            values = self._call(report, progress=now)["values"]
            return count + 1, tf.tensor_scatter_nd_update(reports, count[None, None], values[None])

        zero, over = tf.zeros((), tf.int64), tf.reduce_sum(ended)
        _, reports = tf.while_loop(lambda count, _: count < over, one_more, [zero, blank])
        return tf.gather(reports, tf.cumsum(ended, exclusive=True))


def by_environment(chosen: Tensor, new: Tensor, old: Tensor) -> Tensor:
    """`new` where `chosen` (B,) says so, else `old`: (B, …)."""
    return tf.where(tf.reshape(chosen, (-1, *[1] * (len(new.shape) - 1))), new, old)


def _int64(count: int) -> Variable:
    return tf.Variable(tf.zeros((count,), tf.int64), trainable=False)


def _flat(carried: Carried) -> list[Tensor]:
    return [tf.convert_to_tensor(leaf) for leaf in tf.nest.flatten(carried)]


def _unflat(like: Carried, flat: Sequence[Tensor]) -> Carried:
    packed: Carried = tf.nest.pack_sequence_as(like, list(flat))
    return packed
