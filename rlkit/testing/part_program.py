"""A working part as a program: graph functions with example inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rlkit.contracts.tensor import TensorSpec
from rlkit.programs.examples import example_any, example_noise, example_progress
from rlkit.programs.program import GraphFunction, Program
from rlkit.programs.state import variables_of
from rlkit.programs.weights.weight_plan import weight_plan


@dataclass(frozen=True)
class PartProgram(Program):
    """A program that knows its working part."""

    part: object = None

    @property
    def drawn(self) -> tuple[str, ...]:
        """Names of the variables that the core draws."""
        return tuple(weight.variable for weight in weight_plan(self.part, self.variables))


def program_of(
    part: object,
    functions: tuple[GraphFunction, ...],
    examples: Mapping[str, Callable[[TensorSpec, np.random.Generator], npt.NDArray[Any]]] | None = None,
) -> PartProgram:
    """A program of graph functions over a working part.

    `examples` gives values for inputs by name; `progress` and noise have theirs, others get normal floats.
    """
    given = examples or {}

    def example(spec: TensorSpec, rng: np.random.Generator, turn: int) -> npt.NDArray[Any]:
        if spec.name == "progress":
            return example_progress(turn)
        if spec.name in ("uniforms", "integers"):
            return example_noise(spec, rng, turn)
        return given.get(spec.name, example_any)(spec, rng)

    return PartProgram("part", functions, variables_of(part, "part"), example, part)
