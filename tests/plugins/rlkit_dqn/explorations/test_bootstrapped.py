from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit import Array, Discrete, Spaces
from rlkit_dqn import Bootstrapped
from tests.plugins.rlkit_dqn.words import call, noise, seen

ENVIRONMENTS, MEMBERS = 200, 4
SPACES = Spaces(Array((2,), "float32"), Discrete(MEMBERS), ENVIRONMENTS)
VALUES = np.tile(np.eye(MEMBERS, dtype=np.float32), (ENVIRONMENTS, 1, 1))
"""Each member values the action of its own number."""


def chosen(part, turn, first, allowed=None, values=VALUES):
    there = seen(np.zeros((ENVIRONMENTS, 2), np.float32), MEMBERS, allowed)
    there = there._replace(first=tf.constant(first))
    return part.select(tf.constant(values), there, call(noise(turn, 0, ENVIRONMENTS))).numpy()


def test_a_member_acts_to_the_episode_s_end_in_each_environment():
    part = Bootstrapped().build(SPACES)
    everywhere, nowhere = np.ones(ENVIRONMENTS, bool), np.zeros(ENVIRONMENTS, bool)
    acting = chosen(part, 0, everywhere)
    assert set(acting) == set(range(MEMBERS))
    np.testing.assert_array_equal(acting, part.member)
    for turn in range(1, 5):
        np.testing.assert_array_equal(chosen(part, turn, nowhere), acting)
    some = np.arange(ENVIRONMENTS) < 100
    after = chosen(part, 9, some)
    np.testing.assert_array_equal(after[100:], acting[100:])
    assert 50 < (after[:100] != acting[:100]).sum() < 95


def test_members_are_equally_likely():
    part = Bootstrapped().build(SPACES)
    drawn = np.concatenate([chosen(part, turn, np.ones(ENVIRONMENTS, bool)) for turn in range(20)])
    np.testing.assert_allclose(np.bincount(drawn) / drawn.size, 0.25, atol=0.04)


def test_forbidden_actions_are_left_out():
    part = Bootstrapped().build(SPACES)
    allowed = np.tile([True, True, False, False], (ENVIRONMENTS, 1))
    far = np.where(allowed[:, None], VALUES, np.float32(-1e30))
    assert set(chosen(part, 0, np.ones(ENVIRONMENTS, bool), allowed, far)) == {0, 1}
