from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Call, ParameterError
from rlkit_dqn import HardUpdate, Linear, NoTargetNetwork, SoftUpdate
from tests.plugins.rlkit_dqn.words import call


@pytest.fixture
def variables():
    """Two target and two online variables."""
    values = ([1.0, -2.0], 4.0), ([3.0, 0.0], -4.0)
    return [[tf.Variable(value) for value in part] for part in values]


def values(part):
    return [np.asarray(variable).tolist() for variable in part]


def test_soft_update_mixes_a_share_of_the_online_weights(variables):
    target, online = variables
    SoftUpdate(tau=0.25).update(target, online, call())
    assert values(target) == [[1.5, -1.5], 2.0]
    assert values(online) == [[3.0, 0.0], -4.0]


def test_soft_update_with_tau_one_copies(variables):
    target, online = variables
    SoftUpdate(tau=1.0).update(target, online, call())
    assert values(target) == values(online)


def test_the_share_may_follow_a_schedule(variables):
    target, online = variables
    rule = SoftUpdate(tau=Linear(start=0.0, end=0.5, over=4, by="update"))
    rule.update(target, online, call(update=2))
    assert values(target) == [[1.5, -1.5], 2.0]


def test_hard_update_copies_after_every_kth_learning_step(variables):
    target, online = variables
    rule = HardUpdate(every=4)
    update = tf.function(lambda now: rule.update(target, online, Call(None, now)))
    copied = []
    for count in range(1, 10):
        online[1].assign(float(count))
        update(call(step=7, update=count).progress)
        copied.append(values(target)[1])
    assert copied == [4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 8.0, 8.0]


def test_without_a_target_network_the_target_equals_the_online_weights(variables):
    target, online = variables
    NoTargetNetwork().update(target, online, call(update=1))
    assert values(target) == values(online) == [[3.0, 0.0], -4.0]


@pytest.mark.parametrize(
    "make", [lambda: SoftUpdate(tau=0.0), lambda: SoftUpdate(tau=1.1), lambda: HardUpdate(every=0)]
)
def test_parameters_have_ranges(make):
    with pytest.raises(ParameterError):
        make()
