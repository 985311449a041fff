"""Bounds as Gymnasium's environments have them."""

from __future__ import annotations

from rlkit import Array


def within(*most: float, least: tuple[float, ...] | None = None) -> Array:
    """A float32 vector between bounds by element, rounded to float32; ± `most` without `least`."""
    import numpy as np

    low = [-bound for bound in most] if least is None else least
    least, most = (tuple(float(np.float32(bound)) for bound in bounds) for bounds in (low, most))
    return Array((len(most),), "float32", least, most)
