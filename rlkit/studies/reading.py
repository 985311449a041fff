"""From a study file to what it says."""

from __future__ import annotations

import re
from pathlib import Path

from rlkit.catalogue.nearest import did_you_mean
from rlkit.experiment.errors import ExperimentError, Problem, Problems
from rlkit.experiment.nodes import Broken, ListNode, MapNode, Mark, Node, Scalar, Written, plain
from rlkit.experiment.reading import read
from rlkit.experiment.source import read_text
from rlkit.experiment.words import found, quoted, shown
from rlkit.studies.expanding import expanded
from rlkit.studies.shipped import find_study
from rlkit.studies.study_file import Change, Given, Setting, StudyFile, Variant
from rlkit.studies.written_seeds import seeds_of

KEYS = (
    "study", "base", "set", "variants", "grid", "ablate", "environments", "seeds", "compare", "launcher", "experiments",
)  # fmt: skip
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
NAMES = "up to 80 letters, digits, '_', '-' and '.', the first a letter or digit"


def read_study(source: str, *, name: str | None = None) -> StudyFile:
    """Read a study file, or the study of that name that comes with rlkit.

    Args:
        source: a file, a study's folder, or a name.
        name: instead of the file's.

    Raises:
        ExperimentError: with every problem of its form, each at its place.
    """
    path, problems = find_study(source), Problems()
    file = shown(str(path))
    document = read(read_text(path, file), Mark(file, 1, 1), problems)
    if not isinstance(document, MapNode):
        if document is not None:
            problems.add(
                document.mark, "", f"found {found(document)}; a study is a map with the keys base and variants"
            )
        problems.raise_any()
        raise ExperimentError(Problem(file, "", "cannot be read"))
    if name is not None:
        mark = Mark("--name")
        document = document.with_entry("study", Written(mark, Scalar(mark, name)))
    return _Reader(document, path, problems).study()


