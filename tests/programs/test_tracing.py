"""Tracing: as the code stands where that can be, through AutoGraph where it must be."""

from __future__ import annotations

import inspect

import pytest
import tensorflow as tf

from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.program import GraphFunction, Program
from rlkit.programs.tracing import trace

SCALAR = {"x": tf.TensorSpec((), tf.float32, name="x")}


def file_of_this_frame() -> str:
    frame = inspect.currentframe()
    assert frame is not None
    return frame.f_code.co_filename


def test_code_without_control_flow_on_tensors_is_traced_as_it_stands():
    ran_in: list[str] = []

    def doubled(x):
        if len(ran_in) < 5:
            ran_in.append(file_of_this_frame())
        return 2 * x

    assert trace(doubled, SCALAR)(x=tf.constant(4.0)).numpy() == 8
    assert ran_in == [__file__]


def test_a_branch_on_a_tensor_still_becomes_an_operation():
    def absolute(x):
        return -x if x < 0 else x

    traced = trace(absolute, SCALAR)
    assert [traced(x=tf.constant(x)).numpy() for x in (-3.0, 2.0)] == [3, 2]


def test_loops_and_bounds_on_tensors_still_become_operations():
    def halvings(x):
        count = 0
        while x > 1:
            x, count = x / 2, count + 1
        for _ in tf.range(count):
            x = x * 2
        return {"count": count, "x": x}

    found = trace(halvings, SCALAR)(x=tf.constant(20.0))
    assert (found["count"].numpy(), found["x"].numpy()) == (5, 20)


def test_a_branch_in_a_function_that_is_called_is_found_too():
    def sign(x):
        if x > 0:
            return 1.0
        return -1.0

    def magnitude(x):
        return x * sign(x)

    assert trace(magnitude, SCALAR)(x=tf.constant(-7.0)).numpy() == 7


def test_an_error_of_the_code_itself_is_raised():
    def broken(x):
        raise KeyError("no such network")

    with pytest.raises(KeyError, match="no such network"):
        trace(broken, SCALAR)


@pytest.mark.parametrize("mode", ["xla", "graph", "eager"])
def test_every_mode_of_tensorflow_knows_which_inputs_a_branching_function_reads(mode):
    def branching(x, unread):
        return {"y": x if x > 0 else 0.0 * x}

    inputs = (*SCALAR.values(), tf.TensorSpec((3,), tf.float32, name="unread"))
    program = Program("example", (GraphFunction("branching", inputs, call=branching),), {}, lambda *_: 0)
    backend = TensorFlowBackend(program, mode)
    assert backend.used("branching") == {"x"}
    assert [backend.function("branching")(x, None)[0] for x in (2.0, -2.0)] == [2, 0]
