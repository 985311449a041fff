"""A curve out of a run folder: returns, evaluations, learning metrics or reports, by step, episode or seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.runs.finding import FoundRun
from rlkit.runs.reading import Episodes, RowsError, read_episodes, read_rows

Numbers = npt.NDArray[np.float64]


class CurveMissing(ValueError):
    """A run has no such curve, or its rows cannot be read; its text is a sentence for people."""


def read_curve(run: FoundRun, x: str, y: str) -> tuple[Numbers, Numbers]:
    """A run's curve, x (n,) and y (n,); points that are no number are left out.

    Args:
        run: from `rlkit.runs.finding`.
        x: `step`, `episode`, `seconds` (of training), or `update` for what is recorded by learning steps.
        y: `return`, `evaluation` (mean of each), a metric of metrics.jsonl, or a report of episodes.jsonl.

    Raises:
        CurveMissing: nothing of that name was recorded, or not yet.
    """
    try:
        episodes = read_episodes(run.folder / "episodes.jsonl")
        at, values = _points(run, episodes, x, y)
    except CurveMissing:
        raise
    except (RowsError, OSError) as error:
        raise CurveMissing(f"run {run.run_id} cannot be drawn: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise CurveMissing(f"run {run.run_id} cannot be drawn: a row of its {y} is foreign ({error})") from error
    keep = np.isfinite(values)
    if not keep.any():
        raise CurveMissing(f"run {run.run_id} cannot be drawn: no {y} was recorded")
    return at[keep], values[keep]


def _points(run: FoundRun, episodes: Episodes, x: str, y: str) -> tuple[Numbers, Numbers]:
    if (run.manifest.get("data") or {}).get("collects") is False and (x != "update" or y == "return"):
        raise _without_steps(run, x, y)
    if y == "return":
        return _of_episodes(episodes, x), episodes.returns
    if y == "evaluation":
        rows = read_rows(run.folder / "evaluation.jsonl").rows
        means = [float(np.mean(row["returns"])) for row in rows if row.get("returns")]
        return _of_rows([row for row in rows if row.get("returns")], episodes, x), np.array(means)
    rows = read_rows(run.folder / "metrics.jsonl").rows
    metrics = _metrics(rows)
    if y in metrics:
        values = np.array([np.nan if row.get(y) is None else row[y] for row in rows], np.float64)
        return _of_rows(rows, episodes, x), values
    if y in episodes.reports:
        return _of_episodes(episodes, x), episodes.reports[y]
    raise _unknown(run, y, [*metrics, *episodes.reports])


def _metrics(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row if key not in ("update", "step", "episode")))


def _of_episodes(episodes: Episodes, x: str) -> Numbers:
    if x == "update":
        raise CurveMissing("episodes are not recorded by update; a metric, such as loss, and evaluation are")
    found = {"step": episodes.step, "episode": np.arange(1, len(episodes.step) + 1), "seconds": episodes.seconds}
    return found[x].astype(np.float64)


def _of_rows(rows: list[dict[str, Any]], episodes: Episodes, x: str) -> Numbers:
    """Rows tell step, episode and update; the seconds of training are those of the episodes around."""
    if x == "seconds" and len(episodes.step):
        steps = np.array([row["step"] for row in rows], np.float64)
        return np.interp(steps, episodes.step.astype(np.float64), episodes.seconds)
    key = x if x in ("episode", "update") else "step"
    return np.array([row[key] for row in rows], np.float64)


def read_resolved(run: FoundRun) -> Mapping[str, Any]:
    """experiment.yaml as plain data; without one, a run is like no other."""
    from rlkit.experiment.errors import ExperimentError, Problems
    from rlkit.experiment.nodes import Mark, plain
    from rlkit.experiment.reading import read
    from rlkit.experiment.source import read_text

    file = run.folder / "experiment.yaml"
    try:
        node = read(read_text(file, str(file)), Mark(str(file), 1, 1), Problems())
    except ExperimentError:
        node = None
    content = None if node is None else plain(node)
    return content if isinstance(content, dict) else {"run": run.run_id}


def _unknown(run: FoundRun, y: str, known: list[str]) -> CurveMissing:
    from rlkit.catalogue.nearest import did_you_mean

    names = ["return", "evaluation", *known]
    nearest = did_you_mean(y, names) or ";"
    return CurveMissing(f"run {run.run_id} recorded no '{y}'{nearest} it has {', '.join(names)}")


def _without_steps(run: FoundRun, x: str, y: str) -> CurveMissing:
    """Of a run that learned from recorded data alone: there are neither episodes nor steps to draw by."""
    evaluated = any(row.get("returns") for row in read_rows(run.folder / "evaluation.jsonl").rows)
    drawn = [*(["evaluation"] if evaluated else []), *_metrics(read_rows(run.folder / "metrics.jsonl").rows)]
    asked = f"--y {y}" if y == "return" else f"--x {x}"
    instead = f"by --x update it has --y {', '.join(drawn)}" if drawn else "nothing was recorded by update either"
    return CurveMissing(f"run {run.run_id} took no steps (collects: false), so there is no {asked}; {instead}")
