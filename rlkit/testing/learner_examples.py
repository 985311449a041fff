"""What a learner is shown and learns from: values of its spaces, masks and windows included."""

from __future__ import annotations

from typing import Any

import numpy as np

from rlkit.contracts.demand import Sampling
from rlkit.contracts.spaces import Spaces
from rlkit.programs.examples import example_allowed, example_any, example_array
from rlkit.programs.program import GraphFunction
from rlkit.programs.seeing import seen_inputs
from rlkit.replay.columns import ALLOWED, MASKS


def example_seen(spaces: Spaces, rng: np.random.Generator) -> dict[str, Any]:
    """Values for the fields of a `Seen`, zeros for what came before an episode's beginning."""
    values: dict[str, Any] = {}
    for spec in seen_inputs(spaces):
        shape = tuple(spec.shape)
        if spec.name == "observation":
            values[spec.name] = example_array(spaces.observation, shape, rng)
        elif spec.name == "previous_action":
            values[spec.name] = example_array(spaces.action, shape, rng)
        elif spec.name == ALLOWED:
            values[spec.name] = example_allowed(shape, rng)
        else:
            values[spec.name] = example_any(spec, rng)
    return begun(values, np.flatnonzero(values["first"]))


def begun(seen: dict[str, Any], environments: Any) -> dict[str, Any]:
    """The same where the episodes of these environments begin."""
    seen["first"][environments] = True
    seen["previous_action"][environments] = 0
    return seen


def example_sample(learn: GraphFunction, spaces: Spaces, sampling: Sampling, *, cut: bool) -> dict[str, Any]:
    """Values for the inputs of a learn function, noise and progress left out; weights from near 0 to 1.

    All steps are valid, or with `cut` some rows end early, and begin with fewer steps before, as rows do that reach an
    episode's end or the newest step.
    """
    rng = np.random.default_rng(0)
    values: dict[str, Any] = {}
    for spec in learn.inputs:
        shape = tuple(spec.shape)
        if spec.name in ("observation", "next_observation"):
            values[spec.name] = example_array(spaces.observation, shape, rng)
        elif spec.name == "action":
            values[spec.name] = example_array(spaces.action, shape, rng)
        elif spec.name in MASKS:
            values[spec.name] = example_allowed(shape, rng)
        elif spec.name == "weight":
            values[spec.name] = 1.0 - 0.999 * rng.random(shape, np.float32)
        elif spec.name not in ("progress", "uniforms", "integers"):
            values[spec.name] = example_any(spec, rng)
    rows, steps = values["valid"].shape
    place, row = np.arange(steps) - sampling.before, np.arange(rows)[:, None]
    ahead, behind = 1 + row % sampling.length, row % (sampling.before + 1)
    values["valid"] = (place < ahead) & (place >= -behind) | (not cut or sampling.order == "rollout")
    values["truncated"] &= ~values["terminated"]
    return values
