"""A compiled environment under random actions, before anything is trained in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import TensorSpec
from rlkit.programs.environment_program import EnvironmentProgram
from rlkit.programs.examples import example_array, example_noise
from rlkit.programs.program import Outputs
from rlkit.replay.columns import ALLOWED


def played(made: EnvironmentProgram, steps: int) -> Iterator[tuple[Outputs, Outputs]]:
    """So many steps, each time the same ones: what `reset` or `step` gave before each, and what `step` gave then."""
    rng = np.random.default_rng(0)
    given: Outputs = {}
    over = True
    for _ in range(steps):
        if over:
            given = made.reset.traced(
                **{spec.name: tf.constant(example_noise(spec, rng)) for spec in made.reset.inputs}
            )
        drawn = {
            spec.name: drawn_for(spec, made.spaces, rng) for spec in made.step.inputs if spec.name not in made.parts
        }
        if ALLOWED in given:
            drawn["action"] = rng.choice(np.flatnonzero(given[ALLOWED].numpy())).astype(np.int32)
        inputs = {name: tf.constant(value) for name, value in drawn.items()}
        after: Outputs = made.step.traced(**{name: given[name] for name in made.parts}, **inputs)
        yield given, after
        given, over = after, bool(after["terminated"]) or bool(after["truncated"])


def drawn_for(spec: TensorSpec, spaces: Spaces, rng: np.random.Generator, turn: int = 0) -> npt.NDArray[Any]:
    """A random action, or noise; in a later turn with the ends of their ranges."""
    if spec.name == "action":
        return example_array(spaces.action, tuple(spec.shape), rng, turn)
    return example_noise(spec, rng, turn)
