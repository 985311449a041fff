"""Initial weights: Keras's distributions, drawn by the core."""

import keras
import numpy as np
import pytest
from scipy import stats

from rlkit.programs.state import variables_of
from rlkit.programs.weights.initial_weights import KNOWN, InitialWeight, draw
from rlkit.programs.weights.weight_plan import weight_plan

CONFIGURED = {
    "Constant": keras.initializers.Constant(0.3),
    "RandomUniform": keras.initializers.RandomUniform(-0.2, 0.5),
    "RandomNormal": keras.initializers.RandomNormal(0.1, 0.2),
    "TruncatedNormal": keras.initializers.TruncatedNormal(0.1, 0.2),
    "VarianceScaling": keras.initializers.VarianceScaling(0.5, "fan_out", "untruncated_normal"),
    "Orthogonal": keras.initializers.Orthogonal(1.5),
}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_each_initializer_has_the_distribution_that_keras_gives_it(name):
    initializer = CONFIGURED.get(name) or getattr(keras.initializers, name)()
    shape = (3, 3, 40, 70)
    (ours,) = draw([InitialWeight("kernel", shape, name, initializer.get_config())], seed=0).values()
    theirs = np.asarray(initializer(shape))
    assert ours.shape == shape
    assert ours.dtype == np.float32
    if theirs.std() == 0:
        assert np.array_equal(ours, theirs)
    else:
        assert stats.ks_2samp(ours.ravel(), theirs.ravel()).pvalue > 0.001


def test_orthogonal_rows_are_orthonormal():
    (drawn,) = draw([InitialWeight("kernel", (8, 20), "Orthogonal", {"gain": 1.0})], seed=1).values()
    assert drawn @ drawn.T == pytest.approx(np.eye(8), abs=1e-6)


def test_the_same_seed_draws_the_same_and_each_variable_differs():
    plan = [InitialWeight(name, (5, 5), "GlorotUniform", {}) for name in "ab"]
    first, again, other = draw(plan, 0), draw(plan, 0), draw(plan, 1)
    assert np.array_equal(first["a"], again["a"])
    assert not np.array_equal(first["a"], first["b"])
    assert not np.array_equal(first["a"], other["a"])


def test_a_plan_covers_every_weight_of_the_layers():
    class Part:
        def __init__(self):
            self.network = keras.Sequential(
                [keras.Input((4,)), keras.layers.Dense(3), keras.layers.LayerNormalization()]
            )

    part = Part()
    plan = weight_plan(part, variables_of(part, "part"))
    assert {weight.initializer for weight in plan} == {"GlorotUniform", "Zeros", "Ones"}
    assert len(plan) == len(part.network.weights)


def test_what_an_unknown_initializer_says_is_left_as_it_is_built():
    class Halves(keras.initializers.Initializer):
        def __call__(self, shape, dtype=None):
            return keras.ops.full(shape, 0.5, dtype)

    class Part:
        def __init__(self):
            self.layer = keras.layers.Dense(3, kernel_initializer=Halves())
            self.layer.build((None, 4))

    part = Part()
    plan = weight_plan(part, variables_of(part, "part"))
    assert [weight.variable for weight in plan] == [name for name in variables_of(part, "part") if "bias" in name]
