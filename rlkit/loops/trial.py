"""Try an experiment out without training it: build it, say what converts, take steps."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from rlkit.experiment.experiment import Experiment, Limits
from rlkit.loops.choice import compiled_environment


def play(experiment: Experiment, steps: int) -> Iterator[str]:
    """Lines for people: on the environment, the backends and why, then so many steps with learning, a greedy episode.

    Raises what a run would raise: EnvironmentFailure, ActionFailure, LearningDiverged, or whatever a component raises.
    """
    from rlkit.loops.for_experiment import greedy_episodes, loop_for, ready_for

    if compiled_environment(experiment) is None:
        from rlkit.worlds.environment_check import check_environment

        yield from check_environment(experiment)
    began = time.perf_counter()
    ready = ready_for(experiment)
    yield from ready.warnings
    seconds = time.perf_counter() - began
    if ready.compiled:
        yield "environment, replay and learning run as one XLA program"
    else:
        for words, chosen in (("acting and learning", ready.acting), ("selecting rows", ready.selecting)):
            why = f": {chosen.reason}" if chosen.reason else ""
            yield f"{words} run in {chosen.backend.name}{why}"
    yield f"ready in {seconds:.1f} s; programs: {ready.origin}"
    limits = Limits(steps=steps, steps_per_episode=experiment.limits.steps_per_episode)
    with contextlib.ExitStack() as resources:
        loop = loop_for(experiment, ready, resources, limits=limits, metrics_interval=1)
        episodes = sum(1 for _ in loop.train())
        yield (
            f"took {loop.progress.step} steps in {episodes + loop.open_episodes} episodes and learned "
            f"{loop.progress.update} times, {loop.progress.step / loop.seconds:,.0f} steps/s"
        )
        if loop.metrics:
            last = ", ".join(f"{name} {value:.4g}" for name, value in loop.metrics[-1].metrics.items())
            yield f"last learning step: {last}"
        found = greedy_episodes(experiment, ready, 1, loop.progress)
        yield f"a greedy episode returned {found.returns[0]:g} in {found.lengths[0]} steps"
