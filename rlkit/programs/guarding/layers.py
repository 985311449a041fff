"""What a network and an optimizer build: objects of Keras, looked at where they are made."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from rlkit.contracts.tensor import Nest
from rlkit.faults.method import Method, method_of
from rlkit.maths.apply import output_spec
from rlkit.programs.guarding.expected import misfit, refusal
from rlkit.programs.verifying.owners import own


def checked_network(build: Method, network: Any, inputs: Nest, units: int | None = None) -> Any:
    """What `Network.build` returned: a Keras layer whose variables exist, giving (B, units) float32.

    Raises:
        PartError: it is something else.
    """
    wrong = misfit(keras.Layer, network)
    if wrong:
        raise build.refused(wrong.text)
    for layer in network._flatten_layers():
        own(build.part, type(layer), f"{type(layer).__name__}.")
    found = _functional(network)
    if found is None:
        call, before = method_of(build.part, type(network), "call"), len(network.variables)
        try:
            found = output_spec(network, inputs)
        except Exception as error:
            told = call.error(error)
            raise told from told.__cause__
        if len(network.variables) > before:
            what = f"returned a {type(network).__name__} without variables; allowed: its variables created"
            raise build.refused(f"{what} (it made {len(network.variables) - before} when it was first called)")
        build = call
    shape, dtype = (None, *found.shape), tf.as_dtype(found.dtype)
    if len(shape) != 2 or units not in (None, shape[1]) or dtype != tf.float32:
        allowed = f"float32 (B, {'any number of features' if units is None else units})"
        raise build.refused(f"gives {dtype.name} ({', '.join(map(str, ('B', *shape[1:])))}); allowed: {allowed}")
    return network


def _functional(network: Any) -> Any:
    """The output of a model that knows it, the batch left out; None if it must be traced."""
    outputs = getattr(network, "outputs", None)
    if not isinstance(outputs, (list, tuple)) or len(outputs) != 1:
        return None
    return tf.TensorSpec(outputs[0].shape[1:], outputs[0].dtype)


def checked_optimizer(build: Method, optimizer: Any) -> Any:
    """What `Optimizer.build` returned: an optimiser of Keras's that has no variables yet.

    Raises:
        PartError: it is something else.
    """
    wrong = misfit(keras.Optimizer, optimizer)
    if not wrong and optimizer.built:
        wrong = refusal(optimizer, "one that is not yet built: whoever uses it calls build(variables)")
    if wrong:
        raise build.refused(wrong.text)
    return optimizer
