"""How often learning is due: each clock against a plain count, in numbers and in tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

import pytest
import tensorflow as tf

from rlkit import Due
from rlkit.loops.due import ticks

CLOCKS = ("step", "time", "episode_step", "episode_end")


class Moment(NamedTuple):
    """What `ticks` is asked with, and what had been stored before."""

    steps: int
    episodes: int
    episode_steps: list[int]
    ended: int


def played(environments: int, times: int) -> Iterator[Moment]:
    """A step of every environment again and again, episodes of 1 to 6 steps."""
    rng = random.Random(environments)
    lengths, now, episodes = [rng.randint(1, 6) for _ in range(environments)], [0] * environments, 0
    for time in range(1, times + 1):
        over = [step + 1 == length for step, length in zip(now, lengths, strict=True)]
        yield Moment(time * environments, episodes, list(now), sum(over))
        episodes += sum(over)
        for index, ended in enumerate(over):
            now[index] = 0 if ended else now[index] + 1
            lengths[index] = rng.randint(1, 6) if ended else lengths[index]


def counted(clock: str, every: int, moment: Moment, environments: int) -> int:
    """The ticks of a clock that are multiples of `every`, counted one by one."""
    before = moment.steps - environments
    match clock:
        case "step":
            return sum(step % every == 0 for step in range(before + 1, moment.steps + 1))
        case "time":
            return int(moment.steps // environments % every == 0)
        case "episode_step":
            return sum(step % every == 0 for step in moment.episode_steps)
    return sum(episode % every == 0 for episode in range(moment.episodes + 1, moment.episodes + moment.ended + 1))


@pytest.mark.parametrize("environments", [1, 5])
@pytest.mark.parametrize("every", [1, 2, 4, 7])
@pytest.mark.parametrize("clock", CLOCKS)
def test_a_clock_strikes_as_often_as_a_plain_count_says(clock, every, environments):
    asked = ticks(Due(every, clock=clock), environments)
    expected = [counted(clock, every, moment, environments) for moment in played(environments, 200)]
    assert [asked(*moment) for moment in played(environments, 200)] == expected
    assert sum(expected) > 0


@pytest.mark.parametrize("environments", [1, 5])
def test_tensors_are_answered_as_numbers_are(environments):
    asked = [ticks(Due(every, clock=clock), environments) for clock in CLOCKS for every in (1, 3)]
    scalar = tf.TensorSpec((), tf.int64)

    @tf.function(jit_compile=True, input_signature=[scalar, scalar, tf.TensorSpec((environments,), tf.int64), scalar])
    def in_graph(steps, episodes, episode_steps, ended):
        return tf.stack([ask(steps, episodes, tf.unstack(episode_steps), ended) for ask in asked])

    for moment in played(environments, 50):
        found = in_graph(*(tf.constant(value, tf.int64) for value in moment))
        assert found.numpy().tolist() == [ask(*moment) for ask in asked]


def test_a_clock_of_steps_strikes_more_than_once_where_many_environments_pass_several_ticks():
    asked = ticks(Due(2, clock="step"), 5)
    assert [asked(steps, 0, [0] * 5, 0) for steps in (5, 10, 15, 20)] == [2, 3, 2, 3]


def test_the_first_step_of_an_episode_counts_for_a_clock_of_episode_steps():
    asked = ticks(Due(4, clock="episode_step"), 2)
    assert [asked(2, 0, steps, 0) for steps in ([0, 0], [0, 1], [3, 4], [1, 3])] == [2, 1, 1, 0]
