"""The aggregates of a variant's scores: in which order they are shown, and which is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

AGGREGATES = {
    "interquartile_mean": "interquartile mean", "restricted_mean": "restricted mean", "mean": "mean",
    "median": "median", "optimality_gap": "optimality gap",
}  # fmt: skip


def known_aggregates(found: Sequence[Mapping[str, Any] | None]) -> list[str]:
    """Those that one of the variants has, the one that is drawn first: the one that the most of them have."""
    counts = {key: sum(_known(of, key) for of in found) for key in AGGREGATES}
    known = [key for key in AGGREGATES if counts[key]]
    return sorted(known, key=lambda key: key != max(known, key=lambda other: counts[other]))


def _known(of: Mapping[str, Any] | None, key: str) -> bool:
    estimate = (of or {}).get(key)
    return estimate is not None and estimate.get("estimate") is not None
