"""Lines of a terminal that are redrawn in place while something goes on."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Sequence

from rlkit.runs.terminal import columns, is_terminal

_REDRAW_SECONDS = 0.2


class LiveLines:
    """On standard error; what goes on does not depend on whether it can be written."""

    def __init__(self) -> None:
        self.live = is_terminal(sys.stderr)
        """Whether there is a terminal to redraw."""
        self._count, self._drawn = 0, 0.0

    def draw(self, lines: Callable[[], Sequence[str]]) -> None:
        """Show them in place of those before, at most every 0.2 seconds."""
        if self._count and time.monotonic() - self._drawn <= _REDRAW_SECONDS:
            return
        width = columns(sys.stderr) - 1
        text = [line if len(line) <= width else f"{line[: width - 1]}…" for line in lines()]
        self.clear()
        _write("\n".join(text) + "\n")
        self._count, self._drawn = len(text), time.monotonic()

    def clear(self) -> None:
        """Leave the terminal as it was before."""
        if self._count:
            _write(f"\x1b[{self._count}F\x1b[J")
            self._count = 0


def _write(text: str) -> None:
    with contextlib.suppress(AttributeError, OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()
