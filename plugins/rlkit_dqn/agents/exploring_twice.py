"""Noisy layers beside random actions."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from rlkit_dqn.explorations.epsilon import Epsilon


def warn_of_exploring_twice(exploration: Any, parts: Mapping[str, Any]) -> None:
    """Warn if an ε tries actions while layers within `parts` (components, by slot) explore by their noise.

    A warning, not an error: to compare both with one of them is a fair experiment.
    """
    noisy = [path for name, part in parts.items() for path in _exploring(part, name)]
    if not noisy or not isinstance(exploration, Epsilon):
        return
    if exploration.schedule is None and exploration.start == 0:
        return
    epsilon = "by a schedule" if exploration.schedule is not None else f"from {exploration.start:g}"
    warnings.warn(
        f"{' and '.join(noisy)} explore{'s' if len(noisy) == 1 else ''} by noise of the weights, and exploration tries "
        f"random actions besides (ε {epsilon}); noisy networks (Fortunato et al., 2018) and Rainbow do without: "
        "exploration: greedy",
        stacklevel=2,
    )


def _exploring(part: Any, path: str) -> Iterator[str]:
    """The paths of the components that explore by themselves."""
    if getattr(part, "explores", False):
        yield path
    if isinstance(part, tuple):
        inner = {str(place): item for place, item in enumerate(part)}
    elif isinstance(part, Mapping):
        inner = dict(part)
    elif dataclasses.is_dataclass(part):
        inner = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
    else:
        return
    for name, item in inner.items():
        yield from _exploring(item, f"{path}.{name}")
