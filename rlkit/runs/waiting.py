"""What a person sees on standard error while something takes longer than a few seconds."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from rlkit.runs.terminal import columns, is_terminal

_PATIENCE_SECONDS = 2.0
"""Nothing is said of what is over by then."""
_REDRAW_SECONDS = 0.5
_PRINTED_SECONDS = 30.0
"""From one line to the next, where there is no terminal."""


@contextlib.contextmanager
def waiting(words: Callable[[], str] | str, *, quiet: bool = False) -> Iterator[None]:
    """While the block goes on, say what it does and for how long: a live line on a terminal, else a line now and then.

    Args:
        words: what is done now; a function is asked anew each time, from another thread.
        quiet: say nothing.
    """
    stream = sys.stderr
    if quiet or stream is None:
        yield
        return
    over = threading.Event()
    teller = threading.Thread(target=_tell, args=(words, stream, over), daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(words: Callable[[], str] | str, stream: TextIO, over: threading.Event) -> None:
    live, began, drawn = is_terminal(stream), time.monotonic(), 0
    pause = _PATIENCE_SECONDS if live else _PRINTED_SECONDS / 3
    with contextlib.suppress(AttributeError, OSError, ValueError):  # what goes on does not depend on who listens
        while not over.wait(pause):
            said = words if isinstance(words, str) else words()
            line = f"{said}  {time.monotonic() - began:,.0f} s"
            if live:
                line = line[: columns(stream) - 1]
                stream.write("\r" + line.ljust(drawn))
                drawn = len(line)
            else:
                stream.write(line + "\n")
            stream.flush()
            pause = _REDRAW_SECONDS if live else _PRINTED_SECONDS
        if drawn:
            stream.write("\r" + " " * drawn + "\r")
            stream.flush()
