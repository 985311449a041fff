"""Pictures of a search: how it went, and which keys mattered."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rlkit.tuning.quiet import quiet_optuna
from rlkit.tuning.search import Search

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COMPLETE, _PRUNED, _BEST = "#0072b2", "#999999", "#d55e00"
"""Okabe and Ito (2008), and a grey: apart for the colour-blind, and by their shapes."""
_ENOUGH = 4
"""Complete trials below which nothing can be said of importance."""


def draw_pictures(search: Search) -> Iterator[Path]:
    """history.png, and importance.png where there are trials enough; yields each file.

    Raises:
        OSError: a file cannot be written.
    """
    figure, axes = _figure()
    _history(axes, search)
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=9)  # never over the trials
    yield _saved(figure, search.folder / "history.png")
    found = importance(search)
    if found:
        figure, axes = _figure()
        _importance(axes, found)
        yield _saved(figure, search.folder / "importance.png")


def importance(search: Search) -> dict[str, float]:
    """By key, its share in how values differ among the better trials: PED-ANOVA (Watanabe et al., IJCAI 2023).

    Empty where there are too few trials, or all of them have one value.
    """
    import optuna

    values = [trial.value for trial in search.ranked()]
    if len(values) < _ENOUGH or len(set(values)) == 1:
        return {}
    with quiet_optuna():
        found = optuna.importance.get_param_importances(
            search.study, evaluator=optuna.importance.PedAnovaImportanceEvaluator()
        )
    return dict(found)


def _history(axes: Axes, search: Search) -> None:
    from matplotlib.ticker import MaxNLocator

    trials = search.study.get_trials(deepcopy=False)
    complete = [(t.number, float(t.value or 0.0)) for t in trials if t.state.name == "COMPLETE"]
    pruned = [
        (trial.number, sum(scores.values()) / len(scores))
        for trial in trials
        if trial.state.name == "PRUNED" and (scores := trial.user_attrs.get("scores"))
    ]
    least = min if search.tuning.measure.direction == "minimize" else max
    best: list[float] = []
    for _, value in complete:
        best.append(least(best[-1], value) if best else value)
    if pruned:
        axes.plot(*zip(*pruned, strict=True), "x", color=_PRUNED, label="stopped early (mean of its seeds)")
    axes.plot(
        *zip(*complete, strict=True), "o", color=_COMPLETE, label=f"mean of {len(search.tuning.file.seeds)} seeds"
    )
    reached = [*(number for number, _ in complete), len(trials) - 1]
    axes.step(reached, [*best, best[-1]], where="post", color=_BEST, label="best so far")
    axes.set_title(search.tuning.file.name, parse_math=False)
    axes.set_xlabel("trial")
    axes.set_ylabel(search.tuning.measure.label)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def _importance(axes: Axes, found: dict[str, float]) -> None:
    names = list(found)[::-1]
    axes.barh(names, [found[name] for name in names], color=_COMPLETE)
    axes.set_xlabel("importance (PED-ANOVA), in all 1")
    axes.grid(visible=False, axis="y")


def _figure() -> tuple[Figure, Axes]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.grid(color="#e4e4e4", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _saved(figure: Figure, path: Path) -> Path:
    temporary = path.with_name(f".{path.stem}.tmp{path.suffix}")
    try:
        figure.savefig(temporary, dpi=120)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path
