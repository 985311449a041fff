"""From a tuning file to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rlkit.catalogue.nearest import did_you_mean
from rlkit.comparing.measures import AXES, MEASURES
from rlkit.experiment.nodes import MapNode, Mark, Node, Scalar, Written
from rlkit.experiment.words import found, quoted
from rlkit.studies.based_file import BasedFile, Kind
from rlkit.tuning.shipped import find_tuning
from rlkit.tuning.space import space_of
from rlkit.tuning.tuning_file import Goal, Named, TuningFile

KEYS = (
    "tune", "base", "set", "space", "trials", "seeds", "test_seeds", "objective", "sampler", "pruner", "launcher",
)  # fmt: skip
_KIND = Kind("tuning", "tune", KEYS, "base and space")
MOST_TRIALS = 100_000
_GOAL = ("measure", "by", "threshold", "window")


def read_tuning(source: str, *, name: str | None = None) -> TuningFile:
    """Read a tuning file, or the tuning of that name that comes with rlkit.

    Args:
        source: a file, a tuning's folder, or a name.
        name: instead of the file's.

    Raises:
        ExperimentError: with every problem of its form, each at its place.
    """
    return _Reader(BasedFile(_KIND, find_tuning(source), name)).tuning()


class _Reader:
    def __init__(self, file: BasedFile) -> None:
        self.file, self.problems = file, file.problems

    def tuning(self) -> TuningFile:
        """Everything, or ExperimentError."""
        seeds, test_seeds = self.file.seeds("seeds", "0-9"), self.file.seeds("test_seeds", "100-109")
        self._keep_apart(seeds, test_seeds)
        tuning = TuningFile(
            name=self.file.name(),
            source=str(self.file.path),
            base=self._base(),
            base_mark=self.file.mark("base") if (node := self.file.value("base")) is None else node.mark,
            common=self.file.changes(self.file.value("set"), "set"),
            space=space_of(self.file.value("space"), self.file.mark("space"), self.problems),
            trials=self._trials(),
            seeds=seeds,
            test_seeds=test_seeds,
            goal=self._goal(),
            sampler=self._named("sampler", "tpe"),
            pruner=self._named("pruner", "wilcoxon"),
            launcher=self.file.value("launcher"),
        )
        self.problems.raise_any()
        return tuning

    def _base(self) -> str:
        if self.file.value("base") is None:
            message = "is missing; allowed: an experiment file, or a shipped one's name"
            self.problems.add(self.file.document.mark, "base", message)
        return self.file.base() or ""

    def _trials(self) -> int:
        node = self.file.value("trials")
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_TRIALS:
            return value
        what = "is missing" if node is None else f"found {found(node)}"
        message = f"{what}; allowed: how many sets of values are tried, 1 to {MOST_TRIALS:,}"
        self.problems.add(self.file.document.mark if node is None else node.mark, "trials", message)
        return 0

    def _keep_apart(self, seeds: tuple[int, ...], test_seeds: tuple[int, ...]) -> None:
        shared = [str(seed) for seed in test_seeds if seed in seeds]
        if shared:
            count = len(test_seeds)
            some = ", ".join(shared[:5]) + (" and others" if len(shared) > 5 else "")
            message = (
                f"found {some} among seeds too; the winner was chosen on those, so a test on them would flatter it; "
                f"write, for one, {max(seeds) + 1}-{max(seeds) + count}"
            )
            self.problems.add(self.file.mark("test_seeds"), "test_seeds", message)

    def _goal(self) -> Goal:
        node = self.file.value("objective")
        entries = node.entries if isinstance(node, MapNode) else {}
        for key, written in entries.items():
            if key not in _GOAL:
                nearest = did_you_mean(key, _GOAL) or ";"
                message = f"found {quoted(key)}{nearest} allowed: {', '.join(_GOAL)}"
                self.problems.add(written.key, f"objective.{key}", message)
        measure = node if isinstance(node, Scalar) else entries["measure"].value if "measure" in entries else None
        by = entries["by"].value if "by" in entries else None
        mark = self.file.mark("objective") if measure is None else measure.mark
        if "threshold" in entries and isinstance(measure, Scalar) and measure.value in ("final", "area"):
            message = f"stands beside the measure {measure.value}; a threshold goes with the measure time"
            self.problems.add(entries["threshold"].key, "objective.threshold", message)
        return Goal(
            self._one_of(measure, MEASURES, "objective.measure", mark, None),
            self._one_of(by, tuple(AXES), "objective.by", mark, "step"),
            mark,
            self._number(entries, "threshold", (int, float), "a return"),
            self._number(entries, "window", (int,), "a whole number, at least 1"),
        )

    def _number(self, entries: Mapping[str, Written], key: str, kinds: tuple[type, ...], allowed: str) -> Any:
        written = entries.get(key)
        if written is None:
            return None
        value = written.value.value if isinstance(written.value, Scalar) else None
        if isinstance(value, kinds) and not isinstance(value, bool) and (key != "window" or int(str(value)) >= 1):
            return value
        message = f"found {found(written.value)}; allowed: {allowed}"
        self.problems.add(written.value.mark, f"objective.{key}", message)
        return None

    def _one_of(self, node: Node | None, known: tuple[str, ...], path: str, mark: Mark, default: str | None) -> str:
        if node is None and default is not None:
            return default
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, str) and value in known:
            return value
        what = "is missing" if node is None else f"found {found(node)}"
        nearest = (did_you_mean(value, known) if isinstance(value, str) else "") or ";"
        self.problems.add(mark if node is None else node.mark, path, f"{what}{nearest} allowed: {', '.join(known)}")
        return known[0]

    def _named(self, key: str, default: str) -> Named:
        """`tpe`, or `{name: tpe, n_startup_trials: 5}`."""
        node = self.file.value(key)
        match node:
            case None:
                return Named(default, self.file.mark(key))
            case Scalar(value=str(name)):
                return Named(name, node.mark)
            case MapNode(entries=entries) if "name" in entries:
                written = entries["name"].value
                given = {one: inner.value for one, inner in entries.items() if one != "name"}
                for one, value in given.items():
                    if not isinstance(value, Scalar):
                        self.problems.add(value.mark, f"{key}.{one}", f"found {found(value)}; allowed: a single value")
                if isinstance(written, Scalar) and isinstance(written.value, str):
                    scalars = {one: value for one, value in given.items() if isinstance(value, Scalar)}
                    return Named(written.value, written.mark, scalars)
        self.problems.add(node.mark, key, f"found {found(node)}; allowed: a name, or a map with name and parameters")
        return Named(default, node.mark)
