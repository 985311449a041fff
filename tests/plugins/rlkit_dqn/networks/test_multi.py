"""The network of observations with several parts."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Discrete, ParameterError, Spaces, observation_spec
from rlkit_dqn.networks.minatar import MinAtarNetwork
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.networks.multi import MultiNetwork

PARTS = (
    ("picture", Array((6, 6, 2), "uint8", 0, 255)),
    ("table", Array((2, 3), "float32")),
    ("speed", Array((), "float32")),
)
OBSERVATION = Array((72 + 6 + 1,), "float32", parts=PARTS)
SPACES = Spaces(OBSERVATION, Discrete(3))
IMAGE = MinAtarNetwork(filters=2, hidden=(5,))


def test_each_encoder_reads_its_own_part_in_its_own_dtype() -> None:
    network = MultiNetwork(image=IMAGE, hidden=()).build(observation_spec(OBSERVATION))
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (4, 6, 6, 2)).astype(np.uint8)
    numbers = rng.normal(size=(4, 7)).astype(np.float32)
    rows = np.concatenate([picture.reshape(4, -1).astype(np.float32), numbers], axis=1)
    (encoder,) = [layer for layer in network.layers if layer.name == "encoder_0_picture"]
    expected = np.concatenate([encoder.network(picture).numpy(), numbers], axis=1)
    np.testing.assert_allclose(network(rows).numpy(), expected, rtol=1e-6)


def test_encoders_by_key_come_before_those_by_shape() -> None:
    chosen = MultiNetwork(image=IMAGE, encoders={"speed": MLP(hidden=(4,))}, hidden=())
    network = chosen.build(observation_spec(OBSERVATION))
    assert network.output_shape == (None, 5 + 6 + 4)


@pytest.mark.parametrize(
    ("network", "parameter", "message"),
    [
        (MultiNetwork(encoders={"pictur": IMAGE}), "encoders", "found the key 'pictur'; the observation has picture, "),
        (MultiNetwork(), "image", r"observation\['picture'\]: network conv: convolution 1 has kernels of 8×8"),
        (MultiNetwork(image=IMAGE, encoders={"speed": IMAGE}), "encoders.speed", r"observation\['speed'\]: network "),
    ],
)
def test_a_part_that_its_encoder_cannot_read_is_named(network: MultiNetwork, parameter: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message) as raised:
        network.check(SPACES)
    assert raised.value.parameter == parameter


def test_observations_without_parts_are_refused() -> None:
    with pytest.raises(ValueError, match=r"observations of several parts \(Dict, Tuple\), and the observation is a"):
        MultiNetwork().check(Spaces(Array((4,), "float32"), Discrete(2)))
    with pytest.raises(ValueError, match=r"give it rlkit\.observation_spec"):
        MultiNetwork().build(tf.TensorSpec((4,), tf.float32))
