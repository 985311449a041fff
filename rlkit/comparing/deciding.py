"""Running a study's seeds batch by batch until its question is answered (`rlkit study --until-decided`)."""

from __future__ import annotations

from rlkit.comparing.comparison import Comparison, compare
from rlkit.comparing.looks import Looks
from rlkit.comparing.options import Options
from rlkit.comparing.runs import gather
from rlkit.studies.folder import StudyFolder
from rlkit.studies.plan import Plan, PlannedRun
from rlkit.studies.running import Progress


class Deciding:
    """Gives out the runs of one batch after the other, and no more of variants about which all is decided."""

    def __init__(self, plan: Plan, folder: StudyFolder, options: Options, looks: Looks) -> None:
        self._plan, self._folder, self._options, self._looks = plan, folder, options, looks
        self._batch = -1
        self._given: list[PlannedRun] = []

    def first(self) -> list[PlannedRun]:
        """What is to be run first; what is done already counts as looked at."""
        return self._next()

    def more(self, progress: Progress) -> list[PlannedRun]:
        """The next batch once this one is over; nothing before, and nothing when all is decided."""
        states = [self._folder.state_of(run).state for run in self._given]
        return self._next() if not any(state in ("waiting", "running") for state in states) else []

    def _next(self) -> list[PlannedRun]:
        batches = self._looks.batches()
        while self._batch + 1 < len(batches):
            wanted = self._undecided()
            self._batch += 1
            seeds = set(batches[self._batch])
            runs = [run for run in self._plan.runs() if run.seed in seeds and run.cell.variant in wanted]
            self._given = [run for run in runs if self._folder.state_of(run).state == "waiting"]
            if self._given or not wanted:
                return self._given
        return []

    def _undecided(self) -> set[str]:
        """The variants of which more seeds are needed: of pairs that are not decided yet."""
        if self._batch < 0:
            return set(self._plan.variants)
        found = self._comparison()
        decided = {(verdict.a, verdict.b) for verdict in found.verdicts if verdict.decided}
        known = {(verdict.a, verdict.b) for verdict in found.verdicts}
        base = self._plan.base if self._options.base is None else self._options.base
        names = self._plan.variants
        pairs = (
            {(a, b) for i, a in enumerate(names) for b in names[i + 1 :]}
            if self._options.pairs == "all"
            else {(base, name) for name in names if name != base}
        )
        return (
            {name for pair in pairs if pair not in decided and pair[::-1] not in decided for name in pair}
            if known
            else set(names)
        )

    def _comparison(self) -> Comparison:
        return compare(gather([str(self._folder.path)], self._folder.path.parent), self._options)
