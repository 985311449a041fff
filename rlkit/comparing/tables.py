"""The table of a comparison: as text, Markdown, CSV or LaTeX."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence

from rlkit.comparing.comparison import Comparison
from rlkit.comparing.scores import Scores, aggregates, over_tasks
from rlkit.statistics.bootstrap import CONFIDENCE, Interval

Rows = list[list[str]]
_NAMES = {
    "restricted_mean": "mean",
    "median": "median",
    "interquartile_mean": "interquartile mean",
    "mean": "mean",
    "optimality_gap": "optimality gap",
}
ALL = "all tasks"


def rows_of(comparison: Comparison) -> Rows:
    """A row a variant and task below a head, and a row over all tasks where scores are normalised."""
    names = _columns(comparison)
    several = len(comparison.gathered.tasks) > 1
    timed = comparison.measure.name == "time"
    head = ["variant", *(["task"] if several else []), "seeds", *(["reached"] if timed else [])]
    rows = [[*head, *(f"{_NAMES[name]} ({CONFIDENCE * 100:.0f} % interval)" for name in names)]]
    for variant in comparison.gathered.variants:
        scores = comparison.of(variant)
        for one in scores:
            found = _of_task(comparison, one)
            reached = [f"{int(one.seen.sum())} of {len(one.seen)}"] if timed else []
            cells = [variant, *([one.task] if several else []), str(len(one.runs)), *reached]
            rows.append([*cells, *(_cell(found.get(name), alone=len(one.runs) == 1) for name in names)])
        if comparison.options.normalize and several:
            found = over_tasks(scores, comparison.options.normalize, CONFIDENCE)
            cells = [variant, ALL, str(len({seed for one in scores for seed in one.seeds}))]
            rows.append([*cells, *(_cell(found.get(name), small=True) for name in names)])
    return rows


def _of_task(comparison: Comparison, scores: Scores) -> Mapping[str, Interval | None]:
    until, bounds = comparison.horizons[scores.task], comparison.options.normalize
    return aggregates(scores, comparison.measure, until, CONFIDENCE, bounds)


def _columns(comparison: Comparison) -> list[str]:
    if comparison.measure.name == "time":
        return ["restricted_mean", "median", "interquartile_mean"]
    gap = ["optimality_gap"] if comparison.options.normalize else []
    return ["interquartile_mean", "mean", "median", *gap]


def _cell(found: Interval | None, *, small: bool = False, alone: bool = False) -> str:
    """An estimate with its interval, which a single run has not."""
    if found is None:
        return "-"
    largest = max(abs(value) for value in found if math.isfinite(value))
    digits = 2 if small or largest < 10 else 1 if largest < 1000 else 0
    if alone:
        return f"{found.estimate:,.{digits}f}"
    if math.isinf(found.high):
        return f"{found.estimate:,.{digits}f} ({found.low:,.{digits}f} or more)"
    return f"{found.estimate:,.{digits}f} ({found.low:,.{digits}f} to {found.high:,.{digits}f})"


def text(comparison: Comparison) -> str:
    """For a terminal."""
    rows = rows_of(comparison)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    words = 2 if len(comparison.gathered.tasks) > 1 else 1
    table = [
        "  ".join(
            cell.ljust(width) if column < words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    told = [*comparison.sentences, ""] if comparison.verdicts else []
    lines = [*told, f"measure: {_measure(comparison)}", "", *table]
    return "\n".join(
        [*lines, *(["", *(f"warning: {one}" for one in comparison.warnings)] if comparison.warnings else [])]
    )


def markdown(comparison: Comparison) -> str:
    """Verdicts as a list, the table, warnings."""
    head, *rows = rows_of(comparison)
    table = [f"| {' | '.join(map(_bar, head))} |", f"|{' --- |' * len(head)}"]
    table += [f"| {' | '.join(map(_bar, row))} |" for row in rows]
    lines = [f"- {_bar(one)}" for one in comparison.sentences]
    warned = [f"> {_bar(one)}" for one in comparison.warnings]
    parts = [lines, [f"Measure: {_measure(comparison)}."], table, warned]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _bar(cell: str) -> str:
    return cell.replace("|", "\\|")


def comma_separated(comparison: Comparison) -> str:
    """The aggregates as numbers, a row for each of a variant, task and aggregate."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["variant", "task", "seeds", "aggregate", "estimate", "low", "high"])
    for variant in comparison.gathered.variants:
        scores = comparison.of(variant)
        for one in scores:
            found = _of_task(comparison, one)
            _write(writer.writerow, variant, one.task, len(one.runs), found)
        if comparison.options.normalize and len(scores) > 1:
            found = over_tasks(scores, comparison.options.normalize, CONFIDENCE)
            _write(writer.writerow, variant, ALL, sum(len(one.runs) for one in scores), found)
    return out.getvalue().rstrip("\n")


def _write(
    row: Callable[[Sequence[object]], object], variant: str, task: str, seeds: int, found: Mapping[str, Interval | None]
) -> None:
    for name, one in found.items():
        numbers: Sequence[object] = ("", "", "") if one is None else [v if math.isfinite(v) else "" for v in one]
        row([variant, task, seeds, name, *numbers])


_SPECIAL = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
)


def latex(comparison: Comparison) -> str:
    """A tabular; the verdicts stand before it as comments."""
    head, *rows = rows_of(comparison)
    words = 2 if len(comparison.gathered.tasks) > 1 else 1
    lines = [f"% {one}" for one in (*comparison.sentences, *comparison.warnings)]
    lines += [f"\\begin{{tabular}}{{{'l' * words}{'r' * (len(head) - words)}}}", "\\hline"]
    lines += [" & ".join(cell.translate(_SPECIAL) for cell in head) + " \\\\", "\\hline"]
    lines += [" & ".join(cell.translate(_SPECIAL) for cell in row) + " \\\\" for row in rows]
    return "\n".join([*lines, "\\hline", "\\end{tabular}"])


def _measure(comparison: Comparison) -> str:
    words = comparison.measure.words
    if comparison.measure.name != "time" or all(one.seen.all() for one in comparison.scores.values()):
        return words
    until = " and ".join(dict.fromkeys(f"{value:,.0f}" for value in comparison.horizons.values()))
    return f"{words}; a run that never got there counts as {until} in means (censored, not dropped)"


FORMATS: Mapping[str, Callable[[Comparison], str]] = {
    "text": text,
    "markdown": markdown,
    "csv": comma_separated,
    "latex": latex,
}
