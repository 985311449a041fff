"""Priorities without the weights that make up for them."""

from __future__ import annotations

import warnings
from typing import Any

from rlkit_dqn.buffers.prioritized import PrioritizedBuffer
from rlkit_dqn.buffers.rank_prioritized import RankPrioritizedBuffer
from rlkit_dqn.schedules.steady import steady


def warn_of_unweighted(buffer: Any) -> None:
    """Warn if a buffer draws by priorities, and its importance weights are all 1.

    A warning, not an error: to compare both is a fair experiment.
    """
    if not isinstance(buffer, (PrioritizedBuffer, RankPrioritizedBuffer)) or not buffer.alpha:
        return
    if steady(buffer.beta) != 0:
        return
    warnings.warn(
        f"buffer draws by priorities (alpha {buffer.alpha:g}), and with beta 0 no importance weight makes up for it, "
        "so that values are learned of a distribution of steps that nobody met; Schaul et al. (2016) have "
        f"beta: {{name: linear, start: {type(buffer)().beta:g}, end: 1.0}}",
        stacklevel=2,
    )
