"""What a person sees of a search: its best trials so far, live on a terminal."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rlkit.runs.live_lines import LiveLines
from rlkit.runs.terminal import say
from rlkit.studies.table import aligned, shown_seconds
from rlkit.tuning.running import Progress
from rlkit.tuning.search import Search

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

_BEST = 5
"""Trials that are shown."""


def rows_of(search: Search) -> list[tuple[str, ...]]:
    """The best trials, below a head: number, value, spread over its seeds, and what was sampled."""
    short = _short_keys([one.key for one in search.tuning.space])
    measure = search.tuning.measure
    head = ("trial", measure.name if measure.name == "final" else f"{measure.name} by {measure.by}", "±", *short)
    return [head, *(_row(search, trial) for trial in search.ranked()[:_BEST])]


def shown_of(search: Search) -> str:
    """Which trials the table has, and what stands in it."""
    complete = len(search.ranked())
    which = "all" if complete <= _BEST else f"the best {_BEST} of"
    return f"table       {which} {complete} complete trials; ±: the standard deviation over a trial's seeds"


def _row(search: Search, trial: FrozenTrial) -> tuple[str, ...]:
    scores = list(trial.user_attrs.get("scores", {}).values())
    spread = f"{statistics.stdev(scores):,.4g}" if len(scores) > 1 else "-"
    return (str(trial.number), f"{trial.value:,.6g}", spread, *(shown_values(search, trial)))


def shown_values(search: Search, trial: FrozenTrial) -> list[str]:
    """What was sampled, in the order of the space."""
    values = (trial.params.get(one.key) for one in search.tuning.space)
    return [f"{value:.4g}" if isinstance(value, float) else "-" if value is None else str(value) for value in values]


def _short_keys(keys: Sequence[str]) -> list[str]:
    """`learning_rate` for `optimizer.learning_rate`, where no other key ends so."""
    lasts = [key.rpartition(".")[2] for key in keys]
    return [last if lasts.count(last) == 1 else key for key, last in zip(keys, lasts, strict=True)]


def counted(search: Search) -> str:
    """`12 of 40 trials: 9 complete, 2 pruned, 1 failed; 1 run lost and made once more`."""
    trials = search.study.get_trials(deepcopy=False)
    states = Counter(trial.state.name for trial in trials)
    over = sum(trial.state.is_finished() for trial in trials)
    words = {"COMPLETE": "complete", "PRUNED": "pruned", "FAIL": "failed", "RUNNING": "on"}
    parts = [f"{states[state]} {word}" for state, word in words.items() if states[state]]
    deaths = sum(trial.user_attrs.get("deaths", 0) for trial in trials)
    lost = f"; {deaths} run{'s' if deaths > 1 else ''} lost" if deaths else ""
    return f"{over} of {search.most()} trials{': ' if parts else ''}{', '.join(parts)}{lost}"


class LiveSearch:
    """Redrawn in place on a terminal; elsewhere a line for every tenth of the trials, and for each that fails."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet, self._lines, self._tenths = quiet, LiveLines(), -1

    def told(self, progress: Progress, sentence: str) -> None:
        """Something has changed."""
        if self._quiet:
            return
        if sentence:
            self._lines.clear()
            first = sentence.splitlines()[0]
            say(first if len(first) <= 200 else first[:199] + "…")
        if self._lines.live:
            self._lines.draw(lambda: _drawn(progress))
        else:
            self._now_and_then(progress)

    def clear(self) -> None:
        """Leave the terminal as it was before."""
        self._lines.clear()

    def _now_and_then(self, progress: Progress) -> None:
        trials = progress.search.study.get_trials(deepcopy=False)
        tenths = sum(trial.state.is_finished() for trial in trials) * 10 // progress.search.most()
        if self._tenths < 0:
            self._tenths = tenths
        if tenths > self._tenths:
            self._tenths = tenths
            best = progress.search.ranked()[:1]
            told = f"; best {best[0].value:,.6g} (trial {best[0].number})" if best else ""
            say(f"{counted(progress.search)}{told}; {_left(progress)}")


def _drawn(progress: Progress) -> list[str]:
    rows = rows_of(progress.search)
    seeds = len(progress.search.tuning.file.seeds)
    return [
        *(aligned(rows) if len(rows) > 1 else []),
        *(
            f"trial {trial.number}: seed {min(len(trial.scores) + 1, seeds)} of {seeds}"
            for trial in progress.open.values()
        ),
        f"{counted(progress.search)}; {_left(progress)}",
    ]


def _left(progress: Progress) -> str:
    seconds = time.monotonic() - progress.began
    left = progress.search.left() + len(progress.open)
    rest = f", about {shown_seconds(seconds / progress.ended * left)} left" if progress.ended and left else ""
    return f"{shown_seconds(seconds)}{rest}"
