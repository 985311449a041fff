"""From a tuning file to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rlkit.catalogue.nearest import did_you_mean
from rlkit.comparing.measures import AXES, MEASURES
from rlkit.experiment.errors import ExperimentError, Problem, Problems
from rlkit.experiment.nodes import Broken, MapNode, Mark, Node, Scalar, Written
from rlkit.experiment.reading import read
from rlkit.experiment.source import read_text
from rlkit.experiment.words import found, quoted, shown
from rlkit.studies.reading import NAME, NAMES
from rlkit.studies.study_file import Change
from rlkit.studies.written_seeds import seeds_of
from rlkit.tuning.shipped import find_tuning
from rlkit.tuning.space import space_of
from rlkit.tuning.tuning_file import Goal, Named, TuningFile

KEYS = (
    "tune", "base", "set", "space", "trials", "seeds", "test_seeds", "objective", "sampler", "pruner", "launcher",
)  # fmt: skip
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
    path, problems = find_tuning(source), Problems()
    file = shown(str(path))
    document = read(read_text(path, file), Mark(file, 1, 1), problems)
    if not isinstance(document, MapNode):
        if document is not None:
            problems.add(document.mark, "", f"found {found(document)}; a tuning is a map with the keys base and space")
        problems.raise_any()
        raise ExperimentError(Problem(file, "", "cannot be read"))
    if name is not None:
        mark = Mark("--name")
        document = document.with_entry("tune", Written(mark, Scalar(mark, name)))
    return _Reader(document, path, problems).tuning()


class _Reader:
    def __init__(self, document: MapNode, path: Path, problems: Problems) -> None:
        self.document, self.path, self.problems = document, path, problems

    def tuning(self) -> TuningFile:
        """Everything, or ExperimentError."""
        for key, written in self.document.entries.items():
            if key not in KEYS:
                nearest = did_you_mean(key, KEYS) or ";"
                message = f"found the key {quoted(key)}{nearest} a tuning has {', '.join(KEYS)}"
                self.problems.add(written.key, key, message)
        seeds, test_seeds = self._seeds("seeds"), self._seeds("test_seeds")
        self._keep_apart(seeds, test_seeds)
        tuning = TuningFile(
            name=self._name(),
            source=str(self.path),
            base=self._base(),
            common=self._changes(),
            space=space_of(self._value("space"), self._mark("space"), self.problems),
            trials=self._trials(),
            seeds=seeds,
            test_seeds=test_seeds,
            goal=self._goal(),
            sampler=self._named("sampler", "tpe"),
            pruner=self._named("pruner", "wilcoxon"),
            launcher=self._value("launcher"),
        )
        self.problems.raise_any()
        return tuning

    def _value(self, key: str) -> Node | None:
        written = self.document.entries.get(key)
        return None if written is None or isinstance(written.value, Broken) else written.value

    def _mark(self, key: str) -> Mark:
        return self.document.entries[key].key if key in self.document.entries else self.document.mark

    def _name(self) -> str:
        node = self._value("tune")
        if node is None:
            name, mark = self.path.stem, self.document.mark
        elif isinstance(node, Scalar) and isinstance(node.value, str):
            name, mark = node.value, node.mark
        else:
            self.problems.add(node.mark, "tune", f"found {found(node)}; allowed: the tuning's name")
            return ""
        if not NAME.fullmatch(name):
            self.problems.add(mark, "tune", f"found {quoted(name)}; allowed: {NAMES}")
        return name

    def _base(self) -> str:
        node = self._value("base")
        if isinstance(node, Scalar) and isinstance(node.value, str):
            beside = self.path.parent / node.value
            return str(beside) if node.value.endswith((".yaml", ".yml")) and beside.is_file() else node.value
        what = "is missing" if node is None else f"found {found(node)}"
        message = f"{what}; allowed: an experiment file, or a shipped one's name"
        self.problems.add(self.document.mark if node is None else node.mark, "base", message)
        return ""

    def _changes(self) -> tuple[Change, ...]:
        node = self._value("set")
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return ()
        if not isinstance(node, MapNode):
            self.problems.add(node.mark, "set", f"found {found(node)}; allowed: a map such as {{agent.gamma: 0.99}}")
            return ()
        return tuple(Change(key, written.value, written.key) for key, written in node.entries.items())

    def _trials(self) -> int:
        node = self._value("trials")
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_TRIALS:
            return value
        what = "is missing" if node is None else f"found {found(node)}"
        message = f"{what}; allowed: how many sets of values are tried, 1 to {MOST_TRIALS:,}"
        self.problems.add(self.document.mark if node is None else node.mark, "trials", message)
        return 0

    def _seeds(self, key: str) -> tuple[int, ...]:
        node = self._value(key)
        if node is not None:
            return seeds_of(node, key, self.problems)
        if key not in self.document.entries:
            self.problems.add(self.document.mark, key, "is missing; write how many (10), or which (100-109)")
        return ()

    def _keep_apart(self, seeds: tuple[int, ...], test_seeds: tuple[int, ...]) -> None:
        shared = [str(seed) for seed in test_seeds if seed in seeds]
        if shared:
            count = len(test_seeds)
            some = ", ".join(shared[:5]) + (" and others" if len(shared) > 5 else "")
            message = (
                f"found {some} among seeds too; the winner was chosen on those, so a test on them would flatter it; "
                f"write, for one, {max(seeds) + 1}-{max(seeds) + count}"
            )
            self.problems.add(self._mark("test_seeds"), "test_seeds", message)

    def _goal(self) -> Goal:
        node = self._value("objective")
        entries = node.entries if isinstance(node, MapNode) else {}
        for key, written in entries.items():
            if key not in _GOAL:
                nearest = did_you_mean(key, _GOAL) or ";"
                message = f"found {quoted(key)}{nearest} allowed: {', '.join(_GOAL)}"
                self.problems.add(written.key, f"objective.{key}", message)
        measure = node if isinstance(node, Scalar) else entries["measure"].value if "measure" in entries else None
        by = entries["by"].value if "by" in entries else None
        mark = self._mark("objective") if measure is None else measure.mark
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
        node = self._value(key)
        match node:
            case None:
                return Named(default, self._mark(key))
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
