"""Recorded steps in a ring: the newest that fit, in order, each environment's last row cut; others are refused."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from rlkit import Array, Discrete, Recorded, Sampling, Spaces
from rlkit.replay.columns import step_columns
from rlkit.replay.frame_ring import ring_for
from rlkit.replay.recorded import fill
from rlkit.replay.recorded_check import other_spaces
from rlkit.replay.ring import Ring
from tests.replay.test_frame_ring import STACK, both_filled

SPACES = Spaces(Array((1,), "float32"), Discrete(3))
NAMES = ("observation", "reward", "terminated", "truncated", "next_observation")


class Numbered:
    """Row i of environment i mod m shows the number i and goes to i + m; every `ends`-th time ends an episode."""

    facts: ClassVar = {}

    def __init__(self, rows, environments=1, ends=4, **changed):
        self.rows, self.environments = rows, environments
        number = np.arange(rows)
        over = (number // environments + 1) % ends == 0
        shown = number.astype(np.float32).reshape(-1, 1)
        self.recorded = Recorded(
            shown,
            (number % 3).astype(np.int32),
            number.astype(np.float32),
            over,
            np.zeros(rows, bool),
            shown + environments,
        )._replace(**changed)

    def read(self, first, last):
        return Recorded(*(None if column is None else column[first:last] for column in self.recorded))


def filled(recording, capacity, environments=1):
    spaces = SPACES._replace(environments=environments)
    ring = Ring(capacity, environments, step_columns(spaces, {}))
    return ring, fill(ring, recording, spaces)


def numbers(ring):
    return ring.gather(np.arange(ring.stored), Sampling(1), ("reward",)).columns["reward"][:, 0].astype(int).tolist()


def flags(ring, name):
    return ring.gather(np.arange(ring.stored), Sampling(1), (name,)).columns[name][:, 0].tolist()


def test_all_rows_are_there_in_order_and_the_last_is_cut():
    ring, taken = filled(Numbered(6), 10)
    assert taken == (6, 6) and ring.total == ring.stored == ring.next_slot == 6
    assert numbers(ring) == [0, 1, 2, 3, 4, 5]
    assert flags(ring, "terminated") == [False, False, False, True, False, False]
    assert flags(ring, "truncated") == [False] * 5 + [True]


def test_of_more_than_fit_the_newest_are_there():
    ring, taken = filled(Numbered(23), 10)
    assert taken == (10, 23)
    assert sorted(numbers(ring)) == list(range(13, 23))


def test_rows_of_as_many_environments_stay_where_they_were():
    ring, taken = filled(Numbered(14, environments=2), 9, environments=2)
    assert taken == (8, 14)
    assert numbers(ring) == [6, 7, 8, 9, 10, 11, 12, 13]
    assert flags(ring, "truncated") == [False] * 6 + [True, True]


def test_other_environments_are_laid_end_to_end_and_cut_into_as_many_pieces():
    ring, taken = filled(Numbered(12, environments=2, ends=99), 12, environments=3)
    # Environment 0 has 0 2 4 6 8 10, environment 1 has 1 3 5 7 9 11: three pieces of four.
    assert taken == (12, 12)
    assert numbers(ring) == [0, 8, 5, 2, 10, 7, 4, 1, 9, 6, 3, 11]
    cut = {row for row, over in zip(numbers(ring), flags(ring, "truncated"), strict=True) if over}
    assert cut == {6, 10, 3, 11}  # the last row of each piece, and of each environment


def test_windows_do_not_go_on_from_recorded_rows_to_the_first_step_taken():
    ring, _ = filled(Numbered(6), 10)
    ring.begin(0, np.zeros(1, np.float32))
    ring.store(np.zeros((1, 1)), np.zeros(1), np.zeros(1), np.zeros(1, bool), np.zeros(1, bool), np.ones((1, 1)))
    assert ring.gather(np.array([4, 5]), Sampling(2, length=3), NAMES).valid.tolist() == [
        [True, True, False],
        [True, False, False],
    ]


@pytest.mark.parametrize(("steps", "capacity"), [(30, 60), (200, 60), (200, 40)])
@pytest.mark.parametrize(("theirs", "ours"), [(1, 1), (2, 2), (1, 2)])
def test_stacks_of_frames_are_taken_whole_from_the_middle_of_an_episode_on(steps, capacity, theirs, ours):
    _, plain = both_filled(60, theirs, steps)
    oldest = plain.next_slot if plain.stored == plain.capacity else 0
    slots = (oldest + np.arange(plain.stored)) % plain.capacity
    names = ("observation", "action", "reward", "terminated", "truncated", "next_observation")
    columns = plain.gather(slots, Sampling(1), names).columns
    recorded = Recorded(*(columns[name][:, 0] for name in names))
    recording = Numbered(plain.stored, theirs)
    recording.recorded = recorded._replace(action=recorded.action.astype(np.int32))
    spaces = Spaces(Array((STACK, 3, 3), "uint8", stack=STACK), Discrete(2), environments=ours)
    ring = ring_for(capacity, ours, step_columns(spaces, {}), spaces.observation)
    taken = fill(ring, recording, spaces).rows
    held = ring.gather(np.arange(ring.stored), Sampling(1), ("observation", "next_observation")).columns
    for name in ("observation", "next_observation"):
        expected = getattr(recorded, name)[-taken:]
        found = held[name][:, 0]
        if theirs == ours:
            order = (np.arange(taken) + (ring.next_slot if ring.stored == ring.capacity else 0)) % ring.stored
            found = found[order]
        else:
            found = np.concatenate([found[0::2], found[1::2]])
        np.testing.assert_array_equal(found, expected)


def refused(words, recording, spaces=SPACES, capacity=10):
    ring = Ring(capacity, spaces.environments, step_columns(spaces, {}))
    with pytest.raises(ValueError, match=words):
        fill(ring, recording, spaces)


def changed(name, row, value):
    recording = Numbered(6)
    column = getattr(recording.recorded, name).copy()
    column[row] = value
    recording.recorded = recording.recorded._replace(**{name: column})
    return recording


@pytest.mark.parametrize(
    ("name", "row", "value", "words"),
    [
        ("reward", 3, np.nan, "row 3: reward: found nan; allowed: finite numbers"),
        ("reward", 5, np.inf, "row 5: reward: found inf"),
        ("observation", 1, np.nan, "row 1: observation: found .nan.; allowed: finite numbers"),
        ("next_observation", 0, -np.inf, "row 0: next_observation"),
        ("action", 2, 3, "row 2: action: found 3; allowed: 0 to 2"),
        ("action", 2, -1, "row 2: action: found -1; allowed: 0 to 2"),
    ],
)
def test_numbers_that_cannot_be_are_told_with_their_row(name, row, value, words):
    refused(words, changed(name, row, value))


def test_columns_of_another_form_are_refused():
    refused("action: found int64", Numbered(6, action=np.zeros(6, np.int64)))
    refused(r"observation: found float32 of shape \(6, 2\)", Numbered(6, observation=np.zeros((6, 2), np.float32)))
    refused(
        "holds masks of actions .allowed., and the environment has none", Numbered(6, allowed=np.ones((6, 3), bool))
    )


def test_masks_are_asked_for_and_kept_to():
    spaces = Spaces(Array((1,), "float32"), Discrete(3, masked=True))
    refused("holds no masks of actions", Numbered(6), spaces)
    masks = {"allowed": np.ones((6, 3), bool), "next_allowed": np.ones((6, 3), bool)}
    masks["allowed"][4, 1] = False
    refused("row 4: action: found 1; allowed: one that its mask allows", Numbered(6, **masks), spaces)


def test_continuous_actions_keep_to_their_bounds():
    spaces = Spaces(Array((1,), "float32"), Array((2,), "float32", -1.0, 1.0))
    action = np.full((6, 2), 1.0 + 1e-6, np.float32)
    ring = Ring(10, 1, step_columns(spaces, {}))
    assert fill(ring, Numbered(6, action=action), spaces).rows == 6
    action[3, 1] = 1.5
    refused(r"row 3: action: found \[1.* 1.5\s*\]; allowed: -1 to 1", Numbered(6, action=action), spaces)


def test_too_few_rows_for_each_environment_are_refused():
    refused("holds 2 rows, too few for each of 3 environments", Numbered(2), SPACES._replace(environments=3))


def test_stacks_from_several_environments_serve_as_many():
    spaces = Spaces(Array((2, 3), "uint8", stack=2), Discrete(3), environments=3)
    refused("found 3 environments; allowed: 2", Numbered(6, environments=2), spaces)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (SPACES, ""),
        (Spaces(Array((1,), "float32", -1.0, 1.0), Discrete(3)), ""),
        (Spaces(Array((1,), "float32"), Discrete(2)), "found 2 discrete choices; allowed: 3 discrete choices"),
        (
            Spaces(Array((1,), "float32"), Discrete(3, masked=True)),
            "found actions with a mask; allowed: actions without",
        ),
        (
            Spaces(Array((2,), "float32"), Discrete(3)),
            r"found observations that are a float32 array of shape (2,); allowed",
        ),
        (Spaces(Array((1,), "uint8"), Discrete(3)), "found observations that are a uint8 array"),
        (
            Spaces(Array((1,), "float32"), Array((1,), "float32")),
            "found actions that are a float32 array of shape (1,)",
        ),
    ],
)
def test_other_spaces_are_told_with_what_is_allowed(found, words):
    said = other_spaces(found, SPACES)
    assert words in said and bool(said) == bool(words)
