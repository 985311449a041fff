"""Runs that differ in nothing but their seed, and the mean of their curves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rlkit.analysis.curves import moving_average
from rlkit.experiment.resolved import flow

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

_POINTS = 500
"""Of a mean curve."""
_NO_RESULT = ("seed", "recorders")
"""Keys of an experiment in which runs of one group may differ: recorders change nothing."""
_MOST_DIFFERENCES = 3
"""In a label."""


@dataclass(frozen=True, eq=False)
class Curve:
    """One run's curve."""

    experiment: str
    seed: int
    resolved: Mapping[str, Any]
    """The resolved experiment, as plain data."""
    x: Numbers
    """(n,) increasing."""
    y: Numbers
    """(n,)."""

    def smoothed(self, window: int) -> Curve:
        """Moving averages over `window` points, each at its last point; over all where there are fewer."""
        window = max(1, min(window, len(self.y)))
        return Curve(self.experiment, self.seed, self.resolved, self.x[window - 1 :], moving_average(self.y, window))


class Band(NamedTuple):
    """Mean and spread over the runs of a group, on points which all of them reach."""

    x: Numbers
    """(p,) evenly spaced, empty if the runs have no stretch in common."""
    mean: Numbers
    """(p,)."""
    deviation: Numbers
    """(p,) standard deviation over the runs (of a sample, divided by n - 1)."""


@dataclass(frozen=True, eq=False)
class Group:
    """Runs of one experiment."""

    name: str
    """Of the experiment, with what tells it from others of that name."""
    label: str
    """The name, and the seeds."""
    curves: tuple[Curve, ...]

    @property
    def repeated(self) -> list[int]:
        """Seeds that several of its runs have."""
        counts = Counter(curve.seed for curve in self.curves)
        return sorted(seed for seed, count in counts.items() if count > 1)

    def band(self) -> Band | None:
        """Between points of a run its curve is straight. None for a single run."""
        curves = [curve for curve in self.curves if len(curve.x)]
        if len(curves) < 2:
            return None
        start, end = max(curve.x[0] for curve in curves), min(curve.x[-1] for curve in curves)
        x = np.linspace(start, end, _POINTS) if start < end else np.empty(0)
        values = np.stack([np.interp(x, curve.x, curve.y) for curve in curves])
        return Band(x, values.mean(axis=0), values.std(axis=0, ddof=1))


def grouped(curves: Sequence[Curve]) -> tuple[Group, ...]:
    """Curves whose runs have the same name and the same experiment but for the seed, in the order of their first.

    A label is the experiment's name, with what tells it from others of that name, and the seeds.
    """
    groups: dict[str, list[Curve]] = {}
    for curve in curves:
        settings = {key: value for key, value in curve.resolved.items() if key not in _NO_RESULT}
        groups.setdefault(repr((curve.experiment, settings)), []).append(curve)
    firsts = [members[0] for members in groups.values()]
    names = [_name(first, firsts) for first in firsts]
    # What is left out of a long label may be all that tells two groups apart.
    names = [
        name if names.count(name) == 1 else _name(first, firsts, most=None)
        for name, first in zip(names, firsts, strict=True)
    ]
    return tuple(
        Group(name, f"{name}, {_seeds(members)}", tuple(members))
        for name, members in zip(names, groups.values(), strict=True)
    )


def _name(curve: Curve, firsts: Sequence[Curve], most: int | None = _MOST_DIFFERENCES) -> str:
    """The experiment's name, and in what it is not as most experiments of that name that are drawn."""
    same = [dict(_leaves(other.resolved)) for other in firsts if other.experiment == curve.experiment]
    own = dict(_leaves(curve.resolved))
    kept: list[str] = []
    for path, value in own.items():
        if path in _NO_RESULT or value == _usual([other[path] for other in same if path in other], len(same)):
            continue
        # What every such part has says no more than its name does.
        part = path.rpartition(".")[0]
        alike = [other.get(path) for other in same if part in other and other[part] == own.get(part)]
        named = part in own and own[part] != _usual([other[part] for other in same if part in other], len(same))
        if not named or any(other != value for other in alike):
            kept.append(f"{path} {flow(value)}")
    more = f" and {len(kept) - most} more" if most is not None and len(kept) > most else ""
    return curve.experiment + (f" ({', '.join(kept[:most])}{more})" if kept else "")


def _usual(values: Sequence[Any], count: int) -> Any:
    """The value that more than half of `count` have; what nothing is equal to where there is none."""
    most = max(values, key=values.count)
    return most if 2 * values.count(most) > count else _usual


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted paths and values: of a list and of what is no map, the whole."""
    if not isinstance(value, Mapping):
        yield path, value
        return
    for key, inner in value.items():
        if path or key not in _NO_RESULT:
            # A part's own name is what its key says: `network mlp`, not `network.name mlp`.
            yield from _leaves(inner, path if path and key == "name" else f"{path}.{key}".strip("."))


def _seeds(curves: Iterable[Curve]) -> str:
    seeds = sorted(curve.seed for curve in curves)
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    if len(set(seeds)) < len(seeds):
        return f"{len(seeds)} runs"
    if seeds[-1] - seeds[0] == len(seeds) - 1 and len(seeds) > 2:
        return f"seeds {seeds[0]} to {seeds[-1]}"
    return f"seeds {', '.join(map(str, seeds))}" if len(seeds) <= 5 else f"{len(seeds)} seeds"
