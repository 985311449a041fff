"""Every run, with its outcome and a link to its folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from rlkit.reporting.markup import Child, Markup, joined, tag
from rlkit.reporting.numbers import NOTHING, number, setting
from rlkit.reporting.tables import Column, table

_NUMBERS = {
    "score": "score", "time": "time to threshold", "final": "final return", "area": "mean return over the run",
    "steps": "steps", "episodes": "episodes", "seconds": "seconds",
}  # fmt: skip


def runs(document: Mapping[str, Any], link: Callable[[str], str]) -> Markup:
    """A row a run; columns in which no run has a value are left out.

    Args:
        document: of the comparison.
        link: from a run's folder, as the document names it, to its address as seen from the page.
    """
    found = document["runs"]
    numbers = [key for key in _NUMBERS if any(run.get(key) is not None for run in found)]
    measured = document["measure"]["name"]
    if measured in numbers and all(run.get(measured) in (run.get("score"), None) for run in found):
        numbers.remove("score")  # it stands below its own name
    differing = any(run.get("experiment") for run in found)
    several = len(document["tasks"]) > 1
    columns = [
        Column("run", "text"),
        Column("variant", "text"),
        *([Column("task", "text")] if several else []),
        Column("seed"),
        Column("status", "text"),
        *(Column(_NUMBERS[key]) for key in numbers),
        *([Column("differs from its variant in", "text")] if differing else []),
    ]
    rows = [_row(run, numbers, link, several=several, differing=differing) for run in found]
    return table(f"{len(found):,} run{'' if len(found) == 1 else 's'}", columns, rows)


def _row(
    run: Mapping[str, Any], numbers: list[str], link: Callable[[str], str], *, several: bool, differing: bool
) -> list[Child]:
    folder = run.get("folder")
    status = run["status"]
    return [
        tag("a", PurePath(folder).name, href=link(folder)) if folder else NOTHING,
        run["variant"],
        *([run["task"]] if several else []),
        str(run["seed"]),
        status if status == "finished" else tag("strong", status),
        *(_number(run, key) for key in numbers),
        *([_differences(run)] if differing else []),
    ]


def _number(run: Mapping[str, Any], key: str) -> Child:
    if run.get(key) is None:
        return "not reached" if key == "time" and run["status"] == "finished" else NOTHING
    if key == "score" and run.get("censored"):
        return f"> {number(run[key])}"
    return number(run[key])


def _differences(run: Mapping[str, Any]) -> Child:
    own = run.get("experiment") or {}
    return (
        joined([tag("code", f"{key}: {setting(value)}", tag("br")) for key, value in own.items()]) if own else NOTHING
    )
