"""Philox against the authors' known answers and against TensorFlow's."""

import numpy as np
import pytest
import tensorflow as tf

from rlkit.noise.philox import blocks, reset_seed, reset_seeds, stream_key, unit_floats, words

KNOWN_ANSWERS = [  # Random123's kat_vectors for philox4x32 with 10 rounds: counter, key, words
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_blocks_are_the_published_ones(counter, key, expected):
    low = np.array([counter[0] | counter[1] << 32], np.uint64)
    high = np.array([counter[2] | counter[3] << 32], np.uint64)
    assert tuple(blocks(key[0] | key[1] << 32, low, high)[0]) == expected


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("count", [1, 4, 66])
def test_words_are_those_that_tensorflow_draws_in_graph_and_xla(count, jit_compile):
    key, counter = stream_key(3, "act"), 2**40 + 5

    @tf.function(jit_compile=jit_compile)
    def draw(key, counter):
        return tf.raw_ops.StatelessRandomUniformFullIntV2(
            shape=[count], key=key, counter=counter, alg=1, dtype=tf.uint32
        )

    drawn = draw(tf.constant([key], tf.uint64), tf.constant([0, counter], tf.uint64))
    assert np.array_equal(words(key, counter, 1, count)[0], drawn.numpy())


def test_a_call_draws_the_same_words_alone_and_in_a_block_of_calls():
    together = words(stream_key(0, "select"), 100, 20, 67)
    assert np.array_equal(together[7], words(stream_key(0, "select"), 107, 1, 67)[0])


def test_few_blocks_are_those_of_many():
    low, high = (np.random.default_rng(0).integers(0, 2**63, 200).astype(np.uint64) * np.uint64(2) for _ in range(2))
    together = blocks(2**64 - 5, low, high)
    alone = [blocks(2**64 - 5, low[place : place + 4], high[place : place + 4]) for place in range(0, 200, 4)]
    assert np.array_equal(together, np.concatenate(alone))


def test_streams_and_seeds_differ():
    drawn = {
        words(stream_key(seed, stream), 0, 1, 4).tobytes()
        for seed in range(50)
        for stream in ("act", "select", "learn")
    }
    assert len(drawn) == 150


def test_unit_floats_lie_in_zero_to_one_on_a_grid():
    floats = unit_floats(np.array([0, 255, 256, 2**32 - 1], np.uint32))
    assert floats.dtype == np.float32
    assert floats.tolist() == [0.0, 0.0, 2.0**-24, 1.0 - 2.0**-24]


def test_reset_seeds_fit_31_bits_and_depend_on_everything():
    seeds = {
        reset_seed(seed, stream, environment, episode)
        for seed in (0, 1)
        for stream in ("environment", "evaluation")
        for environment in (0, 1, 2)
        for episode in range(100)
    }
    assert len(seeds) == 1200
    assert all(0 <= seed < 2**31 for seed in seeds)


def test_reset_seeds_are_the_same_alone_and_together():
    together = reset_seeds(7, "environment", 2, range(60, 70))
    assert together == [reset_seed(7, "environment", 2, episode) for episode in range(60, 70)]
