"""How likely one is better than the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


def probability_of_improvement(ours: Numbers, theirs: Numbers) -> Numbers:
    """The share of pairs in which our score is the greater, ties counting half: (…, n) and (…, m) to (…).

    Agarwal et al. (2021), after Mann and Whitney (1947). Over several tasks it is the mean of the tasks'.
    """
    difference = ours[..., :, None] - theirs[..., None, :]
    return np.asarray(np.mean((difference > 0) + 0.5 * (difference == 0), axis=(-2, -1)))


def performance_profile(scores: Numbers, at: Numbers) -> Numbers:
    """The share of scores above each of some values: (…, n) and (p,) to (…, p).

    Dolan and Moré (2002), as Agarwal et al. (2021) use them.
    """
    return np.asarray(np.mean(scores[..., None, :] > at[:, None], axis=-1))
