"""What all optimisers share: the learning rate and gradient clipping."""

from __future__ import annotations

from typing import Any

from rlkit import ParameterError, Schedule

LEARNING_RATE = "step size; a schedule must count updates (by: update)"
CLIP_NORM = "gradients are scaled down together to this norm over all weights; null for no clipping"
CLIP_VALUE = "each element of the gradients is clipped to ± this; null for no clipping"


def check_settings(clip_norm: float | None, clip_value: float | None) -> None:
    """Raise ParameterError for both clippings at once."""
    if clip_norm is not None and clip_value is not None:
        raise ParameterError("clip_value", "cannot be given beside clip_norm; choose one of them")


def keras_settings(learning_rate: float | Schedule, clip_value: float | None) -> dict[str, Any]:
    """The arguments of a Keras optimiser."""
    if not isinstance(learning_rate, (int, float)):
        from rlkit_dqn.optimizers.keras_schedule import KerasSchedule

        learning_rate = KerasSchedule(learning_rate)
    return {"learning_rate": learning_rate, "clipvalue": clip_value}
