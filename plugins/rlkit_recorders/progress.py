"""How the run is going, on standard error: a live line on a terminal, else a line now and then."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from typing import TextIO

from rlkit import EpisodeEnded, EvaluationEnded, RunEnded, RunView, component, parameter

_REDRAW_SECONDS = 0.1


@component
class ProgressLine:
    """Episode, step, return, how far the stop criterion is, what components report (ε, …), and steps/s.

    On a terminal one line is redrawn at most ten times a second; elsewhere (a file, a pipe) a line is printed
    every so many episodes, with the mean return of those episodes. A run that takes no steps has a line for each
    evaluation. Nothing with `--quiet`.
    """

    every: int = parameter(
        default=100, doc="episodes from one printed line to the next, where there is no terminal", at_least=1
    )

    def start(self, run: RunView) -> LiveLine | PrintedLines | EvaluationLines | None:
        """The working recorder of one run; None if the person asked for quiet, or cannot be told."""
        if run.quiet or sys.stderr is None:
            return None
        if not run.resolved.get("collects", True):
            return EvaluationLines(run, sys.stderr)
        return LiveLine(run, sys.stderr) if run.terminal else PrintedLines(run, self.every, sys.stderr)


class LiveLine:
    """One line of a terminal, redrawn in place."""

    def __init__(self, run: RunView, stream: TextIO) -> None:
        self._run, self._stream = run, stream
        self._next = 0.0
        self._drawn = 0
        self._newest: EpisodeEnded | None = None

    def episode_ended(self, event: EpisodeEnded) -> None:
        """Redraw, unless it was redrawn just now."""
        self._newest = event
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _REDRAW_SECONDS
            self._draw(event)

    def run_ended(self, event: RunEnded) -> None:
        """Leave the last episode's line standing."""
        if self._newest is not None:
            self._draw(self._newest)
            _write(self._stream, "\n")

    def _draw(self, event: EpisodeEnded) -> None:
        room = _columns(self._stream) - 1
        line = "  ".join(words(event, self._run, self._stream))
        if len(line) > room:
            line = "  ".join(words(event, self._run, self._stream, short=True))[:room]
        _write(self._stream, "\r" + line.ljust(self._drawn))  # spaces over what the last line leaves behind
        self._drawn = len(line)


class PrintedLines:
    """A line every so many episodes, and one for the last episode."""

    def __init__(self, run: RunView, every: int, stream: TextIO) -> None:
        self._run, self._every, self._stream = run, every, stream
        self._returns: deque[float] = deque(maxlen=every)
        self._unprinted: EpisodeEnded | None = None

    def episode_ended(self, event: EpisodeEnded) -> None:
        """Print every so often."""
        self._returns.append(event.episode_return)
        self._unprinted = event
        if (event.episode + 1) % self._every == 0:
            self._print(event)

    def run_ended(self, event: RunEnded) -> None:
        """Print the last episode, if it was not."""
        if self._unprinted is not None:
            self._print(self._unprinted)

    def _print(self, event: EpisodeEnded) -> None:
        mean = sum(self._returns) / len(self._returns)
        episode, step, episode_return, *rest = words(event, self._run, self._stream)
        parts = [episode, step, episode_return, f"mean of last {len(self._returns)}: {mean:.1f}", *rest]
        _write(self._stream, "  ".join(parts) + "\n")
        self._unprinted = None


class EvaluationLines:
    """A line for each evaluation."""

    def __init__(self, run: RunView, stream: TextIO) -> None:
        self._most, self._stream = run.limits.get("updates"), stream

    def evaluation_ended(self, event: EvaluationEnded) -> None:
        """Print it."""
        update = f"update {event.update:,}" + (f"/{self._most:,.0f}" if self._most else "")
        count = len(event.returns)
        mean = f"mean of {count} greedy episode{'' if count == 1 else 's'}: {sum(event.returns) / count:.1f}"
        _write(self._stream, f"{update}  {mean}\n")


def words(event: EpisodeEnded, run: RunView, stream: TextIO, *, short: bool = False) -> list[str]:
    """The parts of a line; `short` fits 80 columns. Episodes are counted from 1 here, as people do."""
    most = None if short else run.limits.get("episodes")
    episode = f"episode {event.episode + 1:,}" + (f"/{most:,.0f}" if most else "")
    parts = [episode, f"step {event.step:,}", f"return {event.episode_return:g}"]
    if event.status:
        parts.append(event.status)
    parts += [f"{_symbol(name, stream)} {value:.3g}" for name, value in event.reports.items()]
    if event.seconds > 0:
        parts.append(f"{event.step / event.seconds:,.0f}{'/s' if short else ' steps/s'}")
    return parts


def _symbol(name: str, stream: TextIO) -> str:
    encoding = (getattr(stream, "encoding", None) or "ascii").lower()
    return "ε" if name == "epsilon" and encoding.startswith("utf") else name


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (AttributeError, OSError, ValueError):
        return 80


def _write(stream: TextIO, text: str) -> None:
    """At once, where the stream of a notebook or a service knows of that."""
    stream.write(text)
    if hasattr(stream, "flush"):
        stream.flush()
