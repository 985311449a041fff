"""What a run tells beside its outcome: what was cut or could not be kept, each once, in order."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from rlkit.faults.authors import one_line
from rlkit.runs.atomic import WriteError


class RunWarnings:
    """Sentences for people."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}

    def add(self, *sentences: str) -> None:
        """Say these, if they were not said."""
        self._sentences.update(dict.fromkeys(sentences))

    def __iter__(self) -> Iterator[str]:
        return iter(self._sentences)

    @property
    def last(self) -> str:
        """The newest; empty if there is none."""
        return next(reversed(self._sentences), "")

    @contextlib.contextmanager
    def kept(self, what: str) -> Iterator[None]:
        """Within it, what fails becomes a warning: nothing else is to be lost by it."""
        try:
            yield
        except WriteError as error:
            self.add(str(error))
        except Exception as error:
            self.add(f"{what} could not be made: {one_line(error)}")
