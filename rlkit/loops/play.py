"""Try an experiment out without training it: build it, say what converts, take steps."""

from __future__ import annotations

import time
from collections.abc import Iterator

from rlkit.experiment.experiment import Experiment, Limits


def play(experiment: Experiment, steps: int) -> Iterator[str]:
    """Lines for people: on the environment, the backends and why, then so many steps with learning, a greedy episode.

    Raises what a run would raise: EnvironmentFailure, LearningDiverged, or whatever a component raises.
    """
    from rlkit.loops.environment_check import check_environment
    from rlkit.loops.evaluating import evaluate
    from rlkit.loops.kept import kept_or_made
    from rlkit.loops.stepwise import StepwiseLoop
    from rlkit.loops.worlds import Worlds, world_of

    yield from check_environment(experiment)
    began = time.perf_counter()
    prepared = kept_or_made(experiment)
    for words, chosen in (("acting and learning", prepared.acting), ("selecting rows", prepared.selecting)):
        why = f": {chosen.reason}" if chosen.reason else ""
        yield f"{words} run in {chosen.backend.name}{why}"
    yield from prepared.warnings
    yield f"programs {prepared.origin}, ready in {time.perf_counter() - began:.1f} s"
    most = experiment.limits.steps_per_episode
    limits = Limits(steps=steps, steps_per_episode=most)
    worlds, evaluated = Worlds.of(experiment), world_of(experiment, "evaluation")
    loop = StepwiseLoop(prepared, worlds, limits, metrics_interval=1)
    try:
        episodes = sum(1 for _ in loop.train())
        yield (
            f"took {loop.progress.step} steps in {episodes + loop.open_episodes} episodes and learned "
            f"{loop.progress.update} times, {loop.progress.step / loop.seconds:,.0f} steps/s"
        )
        if loop.metrics:
            last = ", ".join(f"{name} {value:.4g}" for name, value in loop.metrics[-1].metrics.items())
            yield f"last learning step: {last}"
        found = evaluate(prepared, evaluated, 1, loop.progress)
        yield f"a greedy episode returned {found.returns[0]:g} in {found.lengths[0]} steps"
    finally:
        worlds.close()
        evaluated.close()
