"""From a study file to what it says."""

from __future__ import annotations

import re

from rlkit.experiment.nodes import ListNode, MapNode, Mark, Scalar, plain
from rlkit.experiment.words import found, quoted
from rlkit.studies.based_file import NAME, NAMES, BasedFile, Kind
from rlkit.studies.expanding import expanded
from rlkit.studies.shipped import find_study
from rlkit.studies.study_file import Change, Given, Setting, StudyFile, Variant

KEYS = (
    "study", "base", "set", "variants", "grid", "ablate", "environments", "seeds", "compare", "launcher", "experiments",
)  # fmt: skip
_KIND = Kind("study", "study", KEYS, "base and variants")


def read_study(source: str, *, name: str | None = None) -> StudyFile:
    """Read a study file, or the study of that name that comes with rlkit.

    Args:
        source: a file, a study's folder, or a name.
        name: instead of the file's.

    Raises:
        ExperimentError: with every problem of its form, each at its place.
    """
    return _Reader(BasedFile(_KIND, find_study(source), name)).study()


class _Reader:
    def __init__(self, file: BasedFile) -> None:
        self.file, self.document, self.problems = file, file.document, file.problems

    def study(self) -> StudyFile:
        """Everything, or ExperimentError."""
        self._refuse_both()
        base = self.file.base()
        given = self._given()
        variants = self._variants()
        grid, ablate = self.file.value("grid"), self.file.value("ablate")
        if not given:
            variants = expanded(variants, grid, ablate, self.problems)
        settings = self._settings()
        study = StudyFile(
            name=self.file.name(),
            source=str(self.file.path),
            base=base,
            base_mark=self.document.mark if (node := self.file.value("base")) is None else node.mark,
            common=self.file.changes(self.file.value("set"), "set"),
            variants=variants,
            settings=settings,
            seeds=self.file.seeds("seeds", "0-9"),
            given=given,
            compare=self._compare(),
            launcher=self.file.value("launcher"),
            places={key: written.key for key, written in self.document.entries.items()},
        )
        own = [variant.source is not None for variant in variants]
        if "base" not in self.document.entries and not given and not (own and all(own)):
            self.problems.add(self.document.mark, "base", "is missing; name the experiment that variants start from")
        self.problems.raise_any()
        return study

    def _refuse_both(self) -> None:
        whole = self.document.entries.get("experiments")
        for key in ("base", "set", "variants", "grid", "ablate", "environments"):
            if whole is not None and key in self.document.entries:
                message = "stands beside experiments, which are written out whole; one or the other"
                self.problems.add(self.document.entries[key].key, key, message)

    def _variants(self) -> tuple[Variant, ...]:
        node = self.file.value("variants")
        if node is None:
            return ()
        if not isinstance(node, MapNode) or not node.entries:
            self.problems.add(node.mark, "variants", f"found {found(node)}; allowed: a map of names, each with a map")
            return ()
        variants = []
        for name, (mark, value) in node.entries.items():
            self._check_name(name, mark, f"variants.{name}")
            if isinstance(value, Scalar) and isinstance(value.value, str):
                variants.append(Variant(name, mark, source=self.file.source(value.value)))
            else:
                variants.append(Variant(name, mark, self.file.changes(value, f"variants.{name}")))
        return tuple(variants)

    def _check_name(self, name: str, mark: Mark, path: str) -> None:
        if not NAME.fullmatch(name):
            self.problems.add(mark, path, f"found the name {quoted(name)}; allowed: {NAMES}")

    def _settings(self) -> tuple[Setting, ...]:
        """`[CartPole-v1, Acrobot-v1]` are ids of the base's own environment; a map gives each name its changes."""
        node = self.file.value("environments")
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
                    settings.append(Setting(name, mark, self.file.changes(value, f"environments.{name}")))
            case _:
                self.problems.add(
                    node.mark, "environments", f"found {found(node)}; allowed: a list of ids, or a map of names"
                )
        twice = [s for index, s in enumerate(settings) if s.name in [before.name for before in settings[:index]]]
        for setting in twice:
            self.problems.add(setting.mark, "environments", f"found {quoted(setting.name)} twice")
        return tuple(settings)

    def _compare(self) -> MapNode | None:
        node = self.file.value("compare")
        if node is None or isinstance(node, MapNode):
            return node
        self.problems.add(node.mark, "compare", f"found {found(node)}; allowed: a map such as {{measure: final}}")
        return None

    def _given(self) -> tuple[Given, ...]:
        node = self.file.value("experiments")
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
