"""Try an experiment out without training it: build it, say what converts, take steps."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from rlkit.experiment.experiment import Experiment, Limits
from rlkit.loops.choice import compiled_environment
from rlkit.loops.evaluating import EvaluationCourse
from rlkit.loops.loop import Loop
from rlkit.programs.ready import ReadyPrograms

_UPDATES = 100
"""Learning steps where there is nothing but recorded data."""


def play(experiment: Experiment, steps: int, seconds: float) -> Iterator[str]:
    """Lines for people: on the environment, the backends and why, then so many steps with learning, a greedy episode.

    Each of the three ends after so many seconds; building takes as long as it takes.

    Raises what a run would raise: EnvironmentFailure, ActionFailure, LearningDiverged, or whatever a component raises.
    """
    from rlkit.loops.for_experiment import loop_for, ready_for

    if compiled_environment(experiment) is None:
        from rlkit.worlds.environment_check import check_environment

        yield from check_environment(experiment, seconds)
    began = time.perf_counter()
    ready = ready_for(experiment)
    yield from ready.warnings
    took = time.perf_counter() - began
    if ready.compiled:
        yield "environment, replay and learning run as one XLA program"
    else:
        for words, chosen in (("acting and learning", ready.acting), ("selecting rows", ready.selecting)):
            why = f": {chosen.reason}" if chosen.reason else ""
            yield f"{words} run in {chosen.backend.name}{why}"
    yield f"ready in {took:.1f} s; programs: {ready.origin}"
    if not experiment.collects:
        yield from _learn(experiment, ready, seconds)
        return
    limits = Limits(steps=steps, seconds=seconds, steps_per_episode=experiment.limits.steps_per_episode)
    with contextlib.ExitStack() as resources:
        loop = loop_for(experiment, ready, resources, limits=limits, metrics_interval=1)
        episodes = sum(1 for _ in loop.train())
        yield (
            f"took {loop.progress.step} steps in {episodes + loop.open_episodes} episodes and learned "
            f"{loop.progress.update} times, {loop.progress.step / loop.seconds:,.0f} steps/s"
        )
        if loop.cut_by == "seconds":
            yield f"that took {seconds:g} s; the {steps:,} steps of this trial were not reached"
        if loop.taken is not None:
            yield f"{loop.taken.rows:,} of {loop.taken.of:,} recorded rows were in the buffer before"
        yield from _last_metrics(loop)
        yield from _greedy(experiment, ready, loop, seconds)


def _learn(experiment: Experiment, ready: ReadyPrograms, seconds: float) -> Iterator[str]:
    """Learning steps on recorded data alone."""
    from rlkit.loops.for_experiment import loop_for

    with contextlib.ExitStack() as resources:
        limits = Limits(updates=_UPDATES, seconds=seconds)
        loop = loop_for(experiment, ready, resources, limits=limits, metrics_interval=1)
        for _ in loop.train():
            pass
        assert loop.taken is not None
        speed = loop.progress.update / loop.seconds
        yield f"learned {loop.progress.update} times from {loop.taken.rows:,} recorded rows, {speed:,.0f} updates/s"
        yield from _last_metrics(loop)
        yield from _greedy(experiment, ready, loop, seconds)


def _last_metrics(loop: Loop) -> Iterator[str]:
    if loop.metrics:
        last = ", ".join(f"{name} {value:.4g}" for name, value in loop.metrics[-1].metrics.items())
        yield f"last learning step: {last}"


def _greedy(experiment: Experiment, ready: ReadyPrograms, loop: Loop, seconds: float) -> Iterator[str]:
    from rlkit.loops.for_experiment import greedy_episodes

    found = greedy_episodes(experiment, ready, 1, loop.progress, EvaluationCourse(seconds))
    yield from found.warnings
    for episode_return, length in zip(found.returns, found.lengths, strict=True):
        yield f"a greedy episode returned {episode_return:g} in {length} steps"
