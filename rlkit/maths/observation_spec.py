"""An observation's specification for networks."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit.contracts.spaces import Array


class ObservationSpec(tf.TensorSpec):  # type: ignore[misc]
    """A `tf.TensorSpec` that also knows of what parts a vector consists."""

    parts: tuple[tuple[str, Array], ...] = ()
    """See `rlkit.Array.parts`."""


def observation_spec(observation: Array) -> Any:
    """The `tf.TensorSpec` of one observation, the batch left out, with `parts`: what `Network.build` is given."""
    spec = ObservationSpec(observation.shape, observation.dtype)
    spec.parts = observation.parts
    return spec
