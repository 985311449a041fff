"""The picture of a run: the return of each episode, and its moving average."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rlkit.analysis.curves import moving_average

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes

_RETURN, _AVERAGE, _THRESHOLD = "#9db8d2", "#123c69", "#b5482a"
"""Apart in lightness too, so that they stay apart in grey and for the colour-blind."""
_POINTS = 20_000
"""More episodes than this are drawn as the band between the least and the greatest return of each stretch."""


def draw(
    path: Path,
    returns: npt.ArrayLike,
    *,
    title: str,
    window: int = 20,
    threshold: float | None = None,
    solved_at: int | None = None,
    kind: str = "episode",
) -> None:
    """Write a learning curve as a PNG; the file appears whole.

    Args:
        path: where to.
        returns: (episodes,); none at all still gives a picture, which says so.
        title: above the curve.
        window: episodes in the moving average, drawn at the last of them.
        threshold: a line at the return that counts as solved.
        solved_at: episodes after which it was solved; the last of them is marked.
        kind: what to call them.

    Raises:
        OSError: the file cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(9, 5))
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title(title, parse_math=False)
    axes.set_xlabel(kind)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_ylabel("return")
    axes.grid(color="#e4e4e4", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    _curves(axes, np.asarray(returns, np.float64), window, threshold, solved_at)
    if axes.has_data():
        figure.legend(loc="lower center", ncols=4, frameon=False)  # beside the curves, never over them

    # Only the numbers beside the returns differ in width; Matplotlib's own layout takes as long as the rest.
    figure.subplots_adjust(left=0.1, right=0.975, top=0.94, bottom=0.175 if axes.has_data() else 0.1)
    beside = axes.yaxis.get_tightbbox(canvas.get_renderer())  # type: ignore[no-untyped-call]
    if beside is not None:
        figure.subplots_adjust(left=0.1 - beside.x0 / figure.bbox.width + 0.005)
    temporary = path.with_name(f".{path.name}.tmp")
    figure.savefig(temporary, format="png", dpi=120)
    os.replace(temporary, path)


def _curves(
    axes: Axes, returns: npt.NDArray[np.float64], window: int, threshold: float | None, solved_at: int | None
) -> None:
    if not len(returns):
        axes.text(0.5, 0.5, "no episode has ended", transform=axes.transAxes, ha="center", va="center", color="#666666")
        axes.set(xticks=[], yticks=[])
        return
    episode = np.arange(1, len(returns) + 1)
    _returns(axes, episode, returns)
    average = moving_average(returns, window)
    if len(average):
        style: dict[str, Any] = {"linewidth": 2.0} if len(average) > 1 else {"marker": "o", "linestyle": "none"}
        axes.plot(episode[window - 1 :], average, color=_AVERAGE, label=f"mean of the last {window}", **style)
    if threshold is not None:
        axes.axhline(threshold, color=_THRESHOLD, linestyle="--", linewidth=1.4, label=f"threshold {threshold:g}")
    if solved_at is not None:
        axes.axvline(
            solved_at, color=_THRESHOLD, linestyle=":", linewidth=1.4, label=f"solved after {solved_at:,} episodes"
        )
    axes.margins(x=0.01)


def _returns(axes: Axes, episode: npt.NDArray[np.int64], returns: npt.NDArray[np.float64]) -> None:
    if len(returns) > _POINTS:
        starts = np.linspace(0, len(returns), 2_000, endpoint=False).astype(np.int64)
        low, high = np.minimum.reduceat(returns, starts), np.maximum.reduceat(returns, starts)
        axes.fill_between(episode[starts], low, high, color=_RETURN, linewidth=0, label="return (least to greatest)")
    elif len(returns) < 50:
        axes.plot(
            episode, returns, color=_RETURN, linewidth=1.0, marker="o", markersize=4, label="return of an episode"
        )
    else:
        axes.plot(episode, returns, color=_RETURN, linewidth=0.9, label="return of an episode")
