"""Recorded rows of another environment of the same spaces are told apart."""

from __future__ import annotations

import json

import pytest

import rlkit
from rlkit.catalogue.discovery import discover
from rlkit.experiment.origins import other_origin


def told(theirs: str, ours: str) -> str:
    """What is said of rows of one environment in an experiment with another, both written as in a file."""
    one, other = (
        rlkit.load("cartpole_dqn", [f"environment={written}"]).resolved["environment"] for written in (theirs, ours)
    )
    return other_origin({"environment": json.loads(json.dumps(one))}, other, discover())


CARTPOLE = "{name: gymnasium, id: CartPole-v1}"
COMPILED = "{name: compiled, id: CartPole-v1}"
HOSTED = "{name: gymnasium, id: rlkit/CartPole-v1}"


def wrapped(*wrappers: str) -> str:
    return f"{{name: gymnasium, id: CartPole-v1, wrappers: [{', '.join(wrappers)}]}}"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (CARTPOLE, CARTPOLE),
        (CARTPOLE, "{name: gymnasium, id: CartPole-v1, count: 3}"),
        (CARTPOLE, COMPILED),
        (COMPILED, HOSTED),
        (COMPILED, "{name: compiled, id: CartPole-v1, normalize: true, normalize_rewards: true}"),
        (wrapped("normalize_observations"), CARTPOLE),  # rows are stored as they come
        (wrapped("{name: reward_scale, factor: 2.0}"), wrapped("{name: reward_scale, factor: 2.0}")),
    ],
)
def test_the_same_task_is_the_same(theirs: str, ours: str) -> None:
    assert not told(theirs, ours)


@pytest.mark.parametrize(
    ("theirs", "ours", "said"),
    [
        (
            "{name: gymnasium, id: CartPole-v0}",
            CARTPOLE,
            "in another environment, CartPole-v0, where this experiment has CartPole-v1",
        ),
        (
            wrapped("{name: reward_scale, factor: 2.0}"),
            CARTPOLE,
            "with wrappers: [{name: reward_scale, factor: 2.0}], where this experiment has none",
        ),
        (COMPILED, wrapped("{name: reward_scale, factor: 2.0}"), "with wrappers: none, where this experiment has"),
        (
            CARTPOLE,
            "{name: gymnasium, id: CartPole-v1, kwargs: {sutton_barto_reward: true}}",
            "with kwargs: none, where this experiment has {sutton_barto_reward: true}",
        ),
        (
            "{name: compiled, id: {name: Catch-v0, rows: 5}}",
            "{name: compiled, id: {name: Catch-v0, rows: 6}}",
            "with rows: 5, where this experiment has 6",
        ),
    ],
)
def test_what_differs_is_named_on_both_sides(theirs: str, ours: str, said: str) -> None:
    assert said in told(theirs, ours)


def test_what_nobody_says_is_not_compared() -> None:
    ours = rlkit.load("cartpole_dqn").resolved["environment"]
    assert not other_origin({}, ours, discover())
    assert not other_origin({"environment": {"id": "CartPole-v1"}}, ours, discover())
    assert "Pole-v2, where" in other_origin({"environment": {"id": "Pole-v2"}}, ours, discover())
