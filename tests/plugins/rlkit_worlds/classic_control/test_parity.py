"""Every twin against its original: transitions from the same states, starts in distribution, spaces, limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import gymnasium
import numpy as np
import pytest
from scipy import stats

from rlkit import Spaces, as_gymnasium
from rlkit_worlds.classic_control.acrobot import Acrobot
from rlkit_worlds.classic_control.cartpole import CartPole
from rlkit_worlds.classic_control.mountain_car import MountainCar
from rlkit_worlds.classic_control.mountain_car_continuous import MountainCarContinuous
from rlkit_worlds.classic_control.pendulum import Pendulum
from tests.plugins.rlkit_worlds.classic_control.parity import Floats, Steps, original_steps, twin_starts, twin_steps

STEPS = pytest.mark.parametrize("count", [30_000, pytest.param(100_000, marks=pytest.mark.slow)])
MARGIN = 1e-6
"""Steps that end nearer to a threshold than this are left out."""


@dataclass(frozen=True)
class Case:
    id: str
    twin: Any
    choose: Callable[[Floats, np.random.Generator], Any]
    """Actions with which episodes come to where the task's rules differ."""
    anywhere: tuple[Any, Any]
    """Lowest and highest state of a box."""
    margin: Callable[[Steps], Floats]
    """(N,): how far each step ended from the nearest threshold."""
    observation: float
    """Difference allowed in 999 of 1000 steps, in units of float32's last place at that element's largest value."""
    worst: float
    """In any step."""
    reward: float = 0.0
    """Difference allowed: its own rounding to float32."""
    as_twin: Callable[[Floats], Floats] = lambda state: state.astype(np.float32)
    ends: bool = True


def cartpole_margin(steps: Steps) -> Floats:
    x, theta = np.abs(steps.after[:, 0]), np.abs(steps.after[:, 2])
    return np.minimum(np.abs(x - 2.4), np.abs(theta - 12 * 2 * np.pi / 360))


def acrobot_margin(steps: Steps) -> Floats:
    theta, bend = steps.after[:, 0], steps.after[:, 1]
    return np.abs(-np.cos(theta) - np.cos(theta + bend) - 1.0)


def hill_margin(goal: float, push: Callable[[Any], Any]) -> Callable[[Steps], Floats]:
    """The goal, and the left wall, which takes the car's speed."""

    def margin(steps: Steps) -> Floats:
        position, velocity = steps.states.astype(np.float64).T
        velocity = np.clip(velocity + push(steps.actions.reshape(-1)) - 0.0025 * np.cos(3 * position), -0.07, 0.07)
        return np.minimum(np.abs(position + velocity - goal), np.abs(position + velocity + 1.2))

    return margin


def box(*high: float) -> tuple[Any, Any]:
    return -np.array(high), np.array(high)


def balance(state: Floats, rng: np.random.Generator) -> int:
    return int(state[2] + 0.3 * state[3] + 0.2 * rng.normal() > 0)


def within_a_turn(state: Floats) -> Floats:
    theta = (state[0] + np.pi) % (2 * np.pi) - np.pi
    return np.array([theta, state[1]], np.float32)


CASES = [
    Case("CartPole-v1", CartPole(), balance, box(2.3, 3, 0.2, 3), cartpole_margin, observation=2, worst=2),
    Case(
        "Acrobot-v1",
        Acrobot(),
        lambda state, rng: int(np.sign(state[3])) + 1,
        box(3.14, 3.14, 12, 28),
        acrobot_margin,
        observation=4,
        worst=128,  # at 20 to 28 rad/s, where a Runge-Kutta step of 0.2 s magnifies rounding; 4 below 10 rad/s
    ),
    Case(
        "MountainCar-v0",
        MountainCar(),
        lambda state, rng: 2 if state[1] >= 0 else 0,
        ((-1.2, -0.07), (0.45, 0.07)),
        hill_margin(0.5, lambda action: 0.001 * (action - 1.0)),
        observation=2,
        worst=2,
    ),
    Case(
        "MountainCarContinuous-v0",
        MountainCarContinuous(),
        lambda state, rng: np.array([rng.uniform(0.5, 1.5) * (1 if state[1] >= 0 else -1)], np.float32),
        ((-1.2, -0.07), (0.45, 0.07)),
        hill_margin(0.45, lambda action: 0.0015 * np.clip(action.astype(np.float64), -1, 1)),
        observation=2,
        worst=2,
        reward=4e-6,
    ),
    Case(
        "Pendulum-v1",
        Pendulum(),
        lambda state, rng: np.array([rng.uniform(0.5, 2.5) * (1 if state[1] >= 0 else -1)], np.float32),
        box(3.14, 8),
        lambda steps: np.full(len(steps.rewards), np.inf),
        observation=4,
        worst=4,
        reward=4e-6,
        as_twin=within_a_turn,
        ends=False,
    ),
]
EACH = pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])


def differences(found: Floats, expected: Floats) -> Floats:
    """(N,): the largest of each row, in units of float32's last place at 1 or at the largest value of that element."""
    scale = np.maximum(1.0, np.abs(expected).max(axis=0))
    return np.max(np.abs(found.astype(np.float64) - expected) / scale, axis=1) * 2**23


@EACH
@STEPS
def test_twin_steps_as_the_original_does(case: Case, count: int) -> None:
    steps = original_steps(case.id, count, case.choose, case.as_twin, case.anywhere)
    after, observations, rewards, terminated = twin_steps(case.twin, steps.states, steps.actions)
    clear = case.margin(steps) > MARGIN
    assert (~clear).sum() < count / 10_000
    assert (steps.terminated.sum() > count / 1_000) == case.ends
    assert np.array_equal(terminated[clear], steps.terminated[clear])
    apart = differences(observations[clear], steps.observations[clear])
    assert np.quantile(apart, 0.999) <= case.observation
    assert apart.max() <= case.worst
    assert np.max(np.abs(rewards[clear] - steps.rewards[clear])) <= case.reward
    held = np.stack([case.as_twin(state) for state in steps.after])
    turned = np.abs(held - after) > 6.28
    assert differences(np.where(turned, held, after)[clear], held[clear]).max() <= case.worst


@cache
def starts(id: str, count: int) -> Floats:
    original: Any = gymnasium.make(id, disable_env_checker=True).unwrapped
    found = []
    for seed in range(count):
        original.reset(seed=seed)
        found.append(original.state)
    return np.array(found, np.float64)


@EACH
def test_episodes_start_as_the_original_s_do(case: Case) -> None:
    expected, found = starts(case.id, 4000), twin_starts(case.twin, 4000).astype(np.float64)
    assert found.shape == expected.shape
    width = np.ptp(expected, axis=0)
    for value in ("min", "max", "mean", "std"):
        apart = np.abs(getattr(np, value)(found, axis=0) - getattr(np, value)(expected, axis=0))
        assert np.all(apart <= 0.03 * width), value
    for element in np.flatnonzero(width):
        assert stats.ks_2samp(found[:, element], expected[:, element]).pvalue > 1e-3
    assert np.all(np.abs(np.corrcoef(found[:, width > 0].T) - np.eye(np.count_nonzero(width))) < 0.06)


@EACH
def test_spaces_and_time_limit_are_the_original_s(case: Case) -> None:
    original = gymnasium.make(case.id)
    assert Spaces.of(as_gymnasium(case.twin)) == Spaces.of(original)
    assert original.spec is not None
    assert case.twin.episode_limit == original.spec.max_episode_steps
