"""What components report of themselves for the rows: ε, a temperature, …"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from rlkit.contracts.data import Progress
from rlkit.contracts.events import EPISODE_KEYS
from rlkit.contracts.tensor import Tensor
from rlkit.programs.functions import PROGRESS, as_progress
from rlkit.programs.program import GraphFunction, Outputs
from rlkit.programs.state import parts_of


def report_function(part: object, name: str) -> tuple[list[GraphFunction], tuple[str, ...]]:
    """A function `report` over every `report(progress)` within a working part, and the names of what it returns.

    No function if nothing reports. A name that two parts report is preceded by their attributes.
    """
    reports = [(path, getattr(found, "report", None)) for path, found in parts_of(part, name)]
    reporting = [(path, report) for path, report in reports if callable(report)]
    if not reporting:
        return [], ()
    names: list[str] = []
    function = GraphFunction("report", (PROGRESS,), call=_report(reporting, names))
    function.traced  # noqa: B018 - tracing fills in the names
    if own := next((one for one in names if one in EPISODE_KEYS), None):
        others = ", ".join(EPISODE_KEYS)
        raise ValueError(f"a part reports '{own}', which is a row's own key; allowed: any name but {others}")
    return ([function], tuple(names)) if names else ([], ())


def _report(reporting: list[tuple[str, Callable[[Progress], Any]]], names: list[str]) -> Callable[..., Outputs]:
    def report(progress: Tensor) -> Outputs:
        now = as_progress(progress)
        entries = [(path, key, value) for path, part in reporting for key, value in part(now).items()]
        keys = [key for _, key, _ in entries]
        names[:] = [key if keys.count(key) == 1 else f"{path.rpartition('.')[2]}.{key}" for path, key, _ in entries]
        if not entries:  # a part may have nothing to tell
            return {"values": tf.zeros((0,))}
        return {"values": tf.stack([tf.cast(value, tf.float32) for _, _, value in entries])}

    return report
