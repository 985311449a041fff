"""Standard output and standard error of a command: what it does never depends on who listens."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import Any


class Listened:
    """A stream that falls silent where it cannot be written any more, and remembers why."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.error: OSError | ValueError | None = None

    def write(self, text: str) -> int:
        """Write, if anybody can still be reached."""
        self._try("write", text)
        return len(text)

    def flush(self) -> None:
        """Flush, likewise."""
        self._try("flush")

    def isatty(self) -> bool:
        """Whether it is a terminal that can still be written."""
        return self.error is None and bool(self._stream.isatty())

    def _try(self, method: str, *given: str) -> None:
        if self.error is None:
            try:
                getattr(self._stream, method)(*given)
            except AttributeError:  # a service's stream that has no flush, or is none at all
                pass
            except (OSError, ValueError) as error:  # ValueError: it was closed
                self.error = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def listened_streams() -> Iterator[tuple[Listened, Listened]]:
    """Within it `sys.stdout` and `sys.stderr` are `Listened`; what is missing is made up for."""
    before = sys.stdout, sys.stderr
    _open_descriptors()
    streams = []
    for given in before:
        stream = given or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without ε shows a question mark
        streams.append(Listened(stream))
    output, errors = streams
    sys.stdout, sys.stderr = output, errors
    try:
        yield output, errors
    finally:
        output.flush()
        errors.flush()
        sys.stdout, sys.stderr = before
        for stream, listened in zip(before, streams, strict=True):
            if isinstance(listened.error, OSError) and stream in (sys.__stdout__, sys.__stderr__):
                _forget(stream)


def _open_descriptors() -> None:
    """A file that a run opens must not become descriptor 1 or 2, where libraries write what they log."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free


def _forget(stream: Any) -> None:
    """Python writes what is left when it exits, and would complain about the closed pipe or the full disk then."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
