"""How well each variant does: numbers with intervals, a table a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rlkit.reporting.intervals import axis_of, bar
from rlkit.reporting.markup import Child, Markup, joined, tag
from rlkit.reporting.numbers import NOTHING, interval, number
from rlkit.reporting.palette import look
from rlkit.reporting.tables import Column, table

_Object = Mapping[str, Any]

_AGGREGATES = {
    "interquartile_mean": "interquartile mean", "mean": "mean", "median": "median", "optimality_gap": "optimality gap",
}  # fmt: skip


def scores(document: Mapping[str, Any]) -> Markup:
    """Over all tasks first, where there are several."""
    measure, tasks = document["measure"], document["tasks"]
    variants = [{**variant, "number": number} for number, variant in enumerate(document["variants"])]
    direction = f"{measure['better'].capitalize()} is better."
    lead = tag(
        "p", f"Score: {measure['words']}. {direction} Below each number, and as lines, the intervals.", class_="lead"
    )
    whole = _table("All tasks", [(variant, variant) for variant in variants]) if len(tasks) > 1 else None
    return joined(lead, whole, [_table(task, _of_task(variants, task)) for task in tasks])


def _of_task(variants: Sequence[_Object], task: str) -> list[tuple[_Object, _Object]]:
    return [(variant, own) for variant in variants for own in variant["tasks"] if own["task"] == task]


def _table(caption: str, pairs: Sequence[tuple[_Object, _Object]]) -> Markup:
    known = [key for key in _AGGREGATES if any((own["aggregates"] or {}).get(key) for _, own in pairs)]
    first = known[0] if known else ""
    found = [(own["aggregates"] or {}).get(first) or {} for _, own in pairs]
    axis = axis_of([estimate.get(key) for estimate in found for key in ("low", "estimate", "high")])
    counted = [key for key in ("runs", "failed", "censored") if any(own.get(key) for _, own in pairs)]
    titles = {"runs": "runs", "failed": "failed", "censored": "not reached"}
    columns = [
        Column("variant", "text"),
        *(Column(_AGGREGATES[key]) for key in known[:1]),
        *(Column("interval", None) for _ in known[:1]),
        *(Column(_AGGREGATES[key]) for key in known[1:]),
        *(Column(titles[key]) for key in counted),
    ]
    rows: list[list[Child]] = []
    for variant, own in pairs:
        of = own["aggregates"] or {}
        row: list[Child] = [named(variant["name"], variant["number"], base=bool(variant["base"]))]
        if known:
            label = f"{variant['name']}: {interval(of.get(first))}"
            row += [_written(of.get(first)), bar(of.get(first) or {}, axis, label, variant=variant["number"])]
        row += [_written(of.get(key)) for key in known[1:]]
        rows.append([*row, *(str(own.get(key) or 0) for key in counted)])
    return table(caption, columns, rows)


def _written(estimate: _Object | None) -> Child:
    """The interval below its estimate."""
    if not estimate or estimate.get("estimate") is None:
        return NOTHING
    between = f"{number(estimate['low'])} to {number(estimate['high'])}"
    return joined(number(estimate["estimate"]), tag("small", between, class_="below"))


def named(name: str, number: int, *, base: bool = False) -> Markup:
    """A variant with its line beside it, as it is drawn."""
    return joined(sample(number), name, tag("small", " base") if base else None)


def sample(number: int) -> Markup:
    """A piece of a variant's line."""
    line = tag("line", x1="1", x2="35", y1="6", y2="6")
    return tag("svg", line, class_=f"sample {look(number)}", aria_hidden="true", width="36", height="12")
