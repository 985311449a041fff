"""Noise drawn in the graph is the host's: bit for bit where it is integers and uniform floats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf

from rlkit.noise.drawn import DrawnNoise, NoiseLayout
from rlkit.noise.in_graph import graph_noise, graph_noise_each, philox_words, reset_keys
from rlkit.noise.philox import reset_seed, stream_key, words
from rlkit.noise.traced import TracedNoise

MIXED = NoiseLayout((True, False, False, True, True, True, False, False, False, True))
MODES: dict[str, Callable[[Any], Any]] = {
    "eager": lambda body: body,
    "graph": tf.function,
    "xla": lambda body: tf.function(body, jit_compile=True),
}


def signed(key: int) -> tf.Tensor:
    return tf.constant(np.array(key, np.uint64).view(np.int64))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layout", [MIXED, NoiseLayout((True,) * 3), NoiseLayout((False,) * 9)])
def test_a_calls_inputs_are_those_that_the_host_draws(mode: str, layout: NoiseLayout) -> None:
    host = DrawnNoise(stream_key(7, "act"), layout)
    drawn = MODES[mode](lambda call: graph_noise(layout, signed(stream_key(7, "act")), call))
    for call in (0, 1, 2, 4_095, 4_096, 2**33):
        found = drawn(tf.constant(call, tf.int64))
        expected = dict(zip(found, host.at(call), strict=True))
        for name, value in expected.items():
            assert found[name].dtype.as_numpy_dtype == value.dtype
            assert np.array_equal(found[name].numpy(), value)


def test_no_noise_is_drawn_where_none_is_asked_for() -> None:
    assert graph_noise(NoiseLayout(), tf.constant(1, tf.int64), 0) == {}


def test_words_in_a_loop_follow_the_counter() -> None:
    @tf.function(jit_compile=True)
    def many(key: tf.Tensor) -> tf.Tensor:
        def turn(call: tf.Tensor, drawn: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return call + 1, tf.tensor_scatter_nd_update(drawn, call[None, None], philox_words(key, 0, call, 6)[None])

        begin = (tf.zeros((), tf.int64), tf.zeros((50, 6), tf.uint32))
        return tf.while_loop(lambda call, _: call < 50, turn, begin)[1]

    key = stream_key(3, "select")
    assert np.array_equal(many(signed(key)).numpy(), words(key, 0, 50, 6))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layout", [MIXED, NoiseLayout((True,) * 3)])
def test_calls_of_several_keys_at_once_are_those_of_each_alone(mode: str, layout: NoiseLayout) -> None:
    keys, calls = [stream_key(7, str(name)) for name in range(5)], [0, 3, 4_096, 2**33, 1]
    drawn = MODES[mode](lambda keys, calls: graph_noise_each(layout, keys, calls))
    found = drawn(tf.stack([signed(key) for key in keys]), tf.constant(calls, tf.int64))
    for place, (key, call) in enumerate(zip(keys, calls, strict=True)):
        expected = graph_noise(layout, signed(key), tf.constant(call, tf.int64))
        assert found.keys() == expected.keys()
        for name, value in expected.items():
            assert np.array_equal(found[name][place].numpy(), value.numpy())


@pytest.mark.parametrize("mode", MODES)
def test_an_episodes_key_is_the_seed_with_which_the_host_resets_it(mode: str) -> None:
    episodes = [0, 1, 77, 10**6, 3]
    found = MODES[mode](reset_keys)(signed(stream_key(11, "environment")), tf.constant(episodes, tf.int64))
    assert found.numpy().tolist() == [reset_seed(11, "environment", *place) for place in enumerate(episodes)]


def in_units_of_the_last_place(found: npt.NDArray[np.float32], expected: npt.NDArray[np.float32]) -> float:
    spacing = np.spacing(np.maximum(np.abs(expected), np.float32(1.0)))
    return float(np.max(np.abs(found.astype(np.float64) - expected.astype(np.float64)) / spacing))


@pytest.mark.parametrize(("derived", "most"), [("normal", 4), ("gumbel", 4)])
def test_what_is_derived_by_log_and_cos_differs_in_its_last_bits_only(derived: str, most: int) -> None:
    """Units in the last place, of numbers below 1 those of 1; of 200,000 each XLA is 3 (normal) and 2 (Gumbel) off."""
    count = 20_000
    drawn = words(stream_key(1, "act"), 0, 1, 2 * count)[0]
    floats = tf.constant((drawn >> 8).astype(np.float32) * np.float32(2.0**-24))

    def body(uniforms: tf.Tensor) -> tf.Tensor:
        return getattr(TracedNoise(uniforms), derived)((count,))

    eager = body(floats).numpy()
    for mode in ("graph", "xla"):
        assert in_units_of_the_last_place(MODES[mode](body)(floats).numpy(), eager) <= most
