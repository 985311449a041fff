"""The twins in the stepwise loop: as Gymnasium environments, with pictures, and the same episodes as under XLA."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import rlkit
from rlkit.testing import EnvironmentSuite
from rlkit_gymnasium.environment import GymnasiumEnvironment
from rlkit_worlds.classic_control.acrobot import Acrobot
from rlkit_worlds.classic_control.cartpole import CartPole
from rlkit_worlds.classic_control.mountain_car import MountainCar
from rlkit_worlds.classic_control.mountain_car_continuous import MountainCarContinuous
from rlkit_worlds.classic_control.pendulum import Pendulum
from rlkit_worlds.compiled import Compiled
from tests.worlds.test_host_environment import played_in_xla

TWINS: dict[str, Any] = {
    "Acrobot-v1": Acrobot(),
    "CartPole-v1": CartPole(),
    "MountainCar-v0": MountainCar(),
    "MountainCarContinuous-v0": MountainCarContinuous(),
    "Pendulum-v1": Pendulum(),
}
EACH = pytest.mark.parametrize("id", TWINS)
GYMNASIUMS_OWN = ("is -infinity", "is infinity", "symmetric and normalized")
"""What the checker says of the originals' spaces too."""


@EACH
def test_gymnasiums_checker_says_no_more_than_of_the_original(id: str) -> None:
    rlkit.register_with_gymnasium()
    made: Any = gymnasium.make(f"rlkit/{id}").unwrapped
    with pytest.warns(UserWarning) as warnings:
        check_env(made)
        gymnasium.logger.warn("is infinity")  # at least one, or `pytest.warns` fails
    unknown = [str(one.message) for one in warnings if not any(text in str(one.message) for text in GYMNASIUMS_OWN)]
    assert unknown == []


@EACH
def test_episode_is_the_one_that_xla_plays(id: str) -> None:
    twin = TWINS[id]
    made: Any = rlkit.as_gymnasium(twin)
    assert made.backend == "litert"
    made.action_space.seed(0)
    actions = np.array([made.action_space.sample() for _ in range(60)])
    seen, signals = played_in_xla(twin, actions.astype(np.int32) if actions.ndim == 1 else actions)(77)
    observation, _ = made.reset(seed=77)
    assert np.allclose(observation, seen[0], rtol=0, atol=1e-6)
    for step, action in enumerate(actions, start=1):
        observation, reward, terminated, truncated, _ = made.step(action)
        assert np.allclose(observation, seen[step], rtol=1e-4, atol=1e-4)
        assert np.allclose((reward, terminated, truncated), signals[step], rtol=1e-4, atol=1e-4)
        if terminated:
            break


@EACH
def test_time_limit_truncates(id: str) -> None:
    twin = TWINS[id]
    made, registered = rlkit.as_gymnasium(twin), gymnasium.make(f"rlkit/{id}", max_episode_steps=7)
    quiet = np.zeros(1, np.float32) if "Continuous" in id or "Pendulum" in id else 1
    for environment, limit in ((made, twin.episode_limit), (registered, 7)):
        environment.reset(seed=0)
        step, truncated = 0, False
        while not truncated:
            if id == "CartPole-v1" and environment is made:
                pole: Any = made.unwrapped
                quiet = int(pole._state[0][2] + 0.3 * pole._state[0][3] > 0)
            *_, terminated, truncated, _ = environment.step(quiet)
            step += 1
            assert not terminated
        assert step == limit


@EACH
def test_picture_shows_the_state(id: str) -> None:
    made = GymnasiumEnvironment(id=f"rlkit/{id}").make(render=True)
    made.reset(seed=1)
    before: Any = made.render()
    for _ in range(5):
        made.step(made.action_space.sample())
    after: Any = made.render()
    assert before.shape == after.shape == (300, 400, 3)
    assert before.dtype == np.uint8
    assert 0 < np.any(before != after, axis=2).sum() < before[:, :, 0].size / 10
    assert np.any(after != 255)


@EACH
def test_it_conforms_in_the_stepwise_loop(id: str) -> None:
    suite = type("TestTwin", (EnvironmentSuite,), {"component": Compiled(id=TWINS[id])})()
    for test in (name for name in dir(suite) if name.startswith("test_")):
        getattr(suite, test)()


def test_misspelt_id_is_answered_with_the_nearest() -> None:
    with pytest.raises(rlkit.ParameterError, match="Did you mean: `CartPole`"):
        GymnasiumEnvironment(id="rlkit/CartPoel-v1").make(render=False)
