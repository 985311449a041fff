"""A schedule that raises says so when it is traced, wherever it stands."""

from __future__ import annotations

from typing import Any

import pytest
import tensorflow as tf

from rlkit import Progress, Spaces, component, parameter
from rlkit_dqn import Boltzmann
from tests.programs.guarding.tracing import refused, traced


@component
class Rising:
    how: str = parameter(doc="what is wrong")

    def build(self, spaces: Spaces) -> Any:
        if self.how == "build":
            return Working(spaces.env)  # in build
        return Working(self.how)

    def value(self, progress: Progress) -> Any:
        raise AssertionError("the working part is asked")


class Working:
    def __init__(self, how: str) -> None:
        self.how = how

    def value(self, progress: Progress) -> Any:
        now = progress.steps if self.how == "value" else progress.step  # in value
        return 1.0 + tf.cast(now, tf.float32)


@pytest.mark.parametrize(("how", "wrong"), [("build", "'Spaces'"), ("value", "'Progress'")])
def test_a_schedule_that_raises_is_named(how: str, wrong: str) -> None:
    attribute = {"build": "env", "value": "steps"}[how]
    message = f"schedule Rising, {how} {{at}}: AttributeError: {wrong} object has no attribute '{attribute}'"
    refused(__file__, f"in {how}", message, exploration=Boltzmann(temperature=Rising(how=how)))


def test_one_without_fault_passes() -> None:
    traced(exploration=Boltzmann(temperature=Rising(how="")))
