"""An exploration that is wrong says so when it is traced, with its author's line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Call, Discrete, Seen, Spaces, Step, Tensor, component, greedy, parameter
from tests.programs.guarding.tracing import SPACES, refused, traced


@component
class Wrong:
    """Chooses as `how` says."""

    how: str = parameter(doc="what is wrong")

    def select(self, values: Tensor, seen: Seen, call: Call) -> Any:  # select
        chosen = greedy(values, seen.allowed)
        match self.how:
            case "misspelt":
                return tf.where(seen.alowed[:, 0], chosen, 0)  # misspelt
            case "numpy":
                return np.argmax(values, axis=-1)  # numpy
            case "float32":
                return tf.cast(chosen, tf.float32)  # float32
            case "int64":
                return tf.argmax(values, axis=-1)  # int64
            case "one for all":
                return tf.reduce_max(chosen)  # one for all
            case "a number":
                return 1
            case "a list":
                return [1]
            case "values":
                return values
            case "shapes":
                return tf.matmul(values, values)  # shapes
            case "another method":
                return self.other(chosen)
            case "probabilities":
                return tf.cast(self.probabilities(values, seen, call)[:, 0], tf.int32)
            case "frozen":
                self.how = "counted"  # type: ignore[misc]  # frozen
            case "":
                return chosen

    def other(self, chosen: Tensor) -> Tensor:
        return chosen + {}["missing"]  # another method

    def probabilities(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        return tf.cast(tf.nn.softmax(values), tf.float64)  # probabilities


SELECT = "exploration Wrong, select {at}: "
INT32 = "; allowed: int32 (1,)"


@pytest.mark.parametrize(
    ("how", "at", "message"),
    [
        ("misspelt", "misspelt", "AttributeError: 'Seen' object has no attribute 'alowed'"),
        ("numpy", "numpy", "NotImplementedError: Cannot convert a symbolic tf.Tensor … to a numpy array. …"),
        ("a return is missing", "select", "returned None (is a return missing?)" + INT32),
        ("float32", "float32", "returned float32 (1,)" + INT32),
        ("int64", "int64", "returned int64 (1,)" + INT32),
        ("one for all", "one for all", "returned int32 ()" + INT32),
        ("a number", "select", "returned int 1" + INT32),
        ("a list", "select", "returned list" + INT32),
        ("values", "select", "returned float32 (1, 3)" + INT32),
        ("shapes", "shapes", "ValueError: Dimensions must be equal, …"),
        ("frozen", "frozen", "FrozenInstanceError: cannot assign to field 'how'"),
        ("another method", "another method", "KeyError: 'missing'"),
    ],
)
def test_select_is_held_to_its_contract(how: str, at: str, message: str) -> None:
    refused(__file__, at, SELECT + message, exploration=Wrong(how=how))


def test_probabilities_are_held_to_their_contract() -> None:
    message = "exploration Wrong, probabilities {at}: returned float64 (1, 3); allowed: float32 (1, 3)"
    refused(__file__, "probabilities", message, exploration=Wrong(how="probabilities"))


@component
class Branches:
    """Code that AutoGraph rewrites."""

    how: str = parameter(doc="what is wrong")

    def select(self, values: Tensor, seen: Seen, call: Call) -> Any:  # branches
        chosen = greedy(values, seen.allowed)
        if tf.reduce_max(values) > 0.0:
            if self.how == "misspelt":
                chosen = tf.cast(chosen, self.int32)  # misspelt in a branch
            chosen = chosen + 0
        return chosen if self.how != "float32" else tf.cast(chosen, tf.float32)  # float32 after a branch


@pytest.mark.parametrize(
    ("how", "at", "message"),
    [
        ("misspelt", "misspelt in a branch", "AttributeError: 'Branches' object has no attribute 'int32'"),
        ("float32", "float32 after a branch", "returned float32 (1,)" + INT32),
    ],
)
def test_code_that_autograph_rewrites_is_told_of_by_its_own_lines(how: str, at: str, message: str) -> None:
    refused(__file__, at, f"exploration Branches, select {{at}}: {message}", exploration=Branches(how=how))


def test_branches_on_tensors_are_rewritten_within_a_guard() -> None:
    traced(exploration=Branches(how=""))


@component
class TwoArguments:
    def select(self, values: Tensor, seen: Seen) -> Tensor:  # two arguments
        return greedy(values, seen.allowed)


def test_a_method_that_takes_other_arguments_is_named() -> None:
    message = "exploration TwoArguments, select {at}: TypeError: select() takes 3 positional arguments …"
    refused(__file__, "two arguments", message, exploration=TwoArguments())


@component
class Tries:
    """Like ε-greedy, its `tries` wrong."""

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        tried = self.tries(seen, call)[0]
        return tf.where(tried, 0, greedy(values, seen.allowed))

    def tries(self, seen: Seen, call: Call) -> Any:
        return call.noise.uniform((1,)) < 0.5, tf.zeros((1,), tf.int64)  # tries


def test_tries_are_held_to_their_contract() -> None:
    message = "exploration Tries, tries {at}: returned [1] int64 (1,); allowed: int32 (1,)"
    refused(__file__, "tries", message, exploration=Tries())


@component
class Learns:
    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        return greedy(values, seen.allowed)

    def learned(self, td_error: Tensor, steps: Step, call: Call) -> Any:
        return tf.reduce_mean(td_error)  # learned


def test_learned_returns_nothing() -> None:
    message = "exploration Learns, learned {at}: returned float32 (); allowed: nothing is returned"
    refused(__file__, "learned", message, exploration=Learns())


@component
class Reports:
    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        return greedy(values, seen.allowed)

    def report(self, progress: Any) -> Any:
        return {"count": 1, "both": tf.stack([progress.step, progress.update])}  # report


def test_reports_are_scalars() -> None:
    message = "exploration Reports, report {at}: returned ['both'] int64 (2,); allowed: int64 ()"
    refused(__file__, "report", message, exploration=Reports())


@component
class Builds:
    """Has state; `how` says what is wrong with building it."""

    how: str = parameter(doc="what is wrong")

    def build(self, spaces: Spaces) -> Any:  # build
        if self.how == "raises":
            return Counting(spaces.actions)  # raises
        return Counting(self.how) if self.how != "nothing" else None


class Counting:
    """The working part."""

    def __init__(self, how: str) -> None:
        self.how, self.count = how, tf.Variable(0)

    def select(self, values: Tensor, seen: Seen, call: Call) -> Any:
        if self.how == "in the working part":
            return self.count.assign_add(1) + values  # in the working part
        self.count.assign_add(1)
        return greedy(values, seen.allowed)


@pytest.mark.parametrize(
    ("how", "at", "message"),
    [
        ("raises", "raises", "build {at}: AttributeError: 'Spaces' object has no attribute 'actions'"),
        (
            "nothing",
            "build",
            "build {at}: returned None (is a return missing?); allowed: an object with the method select",
        ),
        ("in the working part", "in the working part", "select {at}: TypeError: …"),
    ],
)
def test_building_a_working_exploration_is_guarded(how: str, at: str, message: str) -> None:
    refused(__file__, at, f"exploration Builds, {message}", exploration=Builds(how=how))


def test_guarded_parts_keep_their_variables_names_and_types() -> None:
    parts = traced(exploration=Builds(how=""))
    assert "learner.exploration.count" in parts.shapes.program.variables
    working: Any = parts.learner
    assert type(working.exploration).__name__ == "Counting" and isinstance(working.exploration, Counting)


def test_a_guarded_component_equals_the_one_that_it_copies() -> None:
    from rlkit.programs.guarding.components import Guards

    plain = Wrong(how="")
    guarded = Guards().component(plain, "exploration")
    assert guarded == plain and plain == guarded and guarded is not plain


def test_parts_without_fault_pass() -> None:
    traced(exploration=Wrong(how=""))
    assert isinstance(SPACES.action, Discrete)
