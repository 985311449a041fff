"""How runs are to be compared: from the command line, or from a study's file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from rlkit.catalogue.nearest import did_you_mean
from rlkit.comparing.errors import ComparisonError
from rlkit.comparing.measures import AXES, MEASURES

PAIRS = ("base", "all")


@dataclass(frozen=True)
class Options:
    """See `rlkit compare --help`."""

    measure: str | None = None
    by: str = "step"
    threshold: float | None = None
    window: int | None = None
    base: str | None = None
    pairs: str = "base"
    normalize: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """By task, the scores that count as 0 and as 1."""


def options_of(told: Mapping[str, Any], where: str) -> Options:
    """The options that a study's file has under `compare`.

    Args:
        told: plain data.
        where: how messages name the place.

    Raises:
        ComparisonError: a key or a value makes no sense.
    """
    known = [one.name for one in fields(Options)]
    for key in told:
        if key not in known:
            raise ComparisonError(
                f"{where}: found the key '{key}'{did_you_mean(key, known) or ';'} keys: {', '.join(known)}"
            )
    checks: dict[str, tuple[Callable[[Any], bool], str]] = {
        "measure": (lambda value: value in MEASURES, f"one of {', '.join(MEASURES)}"),
        "by": (lambda value: value in AXES, f"one of {', '.join(AXES)}"),
        "threshold": (_is_number, "a finite number"),
        "window": (
            lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 1,
            "a whole number, at least 1",
        ),
        "base": (lambda value: isinstance(value, str), "a variant's name"),
        "pairs": (lambda value: value in PAIRS, f"one of {', '.join(PAIRS)}"),
        "normalize": (_are_bounds, "a map of tasks such as {CartPole-v1: [0, 500]}, the lower score first"),
    }
    for key, value in told.items():
        fits, allowed = checks[key]
        if not fits(value):
            raise ComparisonError(f"{where}: {key}: found {_shown(value)}; allowed: {allowed}")
    if told.get("measure", "time") != "time" and "threshold" in told:
        message = f"found a threshold beside the measure {told['measure']}; a threshold goes with the measure time"
        raise ComparisonError(f"{where}: {message}")
    options = Options(**{key: value for key, value in told.items() if key != "normalize"})
    bounds = {task: (float(low), float(high)) for task, (low, high) in told.get("normalize", {}).items()}
    return replace(options, normalize=bounds)


def _shown(value: Any) -> str:
    """As a file has it."""
    return str(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False, default=str)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _are_bounds(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(pair, (list, tuple)) and len(pair) == 2 and all(map(_is_number, pair)) and pair[0] < pair[1]
        for pair in value.values()
    )
