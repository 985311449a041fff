"""The trials of a search: which come next, how they stand, what they have told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.experiment.errors import ExperimentError
from rlkit.experiment.experiment import Experiment
from rlkit.tuning.checking import Tuning
from rlkit.tuning.distributions import suggested
from rlkit.tuning.identity import identity_of
from rlkit.tuning.journal import FolderLock, Worker, open_journal
from rlkit.tuning.quiet import quiet_optuna
from rlkit.tuning.strategies import make_pruner, make_sampler, points
from rlkit.tuning.tuning_file import Value

if TYPE_CHECKING:
    import optuna
    from optuna.trial import FrozenTrial

FORMAT = 1
_PAIRED = "wilcoxon"
"""The pruner that compares seed by seed; others want a number that settles, the mean so far."""


class TuningError(ValueError):
    """A tuning's folder that cannot be used; the text is a sentence for people."""


@dataclass(eq=False)
class OpenTrial:
    """A trial that goes on in this process."""

    number: int
    values: Mapping[str, Value]
    experiment: Experiment
    handle: optuna.Trial
    scores: dict[int, float] = field(default_factory=dict)
    """By seed, of the runs that are over."""
    deaths: int = 0
    """Runs that died through no fault of their own."""


class Search:
    """One search in its folder. Every change is in the journal before anything else happens."""

    def __init__(self, tuning: Tuning, folder: Path, worker: Worker) -> None:
        """Open it, or go on with it.

        Raises:
            TuningError: the folder holds another search, or something that is none.
        """
        import optuna

        self.tuning, self.folder, self._worker = tuning, folder, worker
        self._lock = FolderLock(folder / ".journal-lock")
        try:
            storage = open_journal(folder, self._lock)
            with self._alone():
                self.study = optuna.create_study(
                    study_name=tuning.file.name,
                    storage=storage,
                    direction=tuning.measure.direction,
                    pruner=make_pruner(tuning.file.pruner),
                    load_if_exists=True,
                )
                self._own()
        except (OSError, ValueError, KeyError) as error:
            if isinstance(error, TuningError):
                raise
            raise TuningError(f"{folder / 'journal.log'} cannot be used: {error}") from error

    def _own(self) -> None:
        told, ours = self.study.user_attrs, identity_of(self.tuning)
        if not self.study.get_trials(deepcopy=False) and "identity" not in told:
            self.study.set_user_attr("format", FORMAT)
            self.study.set_user_attr("identity", ours)
            return
        if told.get("format") != FORMAT:
            found = told.get("format", "no")
            raise TuningError(f"{self.folder} has format {found}; this version of rlkit reads format {FORMAT}")
        changed = [key for key, digest in ours.items() if told.get("identity", {}).get(key) != digest]
        if changed:
            raise TuningError(
                f"{self.folder} holds the trials of a search that differs in its {', '.join(changed)}; give this one "
                "another name (--name), or another place (--out)"
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock, quiet_optuna():
            yield

    def next(self) -> OpenTrial | None:
        """A trial to go on with, left by a process that has ended; else a new one; None when there are enough.

        Raises:
            ExperimentError: its values do not go together. It has failed, and counts.
            TuningError: the sampler draws none.
        """
        with self._alone():
            trials = self.study.get_trials(deepcopy=False)
            for trial in trials:
                if trial.state.name == "RUNNING" and not self._worker.lives(trial.user_attrs.get("worker")):
                    return self._open(trial.number, trial._trial_id)
            if len(trials) >= self.most():
                return None
            self.study.sampler = make_sampler(self.tuning.file.sampler, self.tuning.space, len(trials))
            try:
                asked = self.study.ask()
                return self._open(asked.number, asked._trial_id, asked)
            except ExperimentError:
                raise
            except ValueError as error:
                sampler = self.tuning.file.sampler
                raise TuningError(f"{sampler.mark}: sampler {sampler.name} draws no trial: {error}") from error

    def ranked(self) -> list[FrozenTrial]:
        """The trials that ran with all seeds, the one with the best mean first; of equals the first."""
        complete = [trial for trial in self.study.get_trials(deepcopy=False) if trial.state.name == "COMPLETE"]
        sign = 1 if self.tuning.measure.direction == "minimize" else -1
        return sorted(complete, key=lambda trial: (sign * float(trial.value or 0.0), trial.number))

    def left(self) -> int:
        """How many trials have not begun."""
        return max(self.most() - len(self.study.get_trials(deepcopy=False)), 0)

    def most(self) -> int:
        """How many trials there will be."""
        return most_trials(self.tuning)

    def _open(self, number: int, trial_id: int, handle: optuna.Trial | None = None) -> OpenTrial:
        import optuna

        if handle is None:
            self.study.sampler = make_sampler(self.tuning.file.sampler, self.tuning.space, number)
            handle = optuna.Trial(self.study, trial_id)
        handle.set_user_attr("worker", self._worker.name)
        values = {one.key: suggested(handle, one) for one in self.tuning.space}
        try:
            experiment = self.tuning.experiment(values, trial_name(number))
        except ExperimentError as error:
            self._tell(handle, "FAIL", reason=error.problems[0].message)
            raise
        scores = {int(seed): float(score) for seed, score in handle.user_attrs.get("scores", {}).items()}
        opened = OpenTrial(number, values, experiment, handle, scores, handle.user_attrs.get("deaths", 0))
        self._report(opened)
        return opened

    def scored(self, trial: OpenTrial, seed: int, score: float) -> str:
        """Take note of a run that is over; gives the trial's state: `RUNNING`, `COMPLETE` or `PRUNED`."""
        with self._alone():
            trial.scores[seed] = score
            trial.handle.set_user_attr("scores", {str(seed): score for seed, score in trial.scores.items()})
            self._report(trial)
            return self._settled(trial)

    def settled(self, trial: OpenTrial) -> str:
        """The same for what an earlier process has noted."""
        with self._alone():
            return self._settled(trial)

    def _settled(self, trial: OpenTrial) -> str:
        if len(trial.scores) == len(self.tuning.file.seeds):
            self._tell(trial.handle, "COMPLETE", sum(trial.scores.values()) / len(trial.scores))
            return "COMPLETE"
        if trial.scores and trial.handle.should_prune():
            self._tell(trial.handle, "PRUNED")
            return "PRUNED"
        return "RUNNING"

    def died(self, trial: OpenTrial) -> int:
        """Take note of a run that died through no fault of its own; how many did, of this trial."""
        with self._alone():
            trial.deaths += 1
            trial.handle.set_user_attr("deaths", trial.deaths)
            return trial.deaths

    def failed(self, trial: OpenTrial, reason: str) -> None:
        """The trial is over, and has no value."""
        with self._alone():
            self._tell(trial.handle, "FAIL", reason=reason)

    def _report(self, trial: OpenTrial) -> None:
        known = self.study.get_trials(deepcopy=False)[trial.number].intermediate_values
        so_far: list[float] = []
        for step, seed in enumerate(self.tuning.file.seeds):
            if seed not in trial.scores:
                return  # runs are made in the order of the seeds
            so_far.append(trial.scores[seed])
            paired = self.tuning.file.pruner.name == _PAIRED
            if step not in known:
                trial.handle.report(so_far[-1] if paired else sum(so_far) / len(so_far), step)

    def _tell(self, handle: optuna.Trial, state: str, value: float | None = None, reason: str = "") -> None:
        import optuna

        if reason:
            handle.set_user_attr("reason", reason)
        try:
            self.study.tell(handle, value, state=optuna.trial.TrialState[state])
        except RuntimeError:
            # Samplers that know when every point has been tried ask `optimize` to end, which nobody has called.
            if not self.study.get_trials(deepcopy=False)[handle.number].state.is_finished():
                raise

    def others_at_work(self) -> int:
        """How many trials go on in other processes."""
        with self._alone():
            return sum(
                trial.state.name == "RUNNING" and self._worker.lives(trial.user_attrs.get("worker"))
                for trial in self.study.get_trials(deepcopy=False)
            )


def most_trials(tuning: Tuning) -> int:
    """How many trials there will be: fewer than the file says where every point has been tried by then."""
    if tuning.file.sampler.name not in ("grid", "brute_force"):
        return tuning.file.trials
    count = 1
    for one in tuning.space:
        count *= len(points(one))
    return min(tuning.file.trials, count)


def trial_name(number: int) -> str:
    """Under which the runs of a trial lie."""
    return f"trial-{number:04d}"


def values_of(tuning: Tuning, params: Mapping[str, Any]) -> dict[str, Value]:
    """What Optuna keeps of a trial, as the space has it."""
    return {one.key: params[one.key] for one in tuning.space if one.key in params}
