"""Whether a compiled environment shows what its spaces say, in the first steps of random play."""

from __future__ import annotations

import numpy as np

from rlkit.catalogue.part_name import part_name
from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.faults.method import method_of
from rlkit.programs.environment_program import EnvironmentProgram
from rlkit.programs.played import played

_STEPS = 64
_SLACK = 1e-4
"""Relative to 1 and to the bound: a float32's rounding, over a few operations."""


def check_observed(environment: CompiledEnvironment, made: EnvironmentProgram) -> None:
    """Play, and look at the observations.

    Raises:
        PartError: one is beyond the bounds of its space.
    """
    low, high = made.spaces.observation.bounds()
    if not (np.isfinite(low) | np.isfinite(high)).any():
        return
    least, most = low - _SLACK * (1.0 + abs(low)), high + _SLACK * (1.0 + abs(high))
    for before, after in played(made, environment.episode_limit, _STEPS):
        for given in (before, after):
            observation = given["observation"].numpy().astype(np.float64)
            beyond = (observation < least) | (observation > most)
            if beyond.any():
                what = f"returned {observation[beyond][0]:g} as an element of the observation"
                allowed = f"{low[beyond][0]:g} to {high[beyond][0]:g}, as spaces() says"
                method = method_of(part_name(environment, "compiled_environment"), type(environment), "observe")
                raise method.refused(f"{what}; allowed: {allowed}")
