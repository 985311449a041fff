"""The greedy program: an episode of evaluation in one call; nothing is stored or learned."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from rlkit.contracts.tensor import Tensor
from rlkit.loops.compiled.episode import CHUNK
from rlkit.loops.evaluating import Evaluated
from rlkit.noise.in_graph import graph_noise, reset_key
from rlkit.noise.philox import stream_key
from rlkit.programs.calling import Call, compiled
from rlkit.programs.learner_program import LearnerProgram
from rlkit.programs.ready import MEMORY
from rlkit.programs.task import Leaves, Task

STREAM = "evaluation"
"""Of environments and of the agent's noise alike, as in `rlkit.loops.evaluating`."""


class _Playing(NamedTuple):
    """What goes from step to step."""

    state: Leaves
    memory: Leaves
    length: Tensor
    episode_return: Tensor
    over: Tensor
    steps: Tensor
    """int64, of all episodes so far: numbers the calls of `act_greedy`."""


class GreedyProgram:
    """Greedy episodes with the weights as they are; in pieces of `CHUNK` steps, so that Ctrl-C is heard."""

    def __init__(self, shapes: LearnerProgram, task: Task, call: Call) -> None:
        functions = {function.name: function for function in shapes.program.functions}
        self._act, self._shapes, self._task, self._call = functions["act_greedy"], shapes, task, call
        self._run = compiled(self._piece, call)

    def evaluate(self, seed: int, episodes: int, progress: tuple[int, int, int]) -> Evaluated:
        """So many episodes; the same starts and random numbers whenever it is called with one seed.

        `progress` is what training had completed: components may look at it.
        """
        key = tf.constant(np.array(stream_key(seed, STREAM), np.uint64).view(np.int64))
        now, steps = tf.constant(progress, tf.int64), tf.zeros((), tf.int64)
        returns, lengths = [], []
        for episode in range(episodes):
            memory = tuple(map(tf.constant, self._shapes.greedy_memory))
            blank = (tf.zeros((), tf.int64), tf.zeros((), tf.float64), tf.constant(False))
            playing = _Playing(self._task.blank, memory, *blank, steps)
            while not playing.over.numpy():
                playing = self._run(key, now, tf.constant(episode, tf.int64), playing)
            steps = playing.steps
            returns.append(float(playing.episode_return.numpy()))
            lengths.append(int(playing.length.numpy()))
        return Evaluated(tuple(returns), tuple(lengths))

    def _piece(self, stream: Tensor, progress: Tensor, episode: Tensor, playing: _Playing) -> _Playing:
        key = reset_key(stream, 0, episode)
        first, until = tf.equal(playing.length, 0), playing.length + CHUNK
        state = tuple(tf.where(first, new, old) for new, old in zip(self._task.reset(key), playing.state, strict=True))
        begin = playing._replace(state=state)

        def one_step(now: _Playing) -> _Playing:
            chosen = self._call(
                self._act,
                observation=self._task.seen(now.state),
                first=tf.equal(now.length, 0)[None],
                progress=progress,
                **{f"{MEMORY}{place:03d}": leaf for place, leaf in enumerate(now.memory)},
                **graph_noise(self._act.noise, stream, now.steps),
            )
            taken = self._task.step(now.state, chosen["action"][0], key, now.length + 1)
            return _Playing(
                taken.state,
                tuple(chosen[name] for name in sorted(chosen) if name.startswith(MEMORY)),
                now.length + 1,
                now.episode_return + tf.cast(taken.reward, tf.float64),
                taken.terminated | taken.truncated,
                now.steps + 1,
            )

        end: _Playing
        (end,) = tf.while_loop(lambda now: ~now.over & (now.length < until), lambda now: (one_step(now),), (begin,))
        return end
