"""The ring: newest rows kept, windows that stop at episode ends and at the write head."""

import numpy as np
import pytest

from rlkit import Array, Discrete, Sampling, Spaces
from rlkit.replay.columns import bytes_needed, step_columns
from rlkit.replay.ring import Ring
from tests.replay.reference import ReferenceRing, assert_windows, random_steps

COLUMNS = {
    "observation": ((2,), "float32"),
    "reward": ((), "float32"),
    "terminated": ((), "bool"),
    "truncated": ((), "bool"),
}
SAMPLINGS = [
    Sampling(1),
    Sampling(1, length=4),
    Sampling(1, before=3),
    Sampling(1, length=3, before=2),
    Sampling(1, length=4, across_ends=True),
    Sampling(1, length=3, before=2, across_ends=True),
]


def filled(capacity, steps, environments=1):
    """A ring whose observations are (environment, time)."""
    ring = Ring(capacity, environments, COLUMNS)
    no = np.zeros(environments, bool)
    for time in range(steps):
        observation = np.array([(environment, time) for environment in range(environments)])
        ring.store(observation, np.zeros(environments), no, no)
    return ring


def test_the_oldest_rows_are_overwritten():
    ring = filled(capacity=5, steps=7)
    times = ring.gather(np.arange(5), Sampling(5), ("observation",)).columns["observation"][:, 0, 1]
    assert ring.stored == 5
    assert sorted(times.tolist()) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("sampling", SAMPLINGS, ids=str)
@pytest.mark.parametrize("environments", [1, 3])
@pytest.mark.parametrize("steps", [1, 5, 12, 13, 40])
def test_windows_are_those_of_the_plain_reference_before_and_after_the_ring_is_full(environments, steps, sampling):
    capacity, rng = 12 * environments, np.random.default_rng(steps)
    ring, reference = Ring(capacity, environments, COLUMNS), ReferenceRing(capacity, environments)
    for values in random_steps(COLUMNS, environments, steps, rng):
        ring.store(*values)
        reference.store(COLUMNS, *values)
    slots = rng.permutation(ring.stored)
    rows = ring.gather(slots, sampling, tuple(COLUMNS))
    assert rows.valid.shape == (len(slots), sampling.before + sampling.length)
    assert_windows(reference, slots, sampling, rows.valid, rows.columns)


def test_the_slots_own_step_is_valid_whatever_lies_around_it():
    ring = Ring(6, 1, COLUMNS)
    for values in random_steps(COLUMNS, 1, 20, np.random.default_rng(0)):
        ring.store(*values)
    sampling = Sampling(6, length=3, before=4)
    assert ring.gather(np.arange(6), sampling, ()).valid[:, sampling.before].all()


def test_ends_are_told_by_slot():
    ring, reference = Ring(12, 2, COLUMNS), ReferenceRing(12, 2)
    for values in random_steps(COLUMNS, 2, 9, np.random.default_rng(3)):
        ring.store(*values)
        reference.store(COLUMNS, *values)
    windows = [reference.window(slot, Sampling(1))[0] for slot in range(12)]
    expected = [bool(step["terminated"] | step["truncated"]) for step in windows]
    assert ring.ended(np.arange(12)).tolist() == expected
    assert len(set(expected)) == 2


def test_the_slot_that_is_written_next_holds_the_oldest_step_of_a_full_ring():
    ring = filled(capacity=6, steps=5, environments=2)
    oldest = ring.gather(np.array([ring.next_slot]), Sampling(1), ("observation",)).columns["observation"]
    assert oldest[0, 0].tolist() == [0, 2]


def test_capacity_is_a_multiple_of_the_environments():
    assert Ring(10, 3, COLUMNS).capacity == 9


def test_bytes_needed_is_what_the_columns_take():
    spaces = Spaces(Array((84, 84, 4), "uint8"), Discrete(6))
    assert bytes_needed(1000, step_columns(spaces, {}), spaces.observation) == 1000 * (2 * 84 * 84 * 4 + 4 + 4 + 2)
