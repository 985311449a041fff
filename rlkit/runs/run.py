"""One run from start to end: prepare, train, evaluate, and record all of it."""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.contracts.events import EpisodeEnded, EvaluationEnded, RunEnded, RunView
from rlkit.contracts.stop import Stopped
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.resolved import to_yaml
from rlkit.loops.choice import loop_of
from rlkit.loops.replay import replay_bytes
from rlkit.runs.best import BestWeights
from rlkit.runs.failure import describe_failure, one_line, where
from rlkit.runs.folder import RunFolder
from rlkit.runs.history import GrowingHistory
from rlkit.runs.interrupt import Interrupt
from rlkit.runs.manifest import BackendChoice, Manifest, manifest_of
from rlkit.runs.memory import check_memory
from rlkit.runs.recorders import ActiveRecorders
from rlkit.runs.result import Result, RunFailed
from rlkit.runs.rows import Rows
from rlkit.runs.summary import header
from rlkit.runs.weights import save_weights

if TYPE_CHECKING:
    from rlkit.loops.preparing import Prepared
    from rlkit.loops.stepwise import Episode, StepwiseLoop

METRICS_INTERVAL = 100
"""Updates from one row of metrics.jsonl to the next."""


def run(experiment: Experiment, *, out: Path, quiet: bool, debug: bool) -> Result:
    """Run an experiment to its end. See `rlkit.api.run`.

    Raises:
        RunFailed: the environment or a component failed; the folder holds what was recorded, and error.txt.
        FolderError, MemoryShort: before anything ran.
        WriteError: the run folder can no longer be written.
    """
    check_memory(replay_bytes(experiment), "the buffer")
    folder = RunFolder.create(out, experiment.name, experiment.seed)
    if not quiet:
        print(header(experiment, folder.path), flush=True)
    return _Run(experiment, folder, quiet=quiet, debug=debug).carry_out()


