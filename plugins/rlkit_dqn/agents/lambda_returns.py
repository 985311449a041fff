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
    # By time, since LiteRT learns to slice the first axis and not the second.
    one_step, linked, next_value = (tf.transpose(column) for column in (one_step, linked, next_value))
    goal = one_step[-1]
    goals = [goal]
    for time in reversed(range(next_value.shape[0] - 1)):
        goal = one_step[time] + gamma * linked[time] * (goal - next_value[time])
        goals.append(goal)
    return tf.transpose(tf.stack(goals[::-1]))
