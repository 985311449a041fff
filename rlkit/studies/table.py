"""What a person sees of a study: a table of its variants, live on a terminal."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any

from rlkit.runs.live_lines import LiveLines
from rlkit.runs.terminal import say
from rlkit.studies.plan_file import RunState
from rlkit.studies.running import Progress

_HEAD = ("variant", "done", "failed", "solved", "half solved by step", "mean return", "time")


def rows_of(progress: Progress) -> list[tuple[str, ...]]:
    """A row a variant (and environment, where there are several), below a head."""
    several = len(progress.plan.environments) > 1
    rows: list[tuple[str, ...]] = [_HEAD]
    for cell in progress.plan.cells:
        name = f"{cell.variant}, {cell.environment}" if several else cell.variant
        states = progress.states(cell.variant, cell.environment)
        told = [progress.manifest(state) for state in states if state.state == "finished"]
        rows.append((name, *_counts(states), *_outcome(told)))
    return rows


def _counts(states: Sequence[RunState]) -> tuple[str, str]:
    finished = sum(state.state == "finished" for state in states)
    failed = sum(state.state == "failed" for state in states)
    running = sum(state.state == "running" for state in states)
    return f"{finished} of {len(states)}" + (f", {running} on" if running else ""), str(failed) if failed else "-"


def _outcome(finished: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Of what run.json tells of the runs that finished."""
    if not finished:
        return "-", "-", "-", "-"
    solved = [told["steps"] if told["solved"] else math.inf for told in finished]
    half = statistics.median_low(solved)  # as the survival curve has it: who never got there took longer
    returns = [told["mean_return"] for told in finished if told["mean_return"] is not None]
    seconds = statistics.median(told["seconds"]["total"] for told in finished)
    return (
        f"{sum(map(math.isfinite, solved))} of {len(finished)}",
        f"{half:,.0f}" if math.isfinite(half) else "-",
        f"{statistics.mean(returns):,.1f}" if returns else "-",
        f"{seconds:,.1f} s",
    )


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines, the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(size) for cell, size in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines


class LiveTable:
    """Redrawn in place on a terminal; elsewhere a line for every tenth of the runs, and for each that fails."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet, self._lines, self._tenths = quiet, LiveLines(), 0

    def told(self, progress: Progress, state: RunState) -> None:
        """A run began or ended."""
        if self._quiet:
            return
        if state.state == "failed":
            self._lines.clear()
            say(f"failed  {_shown(progress, state)}: {_short(state.reason)}")
        elif state.state == "waiting":
            self._lines.clear()
            say(f"lost    {_shown(progress, state)}: {_short(state.reason)}; it is made once more")
        if self._lines.live:
            self._lines.draw(lambda: [*aligned(rows_of(progress)), _left(progress)])
        else:
            self._now_and_then(progress)

    def clear(self) -> None:
        """Leave the terminal as it was before."""
        self._lines.clear()

    def _now_and_then(self, progress: Progress) -> None:
        states = list(progress.folder.runs.values())
        over = sum(state.state in ("finished", "failed") for state in states)
        tenths = over * 10 // len(states)
        if tenths > self._tenths:
            self._tenths = tenths
            say(f"{over} of {len(states)} runs; {_left(progress)}")


def _left(progress: Progress) -> str:
    """How long it has taken, and what the rest will take at this pace."""
    states = progress.folder.runs.values()
    ended, left = len(progress.results), sum(state.state in ("waiting", "running") for state in states)
    seconds = time.monotonic() - progress.began
    rest = f", about {shown_seconds(seconds / ended * left)} left" if ended and left else ""
    return f"{shown_seconds(seconds)}{rest}"


def shown_seconds(seconds: float) -> str:
    """`4.0 s`, `40 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _shown(progress: Progress, state: RunState) -> str:
    several = len(progress.plan.environments) > 1
    return f"{state.variant}{f', {state.environment}' if several else ''}, seed {state.seed}"


def _short(reason: str) -> str:
    first = reason.splitlines()[0] if reason else ""
    return first if len(first) <= 200 else first[:199] + "…"
