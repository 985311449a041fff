"""Examples on which backends are compared: over the rounds they reach both ends of what is allowed."""

import numpy as np
import tensorflow as tf

from rlkit import Array, Discrete
from rlkit.contracts.buffer import Storage
from rlkit.contracts.demand import Sampling
from rlkit.programs.backends.comparison import ROUNDS
from rlkit.programs.examples import (
    example_array,
    example_noise,
    example_priorities,
    example_progress,
    example_slots,
)
from rlkit.programs.selection_program import selection_program
from tests.programs.backends.prioritised import Prioritised

RNG = np.random.default_rng(0)


def rounds(example):
    return [example(turn) for turn in range(ROUNDS)]


def test_actions_are_the_first_and_the_last_one_in_some_rounds():
    drawn = [int(action) for action in rounds(lambda turn: example_array(Discrete(50), (), RNG, turn))]
    assert {0, 49} < set(drawn)


def test_observations_reach_the_bounds_that_they_have():
    for low, high, least, greatest in ((-1.0, 2.0, -1.0, 2.0), (0.5, np.inf, 0.5, None), (-np.inf, 3e38, None, None)):
        space = Array((3,), "float32", low, high)
        drawn = np.concatenate(rounds(lambda turn: example_array(space, (8, 3), RNG, turn)))  # noqa: B023
        assert least in (None, drawn.min())
        assert greatest in (None, drawn.max())
        assert abs(drawn).max() < 1e6
    image = np.concatenate(rounds(lambda turn: example_array(Array((2,), "uint8", 0, 255), (8, 2), RNG, turn)))
    assert (image.min(), image.max()) == (0, 255)


def test_noise_reaches_its_least_and_its_greatest_value():
    for name, dtype, low, high in (("uniforms", tf.float32, 0.0, 1 - 2**-24), ("integers", tf.int64, 0, 2**32 - 1)):
        drawn = rounds(lambda turn: example_noise(tf.TensorSpec((4,), dtype, name=name), RNG, turn))  # noqa: B023
        assert any((values == low).all() for values in drawn)
        assert any((values == high).all() for values in drawn)
        assert min(map(np.min, drawn)) >= low
        assert max(map(np.max, drawn)) <= high


def test_progress_begins_at_0_and_gets_far():
    updates = [int(progress[2]) for progress in rounds(example_progress)]
    assert (updates[0], max(updates)) == (0, 25_000_000)


def test_sampled_slots_repeat_are_all_equal_and_are_the_first_and_the_last():
    drawn = rounds(lambda turn: example_slots(16, 40, RNG, turn))
    assert all(((slots >= 0) & (slots < 40)).all() for slots in drawn)
    assert any(1 < len(set(slots.tolist())) < 16 for slots in drawn)
    assert {0, 39} <= {slots[0] for slots in drawn if len(set(slots.tolist())) == 1}


def test_priorities_are_zero_tiny_and_huge():
    drawn = np.concatenate(rounds(lambda turn: example_priorities(16, RNG, turn)))
    assert {0.0, np.float32(1e-6), 1e6} < set(drawn.tolist())


def test_added_slots_are_distinct_go_around_the_ring_and_fit_into_it():
    for capacity in (40, 64, 500):
        program = selection_program(
            Prioritised(capacity, 32, lambda v, s, u: v), Storage(capacity, 1, Sampling(32), {})
        )
        added = next(function for function in program.functions if function.name == "added")
        around, stored = False, set()
        for turn in range(ROUNDS):
            slots, count = (program.example(spec, RNG, turn) for spec in added.inputs[:2])
            new = slots[:count].tolist()
            assert len(set(new)) == len(new) >= 1
            assert {*slots.tolist()} <= set(range(capacity))
            around |= {0, capacity - 1} <= set(new)
            stored.add(int(program.example(tf.TensorSpec((), tf.int64, name="stored"), RNG, turn)))
        assert around
        assert {32, capacity} <= stored
