"""The frame ring gives back what was stored, frame by frame, through wraps and episode ends."""

import numpy as np
import pytest

from rlkit import Array, Discrete, Sampling, Spaces
from rlkit.replay.columns import bytes_needed, step_columns
from rlkit.replay.frame_ring import FrameRing, StackError
from rlkit.replay.ring import Ring
from tests.replay.test_ring import SAMPLINGS

STACK, SIZE = 4, 3
SPACES = Spaces(Array((STACK, SIZE, SIZE), "uint8", stack=STACK), Discrete(2))
COLUMNS = step_columns(SPACES, {})
NAMES = ("observation", "next_observation", "action", "terminated", "truncated")


def both_filled(capacity, environments, steps, seed=0, file=None):
    """A frame ring and a plain ring with the same steps of random frames and random episode lengths."""
    rng = np.random.default_rng(seed)
    rings = FrameRing(capacity, environments, COLUMNS, STACK, file), Ring(capacity, environments, COLUMNS)
    observation = np.zeros((environments, STACK, SIZE, SIZE), np.uint8)
    starting = list(range(environments))
    for _ in range(steps):
        for index in starting:
            observation[index] = rng.integers(0, 255, (SIZE, SIZE))
            for ring in rings:
                ring.begin(index, observation[index])
        following = np.concatenate((observation[:, 1:], rng.integers(0, 255, (environments, 1, SIZE, SIZE))), 1)
        following = following.astype(np.uint8)
        terminated, truncated = rng.random(environments) < 0.15, rng.random(environments) < 0.1
        row = (observation, rng.integers(0, 2, environments), np.ones(environments), terminated, truncated, following)
        for ring in rings:
            ring.store(*row)
        starting = np.flatnonzero(terminated | truncated).tolist()
        observation = following
    return rings


@pytest.mark.parametrize("environments", [1, 3])
@pytest.mark.parametrize(("capacity", "steps"), [(60, 10), (60, 20), (60, 61), (60, 500), (9, 100)])
@pytest.mark.parametrize("sampling", SAMPLINGS, ids=str)
def test_stacks_are_those_that_were_stored(environments, capacity, steps, sampling):
    frames, plain = both_filled(capacity, environments, steps)
    assert frames.stored == plain.stored
    slots = np.arange(plain.stored)
    ours, expected = frames.gather(slots, sampling, NAMES), plain.gather(slots, sampling, NAMES)
    assert np.array_equal(ours.valid, expected.valid)
    for name in NAMES:
        assert ours.columns[name].dtype == expected.columns[name].dtype
        assert np.array_equal(ours.columns[name][ours.valid], expected.columns[name][expected.valid]), name


def test_a_mapped_file_serves_as_memory_does(tmp_path):
    with open(tmp_path / "replay", "w+b") as file:
        mapped, plain = both_filled(30, 1, 100, file=file)
        slots = np.arange(30)
        found = mapped.gather(slots, Sampling(30), NAMES).columns["observation"]
        assert np.array_equal(found, plain.gather(slots, Sampling(30), NAMES).columns["observation"])
        assert (tmp_path / "replay").stat().st_size >= 30 * SIZE * SIZE


def test_observations_that_do_not_stack_are_refused():
    ring = FrameRing(10, 1, COLUMNS, STACK)
    first = np.zeros((1, STACK, SIZE, SIZE), np.uint8)
    with pytest.raises(StackError, match="does not repeat one frame"):
        ring.begin(0, np.arange(STACK * SIZE * SIZE, dtype=np.uint8).reshape(STACK, SIZE, SIZE))
    ring.begin(0, first[0])
    with pytest.raises(StackError, match="are not those of the observation before"):
        ring.put(0, first[0], 0, 1.0, False, False, first[0] + 1)


def test_a_million_atari_frames_take_seven_gigabytes():
    spaces = Spaces(Array((4, 84, 84), "uint8", stack=4), Discrete(6))
    assert 7.0e9 < bytes_needed(1_000_000, step_columns(spaces, {}), spaces.observation._replace(stack=4)) < 7.2e9
