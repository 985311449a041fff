"""What parts return while learning is tried on examples, and held to the bounds of their contracts."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

from rlkit import Array, Call, Discrete, Spaces, component, parameter
from rlkit.faults.part_error import PartError
from rlkit.programs.making import check_again, trace_parts
from rlkit_dqn import DQN, MLP, SGD
from rlkit_dqn.contracts.bootstrap import Backup, Estimates

SPACES = Spaces(Array((4,), "float32"), Discrete(3))
SMALL = DQN(batch_size=4, network=MLP(hidden=()), optimizer=SGD())
"""Of few operations: what takes long here is to trace them."""


@component
class Bootstrap:
    """A policy as `how` says."""

    how: str = parameter(doc="what is wrong")

    def backup(self, estimates: Estimates, call: Call) -> Backup:
        values = estimates.next_target
        match self.how:
            case "ones":
                return Backup(tf.ones_like(values))  # ones
            case "negative":
                return Backup(1.0 - tf.one_hot(tf.argmax(values, -1), 3))  # negative
            case "negative sums":
                best = tf.one_hot(tf.argmax(values, -1), 3)
                return Backup(2.0 * best - (1.0 - best) / 2.0)  # negative sums
            case "the wrong axis":
                return Backup(tf.nn.softmax(values, 0))  # the wrong axis
            case "forbidden":
                return Backup(tf.fill(values.shape, 1.0 / 3.0))  # forbidden
            case "late":
                policy = tf.nn.softmax(values) * tf.where(call.progress.update > 5000, 2.0, 1.0)
                return Backup(policy / 1.0)  # late
        return Backup(tf.nn.softmax(values))


def check(how: str, spaces: Spaces = SPACES) -> None:
    agent = dataclasses.replace(SMALL, bootstrap=Bootstrap(how=how))
    check_again(trace_parts(agent, agent.buffer, spaces), agent, agent.buffer, spaces, None)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("ones", "3 as the sum of a row of policy; allowed: 1"),
        ("negative", "2 as the sum of a row of policy; allowed: 1"),
        ("negative sums", r"(2|-0\.5) as the weight of an action in policy; allowed: 0 to 1"),
        ("the wrong axis", r"\S+ as the sum of a row of policy; allowed: 1"),
        ("forbidden", "0.333333 as the weight of a forbidden action in policy; allowed: 0"),
        ("late", r"\S+ as the .* policy; allowed: .*"),
    ],
)
def test_the_policy_of_a_bootstrap_is_one(how: str, message: str) -> None:
    lines = Path(__file__).read_text().splitlines()
    (line,) = (number for number, text in enumerate(lines, start=1) if text.endswith(f"# {how}"))
    with pytest.raises(PartError) as caught:
        check(how, SPACES.masked())
    expected = rf"bootstrap Bootstrap, backup \({__file__}:{line}\): returned {message}"
    assert re.fullmatch(expected, str(caught.value)), caught.value


def test_a_policy_over_the_allowed_actions_passes() -> None:
    check("", SPACES.masked())


def test_every_action_may_have_weight_where_there_is_no_mask() -> None:
    check("forbidden")


def test_the_default_bootstraps_keep_to_theirs() -> None:
    import rlkit_dqn as parts

    for bootstrap in (parts.MaxBootstrap(), parts.DoubleBootstrap()):
        agent = dataclasses.replace(SMALL, bootstrap=bootstrap)
        spaces = SPACES.masked()
        check_again(trace_parts(agent, agent.buffer, spaces), agent, agent.buffer, spaces, None)


def test_the_first_parts_keep_their_variables() -> None:
    agent: Any = SMALL
    parts = trace_parts(agent, agent.buffer, SPACES)
    before = {name: variable.numpy() for name, variable in parts.shapes.program.variables.items()}
    check_again(parts, agent, agent.buffer, SPACES, None)
    for name, value in before.items():
        assert (parts.shapes.program.variables[name].numpy() == value).all()
