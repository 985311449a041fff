"""Whether schedules begin and end within the ranges of what they stand for, and count what is counted there.

None is built for it.
"""

from __future__ import annotations

from typing import Any

from rlkit.contracts.component import ParameterInfo
from rlkit.contracts.optimizer import Optimizer
from rlkit.experiment.building import Builder

LAST = 10**8
"""The last count that is looked at where nothing ends a run before."""


def check_ends(builder: Builder, total: int | None) -> None:
    """Note the ends of schedules that are out of range; `total`: the environment steps that limits allow, or None."""
    for path, part, info in builder.placed:
        if callable(getattr(part, "ends", None)):
            with builder.blaming(path, type(part)):
                _check(builder, path, part, info, LAST if total is None or part.by == "update" else min(total, LAST))


def _check(builder: Builder, path: str, part: Any, info: ParameterInfo, last: int) -> None:
    for name, value in part.ends(last).items():
        problem = info.problem(float(value))
        if problem and getattr(part, name, None) != value:  # which it comes near, as far as the run goes
            problem = f"its value at {part.by} {last} is {value:.7g}; allowed: {info.allowed()}"
        if problem:
            standing = path.rpartition(".")[2]
            builder.note(f"{path}.{name}", f"{problem}, as {standing} must be")


def check_clocks(builder: Builder) -> None:
    """Note schedules within optimizers, whosever they are, that change with anything but updates."""
    optimizers = tuple(f"{part.path}." for part in builder.parts if part.entry.kind.contract is Optimizer)
    for path, part, _ in builder.placed:
        if path.startswith(optimizers) and getattr(part, "by", "update") != "update" and not _steady(part):
            name = builder.catalogue.entry_of(part).name
            builder.note(
                path,
                f"found '{name}' by {part.by}; an optimizer counts updates, and nothing else; write by: update, and "
                "the updates that it takes under over",
            )


def _steady(part: Any) -> bool:
    """Whether it says that it never changes."""
    return callable(getattr(part, "ends", None)) and len(set(part.ends(LAST).values())) == 1