class _Run:
    """What a run has gathered so far."""

    def __init__(self, experiment: Experiment, folder: RunFolder, *, quiet: bool, debug: bool) -> None:
        self._began = time.perf_counter()
        self._experiment, self._folder, self._debug = experiment, folder, debug
        loop, _ = loop_of(experiment)
        self._manifest = dataclasses.replace(manifest_of(experiment), loop=loop, metrics_interval=METRICS_INTERVAL)
        self._folder.write_manifest(self._manifest.to_dict())
        self._folder.write_experiment(to_yaml(experiment.resolved))
        self._rows = Rows(folder.path)
        self._history = GrowingHistory()
        self._interrupt = Interrupt()
        self._recorders = ActiveRecorders(_named_recorders(experiment), _view(experiment, folder, quiet))
        self._prepared: Prepared | None = None
        self._loop: StepwiseLoop | None = None
        self._best: BestWeights | None = None
        self._evaluation: tuple[float, ...] = ()
        self._seconds = {"startup": 0.0, "training": 0.0, "evaluation": 0.0, "total": 0.0}

    def carry_out(self) -> Result:
        """Prepare, train, evaluate; whatever happens, close the books."""
        try:
            with self._interrupt:
                stopped = self._train()
                status = "interrupted" if self._interrupt.asked else "finished"
                if status == "finished":
                    self._evaluate()
        except KeyboardInterrupt:
            return self._close("interrupted", Stopped("interrupted", solved=False))
        except OSError:
            raise
        except Exception as error:
            message = _message(error)
            self._folder.write_error(describe_failure(error, message))
            result = self._close("failed", Stopped(message, solved=False))
            raise RunFailed(message, self._folder.path, result) from error
        return self._close(status, stopped)

    def _train(self) -> Stopped:
        from rlkit.loops.backends.quiet import quiet_stderr

        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        with quiet_stderr():  # what TensorFlow logs while it is imported heeds no log level
            from rlkit.loops.preparing import prepare
            from rlkit.loops.stepwise import StepwiseLoop
            from rlkit.loops.world import World
        experiment, limits = self._experiment, self._experiment.limits
        self._prepared = prepared = prepare(experiment, debug=self._debug)
        backend = prepared.acting.backend
        self._manifest = dataclasses.replace(
            self._manifest,
            backends={
                "learner": BackendChoice(backend=backend.name, reason=prepared.acting.reason),
                "selection": BackendChoice(backend=prepared.selecting.backend.name, reason=prepared.selecting.reason),
            },
            warnings=prepared.warnings,
        )
        self._folder.write_manifest(self._manifest.to_dict())
        self._best = BestWeights(backend.read)
        world = World(
            experiment.environment.make(render=False),
            experiment.spaces,
            seed=experiment.seed,
            stream="environment",
            steps_per_episode=limits.steps_per_episode,
        )
        self._loop = loop = StepwiseLoop(prepared, world, limits, metrics_interval=METRICS_INTERVAL)
        self._interrupt.tells(loop)
        self._seconds["startup"] = time.perf_counter() - self._began
        try:
            for episode in loop.episodes():
                stopped = self._record(episode, loop)
                if stopped is not None:
                    return stopped
        finally:
            self._seconds["training"] = loop.seconds
            self._record_metrics(loop)
            world.close()
        return self._cut(loop)

    def _cut(self, loop: StepwiseLoop) -> Stopped:
        if loop.cut_by == "interrupt":
            return Stopped("interrupted", solved=False)
        limit = getattr(self._experiment.limits, str(loop.cut_by))
        return Stopped(f"limit reached: {limit:g} {loop.cut_by}", solved=False)

    def _record(self, episode: Episode, loop: StepwiseLoop) -> Stopped | None:
        """Note an episode that has ended, and ask the stop criteria."""
        assert self._best is not None
        step, _, update = loop.progress
        seconds = loop.seconds
        self._history.append(
            episode.episode_return, episode.length, terminated=episode.terminated, truncated=episode.truncated
        )
        history = self._history.view(step, update, seconds)
        self._best.consider(history.returns, step)
        stops = self._experiment.stop
        event = EpisodeEnded(
            episode=episode.number,
            step=step,
            update=update,
            length=episode.length,
            episode_return=episode.episode_return,
            terminated=episode.terminated,
            truncated=episode.truncated,
            seconds=round(seconds, 6),
            reports=episode.reports,
            status="; ".join(stop.describe(history) for stop in stops if hasattr(stop, "describe")),
        )
        self._rows.append_episode(event)
        self._record_metrics(loop)
        self._recorders.notify(event)
        return next((met for met in (stop.met(history) for stop in stops) if met is not None), None)

    def _record_metrics(self, loop: StepwiseLoop) -> None:
        for metrics in loop.metrics:
            self._rows.append_metrics(metrics)
            self._recorders.notify(metrics)
        loop.metrics.clear()

    def _evaluate(self) -> None:
        """Greedy episodes with the weights as training left them."""
        from rlkit.loops.evaluating import evaluate
        from rlkit.loops.world import World

        experiment, episodes = self._experiment, self._experiment.evaluation.episodes
        assert self._prepared is not None and self._loop is not None
        if not episodes:
            return
        began = time.perf_counter()
        world = World(
            experiment.environment.make(render=False),
            experiment.spaces,
            seed=experiment.seed,
            stream="evaluation",
            steps_per_episode=experiment.limits.steps_per_episode,
        )
        step, episode, update = self._loop.progress
        try:
            found = evaluate(self._prepared, world, episodes, (step, episode, update))
        finally:
            world.close()
            self._seconds["evaluation"] = time.perf_counter() - began
        self._evaluation = found.returns
        event = EvaluationEnded(
            step=step,
            episode=episode,
            update=update,
            returns=found.returns,
            lengths=found.lengths,
            seconds=round(self._seconds["evaluation"], 6),
        )
        self._rows.append_evaluation(event)
        self._recorders.notify(event)

    def _close(self, status: str, stopped: Stopped) -> Result:
        loop, history = self._loop, self._history
        step, _, update = loop.progress if loop is not None else (0, 0, 0)
        training = self._seconds["training"]
        self._recorders.notify(
            RunEnded(
                status=status,
                reason=stopped.reason,
                solved=stopped.solved,
                episodes=history.episodes,
                steps=step,
                updates=update,
                seconds=training,
            )
        )
        weights = self._save_weights(step)
        self._rows.close()
        self._seconds["total"] = time.perf_counter() - self._began
        self._manifest = dataclasses.replace(
            self._manifest,
            status=status,
            stop_reason=stopped.reason,
            solved=stopped.solved,
            episodes=history.episodes,
            steps=step,
            updates=update,
            steps_per_second=round(step / training, 1) if training else 0.0,
            seconds={phase: round(seconds, 3) for phase, seconds in self._seconds.items()},
            partial=loop is not None and loop.partial is not None,
            warnings=(*self._manifest.warnings, *self._recorders.failures),
            weights=weights,
        )
        self._folder.write_manifest(self._manifest.to_dict())
        return _result(self._folder.path, self._manifest, history, self._evaluation)

    def _save_weights(self, step: int) -> dict[str, Any]:
        if self._prepared is None or self._best is None:
            return {}
        final = {"episode": self._history.episodes - 1, "step": step}
        saved = {"final": save_weights(self._folder.path, "final", self._prepared.acting.backend.read(), final)}
        if self._best.variables is not None:
            saved["best"] = save_weights(self._folder.path, "best", self._best.variables, self._best.facts)
        return saved


def _named_recorders(experiment: Experiment) -> Sequence[tuple[str, Any]]:
    return [(experiment.catalogue.entry_of(recorder).name, recorder) for recorder in experiment.recorders]


def _view(experiment: Experiment, folder: RunFolder, quiet: bool) -> RunView:
    limits = dataclasses.asdict(experiment.limits)  # type: ignore[call-overload]
    return RunView(
        experiment=experiment.name,
        run_id=folder.run_id,
        seed=experiment.seed,
        folder=folder.path,
        resolved=experiment.resolved,
        quiet=quiet,
        terminal=sys.stderr.isatty(),
        limits={name: limit for name, limit in limits.items() if limit is not None},
    )


def _message(error: Exception) -> str:
    from rlkit.loops.learning import LearningDiverged
    from rlkit.loops.world import EnvironmentFailure

    if isinstance(error, (LearningDiverged, EnvironmentFailure)):
        return str(error)
    place = where(error)
    return one_line(error) + (f" ({place})" if place else "")


def _result(folder: Path, manifest: Manifest, history: GrowingHistory, evaluation: tuple[float, ...]) -> Result:
    return Result(
        folder=folder,
        status=manifest.status,
        stop_reason=manifest.stop_reason,
        solved=manifest.solved,
        episodes=manifest.episodes,
        steps=manifest.steps,
        updates=manifest.updates,
        steps_per_second=manifest.steps_per_second,
        seconds=manifest.seconds,
        returns=history.returns,
        lengths=history.lengths,
        terminated=history.terminated,
        truncated=history.truncated,
        evaluation=evaluation,
        loop=manifest.loop,
        backends={name: choice.backend for name, choice in manifest.backends.items()},
        warnings=manifest.warnings,
    )
