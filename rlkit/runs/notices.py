"""All that a run tells beside its outcome, wherever it was noticed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rlkit.contracts.data import Progress
from rlkit.experiment.experiment import Experiment
from rlkit.runs.manifest import Manifest
from rlkit.runs.noticed import noticed
from rlkit.runs.recorders import ActiveRecorders
from rlkit.runs.run_warnings import RunWarnings
from rlkit.runs.stopping import StopCriteria

if TYPE_CHECKING:
    from rlkit.programs.ready import ReadyPrograms


class Notices:
    """Warnings of the programs, of the run itself, of recorders and of stop criteria, in this order."""

    def __init__(self, experiment: Experiment, criteria: StopCriteria, recorders: ActiveRecorders) -> None:
        self._experiment, self._criteria, self._recorders = experiment, criteria, recorders
        self._reports: dict[str, set[float]] = {}
        """By name, different values, two at most."""
        self.own = RunWarnings()
        """The run's."""

    def reported(self, reports: Mapping[str, float]) -> None:
        """Hear what components report of an episode."""
        for name, value in reports.items():
            if len(values := self._reports.setdefault(name, set())) < 2:
                values.add(value)

    def all(
        self, manifest: Manifest, prepared: ReadyPrograms | None, progress: Progress, seconds: Mapping[str, float]
    ) -> tuple[str, ...]:
        """Of a run that stands as its manifest says."""
        first = prepared.warnings if prepared is not None else ()
        told = self._noticed(progress, seconds) if manifest.status == "finished" else ()
        return (*first, *self.own, *self._recorders.failures, *self._unheard(manifest.stop_reason), *told)

    def _noticed(self, progress: Progress, seconds: Mapping[str, float]) -> Iterator[str]:
        exploration = dict(self._experiment.resolved).get("exploration")
        return noticed(progress, self._reports, seconds, exploration, self._experiment.limits.steps_per_episode)

    def _unheard(self, reason: str) -> Sequence[str]:
        """The fault of a stop criterion that came to light too late to be the reason for the run's end."""
        fault = self._criteria.fault
        return () if fault is None or str(fault) == reason else (str(fault),)
