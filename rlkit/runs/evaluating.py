"""Evaluating a run that is over: its agent rebuilt from the run folder, and greedy episodes played with it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rlkit.contracts.data import Progress
from rlkit.experiment.loading import load
from rlkit.runs.allowed_imports import as_remembered
from rlkit.runs.finding import FoundRun
from rlkit.runs.video import check_video, frame_of, frames_per_second, rendered_world, writing
from rlkit.runs.waiting import waiting
from rlkit.runs.weights import WeightsError, load_weights
from rlkit.runs.window import Window

if TYPE_CHECKING:
    from rlkit.experiment.experiment import Experiment
    from rlkit.loops.evaluating import Evaluated, EvaluationCourse
    from rlkit.programs.ready import ReadyPrograms
    from rlkit.worlds.world import World

FILMED = 2
"""Episodes in a video: the first ones."""


class Evaluation(NamedTuple):
    """Greedy episodes of a run's agent."""

    weights: str
    """`best` or `final`."""
    facts: Mapping[str, Any]
    """What was said of them when they were saved: `step`, `episode`, `score`, …"""
    seed: int
    returns: tuple[float, ...]
    """Undiscounted, by episode."""
    lengths: tuple[int, ...]
    """Environment steps, by episode."""
    warnings: tuple[str, ...]
    """Sentences on episodes that were cut."""


def evaluate_run(
    run: FoundRun,
    *,
    episodes: int,
    seed: int | None = None,
    weights: str | None = None,
    video: Path | None = None,
    render: bool = False,
    quiet: bool = True,
) -> Evaluation:
    """Play greedy episodes with the weights of a run.

    With the run's own seed the episodes are those of the run's own evaluations: same starts, same random numbers.

    Args:
        run: from `rlkit.runs.finding`.
        episodes: at least 1.
        seed: of environments and of the agent's random numbers; by default the run's.
        weights: `final` or `best`; by default `best` where it was kept.
        video: an .mp4 or .gif of the first episodes.
        render: show the episodes in a window.
        quiet: False says on standard error how far it is, where it takes long.

    Raises:
        ExperimentError: experiment.yaml cannot be run here (a plugin is missing, say).
        WeightsError: the weights are missing, damaged, or of another agent.
        VideoError, NoWindow: there is nothing to look at, or nothing to look at it with.
        EnvironmentFailure: the environment raised or broke its contract.
    """
    if video is not None:
        check_video(video)
        video = video.absolute()  # an environment may leave the working folder
    name = weights or ("best" if "best" in run.manifest.get("weights", {}) else "final")
    saved = load_weights(_weights_file(run, name))
    from rlkit.loops.evaluating import EvaluationCourse

    with as_remembered(run.folder):
        experiment = load(str(run.folder / "experiment.yaml"), seed=seed, greedy=True)
    window = Window(f"{run.experiment}, {run.run_id}") if render else None
    try:
        with waiting("preparing the programs", quiet=quiet):
            prepared = _prepared(experiment)
        _write(prepared, saved.variables, run)
        facts = saved.facts
        updates = run.manifest.get("updates", 0)
        progress = Progress(int(facts.get("step", 0)), int(facts.get("episode", -1)) + 1, updates)
        course = EvaluationCourse()
        with waiting(lambda: course.words, quiet=quiet):
            found = _play(experiment, prepared, progress, episodes, video, window, course)
    finally:
        if window is not None:
            window.close()
    return Evaluation(name, facts, experiment.seed, *found)


def _weights_file(run: FoundRun, name: str) -> Path:
    kept = run.manifest.get("weights", {})
    if name in kept:
        return run.folder / "checkpoints" / f"{name}.npz"
    if kept:
        raise WeightsError(f"run {run.run_id} kept no {name} weights; it kept {' and '.join(kept)}")
    status = run.manifest.get("status")
    why = "it is still running, or was killed" if status == "running" else f"its status is {status}"
    raise WeightsError(f"run {run.run_id} has no weights: {why}")


def _prepared(experiment: Experiment) -> ReadyPrograms:
    from rlkit.loops.for_experiment import ready_for

    return ready_for(experiment, training=False)


def _write(prepared: ReadyPrograms, saved: Mapping[str, Any], run: FoundRun) -> None:
    """Give the agent its weights, if they are those of such an agent."""
    backend = prepared.acting.backend
    expected = {name: value.shape for name, value in backend.read().items()}
    found = {name: value.shape for name, value in saved.items()}
    for name in [*expected, *found]:
        if expected.get(name) != found.get(name):
            there = f"{name} of shape {found[name]}" if name in found else f"no {name}"
            here = f"has {name} of shape {expected[name]}" if name in expected else "has none"
            raise WeightsError(
                f"the weights of run {run.run_id} do not fit: they hold {there}, and the agent that its "
                f"experiment.yaml makes here {here}; a plugin has changed since (run.json names the versions)"
            )
    backend.write(saved)


def _play(
    experiment: Experiment,
    prepared: ReadyPrograms,
    progress: Progress,
    episodes: int,
    video: Path | None,
    window: Window | None,
    course: EvaluationCourse,
) -> Evaluated:
    from rlkit.loops.evaluating import evaluate
    from rlkit.loops.for_experiment import greedy_episodes

    if video is None and window is None:
        return greedy_episodes(experiment, prepared, episodes, progress, course)
    world, environment = rendered_world(experiment)
    fps = frames_per_second(environment)
    with contextlib.ExitStack() as stack:
        stack.callback(world.close)
        append = stack.enter_context(writing(video, fps)) if video is not None else None

        def watch(world: World) -> None:
            filmed = append is not None and world.episode < FILMED
            if filmed or (window is not None and not window.closed):
                frame = frame_of(environment)
                if append is not None and filmed:
                    append(frame)
                if window is not None:
                    window.show(frame, fps)

        return evaluate(prepared, world, episodes, progress, watch, course)
