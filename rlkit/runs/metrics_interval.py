"""How often a run logs what learning says: seldom in a long one, and yet some times in a short one."""

from __future__ import annotations

from rlkit.experiment.experiment import Experiment

_USUAL = 100
"""Updates from one row of metrics.jsonl to the next, where the agent says nothing."""
_ROWS = 10
"""That a run has at least, as far as its limits say how much it learns."""


def metrics_interval(experiment: Experiment) -> int:
    """Updates from one row of metrics.jsonl to the next."""
    usual: int = getattr(experiment.agent, "metrics_interval", _USUAL)
    expected = _expected_updates(experiment)
    return usual if expected is None else max(1, min(usual, expected // _ROWS))


def _expected_updates(experiment: Experiment) -> int | None:
    """Learning steps that the limits allow; None where they do not say."""
    limits, due = experiment.limits, experiment.agent.due
    known = [] if limits.updates is None else [limits.updates]
    if experiment.collects:
        environments = experiment.spaces.environments if due.clock == "time" else 1
        if due.clock == "episode_end":
            known += [] if limits.episodes is None else [limits.episodes // due.every * due.times]
        elif limits.total is not None:
            known.append(max(0, limits.total - due.first) // environments // due.every * due.times)
    return min(known, default=None)
