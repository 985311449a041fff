"""A schedule that cannot stand where it stands. No TensorFlow."""

from __future__ import annotations

from rlkit.contracts.component import ParameterError


class ScheduleError(ParameterError):
    """Found when the parts are built; `parameter` is the schedule's path from the agent: `exploration.schedule`."""
