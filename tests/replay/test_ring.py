"""The ring: newest rows kept, windows that stop at episode ends and at the write head."""

import numpy as np
import pytest

from rlkit.contracts.demand import Sampling
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.replay.columns import bytes_needed, step_columns
from rlkit.replay.ring import Ring
from tests.replay.storing import store

COLUMNS = {"observation": ((2,), "float32"), "terminated": ((), "bool"), "truncated": ((), "bool")}


def filled(capacity, steps, environments=1, ends=()):
    """A ring whose observations are (environment, time); `ends` lists times at which every episode terminates."""
    ring = Ring(capacity, environments, COLUMNS)
    for time in range(steps):
        observation = [(environment, time) for environment in range(environments)]
        store(ring, environments, observation, time in ends, False)
    return ring


def test_the_oldest_rows_are_overwritten():
    ring = filled(capacity=5, steps=7)
    times = ring.gather(np.arange(5), Sampling(1), ("observation",)).columns["observation"][:, 0, 1]
    assert ring.stored == 5
    assert sorted(times.tolist()) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("environments", [1, 2, 3])
@pytest.mark.parametrize(("capacity", "steps"), [(24, 5), (24, 8), (24, 13), (30, 100)])
def test_windows_hold_consecutive_steps_of_one_environment(environments, capacity, steps):
    ends = {3, 4, 9, 97}
    ring = filled(capacity, steps, environments, ends)
    slots = np.arange(ring.stored)
    rows = ring.gather(slots, Sampling(1, length=4), ("observation",))
    for window, valid in zip(rows.columns["observation"], rows.valid, strict=True):
        environment, first = window[0]
        expected = [True]
        for ahead in range(1, 4):
            over = any(time in ends for time in range(int(first), int(first) + ahead))
            expected.append(not over and first + ahead < steps)
        assert valid.tolist() == expected
        for ahead in np.flatnonzero(valid):
            assert window[ahead].tolist() == [environment, first + ahead]


@pytest.mark.parametrize("across_ends", [False, True])
@pytest.mark.parametrize("environments", [1, 3])
@pytest.mark.parametrize(("capacity", "steps"), [(24, 5), (24, 8), (24, 13), (30, 100)])
def test_steps_before_a_row_are_those_of_its_episode_that_are_stored(environments, capacity, steps, across_ends):
    ends, before, length = {3, 4, 9, 97}, 3, 2
    ring = filled(capacity, steps, environments, ends)
    sampling = Sampling(1, length, before, across_ends)
    slots = np.arange(ring.stored)
    rows = ring.gather(slots, sampling, ("observation",))
    oldest = steps - ring.stored // environments
    for slot, window, valid in zip(slots, rows.columns["observation"], rows.valid, strict=True):
        environment, here = window[before]
        assert environment == slot % environments
        for place, offset in enumerate(range(-before, length)):
            time, first, last = here + offset, min(here, here + offset), max(here, here + offset)
            crossed = any(end in ends for end in range(int(first), int(last)))
            assert valid[place] == (oldest <= time < steps and (across_ends or not crossed))
            if valid[place]:
                assert window[place].tolist() == [environment, time]


def test_capacity_is_a_multiple_of_the_environments():
    assert Ring(10, 3, COLUMNS).capacity == 9


def test_bytes_needed_is_what_the_columns_take():
    spaces = Spaces(Array((84, 84, 4), "uint8"), Discrete(6))
    assert bytes_needed(1000, step_columns(spaces, {})) == 1000 * (2 * 84 * 84 * 4 + 4 + 4 + 2)


def test_extras_are_kept_under_names_of_their_own():
    spaces = Spaces(Array((3,), "float32"), Array((2,), "float32"))
    columns = step_columns(spaces, {"log_probability": ((), "float32")})
    assert columns["action"] == ((2,), "float32")
    assert columns["extra_log_probability"] == ((), "float32")
