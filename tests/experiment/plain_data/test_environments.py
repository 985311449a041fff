"""What environments say in plain data is held to their contracts before anything is built."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from rlkit import Array, Discrete, Spaces
from rlkit.experiment.plain_data.environments import check_compiled, check_counts
from rlkit.faults.part_error import PartError

OBSERVATION = Array((3,), "float32", -10.0, 10.0)
SPACES = Spaces(OBSERVATION, Discrete(3))


class World:
    def __init__(self, shows: Any = SPACES, episode_limit: Any = None) -> None:
        self.shows, self.episode_limit = shows, episode_limit

    def spaces(self) -> Any:
        return self.shows() if callable(self.shows) else self.shows

    def reset(self, noise: Any) -> Any:
        raise NotImplementedError


def refused(world: World) -> str:
    with pytest.raises(PartError) as caught:
        check_compiled(world)  # type: ignore[arg-type]
    said = str(caught.value)
    assert said.startswith("compiled_environment World, ") and __file__ in said and "\n" not in said
    return said.partition("): ")[2]


@pytest.mark.parametrize("limit", [0, -1, 20.5, "20", True])
def test_an_episode_limit_is_a_count_or_none(limit: Any) -> None:
    found = f"returned {type(limit).__name__} {limit!r}; allowed: an int of at least 1, or None"
    assert refused(World(episode_limit=limit)) == found


def shown(**changes: Any) -> Spaces:
    return Spaces(OBSERVATION._replace(**changes), Discrete(3))


def acting(action: Any) -> Spaces:
    return Spaces(OBSERVATION, action)


@pytest.mark.parametrize(
    ("spaces", "message"),
    [
        (None, "None (is a return missing?); allowed: an rlkit.Spaces"),
        ((OBSERVATION, Discrete(3)), "…; allowed: an rlkit.Spaces"),
        (Spaces(Discrete(3), Discrete(3)), "observation Discrete …; allowed: an rlkit.Array"),  # type: ignore[arg-type]
        (acting(3), "action int 3; allowed: an rlkit.Discrete or an rlkit.Array"),
        (acting(Discrete(0)), "action.n int 0; allowed: an int of at least 1"),
        (acting(Discrete(3, 0.5)), "action.start float 0.5; allowed: an int"),  # type: ignore[arg-type]
        (acting(Array((1,), "float", -1.0, 1.0)), "action.dtype str 'float'; allowed: one of float32, …"),
        (Spaces(OBSERVATION, Discrete(3), 2), "environments int 2; allowed: int 1: it describes one environment"),
        (shown(shape=(None,)), "observation.shape tuple (None,); allowed: a tuple of ints of at least 1"),
        (shown(shape=3), "observation.shape int 3; allowed: a tuple of ints of at least 1"),
        (shown(dtype="flaot32"), "observation.dtype str 'flaot32'; allowed: one of float32, …"),
        (shown(low=10.0, high=-10.0), "observation.low 10 above high -10; allowed: low at most high"),
        (shown(low=(0.0, 0.0)), "observation.low tuple (0.0, 0.0); allowed: a number, or a tuple of 3"),
        (shown(high=float("nan")), "observation.high float nan; allowed: a number, or a tuple of 3"),
        (shown(stack=4), "observation.stack int 4 for the shape (3,); allowed: 1, or the length of the first axis"),
        (
            shown(
                parts=(("a", Array((3,), "int")),),
            ),
            "observation.parts.a.dtype str 'int'; allowed: one of float32, …",
        ),
    ],
)
def test_spaces_are_held_to_their_contract(spaces: Any, message: str) -> None:
    begins, _, ends = message.partition("…")
    found = refused(World(shows=spaces))
    assert found.startswith(f"returned {begins}") and found.endswith(ends if ends.startswith(";") else "")


def test_spaces_are_the_same_each_time() -> None:
    numbers = itertools.count(3)
    found = refused(World(shows=lambda: acting(Discrete(next(numbers)))))
    assert found == "returned action.n 3, and 4 when asked again; allowed: the same each time"


def test_one_without_fault_passes() -> None:
    check_compiled(World(episode_limit=20))  # type: ignore[arg-type]
    check_compiled(World(shows=shown(low=(0.0, 1.0, 2.0))))  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "value"), [("count", 0), ("count", 1.0), ("stack", -1)])
def test_an_environment_with_no_count_is_itself_at_fault(name: str, value: Any) -> None:
    environment = type("Several", (), {name: value})()
    words = rf"^environment Several, {name}.*: returned \w+ {value}; allowed: an int of at least 1$"
    with pytest.raises(PartError, match=words):
        check_counts(environment)
