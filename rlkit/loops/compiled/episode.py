"""The episode program: act, step, store; where learning is due: select, learn, update the selection.

B stands for environments.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit.contracts.data import Progress
from rlkit.contracts.tensor import Tensor, Variable
from rlkit.loops.compiled.carried import LAST_REWARD, PREVIOUS, Carried, flat, unflat
from rlkit.loops.compiled.faults import FINE, fault_of, number_of
from rlkit.loops.compiled.joined_variables import JoinedVariables
from rlkit.loops.compiled.learning import ENOUGH, Learning
from rlkit.loops.compiled.open_episodes import OpenEpisodes
from rlkit.loops.compiled.reporting import reported
from rlkit.loops.compiled.returning import Plan, Returned
from rlkit.loops.compiled.saying import heard, said
from rlkit.loops.compiled.task import Task
from rlkit.noise.in_graph import graph_noise
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
_NEVER = 2**62


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
        self._open = OpenEpisodes(task, self._previous, previous, shapes.memory)
        packed = JoinedVariables(shapes.program.variables)
        self._variables = packed if packed.count <= _FEW else None
        self._run = compiled(self._episode, call)

    def start(self, seed: int, total: int) -> None:
        """Begin a run: nothing was done or stored. `total` is that of `Progress`."""
        keys = [stream_key(seed, stream) for stream in _STREAMS]
        self._keys.assign(np.array(keys, np.uint64).view(np.int64))
        self._progress.assign(np.array((0, 0, 0, total), np.int64))
        self._learning.begin()
        self._open.begin()

    def follow(self, plan: Plan) -> None:
        """Return to the host as this plan says, from now on."""
        self._plan.assign([_NEVER if number is None else number for number in plan])

    def __call__(self) -> Returned:
        """Go on until an episode ends, or the plan or `CHUNK` asks for a return."""
        counts, numbers, log, variables = self._run()
        handed_out = self._variables.unpacked(variables) if self._variables else None
        return heard(counts, numbers, log, handed_out, self._environments)

    def _episode(self) -> tuple[Tensor, Tensor, Tensor, dict[str, Tensor]]:
        keys = dict(zip(_STREAMS, tf.unstack(self._keys), strict=True))
        step, episode, update, total = tf.unstack(self._progress)
        steps, updates, pause, interval = tf.unstack(self._plan)
        until = tf.minimum(tf.minimum(steps, (step // pause + 1) * pause), step + CHUNK)
        own_keys = self._open.keys(keys["environment"])

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

        begin = self._open.opened(own_keys, step, update, self._learning.blank_log())
        end = tf.while_loop(
            lambda *leaves: goes_on(unflat(begin, leaves)),
            lambda *leaves: flat(one_step(unflat(begin, leaves))),
            flat(begin),
        )
        variables = self._variables.pack() if self._variables else {}
        return *self._closed(unflat(begin, end), episode, total), variables

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

    def _closed(self, end: Carried, episode: Tensor, total: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Leave episodes open, or count them; what the host is told."""
        begun, ended = self._open.leave(end)
        self._progress.assign(tf.stack([end.step, episode + tf.reduce_sum(ended), end.update, total]))
        now = Progress(end.step, episode, end.update, total)
        return said(end, begun, reported(self._report, self._call, now, ended, len(self._shapes.reports)))


def _int64(count: int) -> Variable:
    return tf.Variable(tf.zeros((count,), tf.int64), trainable=False)
