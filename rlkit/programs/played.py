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


def played(made: EnvironmentProgram, limit: int | None, steps: int) -> Iterator[tuple[Outputs, Outputs]]:
    """So many steps, each time the same ones: what `reset` or `step` gave before each, and what `step` gave then.

    `limit` is the environment's `episode_limit`. A mask that forbids every action is left to the run to tell.
    """
    rng = np.random.default_rng(0)
    given: Outputs = {}
    over, length = True, 0
    for _ in range(steps):
        if over:
            noise = {spec.name: tf.constant(example_noise(spec, rng)) for spec in made.reset.inputs}
            given, length = made.reset.traced(**noise), 0
        others = [spec for spec in made.step.inputs if spec.name not in made.parts]
        drawn = {spec.name: drawn_for(spec, made.spaces, rng) for spec in others}
        allowed = np.flatnonzero(given[ALLOWED].numpy()) if ALLOWED in given else ()
        if len(allowed):
            drawn["action"] = rng.choice(allowed).astype(np.int32)
        inputs = {name: tf.constant(value) for name, value in drawn.items()}
        after: Outputs = made.step.traced(**{name: given[name] for name in made.parts}, **inputs)
        yield given, after
        length += 1
        over = bool(after["terminated"]) or bool(after["truncated"]) or length == limit
        given = after


def drawn_for(spec: TensorSpec, spaces: Spaces, rng: np.random.Generator, turn: int = 0) -> npt.NDArray[Any]:
    """A random action, or noise; in a later turn with the ends of their ranges."""
    if spec.name == "action":
        return example_array(spaces.action, tuple(spec.shape), rng, turn)
    return example_noise(spec, rng, turn)
