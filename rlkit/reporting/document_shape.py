"""What a comparison's document is made of."""

from __future__ import annotations

from typing import Any, NamedTuple


class Maybe(NamedTuple):
    """May be null, or not be there."""

    shape: Any


class Every(NamedTuple):
    """An object of any keys, each with a value of this shape."""

    shape: Any


_ESTIMATE = {"estimate": Maybe(float), "low": Maybe(float), "high": Maybe(float)}
_AGGREGATES = Every(Maybe(_ESTIMATE))
_VALUES = [Maybe(float)]
DOCUMENT: dict[str, Any] = {
    "format": int,
    "title": str,
    "measure": {
        "name": str, "by": str, "threshold": Maybe(float), "better": str, "unit": Maybe(str), "words": str,
        "window": Maybe(int),
    },
    "confidence": float,
    "resamples": int,
    "tasks": [str],
    "variants": [
        {
            "name": str, "base": bool, "differences": Every(object), "aggregates": Maybe(_AGGREGATES),
            "tasks": [
                {"task": str, "runs": int, "failed": int, "censored": int, "aggregates": _AGGREGATES,
                 "seeds": Maybe([int])},
            ],
        },
    ],
    "runs": [
        {
            "folder": Maybe(str), "variant": str, "task": str, "seed": int, "status": str, "steps": Maybe(float),
            "episodes": Maybe(float), "seconds": Maybe(float), "score": Maybe(float), "censored": Maybe(bool),
            "final": Maybe(float), "area": Maybe(float), "time": Maybe(float), "time_censored_at": Maybe(float),
            "experiment": Maybe(Every(object)),
        },
    ],
    "verdicts": [
        {
            "sentence": str, "a": str, "b": str, "task": Maybe(str), "decided": bool,
            "effect": Maybe({"kind": str, **_ESTIMATE}), "probability_of_improvement": Maybe(_ESTIMATE),
            "p": Maybe(float), "adjusted_p": Maybe(float), "seeds": [int], "paired": bool, "more_seeds": Maybe(int),
            "better": Maybe(str),
        },
    ],
    "warnings": [str],
    "curves": [
        {"variant": str, "task": str, "by": str, "x": [float], "estimate": _VALUES, "low": _VALUES, "high": _VALUES,
         "runs": Maybe(int)},
    ],
    "profiles": [
        {"variant": str, "task": Maybe(str), "score": [float], "share": _VALUES, "low": _VALUES, "high": _VALUES},
    ],
    "survival": [
        {"variant": str, "task": str, "time": [float], "share": _VALUES, "low": _VALUES, "high": _VALUES,
         "censored": [float]},
    ],
    "versions": Every(object),
    "made": str,
}  # fmt: skip
"""A type, a list of one shape, an object by its keys, `Every`, or `Maybe`; object is anything."""
