"""Q(λ) returns of a rollout."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Step, Tensor


def lambda_returns(steps: Step, next_value: Tensor, gamma: Tensor | float, trace_decay: float) -> Tensor:
    """G_t = r_t + γ (λ G_{t+1} + (1 − λ) max_a Q(s_{t+1}, a)): (B, T) float32.

    Peng and Williams (1994); Gallici et al. (2024), "Simplifying deep temporal difference learning". Nothing follows a
    step that terminated; one that was truncated, and the rollout's last one, are bootstrapped from what would follow.

    Args:
        steps: (B, T, …), consecutive steps of each row.
        next_value: (B, T), max_a Q at `steps.next_observation`.
        gamma: discount of what a step later is worth.
        trace_decay: λ.
    """
    goes_on = 1.0 - tf.cast(steps.terminated, tf.float32)
    linked = trace_decay * (1.0 - tf.cast(steps.terminated | steps.truncated, tf.float32))
    one_step = steps.reward + gamma * goes_on * next_value
    return tf.transpose(tf.stack(backwards(one_step, gamma * linked, next_value)))


def backwards(one_step: Tensor, linked: Tensor, replaced: Tensor) -> list[Tensor]:
    """G_t = one_step_t + linked_t (G_{t+1} − replaced_t), from the last step on: (B,) each, by time.

    Args:
        one_step: (B, T), what steps are worth by themselves.
        linked: (B, T) or (B, T − 1), by how much the next step's return counts.
        replaced: the same, what it takes the place of.
    """
    # By time, since LiteRT learns to slice the first axis and not the second.
    one_step, linked, replaced = (tf.transpose(column) for column in (one_step, linked, replaced))
    goals = [one_step[-1]]
    for time in reversed(range(one_step.shape[0] - 1)):
        goals.append(one_step[time] + linked[time] * (goals[-1] - replaced[time]))
    return goals[::-1]
