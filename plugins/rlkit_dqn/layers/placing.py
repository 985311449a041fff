"""Layers in their places, and models of them that hand on noise. Imported by `build`: a class inherits from Keras."""

from __future__ import annotations

import inspect
from typing import Any

import keras

from rlkit import Noise, Tensor
from rlkit_dqn.contracts.layer import Layer

_NOISE = "noise"


class NoisyModel(keras.Model):  # type: ignore[misc]
    """A model that hands its noise to those of its layers whose `call` takes it."""

    def call(self, inputs: Tensor, training: Any = None, mask: Any = None, noise: Noise | None = None) -> Any:
        """See `keras.Model.call`."""
        return super().call(inputs, training=training, mask=mask, noise=noise)


def placed(layer: Layer, inputs: int, units: int, name: str) -> Any:
    """The Keras layer of a place, given noise if it takes some."""
    return given_noise(layer.build(inputs, units, name))


def through(layer: Layer, x: Tensor, units: int, name: str) -> Tensor:
    """Symbolic Keras tensors: from (B, n) through a layer of its own to (B, units)."""
    return placed(layer, x.shape[-1], units, name)(x)


def given_noise(layer: Any) -> Any:
    """The layer, not yet called: a model of `model_of` will give it noise if its `call` takes some."""
    if takes_noise(layer):
        # Keras hands such an argument through whatever stands between, as it does `training`.
        layer._register_call_context_args(_NOISE)
    return layer


def takes_noise(layer: Any) -> bool:
    """Whether its `call` takes noise."""
    return _NOISE in inspect.signature(layer.call).parameters


def model_of(inputs: Any, outputs: Tensor, name: str) -> Any:
    """A Keras model; its `call` takes noise if that of a layer in it does."""
    model = keras.Model(inputs, outputs, name=name)
    noisy = any(_NOISE in layer._call_context_args for layer in model.layers)
    return NoisyModel(inputs, outputs, name=name) if noisy else model
