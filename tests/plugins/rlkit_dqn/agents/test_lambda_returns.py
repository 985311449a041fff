"""Q(λ) returns against the definition, written out for one environment after another."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Step
from rlkit_dqn.agents.lambda_returns import lambda_returns

GAMMA = 0.9


def rollout(rng, rows, length):
    """Rewards, ends and next values (rows, length)."""
    reward = rng.normal(size=(rows, length)).astype(np.float32)
    terminated, truncated = rng.random((2, rows, length)) < 0.2
    return reward, terminated, truncated & ~terminated, rng.normal(size=(rows, length)).astype(np.float32)


def returns(reward, terminated, truncated, next_value, trace_decay):
    nothing = tf.zeros_like(reward)
    steps = Step(nothing, nothing, tf.constant(reward), tf.constant(terminated), tf.constant(truncated), *[nothing] * 4)
    return lambda_returns(steps, tf.constant(next_value), GAMMA, trace_decay).numpy()


def n_step_return(reward, over, next_value, terminated, begin, end):
    """r_begin + … + γ^n V after step `end`, within one episode."""
    total = sum(GAMMA ** (time - begin) * reward[time] for time in range(begin, end + 1))
    following = 0.0 if terminated[end] else next_value[end]
    return total + GAMMA ** (end + 1 - begin) * following


def forward_view(reward, terminated, truncated, next_value, trace_decay):
    """Σ_n (1 − λ) λ^(n−1) G^(n), what is left of the weight at the last step (Sutton and Barto, 2018, section 12.1)."""
    found = np.zeros_like(reward)
    for row, times in np.ndindex(reward.shape):
        given = (reward[row], None, next_value[row], terminated[row])
        weight, total, end = 1.0, 0.0, times
        while not (terminated[row, end] or truncated[row, end]) and end < reward.shape[1] - 1:
            total += weight * (1.0 - trace_decay) * n_step_return(*given, times, end)
            weight, end = weight * trace_decay, end + 1
        found[row, times] = total + weight * n_step_return(*given, times, end)
    return found


@pytest.mark.parametrize("trace_decay", [0.0, 0.65, 1.0])
def test_returns_are_those_of_the_forward_view(trace_decay):
    given = rollout(np.random.default_rng(0), 6, 12)
    np.testing.assert_allclose(returns(*given, trace_decay), forward_view(*given, trace_decay), rtol=1e-5, atol=1e-5)


def test_truncated_and_last_steps_bootstrap_and_terminated_ones_do_not():
    reward, yes, no = (np.full((1, 3), value) for value in (1.0, True, False))
    value, one = np.full((1, 3), 10.0, np.float32), reward.astype(np.float32)
    assert returns(one, yes, no, value, 0.5).tolist() == [[1.0, 1.0, 1.0]]
    assert returns(one, no, yes, value, 0.5).tolist() == [[10.0, 10.0, 10.0]]
    assert returns(one, no, no, value, 1.0)[0, -1] == 10.0
