"""What a picture says about its numbers in small print."""

from __future__ import annotations

from collections.abc import Sequence


def smoothing(window: int, counts: Sequence[int], points: str) -> str:
    """What was smoothed, as `Curve.smoothed` does it; empty if nothing was.

    Args:
        window: points in the moving average that was asked for.
        counts: points of each curve, at least 1.
        points: what they are, in the plural: `episodes`.
    """
    average, short = f"moving average of {window} {points}", sorted(count for count in counts if count < window)
    if not short:
        return average if window > 1 else ""
    fewest, most = short[0], short[-1]
    if len(short) < len(counts):
        runs = "1 run has" if len(short) == 1 else f"{len(short)} runs have"
        return f"{average}; {runs} fewer, drawn as the mean of all of them"
    if most == 1:
        return f"1 {points[:-1]}, fewer than the {window} of the moving average"
    few = f"{most}" if fewest == most else f"{fewest} to {most}"
    return f"mean of all {few} {points}, fewer than the {window} of the moving average"
