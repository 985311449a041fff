"""λ, as a parameter."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, Schedule, Tensor, value_of

TRACE_DECAY = "λ: 0 for one-step targets, 1 for as much of the window as counts"


def decay_now(trace_decay: float | Schedule, like: Tensor, call: Call) -> Tensor:
    """λ, as often as `like` has rows: (R,) float32."""
    return tf.zeros_like(like) + value_of(trace_decay, call.progress)
