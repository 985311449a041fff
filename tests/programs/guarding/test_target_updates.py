"""A target update reads the online weights, and assigns the target's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from rlkit import Call, Variable, component, parameter
from rlkit.programs.guarding.read_only import ReadOnly, ReadOnlyError
from rlkit_dqn import HardUpdate, NoTargetNetwork, SoftUpdate
from tests.programs.guarding.tracing import refused, traced


@component
class Wrong:
    how: str = parameter(doc="what is wrong")

    def update(self, target: Sequence[Variable], online: Sequence[Variable], call: Call) -> Any:
        if self.how == "writes online":
            online[0].assign(target[0])  # writes online
        if self.how == "writes its value":
            online[0].value.assign_add(target[0])  # writes its value
        if self.how == "shapes":
            target[0].assign(online[1])  # shapes
        return target[0].assign(online[0]) if self.how == "returns" else None  # returns


READ_ONLY = "which may be read only; assign to the other ones"


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("writes online", f"ReadOnlyError: assign of an online weight, {READ_ONLY}"),
        ("writes its value", f"ReadOnlyError: assign_add of an online weight, {READ_ONLY}"),
        ("shapes", "ValueError: …"),
        ("returns", "returned …; allowed: nothing is returned"),
    ],
)
def test_a_target_update_is_held_to_its_contract(how: str, message: str) -> None:
    refused(__file__, how, f"target_update Wrong, update {{at}}: {message}", target_update=Wrong(how=how))


@pytest.mark.parametrize("rule", [Wrong(how=""), HardUpdate(), NoTargetNetwork(), SoftUpdate()])
def test_target_updates_without_fault_pass(rule: Any) -> None:
    traced(target_update=rule)


@pytest.mark.parametrize("make", [tf.Variable, keras.Variable])
def test_a_read_only_variable_is_a_tensor_in_arithmetic(make: Any) -> None:
    start = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    variable = make(start)
    view, other = ReadOnly(variable, "a weight"), make(np.zeros((2, 2), np.float32))
    for found, expected in (
        (view + 1.0, start + 1.0),
        (1.0 - view, 1.0 - start),
        (2 * view, 2 * start),
        (view / 2.0, start / 2.0),
        (1.0 / view, 1.0 / start),
        (view**2, start**2),
        (-view, -start),
        (view @ start, start @ start),
        (view > 2.0, start > 2.0),
        (view[0], start[0]),
        (tf.square(view), start**2),
        (keras.ops.square(view), start**2),
        (tf.convert_to_tensor(view), start),
        (tf.constant(start) + view, 2 * start),
        (tf.where(view > 2.0, view, 0.0), np.where(start > 2.0, start, 0.0)),
        (sum(view), start.sum(0)),
    ):
        np.testing.assert_array_equal(np.asarray(found), expected)
    other.assign(view)
    np.testing.assert_array_equal(other.numpy(), start)
    assert tuple(view.shape) == (2, 2) and tf.as_dtype(view.dtype) == tf.float32 and len(view) == 2


@pytest.mark.parametrize("make", [tf.Variable, keras.Variable])
@pytest.mark.parametrize("write", ["assign", "assign_add", "assign_sub"])
def test_a_read_only_variable_refuses_to_be_assigned(make: Any, write: str) -> None:
    view = ReadOnly(make(np.zeros(2, np.float32)), "a weight")
    with pytest.raises(ReadOnlyError, match=f"{write} of a weight, {READ_ONLY}"):
        getattr(view, write)(np.ones(2, np.float32))
