"""A compiled environment that is wrong says so when it is traced."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

from rlkit import Array, Discrete, Nest, Noise, Spaces, Tensor, Transition, component, parameter
from rlkit.faults.part_error import PartError
from rlkit.programs.environment_program import environment_program


@component
class Walk:
    """Left and right on a line."""

    how: str = parameter(doc="what is wrong")

    def spaces(self) -> Spaces:
        return Spaces(Array((1,), "float32"), Discrete(2))

    @property
    def episode_limit(self) -> int | None:
        return 10

    def reset(self, noise: Noise) -> Any:  # reset
        if self.how == "drawn":
            return {"place": noise.uniforms((1,))[0]}  # drawn
        return None if self.how == "nothing" else {"place": tf.constant(0.0)}

    def observe(self, state: Nest) -> Any:  # observe
        if self.how == "unseen":
            return None
        return state["place"] if self.how == "scalar" else state["place"][None]

    def allowed(self, state: Nest) -> Tensor:  # allowed
        return tf.constant([True] * (3 if self.how == "three" else 2))

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Any:  # step
        place = state["place"] + tf.cast(action, tf.float32)
        if self.how == "a tuple":
            return {"place": place}, 1.0, place > 3.0
        if self.how == "added":
            return Transition({"place": state["place"] + action}, place, place > 3.0)  # added
        reward = tf.cast(place, tf.float64) if self.how == "float64" else place
        return Transition({"place": place}, reward, place > 3.0)


NESTS = "allowed: tensors in a nest of tuples and dicts"


@pytest.mark.parametrize(
    ("how", "at", "message"),
    [
        ("drawn", "drawn", "reset {at}: AttributeError: 'TracedNoise' object has no attribute 'uniforms'"),
        ("nothing", "reset", f"reset {{at}}: returned None (is a return missing?); {NESTS}"),
        ("unseen", "observe", f"observe {{at}}: returned None (is a return missing?); {NESTS}"),
        ("scalar", "observe", "observe {at}: the contract asks for float32 [1], as spaces() says; found float32 ()"),
        ("three", "allowed", "allowed {at}: the contract asks for bool [2], an entry an action; found bool (3,)"),
        (
            "a tuple",
            "step",
            "step {at}: returned tuple (…); allowed: a Transition(state, reward, terminated, truncated)",
        ),
        ("added", "added", "step {at}: …"),
        ("float64", "step", "step {at}: the contract asks for reward, float32 []; found float64 ()"),
    ],
)
def test_a_compiled_environment_is_held_to_its_contract(how: str, at: str, message: str) -> None:
    lines = Path(__file__).read_text().splitlines()
    (line,) = (number for number, text in enumerate(lines, start=1) if text.endswith(f"# {at}"))
    with pytest.raises(PartError) as caught:
        environment_program(Walk(how=how))
    expected = "compiled_environment Walk, " + message.replace("{at}", f"({__file__}:{line})")
    assert re.fullmatch(re.escape(expected).replace(re.escape("…"), ".*"), str(caught.value)), caught.value


def test_one_without_fault_passes() -> None:
    assert environment_program(Walk(how="")).parts == ("state_000",)
