"""Sampling without replacement."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from scipy.stats import chi2

import rlkit
from rlkit import Added, Drawn, ParameterError, Sampling, Storage, Stored, Surprise
from rlkit.noise.traced import TracedNoise
from rlkit.programs.state import variables_of
from rlkit.replay.of_experiment import on_disk
from rlkit_dqn import UniformBuffer
from tests.plugins.rlkit_dqn.words import call, noise

SIZE = 64


def select(size, stored, source):
    storage = Storage(50_000, 1, Sampling(size), {})
    return (
        UniformBuffer()
        .build(storage)
        .select(Stored(stored, tf.constant(0, tf.int64), Drawn(tf.zeros((0,), tf.int64), tf.zeros((0,)))), call(source))
    )


@tf.function(input_signature=[tf.TensorSpec((None, SIZE), tf.int64), tf.TensorSpec((), tf.int64)])
def many_samples(words, stored):
    """One sample a row of words."""
    return tf.vectorized_map(lambda row: select(SIZE, stored, TracedNoise(None, row)).slots, words)


def floyd(words, stored):
    """Floyd's algorithm as Bentley and Floyd print it, one turn after another."""
    chosen = []
    for word, j in zip(words, range(stored - len(words), stored), strict=True):
        t = int(word) * (j + 1) >> 32
        chosen.append(j if t in chosen else t)
    return chosen


@pytest.mark.parametrize("stored", [64, 65, 80, 200, 1000, 50_000, 2_000_000_000])
def test_samples_equal_the_sequential_algorithm(stored):
    words = np.random.default_rng(stored).integers(0, 2**32, (100, SIZE))
    expected = [floyd(row, stored) for row in words]
    np.testing.assert_array_equal(many_samples(tf.constant(words), tf.constant(stored, tf.int64)), expected)


def test_longest_chain_of_taken_slots_is_followed():
    """Every turn draws the slot that the turn before took, so each one is pushed on to its own."""
    stored = 1000
    bounds = np.arange(stored - SIZE, stored) + 1
    wanted = np.concatenate([[0, 0], np.arange(stored - SIZE + 1, stored - 1)])
    words = -(-(wanted << 32) // bounds)
    expected = floyd(words, stored)
    assert expected == [0, *range(stored - SIZE + 1, stored)]
    np.testing.assert_array_equal(many_samples(tf.constant(words[None]), tf.constant(stored, tf.int64))[0], expected)


@pytest.mark.parametrize("stored", [64, 65, 200, 5_000, 50_000])
def test_every_stored_row_is_equally_likely_and_none_comes_twice(stored):
    """Chi-square over 1,000,000 draws; its variance is that of draws without replacement."""
    samples = 1_000_000 // SIZE
    words = np.random.default_rng(7).integers(0, 2**32, (samples, SIZE))
    slots = np.concatenate(
        [many_samples(tf.constant(part), tf.constant(stored, tf.int64)) for part in np.array_split(words, 8)]
    )
    ordered = np.sort(slots, axis=1)
    assert (np.diff(ordered, axis=1) > 0).all()
    assert ordered[:, 0].min() >= 0 and ordered[:, -1].max() < stored
    counts, expected = np.bincount(slots.ravel(), minlength=stored), samples * SIZE / stored
    if stored == SIZE:
        assert (counts == samples).all()
    else:
        statistic = ((counts - expected) ** 2 / expected).sum() * (stored - 1) / (stored - SIZE)
        assert 0.001 < chi2.sf(statistic, stored - 1) < 0.999


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_any_sample_size(size):
    for seed in range(20):
        slots, weight = select(size, tf.constant(100, tf.int64), noise(seed, 0, size))
        assert slots.dtype == tf.int64 and weight.dtype == tf.float32
        assert len(set(slots.numpy().tolist())) == size
        np.testing.assert_array_equal(weight, np.ones(size))


def test_xla_selects_the_same_slots():
    def slots(words, stored):
        return select(SIZE, stored, TracedNoise(None, words)).slots

    compiled = tf.function(slots, jit_compile=True)
    for seed in range(10):
        words = tf.constant(np.random.default_rng(seed).integers(0, 2**32, SIZE))
        stored = tf.constant(100 * (seed + 1), tf.int64)
        np.testing.assert_array_equal(compiled(words, stored), slots(words, stored))


def test_buffer_remembers_nothing():
    selection = UniformBuffer(capacity=10).build(Storage(10, 1, Sampling(4), {}))
    one = tf.constant([1], tf.int64)
    assert selection.added(Added(one, tf.constant(1, tf.int64), tf.constant([False])), call()) is None
    assert selection.update(Surprise(one, tf.constant([0.5])), call()) is None
    assert not variables_of(selection, "selection")


def test_capacity_is_at_least_one():
    with pytest.raises(ParameterError):
        UniformBuffer(capacity=0)


def test_observations_lie_in_memory_unless_disk_is_asked_for():
    assert not on_disk(rlkit.load("cartpole_dqn"))
    assert on_disk(rlkit.load("cartpole_dqn", ["buffer.storage=disk"]))
    with pytest.raises(ValueError, match=r"storage=tape.*allowed: memory or disk"):
        rlkit.load("cartpole_dqn", ["buffer.storage=tape"])
