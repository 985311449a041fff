"""What is wrong with an experiment file: all of it, each problem at its place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rlkit.experiment.nodes import Mark
from rlkit.experiment.words import printable, quoted

MOST_PROBLEMS = 100
"""A file with more is no experiment; naming the rest would help nobody."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong."""

    where: str
    """`file:line:column`, `file` alone, `--set KEY=VALUE` or `--seed`."""
    path: str
    """The dotted key it is about, as `--set` would name it; empty for the file as a whole."""
    message: str
    """What was found and what is allowed, one line."""
    cause: BaseException | None = field(default=None, compare=False, repr=False)
    """The exception behind it, where a plugin or an environment raised one."""

    def __str__(self) -> str:
        said = not self.path or self.where.startswith(f"--set {self.path}=")
        path = quoted(self.path)[1:-1]
        return f"{self.where}: {self.message}" if said else f"{self.where}: {path}: {self.message}"


class ExperimentError(ValueError):
    """An experiment that cannot be run; `str()` gives one line a problem."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def without_causes(error: ExperimentError) -> ExperimentError:
    """The same for another process: without the exceptions behind it, which may be of classes unknown there."""
    return ExperimentError(*(replace(problem, cause=None) for problem in error.problems))


class Problems:
    """Collects what is wrong, so that one pass tells everything."""

    def __init__(self) -> None:
        self._found: dict[tuple[Mark, str, str], Problem] = {}

    def __len__(self) -> int:
        """How many were noted."""
        return len(self._found)

    def add(self, mark: Mark, path: str, message: str, cause: BaseException | None = None) -> None:
        """Note a problem. Raises ExperimentError when there are too many to go on."""
        message = printable(" ".join(message.split()))
        self._found.setdefault((mark, path, message), Problem(str(mark), path, message, cause))
        if len(self._found) >= MOST_PROBLEMS:
            raise ExperimentError(*self._sorted(), Problem(mark.source, "", "more problems were left out"))

    def raise_any(self) -> None:
        """Raise ExperimentError if there is any problem, the file's in its order, then the command line's."""
        if self._found:
            raise ExperimentError(*self._sorted())

    def _sorted(self) -> list[Problem]:
        # Overrides have line 0; Python's sort keeps their order.
        places = sorted(self._found, key=lambda found: (found[0].line == 0, found[0].line, found[0].column))
        return [self._found[place] for place in places]
