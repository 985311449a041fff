"""The books of a run: everything that is recorded while it goes on, and closed however it ends."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rlkit.contracts.data import Progress
from rlkit.contracts.events import EpisodeEnded, EvaluationEnded, RunEnded
from rlkit.contracts.stop import History, Stopped
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.resolved import to_yaml
from rlkit.loops.choice import COMPILED, STEPWISE, loop_of
from rlkit.runs.atomic import WriteError
from rlkit.runs.best import BestWeights
from rlkit.runs.evaluations import LEFT_OUT, Evaluations
from rlkit.runs.folder import RunFolder
from rlkit.runs.history import GrowingHistory
from rlkit.runs.left import leave
from rlkit.runs.manifest import BackendChoice, manifest_of
from rlkit.runs.metrics_interval import metrics_interval
from rlkit.runs.notices import Notices
from rlkit.runs.policy import save_policy
from rlkit.runs.recorders import ActiveRecorders
from rlkit.runs.result import Result, result_of
from rlkit.runs.rows import Rows
from rlkit.runs.stopping import StopCriteria
from rlkit.runs.view import named_recorders, run_view

if TYPE_CHECKING:
    from rlkit.loops.evaluating import Evaluated, EvaluationCourse
    from rlkit.loops.loop import Loop
    from rlkit.loops.training import Episode
    from rlkit.programs.ready import ReadyPrograms

_LAST = 50
"""Episodes in the mean return that run.json tells."""


class Books:
    """Rows, manifest, weights and recorders of one run. Every method may raise WriteError."""

    def __init__(
        self,
        experiment: Experiment,
        folder: RunFolder,
        criteria: StopCriteria,
        *,
        quiet: bool,
        asked: Callable[[], bool],
    ) -> None:
        """`asked` says whether somebody wants the run to end: greedy episodes end then."""
        self._began, self.quiet = time.perf_counter(), quiet
        self._experiment, self.folder, self._criteria = experiment, folder, criteria
        loop, _ = loop_of(experiment)
        self._manifest = dataclasses.replace(
            manifest_of(experiment), loop=loop, metrics_interval=metrics_interval(experiment)
        )
        folder.write_manifest(self._manifest.to_dict())
        folder.write_experiment(to_yaml(experiment.kept))
        self._rows = Rows(folder.path)
        self._history = GrowingHistory()
        self._recorders = ActiveRecorders(
            named_recorders(experiment),
            run_view(experiment, folder.path, folder.run_id, quiet=quiet, record_episode=self._record_episode),
        )
        self._prepared: ReadyPrograms | None = None
        self._progress = Progress(0, 0, 0)
        self._best: BestWeights | None = None
        self._evaluations = Evaluations(experiment.limits.seconds, asked)
        self._notices = Notices(experiment, criteria, self._recorders)
        self._warnings = self._notices.own
        self.seconds = {"startup": 0.0, "training": 0.0, "evaluation": 0.0, "total": 0.0}

    def prepared(self, prepared: ReadyPrograms) -> None:
        """The programs are ready: note what runs them."""
        self._prepared, self._best = prepared, BestWeights(prepared.acting.backend.read)
        chosen = {"learner": prepared.acting, "selection": prepared.selecting}
        backends = {name: BackendChoice(backend=one.backend.name, reason=one.reason) for name, one in chosen.items()}
        loop = COMPILED if prepared.compiled else STEPWISE
        self._manifest = dataclasses.replace(
            self._manifest, loop=loop, backends=backends, programs=prepared.origin, warnings=prepared.warnings
        )
        self.folder.write_manifest(self._manifest.to_dict())
        self.seconds["startup"] = time.perf_counter() - self._began

    def episode(self, episode: Episode, loop: Loop) -> History:
        """Record an episode that has ended; returns the history with it."""
        assert self._best is not None
        progress, seconds = loop.progress, loop.seconds
        step, _, update, _ = progress
        self._history.append(
            episode.episode_return, episode.length, terminated=episode.terminated, truncated=episode.truncated
        )
        history = self._history.view(step, update, seconds, self._evaluations.scores)
        if not self._experiment.evaluation.every:
            self._best.consider(history.returns, progress, episode.variables)
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
            describe=lambda: self._criteria.status(history),
        )
        self._notices.reported(episode.reports)
        self._rows.append_episode(event)
        self.metrics(loop)
        self._recorders.notify(event)
        return history

    def metrics(self, loop: Loop) -> None:
        """Record what learning has logged since the last time."""
        for metrics in loop.metrics:
            self._rows.append_metrics(metrics)
            self._recorders.notify(metrics)
        loop.metrics.clear()

    def learns_from(self, loop: Loop) -> None:
        """Note what the loop has taken of recorded data, if there is some."""
        experiment = self._experiment
        if experiment.data is None or loop.taken is None:
            return
        name = experiment.catalogue.entry_of(experiment.data).name
        if loop.data_warning:
            self._warnings.add(f"data: {loop.data_warning}")
        told = {"name": name, **loop.taken._asdict(), "collects": experiment.collects, **loop.data_facts}
        self._manifest = dataclasses.replace(self._manifest, data=told)
        self.folder.write_manifest(self._manifest.to_dict())

    def evaluated_history(self, loop: Loop) -> History:
        """What stop criteria see after an evaluation in a run that takes no steps: its greedy episodes."""
        return self._evaluations.history(loop.progress, loop.seconds)

    def may_evaluate(self) -> bool:
        """Whether there is time for another evaluation: all of them may take as long as training, `limits.seconds`."""
        if self._evaluations.is_time(self.seconds["evaluation"]):
            return True
        self._warnings.add(LEFT_OUT)
        return False

    def course(self) -> EvaluationCourse:
        """Of greedy episodes that begin now."""
        return self._evaluations.course(self.seconds["evaluation"])

    def evaluation(self, found: Evaluated, loop: Loop, seconds: float) -> None:
        """Record greedy episodes."""
        assert self._best is not None
        self._warnings.add(*found.warnings)
        if not found.returns:
            return
        progress = self._progress = loop.progress
        step, episode, update, _ = progress
        self._evaluations.add(found, step)
        if self._experiment.evaluation.every:
            self._best.consider_evaluation(found.returns, progress)
        event = EvaluationEnded(
            step=step,
            episode=episode,
            update=update,
            returns=found.returns,
            lengths=found.lengths,
            seconds=round(seconds, 6),
        )
        self._rows.append_evaluation(event)
        self._recorders.notify(event)

    def error(self, text: str) -> None:
        """Write error.txt, if that can be written."""
        with self._warnings.kept("error.txt"):
            self.folder.write_error(text)

    def failed_to_write(self, error: WriteError) -> None:
        """The disk may be full: make room for what tells how the run ended."""
        self.folder.make_room()
        self.error(f"{error}\n")

    def close(self, status: str, stopped: Stopped, loop: Loop | None, *, by_signal: int = 0) -> Result:
        """Write down how the run ended, from what cannot be made again to what can.

        What cannot be written becomes a warning, but for run.json itself: then WriteError is raised.
        """
        self.folder.make_room()
        self._rows.close()
        training = self.seconds["training"]
        self._progress = loop.progress if loop is not None else Progress(0, 0, 0)
        step, _, update, _ = self._progress
        returns = self._history.returns
        ended = self._progress._replace(episode=self._history.episodes)
        left = leave(self.folder.path, self._experiment, self._prepared, self._best, loop, ended, self._warnings)
        if status == "finished" and left.lost:
            status, stopped = "failed", Stopped(left.lost, solved=stopped.solved)
        self._manifest = dataclasses.replace(
            self._manifest,
            status=status,
            stop_reason=stopped.reason,
            solved=stopped.solved,
            episodes=self._history.episodes,
            steps=step,
            updates=update,
            steps_per_second=round(step / training, 1) if training else 0.0,
            mean_return=float(returns[-_LAST:].mean()) if len(returns) else None,
            mean_evaluation=self._evaluations.mean,
            partial=loop is not None and loop.open_episodes > 0,
            weights=left.weights,
            rows=left.rows,
        )
        self._write_down()
        policy: Mapping[str, str] = {}
        if self._prepared is not None:
            with self._warnings.kept("policy.tflite"):
                policy = save_policy(self.folder.path, self._prepared.acting.backend)
        self._recorders.notify(
            RunEnded(
                status=status,
                reason=stopped.reason,
                solved=stopped.solved,
                episodes=self._history.episodes,
                steps=step,
                updates=update,
                seconds=training,
            )
        )
        self._manifest = dataclasses.replace(self._manifest, policy=policy)
        self._write_down()
        return result_of(self._manifest, self._history, self._evaluations.last, self.folder.path, by_signal)

    def _write_down(self) -> None:
        self.seconds["total"] = time.perf_counter() - self._began
        self._manifest = dataclasses.replace(
            self._manifest,
            seconds={phase: round(seconds, 3) for phase, seconds in self.seconds.items()},
            warnings=self._notices.all(self._manifest, self._prepared, self._progress, self.seconds),
        )
        self.folder.write_manifest(self._manifest.to_dict())

    def _record_episode(self, path: Path) -> None:
        """See `RunView.record_episode`."""
        from rlkit.runs.video import record_episode

        if self._prepared is None:
            raise RuntimeError("no episode can be recorded before the agent is built")
        record_episode(self._experiment, self._prepared, self._progress, path, self.course())
