"""Files that start from a base experiment: what studies and tunings read alike, each value at its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from rlkit.catalogue.nearest import did_you_mean
from rlkit.experiment.errors import ExperimentError, Problem, Problems
from rlkit.experiment.loading import document_of
from rlkit.experiment.nodes import Broken, MapNode, Mark, Node, Scalar, Written
from rlkit.experiment.reading import read
from rlkit.experiment.source import read_text
from rlkit.experiment.words import found, quoted, shown
from rlkit.studies.study_file import Change
from rlkit.studies.written_seeds import seeds_of

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
NAMES = "up to 80 letters, digits, '_', '-' and '.', the first a letter or digit"


@dataclass(frozen=True)
class Kind:
    """Of file."""

    noun: str
    """`study`: in messages, after 'a'."""
    name_key: str
    """Under which the file's own name stands."""
    keys: tuple[str, ...]
    """All that it may have."""
    needs: str
    """The keys that no file of this kind does without, in words."""


class BasedFile:
    """A file that was read; what is wrong with its values gathers in `problems`."""

    def __init__(self, kind: Kind, path: Path, name: str | None) -> None:
        """Read it.

        Args:
            kind: what it has to be.
            path: of the file.
            name: instead of the file's own.

        Raises:
            ExperimentError: it cannot be read, or is no map.
        """
        self.kind, self.path, self.problems = kind, path, Problems()
        file = shown(str(path))
        document = read(read_text(path, file), Mark(file, 1, 1), self.problems)
        if not isinstance(document, MapNode):
            if document is not None:
                message = f"found {found(document)}; a {kind.noun} is a map with the keys {kind.needs}"
                self.problems.add(document.mark, "", message)
            self.problems.raise_any()
            raise ExperimentError(Problem(file, "", "cannot be read"))
        if name is not None:
            mark = Mark("--name")
            document = document.with_entry(kind.name_key, Written(mark, Scalar(mark, name)))
        self.document = document
        self._refuse_unknown()

    def _refuse_unknown(self) -> None:
        for key, written in self.document.entries.items():
            if key not in self.kind.keys:
                nearest = did_you_mean(key, self.kind.keys) or ";"
                message = f"found the key {quoted(key)}{nearest} a {self.kind.noun} has {', '.join(self.kind.keys)}"
                self.problems.add(written.key, key, message)

    def value(self, key: str) -> Node | None:
        """What stands at a key; None if nothing does, or nothing that could be read."""
        written = self.document.entries.get(key)
        return None if written is None or isinstance(written.value, Broken) else written.value

    def mark(self, key: str) -> Mark:
        """Where the key stands; the file's beginning if it does not."""
        return self.document.entries[key].key if key in self.document.entries else self.document.mark

    def name(self) -> str:
        """The file's own, else that of the file."""
        key = self.kind.name_key
        node = self.value(key)
        if node is None:
            name, mark = self.path.stem, self.document.mark
        elif isinstance(node, Scalar) and isinstance(node.value, str):
            name, mark = node.value, node.mark
        else:
            self.problems.add(node.mark, key, f"found {found(node)}; allowed: the {self.kind.noun}'s name")
            return ""
        if not NAME.fullmatch(name):
            self.problems.add(mark, key, f"found {quoted(name)}; allowed: {NAMES}")
        return name

    def base(self) -> str | None:
        """The experiment that it starts from; None where the key is missing or is a problem."""
        node = self.value("base")
        if node is None:
            return None
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return self.source(node.value)
        message = f"found {found(node)}; allowed: an experiment file, or a shipped one's name"
        self.problems.add(node.mark, "base", message)
        return None

    def source(self, text: str) -> str:
        """A path is one from the file's own folder on, or from the working folder on."""
        beside = self.path.parent / text
        return str(beside) if text.endswith((".yaml", ".yml")) and beside.is_file() else text

    def changes(self, node: Node | None, path: str) -> tuple[Change, ...]:
        """What a map of dotted keys changes."""
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return ()
        if not isinstance(node, MapNode):
            self.problems.add(node.mark, path, f"found {found(node)}; allowed: a map such as {{agent.gamma: 0.99}}")
            return ()
        changes = tuple(Change(key, written.value, written.key) for key, written in node.entries.items())
        for index, change in enumerate(changes):
            if change.key in ("seed", "name"):
                message = "is given to each run; seeds says which" if change.key == "seed" else "is the variant's own"
                self.problems.add(change.mark, f"{path}.{change.key}", message)
            for later in changes[index + 1 :]:
                if change.key.startswith(f"{later.key}."):
                    message = f"is lost in {quoted(later.key)}, which is written whole after it; write it behind that"
                    self.problems.add(change.mark, f"{path}.{change.key}", message)
        return changes

    def seeds(self, key: str, example: str) -> tuple[int, ...]:
        """The seeds at a key; none where they are a problem.

        Args:
            key: which has to be there.
            example: of seeds that are named one by one.
        """
        node = self.value(key)
        if node is not None:
            return seeds_of(node, key, self.problems)
        if key not in self.document.entries:
            message = f"is missing; write how many (10), or which ({example})"
            self.problems.add(self.document.mark, key, message)
        return ()


def base_document(source: str, mark: Mark, problems: Problems) -> MapNode:
    """What an experiment file says; that there is no such file is told where it is named.

    Args:
        source: a file, or a shipped experiment's name.
        mark: of the place that names it.
        problems: takes what the reader can read past.

    Raises:
        ExperimentError: it is no map, or cannot be read at all.
    """
    try:
        return document_of(source, problems)
    except ExperimentError as error:
        (problem, *others) = error.problems
        if others or problem.where != shown(source):
            raise
        raise ExperimentError(Problem(str(mark), "", f"found {quoted(source)}: {problem.message}")) from None
