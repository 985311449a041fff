from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Call, Discrete, ParameterError, Spaces
from rlkit_dqn import DQN, ConvolutionalNetwork
from rlkit_dqn.networks.image import image_shape
from tests.plugins.rlkit_dqn.samples import random_sample
from tests.plugins.rlkit_dqn.words import call

SMALL = ConvolutionalNetwork(filters=(3, 5), kernels=(3, 2), strides=(2, 1), hidden=(7,))
ATARI = Spaces(Array((4, 84, 84), "uint8", 0, 255, stack=4), Discrete(4))


def images(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


def convolved(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray, stride: int) -> np.ndarray:
    """By the definition: a sum over every window of the image."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("byxcij,ijcf->byxf", windows, kernel) + bias


def test_outputs_equal_numpy():
    network = SMALL.build(tf.TensorSpec((9, 11, 2), tf.float32), 3)
    x = np.random.default_rng(0).normal(size=(4, 9, 11, 2))
    one, bias_one, two, bias_two, hidden, hidden_bias, last, last_bias = network.get_weights()
    features = np.maximum(convolved(x, one, bias_one, 2), 0)
    features = np.maximum(convolved(features, two, bias_two, 1), 0).reshape(4, -1)
    expected = np.maximum(features @ hidden + hidden_bias, 0) @ last + last_bias
    np.testing.assert_allclose(network(x.astype(np.float32)), expected, rtol=1e-5, atol=1e-6)


def test_default_is_the_nature_network():
    network = ConvolutionalNetwork().build(tf.TensorSpec((4, 84, 84), tf.uint8), 4)
    assert network.count_params() == 1_686_180
    shapes = [weight.shape for weight in network.get_weights() if weight.ndim > 1]
    assert shapes == [(8, 8, 4, 32), (4, 4, 32, 64), (3, 3, 64, 64), (3136, 512), (512, 4)]


def test_layer_norm_is_over_all_units_of_an_image_before_the_activation():
    network = ConvolutionalNetwork(filters=(3,), kernels=(3,), strides=(2,), hidden=(), layer_norm=True)
    network = network.build(tf.TensorSpec((9, 11, 2), tf.float32))
    rng = np.random.default_rng(0)
    network.set_weights([rng.normal(size=weight.shape) for weight in network.get_weights()])
    kernel, bias, scale, shift = network.get_weights()
    x = rng.normal(size=(4, 9, 11, 2))
    units = convolved(x, kernel, bias, 2)
    flat = units.reshape(4, -1)
    mean, variance = (moment(flat, axis=1).reshape(4, 1, 1, 1) for moment in (np.mean, np.var))
    expected = np.maximum((units - mean) / np.sqrt(variance + 1e-3) * scale + shift, 0).reshape(4, -1)
    np.testing.assert_allclose(network(x.astype(np.float32)), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("dtype", "divisor", "by"),
    [("uint8", None, 255), ("uint8", 10.0, 10), ("uint8", 1.0, 1), ("int32", None, 1), ("float32", 255.0, 255)],
)
def test_uint8_is_divided_by_255_unless_told_otherwise(dtype, divisor, by):
    parameters = {"filters": (3,), "kernels": (3,), "strides": (1,)}
    network = ConvolutionalNetwork(**parameters, divisor=divisor).build(tf.TensorSpec((9, 9, 2), dtype), 3)
    unscaled = ConvolutionalNetwork(**parameters).build(tf.TensorSpec((9, 9, 2), tf.float32), 3)
    unscaled.set_weights(network.get_weights())
    x = images(4, 9, 9, 2)
    expected = unscaled((x / by).astype(np.float32))
    np.testing.assert_allclose(network(x.astype(dtype)), expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max())


def test_frames_on_the_first_axis_are_the_channels():
    stacked = SMALL.build(tf.TensorSpec((4, 9, 11), tf.uint8), 3)
    last = SMALL.build(tf.TensorSpec((9, 11, 4), tf.uint8), 3)
    last.set_weights(stacked.get_weights())
    x = images(2, 4, 9, 11)
    np.testing.assert_allclose(stacked(x), last(np.moveaxis(x, 1, -1)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("shape", "channels", "expected"),
    [
        ((4, 84, 84), "auto", (84, 84, 4)),
        ((84, 84, 4), "auto", (84, 84, 4)),
        ((210, 160, 3), "auto", (210, 160, 3)),
        ((10, 10, 10), "auto", (10, 10, 10)),
        ((12, 10, 10), "auto", (12, 10, 10)),
        ((12, 10, 10), "first", (10, 10, 12)),
        ((4, 84, 84), "last", (4, 84, 84)),
    ],
)
def test_channels_are_found_on_the_shorter_end(shape, channels, expected):
    assert image_shape(Array(shape, "uint8"), channels) == expected
    assert image_shape(tf.TensorSpec(shape, tf.uint8), channels) == expected


def test_atari_is_accepted():
    ConvolutionalNetwork().check(ATARI)
    ConvolutionalNetwork(channels="first").check(ATARI)


def test_vectors_are_refused():
    with pytest.raises(ValueError, match=r"conv reads images.*float32 array of shape \(4,\); network mlp reads vec"):
        ConvolutionalNetwork().check(Spaces(Array((4,), "float32"), Discrete(2)))


def test_a_picture_among_other_parts_is_told_with_what_reads_it():
    parts = (("screen", Array((60, 80, 3), "uint8", 0, 255)), ("health", Array((1,), "float32")))
    flat = Array((60 * 80 * 3 + 1,), "float32", parts=parts)
    with pytest.raises(ValueError, match=r"network multi reads all parts, and wrapper keep_key leaves one$"):
        ConvolutionalNetwork().check(Spaces(flat, Discrete(2)))


def test_images_too_small_for_the_kernels_are_refused():
    with pytest.raises(ValueError, match=r"convolution 2 has kernels of 4×4, and what reaches it is 1×1"):
        ConvolutionalNetwork().check(Spaces(Array((10, 10, 4), "uint8"), Discrete(2)))
    with pytest.raises(ValueError, match=r"convolution 1 has kernels of 8×8, and what reaches it is 84×4"):
        ConvolutionalNetwork(channels="first").check(Spaces(Array((84, 84, 4), "uint8"), Discrete(2)))


def test_stacked_frames_are_not_read_as_rows():
    with pytest.raises(ParameterError, match=r"the environment stacks 4 frames along the first: channels: first"):
        ConvolutionalNetwork(channels="last").check(ATARI)
    long = Spaces(Array((12, 10, 10), "uint8", 0, 255, stack=12), Discrete(2))
    with pytest.raises(ParameterError, match=r"found 'auto'"):
        SMALL.check(long)


def test_what_check_accepts_can_be_built_down_to_one_pixel():
    exact = Array((4, 36, 36), "uint8")
    ConvolutionalNetwork().check(Spaces(exact, Discrete(2)))
    network = ConvolutionalNetwork().build(tf.TensorSpec(exact.shape, exact.dtype), 2)
    assert network.get_layer("features").output.shape == (None, 64)
    with pytest.raises(ValueError, match="convolution 3"):
        ConvolutionalNetwork().check(Spaces(Array((4, 35, 35), "uint8"), Discrete(2)))


@pytest.mark.parametrize(
    ("parameters", "name"),
    [({"filters": (32,)}, "kernels"), ({"strides": (4, 2)}, "strides"), ({"filters": ()}, "filters")],
)
def test_each_convolution_has_filters_kernel_and_stride(parameters, name):
    with pytest.raises(ParameterError) as refused:
        ConvolutionalNetwork(**parameters)
    assert refused.value.parameter == name


def test_learning_on_atari_frames_lowers_the_loss():
    learner = DQN(network=ConvolutionalNetwork(), batch_size=32).build(ATARI)
    learner.begin(call())
    frames = {name: images(32, 1, 4, 84, 84) for name in ("observation", "next_observation")}
    sample = random_sample(0, rows=32, actions=4, **frames)
    learn = tf.function(lambda sample, now: learner.learn(sample, Call(None, now)))
    losses = [float(learn(sample, call(update=update).progress).metrics["loss"]) for update in range(8)]
    assert np.isfinite(losses).all()
    assert losses[-1] < 0.8 * losses[0]
