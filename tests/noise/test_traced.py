"""Noise: what a function asks for becomes its inputs, the same numbers on the host and in a graph."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from rlkit.noise.drawn import DrawnNoise, NoiseLayout
from rlkit.noise.philox import stream_key
from rlkit.noise.traced import TracedNoise


def test_requests_become_a_layout_in_their_order():
    noise = TracedNoise()
    assert noise.uniform((2,)).shape == (2,)
    assert noise.integers((1, 3), 7).dtype == tf.int64
    noise.normal((2,))
    assert noise.layout == NoiseLayout((True,) * 2 + (False,) * 3 + (True,) * 4)


def test_requests_get_the_words_of_their_places():
    layout = NoiseLayout((True, True, False, True))
    uniforms, integers = DrawnNoise(stream_key(0, "act"), layout).at(5)
    noise = TracedNoise(uniforms, integers)
    first, middle, last = noise.uniform((2,)), noise.integers((), 2**31 - 1), noise.uniform(())
    assert first.numpy().tolist() == uniforms[:2].tolist()
    assert last.numpy() == uniforms[2]
    assert middle.numpy() == int(integers[0]) * (2**31 - 1) >> 32


def test_a_call_draws_the_same_whichever_calls_came_before():
    layout = NoiseLayout((True,) * 5 + (False,) * 70)
    straight, jumping = (DrawnNoise(stream_key(1, "select"), layout) for _ in range(2))
    expected = {counter: straight.at(counter) for counter in range(500)}
    for counter in (499, 3, 250, 0, 251):
        assert all(map(np.array_equal, jumping.at(counter), expected[counter]))


def test_a_function_that_asks_for_nothing_gets_nothing():
    assert DrawnNoise(stream_key(0, "learn"), NoiseLayout()).at(3) == ()


def _large(kind, **arguments):
    count = 200_000
    words = 2 * count if kind == "normal" else count
    (drawn,) = DrawnNoise(stream_key(0, kind), NoiseLayout((kind != "integers",) * words)).at(0)
    noise = TracedNoise(integers=drawn) if kind == "integers" else TracedNoise(uniforms=drawn)
    return getattr(noise, kind)((count,), **arguments).numpy()


@pytest.mark.parametrize(("kind", "distribution"), [("uniform", "uniform"), ("normal", "norm"), ("gumbel", "gumbel_r")])
def test_floats_follow_their_distribution(kind, distribution):
    drawn = _large(kind)
    assert np.isfinite(drawn).all()
    assert stats.kstest(drawn, distribution).pvalue > 0.001


@pytest.mark.parametrize("bound", [1, 2, 3, 1000])
def test_integers_are_uniform_below_their_bound(bound):
    drawn = _large("integers", bound=bound)
    assert drawn.min() >= 0
    assert drawn.max() < bound
    assert bound == 1 or stats.chisquare(np.bincount(drawn, minlength=bound)).pvalue > 0.001


def test_integers_take_a_bound_for_each():
    drawn = TracedNoise(integers=np.full(3, 2**32 - 1)).integers((3,), tf.constant([1, 10, 2**31 - 1], tf.int64))
    assert drawn.numpy().tolist() == [0, 9, 2**31 - 2]


def test_gumbel_is_finite_at_both_ends_of_the_grid():
    ends = TracedNoise(uniforms=np.array([0.0, 1.0 - 2.0**-24], np.float32)).gumbel((2,))
    assert np.isfinite(ends.numpy()).all()


def test_noise_in_a_while_loop_is_refused():
    @tf.function
    def looping():
        noise = TracedNoise()
        return tf.while_loop(lambda i: i < 3, lambda i: i + 1 + tf.cast(noise.uniform(()), tf.int32), [0])

    with pytest.raises(Exception, match=r"NoiseInLoopError: .*request it before the loop"):
        looping()  # AutoGraph raises an error of its own with this text


def test_noise_in_a_branch_is_served():
    @tf.function
    def branching(uniforms):
        noise = TracedNoise(uniforms=uniforms)
        return tf.cond(tf.constant(True), lambda: noise.uniform(()), lambda: 0.0)

    assert branching(tf.constant([0.25])).numpy() == 0.25
