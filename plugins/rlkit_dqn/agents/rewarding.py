"""Rewards with what a bonus adds."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Call, Sample, Tensor


def rewarded(bonus: Any, sample: Sample, call: Call) -> tuple[Sample, Tensor | None]:
    """The sample with the bonus in each step's reward, and its mean over valid steps; as it came for no bonus (None).

    In each step's, so that a target sums n of them, as it sums rewards.
    """
    if bonus is None:
        return sample, None
    found, counted = tf.stop_gradient(bonus.value(sample, call)), tf.cast(sample.valid, tf.float32)
    mean = tf.reduce_sum(counted * found) / tf.reduce_sum(counted)
    return sample._replace(steps=sample.steps._replace(reward=sample.steps.reward + found)), mean


def tell_seen(bonus: Any, seen: Any, call: Call) -> None:
    """Tell a bonus that counts what is seen, if it is one."""
    if hasattr(bonus, "seen"):
        bonus.seen(seen, call)


def tell_learned(bonus: Any, sample: Sample, call: Call) -> None:
    """Tell a bonus that learns what was learned from, if it is one."""
    if hasattr(bonus, "learn"):
        bonus.learn(sample, call)
