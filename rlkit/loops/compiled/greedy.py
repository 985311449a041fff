"""The greedy program: an episode of evaluation in one call; nothing is stored or learned."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from rlkit.contracts.data import Progress
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Tensor
from rlkit.loops.compiled.carried import PREVIOUS
from rlkit.loops.compiled.episode import CHUNK
from rlkit.loops.compiled.faults import FINE, fault_of, mask_fault, number_of, raise_fault
from rlkit.loops.compiled.task import Leaves, Task
from rlkit.loops.evaluating import MOST_STEPS, Evaluated, EvaluationCourse
from rlkit.noise.in_graph import graph_noise, reset_keys
from rlkit.noise.philox import stream_key
from rlkit.programs.calling import Call, compiled
from rlkit.programs.ready import MEMORY, Deciders, LearnerShapes
from rlkit.replay.columns import ALLOWED

STREAM = "evaluation"
"""Of environments and of the agent's noise alike, as in `rlkit.loops.evaluating`."""


class _Playing(NamedTuple):
    """What goes from step to step."""

    state: Leaves
    previous: Leaves
    """Action (1, *a) and reward (1,) of the step before."""
    memory: Leaves
    length: Tensor
    episode_return: Tensor
    over: Tensor
    steps: Tensor
    """int64, of all episodes so far: numbers the calls of `act_greedy`."""
    fault: Tensor
    """int64, see `rlkit.loops.compiled.faults`."""
    action: Tensor
    """int64: the last action, if it is discrete."""


class GreedyProgram:
    """Greedy episodes with the weights as they are; in pieces of `CHUNK` steps, so that Ctrl-C is heard."""

    def __init__(self, spaces: Spaces, shapes: LearnerShapes, task: Task, call: Call, deciders: Deciders) -> None:
        act = shapes.program.function("act_greedy")
        assert act is not None
        self._act, self._spaces, self._shapes, self._task, self._call = act, spaces, shapes, task, call
        self._deciders = deciders
        self._run = compiled(self._piece, call)

    def evaluate(
        self,
        seed: int,
        episodes: int,
        progress: Progress,
        environment: str,
        course: EvaluationCourse | None = None,
    ) -> Evaluated:
        """So many episodes; the same starts and random numbers whenever it is called with one seed.

        `progress` is what training had completed: components may look at it. `environment` is a name for messages.
        See `rlkit.loops.evaluating` for the `course`; it is asked after each piece.

        Raises:
            ActionFailure, EnvironmentFailure: as in training.
        """
        key = tf.constant(np.array(stream_key(seed, STREAM), np.uint64).view(np.int64))
        now, zero, specs = tf.constant(progress, tf.int64), tf.zeros((), tf.int64), self._act.specs()
        previous = tuple(tf.zeros(specs[name].shape, specs[name].dtype) for name in PREVIOUS)
        memory = tuple(map(tf.constant, self._shapes.greedy_memory))
        returns: list[float] = []
        lengths: list[int] = []
        steps = zero
        course, ends = course or EvaluationCourse(), self._task.limit is not None
        most = tf.constant(tf.int64.max if ends else MOST_STEPS, tf.int64)
        course.begin(episodes)
        for episode in range(episodes):
            blank = (zero, tf.zeros((), tf.float64), tf.constant(False))
            playing = _Playing(self._task.blank, previous, memory, *blank, steps, zero, zero)
            over = cut = False
            while not over and not cut:
                playing = self._run(key, now, most, tf.constant(episode, tf.int64), playing)
                step = int(playing.length.numpy()) - 1
                fault, action = playing.fault.numpy(), playing.action.numpy()
                raise_fault(fault, action, self._spaces, environment, episode, step, self._deciders.act_greedy)
                over = bool(playing.over.numpy())
                cut = not over and not ends and step + 1 >= MOST_STEPS
                if course.follow(step + 1) and not over:
                    return Evaluated(tuple(returns), tuple(lengths), course.warnings)
            course.ended(cut=cut)
            steps = playing.steps
            returns.append(float(playing.episode_return.numpy()))
            lengths.append(int(playing.length.numpy()))
        return Evaluated(tuple(returns), tuple(lengths), course.warnings)

    def _piece(self, stream: Tensor, progress: Tensor, most: Tensor, episode: Tensor, playing: _Playing) -> _Playing:
        keys = reset_keys(stream, episode[None])
        first, until = tf.equal(playing.length, 0), tf.minimum(playing.length + CHUNK, most)
        fresh = self._task.reset(keys)
        state = tuple(tf.where(first, new, old) for new, old in zip(fresh.state, playing.state, strict=True))
        fault = tf.where(first, mask_fault(fresh.allowed, tf.constant([False]))[0], playing.fault)
        begin = playing._replace(state=state, fault=fault)

        def one_step(now: _Playing) -> _Playing:
            moment = self._task.seen(now.state)
            chosen = self._call(
                self._act,
                observation=moment.observation,
                first=tf.equal(now.length, 0)[None],
                progress=progress,
                **dict(zip(PREVIOUS, now.previous, strict=True)),
                **dict(zip((ALLOWED,), moment.allowed, strict=False)),
                **{f"{MEMORY}{place:03d}": leaf for place, leaf in enumerate(now.memory)},
                **graph_noise(self._act.noise, stream, now.steps),
            )
            action = chosen["action"]
            taken = self._task.step(now.state, action, keys, now.length[None] + 1)
            fault = fault_of(action, moment.allowed, self._spaces.action, taken.after.allowed, taken.terminated)
            return _Playing(
                taken.after.state,
                (action, taken.reward),
                tuple(chosen[name] for name in sorted(chosen) if name.startswith(MEMORY)),
                now.length + 1,
                now.episode_return + tf.cast(taken.reward[0], tf.float64),
                taken.terminated[0] | taken.truncated[0],
                now.steps + 1,
                fault[0],
                number_of(action, self._spaces.action)[0],
            )

        def goes_on(now: _Playing) -> Tensor:
            return ~now.over & (now.length < until) & tf.equal(now.fault, FINE)

        end: _Playing
        (end,) = tf.while_loop(goes_on, lambda now: (one_step(now),), (begin,))
        return end
