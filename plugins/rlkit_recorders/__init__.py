"""Recorders: a progress line, and the picture of the learning curve."""

from __future__ import annotations

from collections.abc import Mapping

from rlkit import hookimpl
from rlkit_recorders.learning_curve import LearningCurve
from rlkit_recorders.progress import ProgressLine

RLKIT_API = 1


@hookimpl
def rlkit_recorders() -> Mapping[str, type]:
    """Names that a YAML file uses."""
    return {"progress": ProgressLine, "learning_curve": LearningCurve}