class _Reader:
    def __init__(self, document: MapNode, path: Path, problems: Problems) -> None:
        self.document, self.path, self.problems = document, path, problems

    def study(self) -> StudyFile:
        """Everything, or ExperimentError."""
        self._refuse_unknown()
        base, base_mark = self._base()
        given = self._given()
        variants = self._variants()
        grid, ablate = self._value("grid"), self._value("ablate")
        if not given:
            variants = expanded(variants, grid, ablate, self.problems)
        settings = self._settings()
        study = StudyFile(
            name=self._name(),
            source=str(self.path),
            base=base,
            base_mark=base_mark,
            common=self.changes(self._value("set"), "set"),
            variants=variants,
            settings=settings,
            seeds=self._seeds(),
            given=given,
            compare=self._compare(),
            launcher=self._value("launcher"),
            places={key: written.key for key, written in self.document.entries.items()},
        )
        if base is None and not given and any(variant.source is None for variant in variants or (None,)):  # type: ignore[union-attr]
            self.problems.add(self.document.mark, "base", "is missing; name the experiment that variants start from")
        self.problems.raise_any()
        return study

    def _value(self, key: str) -> Node | None:
        written = self.document.entries.get(key)
        return None if written is None or isinstance(written.value, Broken) else written.value

    def _refuse_unknown(self) -> None:
        for key, written in self.document.entries.items():
            if key not in KEYS:
                nearest = did_you_mean(key, KEYS) or ";"
                message = f"found the key {quoted(key)}{nearest} a study has {', '.join(KEYS)}"
                self.problems.add(written.key, key, message)
        whole = self.document.entries.get("experiments")
        for key in ("base", "set", "variants", "grid", "ablate", "environments"):
            if whole is not None and key in self.document.entries:
                message = "stands beside experiments, which are written out whole; one or the other"
                self.problems.add(self.document.entries[key].key, key, message)

    def _name(self) -> str:
        node = self._value("study")
        if node is None:
            name, mark = self.path.stem, self.document.mark
        elif isinstance(node, Scalar) and isinstance(node.value, str):
            name, mark = node.value, node.mark
        else:
            self.problems.add(node.mark, "study", f"found {found(node)}; allowed: the study's name")
            return ""
        if not NAME.fullmatch(name):
            self.problems.add(mark, "study", f"found {quoted(name)}; allowed: {NAMES}")
        return name

    def _base(self) -> tuple[str | None, Mark]:
        node = self._value("base")
        if node is None:
            return None, self.document.mark
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return self._source(node.value), node.mark
        self.problems.add(
            node.mark, "base", f"found {found(node)}; allowed: an experiment file, or a shipped one's name"
        )
        return None, node.mark

    def _source(self, text: str) -> str:
        """A path is one from the study file's folder on, or from the working folder on."""
        beside = self.path.parent / text
        return str(beside) if text.endswith((".yaml", ".yml")) and beside.is_file() else text

    def changes(self, node: Node | None, path: str) -> tuple[Change, ...]:
        """What a map of dotted keys changes."""
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return ()
        if not isinstance(node, MapNode):
            self.problems.add(node.mark, path, f"found {found(node)}; allowed: a map such as {{agent.gamma: 0.99}}")
            return ()
        return tuple(Change(key, written.value, written.key) for key, written in node.entries.items())

    def _variants(self) -> tuple[Variant, ...]:
        node = self._value("variants")
        if node is None:
            return ()
        if not isinstance(node, MapNode) or not node.entries:
            self.problems.add(node.mark, "variants", f"found {found(node)}; allowed: a map of names, each with a map")
            return ()
        variants = []
        for name, (mark, value) in node.entries.items():
            self._check_name(name, mark, f"variants.{name}")
            if isinstance(value, Scalar) and isinstance(value.value, str):
                variants.append(Variant(name, mark, source=self._source(value.value)))
            else:
                variants.append(Variant(name, mark, self.changes(value, f"variants.{name}")))
        return tuple(variants)

    def _check_name(self, name: str, mark: Mark, path: str) -> None:
        if not NAME.fullmatch(name):
            self.problems.add(mark, path, f"found the name {quoted(name)}; allowed: {NAMES}")

    def _settings(self) -> tuple[Setting, ...]:
        """`[CartPole-v1, Acrobot-v1]` are ids of the base's own environment; a map gives each name its changes."""
        node = self._value("environments")
        settings: list[Setting] = []
        match node:
            case None:
                pass
            case ListNode(items=items) if items:
                for item in items:
                    if not isinstance(item, Scalar) or not isinstance(item.value, str):
                        self.problems.add(
                            item.mark, "environments", f"found {found(item)}; allowed: an environment's id"
                        )
                        continue
                    name = re.sub(r"[^A-Za-z0-9._-]+", "-", item.value).strip("-") or "environment"
                    settings.append(Setting(name, item.mark, (Change("environment.id", item, item.mark),)))
            case MapNode(entries=entries) if entries:
                for name, (mark, value) in entries.items():
                    self._check_name(name, mark, f"environments.{name}")
                    settings.append(Setting(name, mark, self.changes(value, f"environments.{name}")))
            case _:
                self.problems.add(
                    node.mark, "environments", f"found {found(node)}; allowed: a list of ids, or a map of names"
                )
        twice = [s for index, s in enumerate(settings) if s.name in [before.name for before in settings[:index]]]
        for setting in twice:
            self.problems.add(setting.mark, "environments", f"found {quoted(setting.name)} twice")
        return tuple(settings)

    def _seeds(self) -> tuple[int, ...]:
        node = self._value("seeds")
        if node is None:
            if "seeds" not in self.document.entries:
                self.problems.add(self.document.mark, "seeds", "is missing; write how many (10), or which (0-9)")
            return ()
        return seeds_of(node, "seeds", self.problems)

    def _compare(self) -> MapNode | None:
        node = self._value("compare")
        if node is None or isinstance(node, MapNode):
            return node
        self.problems.add(node.mark, "compare", f"found {found(node)}; allowed: a map such as {{measure: final}}")
        return None

    def _given(self) -> tuple[Given, ...]:
        node = self._value("experiments")
        if node is None:
            return ()
        if not isinstance(node, ListNode) or not node.items:
            self.problems.add(node.mark, "experiments", f"found {found(node)}; allowed: a list of maps")
            return ()
        given = []
        for index, item in enumerate(node.items):
            path = f"experiments.{index}"
            entries = item.entries if isinstance(item, MapNode) else {}
            names = [plain(entries[key].value) if key in entries else None for key in ("variant", "environment")]
            document = entries["experiment"].value if "experiment" in entries else None
            if set(entries) != {"variant", "environment", "experiment"} or not isinstance(document, MapNode):
                self.problems.add(item.mark, path, "allowed: a map with the keys variant, environment and experiment")
                continue
            for key, name in zip(("variant", "environment"), names, strict=True):
                if not isinstance(name, str) or not NAME.fullmatch(name):
                    self.problems.add(item.mark, f"{path}.{key}", f"allowed: {NAMES}")
            given.append(Given(str(names[0]), str(names[1]), document, item.mark))
        return tuple(given)
