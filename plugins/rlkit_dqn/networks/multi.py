"""A network for observations of several parts: an encoder each, then layers on what all of them make."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import keras

from rlkit import Array, Nest, Network, ParameterError, Spaces, Tensor, component, parameter
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.layers.dense import LAYER, DenseLayer
from rlkit_dqn.networks.conv import ConvolutionalNetwork
from rlkit_dqn.networks.mlp import MLP

COMBINED = "Raffin et al., 2021 (Stable-Baselines3's CombinedExtractor)"


@component
class MultiNetwork:
    """An encoder for each part of a Dict or a Tuple; features joined, then dense layers with ReLU.

    A part of three axes is a picture, any other one is read as a vector, row by row; `encoders` says otherwise for
    single parts. Each encoder reads its part in the part's own dtype. By default pictures go through the convolutions
    of Mnih et al. (2015) and vectors come as they are, as in Stable-Baselines3.
    """

    encoders: Mapping[str, Network] = parameter(default={}, doc="of single parts, by key; robot/arm within a Dict")
    image: Network = parameter(
        default=ConvolutionalNetwork(hidden=(256,)), doc="of every other part of three axes", source=COMBINED
    )
    vector: Network = parameter(default=MLP(hidden=()), doc="of every other part", source=COMBINED)
    hidden: tuple[int, ...] = parameter(
        default=(64, 64), doc="units of each dense layer on the features of all parts", at_least=1, source=COMBINED
    )
    layer: Layer = parameter(default=DenseLayer(), doc=f"{LAYER}, of those on all parts; encoders have their own")

    checks_parts = True

    def check(self, spaces: Spaces) -> None:
        """Whether each part has an encoder that can read it.

        Raises:
            ParameterError: for a key that no part has, or a part that its encoder cannot read.
            ValueError: for observations that have no parts.
        """
        observation = spaces.observation
        if not observation.parts:
            raise ValueError(
                f"network multi reads observations of several parts (Dict, Tuple), and the observation is a "
                f"{observation}; networks mlp and conv read such arrays"
            )
        keys = [key for key, _ in observation.parts]
        for key in self.encoders:
            if key not in keys:
                raise ParameterError("encoders", f"found the key {key!r}; the observation has {', '.join(keys)}")
        for key, part in observation.parts:
            name, encoder = self._encoder(key, part)
            try:
                if hasattr(encoder, "check"):
                    encoder.check(spaces._replace(observation=_read(encoder, part, name)))
            except ValueError as error:
                raise ParameterError(name, f"observation[{key!r}]: {error}") from error

    def build(self, inputs: Nest, units: int | None = None) -> Any:
        """See `Network.build`; `inputs` is made by `rlkit.observation_spec`."""
        from rlkit import observation_spec
        from rlkit_dqn.networks.dense import hidden_layers, network_of
        from rlkit_dqn.networks.encoder import encoded

        parts = getattr(inputs, "parts", ())
        if not parts:
            raise ValueError("network multi reads observations of several parts; give it rlkit.observation_spec(…)")
        observation = keras.Input(inputs.shape, dtype=inputs.dtype.name)
        features = []
        for number, (key, part, values) in enumerate(_pieces(observation, parts)):
            name, encoder = self._encoder(key, part)
            read = _read(encoder, part, name)
            piece = keras.ops.cast(keras.ops.reshape(values, (-1, *read.shape)), read.dtype)
            label = re.sub(r"\W+", "_", f"encoder_{number}_{key}")
            features.append(encoded(piece, encoder.build(observation_spec(read)), key, label))
        x = features[0] if len(features) == 1 else keras.ops.concatenate(features, axis=-1)
        x = hidden_layers(x, self.hidden, "_of_all", layer=self.layer)
        return network_of(observation, x, units, self.layer, "multi")

    def _encoder(self, key: str, part: Array) -> tuple[str, Any]:
        """The parameter that says it, and the network."""
        if key in self.encoders:
            return f"encoders.{key}", self.encoders[key]
        return ("image", self.image) if len(part.shape) == 3 else ("vector", self.vector)


def _read(encoder: Any, part: Array, name: str) -> Array:
    """A part as its encoder reads it: what is no picture is a vector, unless an encoder of its own is asked for."""
    if len(part.shape) in (1, 3) or name not in ("image", "vector"):
        return part if part.shape else part._replace(shape=(1,))
    return part._replace(shape=(math.prod(part.shape),))


def _pieces(observation: Tensor, parts: tuple[tuple[str, Array], ...]) -> Iterator[tuple[str, Array, Tensor]]:
    """Each part with its values (B, n)."""
    begin = 0
    for key, part in parts:
        end = begin + math.prod(part.shape)
        yield key, part, observation[:, begin:end]
        begin = end
