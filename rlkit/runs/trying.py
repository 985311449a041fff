"""Stop criteria and recorders tried on episodes that are made up, before a run depends on them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from rlkit.contracts.events import EpisodeEnded, EvaluationEnded, MetricsLogged, RunEnded
from rlkit.contracts.stop import EvaluationScore
from rlkit.experiment.experiment import Experiment
from rlkit.runs.history import GrowingHistory
from rlkit.runs.recorders import ActiveRecorders
from rlkit.runs.stopping import StopCriteria
from rlkit.runs.view import named_recorders, run_view

_RETURNS = (-1.0, 0.0, 200.0)
"""Of the episodes, which are ten steps long."""


def try_out(experiment: Experiment) -> Iterator[str]:
    """A sentence for each recorder that would be switched off. Raises StopFault."""
    criteria, episodes = StopCriteria(experiment), GrowingHistory()
    with tempfile.TemporaryDirectory() as folder:
        view = run_view(experiment, Path(folder), "tried", quiet=True, record_episode=_record_nothing, trial=True)
        recorders = ActiveRecorders(named_recorders(experiment), view)
        for number, episode_return in enumerate(_RETURNS):
            episodes.append(episode_return, 10, terminated=True, truncated=False)
            step = 10 * (number + 1)
            history = episodes.view(step, number, 0.1 * step, (EvaluationScore(step, (episode_return,)),))
            words = criteria.describe(history)
            criteria.met(history)
            recorders.notify(_ended(number, episode_return, words))
        recorders.notify(MetricsLogged(update=2, step=30, episode=3, metrics={"loss": 0.5}))
        recorders.notify(EvaluationEnded(step=30, episode=3, update=2, returns=(1.0,), lengths=(10,), seconds=0.1))
        recorders.notify(RunEnded("finished", "tried", solved=False, episodes=3, steps=30, updates=2, seconds=3.0))
    yield from recorders.failures


def _ended(number: int, episode_return: float, words: str) -> EpisodeEnded:
    return EpisodeEnded(
        episode=number,
        step=10 * (number + 1),
        update=number,
        length=10,
        episode_return=episode_return,
        terminated=True,
        truncated=False,
        seconds=float(number + 1),
        reports={},
        describe=lambda: words,
    )


def _record_nothing(path: Path) -> None:
    path.touch()
