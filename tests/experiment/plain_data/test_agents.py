"""What an agent asks of the loop is held to its contract before anything is built."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from rlkit import Buffer, Due, Sampling, component
from rlkit.catalogue.discovery import discover
from rlkit.experiment.plain_data.agents import check_agent
from rlkit.faults.part_error import PartError
from rlkit_dqn import UniformBuffer


@component
class Agent:
    buffer: Buffer = UniformBuffer(capacity=100)

    @property
    def sampling(self) -> Any:
        return answer(ASKED["sampling"])

    @property
    def due(self) -> Any:
        return answer(ASKED["due"])

    def build(self, spaces: Any) -> Any:
        raise NotImplementedError


ASKED: dict[str, Any] = {}
DUE = Due(4, first=16)


def answer(said: Any) -> Any:
    return said(next(ASKED["times"])) if callable(said) else said


def check(sampling: Any, due: Any, environments: int = 1) -> None:
    ASKED.update(sampling=sampling, due=due, times=itertools.count(1))
    check_agent(Agent(), discover(), environments)


def refused(sampling: Any, due: Any = DUE, environments: int = 1) -> str:
    with pytest.raises(PartError) as caught:
        check(sampling, due, environments)
    said = str(caught.value)
    assert __file__ in said and "\n" not in said
    return said.partition("): ")[2]


@pytest.mark.parametrize(
    ("sampling", "message"),
    [
        (16, "returned int 16; allowed: an rlkit.Sampling"),
        (None, "returned None (is a return missing?); allowed: an rlkit.Sampling"),
        (Sampling(0), "returned size int 0; allowed: an int of at least 1"),
        (Sampling(2.0), "returned size float 2.0; allowed: an int of at least 1"),  # type: ignore[arg-type]
        (Sampling(True), "returned size bool True; allowed: an int of at least 1"),
        (Sampling(16, length=0), "returned length int 0; allowed: an int of at least 1"),
        (Sampling(16, before=-1), "returned before int -1; allowed: an int of at least 0"),
        (Sampling(16, order="newest"), "returned order str 'newest'; allowed: 'any' or 'rollout'"),  # type: ignore[arg-type]
        (Sampling(16, across_ends=1), "returned across_ends int 1; allowed: True or False"),  # type: ignore[arg-type]
        (
            Sampling.rollout(4)._replace(size=16),
            "returned size int 16; allowed: int 0 where the order is 'rollout'",
        ),
        (
            Sampling.rollout(4)._replace(before=1),
            "returned before int 1; allowed: int 0 where the order is 'rollout'",
        ),
        (
            Sampling,
            "returned size 1, and 2 when asked again; allowed: the same each time",
        ),
    ],
)
def test_a_sampling_is_held_to_its_contract(sampling: Any, message: str) -> None:
    assert refused(sampling) == message


@pytest.mark.parametrize(
    ("due", "message"),
    [
        (4, "returned int 4; allowed: an rlkit.Due"),
        (Due(0), "returned every int 0; allowed: an int of at least 1"),
        (Due(2.5), "returned every float 2.5; allowed: an int of at least 1"),  # type: ignore[arg-type]
        (Due(4, first=16, times=0), "returned times int 0; allowed: an int of at least 1"),
        (Due(4, first=-1), "returned first int -1; allowed: an int of at least 1"),
        (
            Due(4, clock="steps"),  # type: ignore[arg-type]
            "returned clock str 'steps'; allowed: one of 'step', 'episode_step', 'time', 'episode_end'",
        ),
        (lambda number: {}["nothing"], "KeyError: 'nothing'"),
        (
            lambda number: Due(4, first=16 + number),
            "returned first 17, and 18 when asked again; allowed: the same each time",
        ),
        (
            Due(4, first=2),
            "returned first 2; allowed: at least 16, the rows of a sample, and at most 100, the steps that the buffer "
            "holds",
        ),
        (
            Due(4, first=101),
            "returned first 101; allowed: at least 16, the rows of a sample, and at most 100, the steps that the "
            "buffer holds",
        ),
    ],
)
def test_a_due_is_held_to_its_contract(due: Any, message: str) -> None:
    assert refused(Sampling(16), due) == message


def test_rows_are_no_longer_than_what_the_buffer_holds_of_an_environment() -> None:
    sampling = Sampling(16, length=40, before=11)
    assert refused(sampling, environments=2) == (
        "returned rows of 51 steps (length 40 and before 11); allowed: at most 50, what the buffer holds of each "
        "environment"
    )
    check(sampling, Due(4, first=16))


def test_learning_from_rollouts_begins_no_later_than_one_is_whole() -> None:
    check(Sampling.rollout(8), Due(8), environments=2)
    found = refused(Sampling.rollout(8), Due(8, first=17), environments=2)
    assert found == "returned first 17; allowed: at least 1 and at most 16, the steps of a rollout"
