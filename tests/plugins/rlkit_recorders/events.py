"""What recorders are told, made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rlkit import EpisodeEnded, EvaluationEnded, MetricsLogged, RunEnded, RunView

EVALUATION = EvaluationEnded(step=40, episode=4, update=6, returns=(3.0, 5.0), lengths=(10, 20), seconds=0.1)


def run(folder: Path, **changes: Any) -> RunView:
    values: dict[str, Any] = {"experiment": "pole", "run_id": "run-1", "seed": 7, "resolved": {}, "limits": {}}
    return RunView(**{**values, "folder": folder, **changes})


def episode(number: int, **reports: float) -> EpisodeEnded:
    return EpisodeEnded(
        episode=number,
        step=10 * (number + 1),
        update=0,
        length=10,
        episode_return=float(number),
        terminated=number % 2 == 0,
        truncated=number % 2 == 1,
        seconds=0.1 * (number + 1),
        reports=reports,
    )


def learned(update: int, **metrics: float) -> MetricsLogged:
    return MetricsLogged(update=update, step=5 * update, episode=1, metrics=metrics)


def ended(status: str = "finished", reason: str = "as the test has it") -> RunEnded:
    return RunEnded(status, reason, solved=status == "finished", episodes=4, steps=40, updates=6, seconds=0.4)
