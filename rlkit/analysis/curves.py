"""Numbers behind curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def moving_average(values: npt.ArrayLike, window: int) -> npt.NDArray[np.float64]:
    """Means over each full window: element i is the mean of values i … i + window - 1.

    Args:
        values: (n,).
        window: at least 1.

    Returns:
        (n - window + 1,) float64; empty while there are fewer values than the window.
    """
    array = np.asarray(values, np.float64)
    if len(array) < window:  # np.convolve would swap the two
        return np.empty(0)
    return np.convolve(array, np.full(window, 1.0 / window), "valid")
