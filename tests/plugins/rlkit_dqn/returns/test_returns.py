"""What the four returns make of a step that follows another, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

import rlkit
from rlkit import ParameterError
from rlkit_dqn import Linear, NStepReturns, PengReturns, TreeBackupReturns, WatkinsReturns
from rlkit_dqn.contracts.returns import Following
from tests.plugins.rlkit_dqn.words import call

FOLLOWING = Following(
    action=tf.constant([0, 1, 1]),
    policy=tf.constant([[1.0, 0.0], [1.0, 0.0], [0.25, 0.75]]),
    values=tf.constant([[3.0, 1.0], [4.0, 2.0], [-1.0, 5.0]]),
    value=tf.constant([30.0, 40.0, 50.0]),
)


@pytest.mark.parametrize(
    ("part", "decay", "replaced"),
    [
        (NStepReturns(), [1.0, 1.0, 1.0], [30.0, 40.0, 50.0]),
        (PengReturns(trace_decay=0.5), [0.5, 0.5, 0.5], [30.0, 40.0, 50.0]),
        (WatkinsReturns(trace_decay=0.5), [0.5, 0.0, 0.5], [3.0, 2.0, 5.0]),
        (TreeBackupReturns(trace_decay=0.5), [0.5, 0.0, 0.375], [3.0, 2.0, 5.0]),
    ],
    ids=["n_step", "peng", "watkins", "tree_backup"],
)
def test_decays_and_what_is_replaced(part, decay, replaced):
    found = part.trace(FOLLOWING, call())
    np.testing.assert_allclose(found.decay, decay)
    np.testing.assert_allclose(found.replaced, replaced)


def test_actions_that_share_the_greatest_probability_are_all_greedy():
    tied = FOLLOWING._replace(policy=tf.fill((3, 2), 0.5))
    assert WatkinsReturns().trace(tied, call()).decay.numpy().tolist() == [1.0, 1.0, 1.0]


def test_the_decay_may_be_a_schedule():
    part = PengReturns(trace_decay=Linear(start=0.0, end=1.0, over=10, by="update"))
    assert part.trace(FOLLOWING, call(update=5)).decay.numpy().tolist() == [0.5, 0.5, 0.5]


@pytest.mark.parametrize("part", [PengReturns, WatkinsReturns, TreeBackupReturns])
def test_a_decay_out_of_range_is_refused(part):
    with pytest.raises(ParameterError, match="trace_decay"):
        part(trace_decay=1.1)


def test_an_experiment_names_them():
    experiment = rlkit.load("cartpole_dqn", ["returns={name: watkins, trace_decay: 0.9}", "agent.n_step=5"])
    assert experiment.agent.returns == WatkinsReturns(trace_decay=0.9)
