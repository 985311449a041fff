"""Rewards divided by the running deviation of the discounted return: NumPy's, in both loops, and told raw to people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import gymnasium
import numpy as np
import pytest
import tensorflow as tf
from gymnasium.envs.classic_control import CartPoleEnv

import rlkit
from rlkit.contracts.data import Act, Learned, Sample, Seen, Step
from rlkit.contracts.spaces import RewardNormalization
from rlkit.programs.normalizing_rewards import RewardNormalizingLearner

SMALL = ["limits={steps: 700}", "stop=[]", "recorders=[]", "evaluation.episodes=1", "network.hidden=[4]"]


class Echo:
    """A learner that keeps what it was given."""

    def __init__(self) -> None:
        self.seen: Any = None
        self.sample: Any = None

    def initial_memory(self, environments: int) -> tuple[()]:
        return ()

    def act(self, seen: Seen, memory: Any, call: Any, explore: bool) -> Act:
        self.seen = seen
        return Act(tf.zeros((2,), tf.int32), memory, {})

    def learn(self, sample: Sample, call: Any) -> Learned:
        self.sample = sample
        return Learned({}, tf.zeros((1,)))


def seen(last_reward: list[float], first: list[bool]) -> Seen:
    rewards, begins = tf.constant(last_reward), tf.constant(first)
    previous = tf.where(begins, 0.0, rewards)
    return Seen(tf.zeros((2, 1)), begins, tf.zeros((2,), tf.int32), previous, tf.ones((2, 2), tf.bool), rewards)


def test_each_environment_s_return_begins_anew_and_counts_the_last_reward() -> None:
    learner = RewardNormalizingLearner(Echo(), 2, RewardNormalization(gamma=0.5, clip=10.0, epsilon=0.0))
    told = [([0.0, 0.0], [True, True]), ([1.0, 4.0], [False, True]), ([3.0, 2.0], [False, False])]
    for rewards, first in told:
        learner.act(seen(rewards, first), (), None, explore=True)  # type: ignore[arg-type]
    returns = [1.0, 4.0, 0.5 * 1.0 + 3.0, 2.0]
    assert learner.statistics.count.numpy() == 4
    assert learner.statistics.variance.numpy() == pytest.approx(np.var(returns))


def test_what_is_learned_from_is_divided_and_clipped_and_greedy_acting_counts_nothing() -> None:
    echo = Echo()
    learner = RewardNormalizingLearner(echo, 2, RewardNormalization(clip=1.5, epsilon=0.0))
    learner.statistics.variance.assign(4.0)
    learner.act(seen([1.0, 8.0], [False, True]), (), None, explore=False)  # type: ignore[arg-type]
    assert echo.seen.last_reward.numpy().tolist() == [0.5, 1.5]
    assert echo.seen.previous_reward.numpy().tolist() == [0.5, 0.0]
    assert (learner.statistics.count.numpy(), learner.started.numpy()) == (0, 0)
    steps = Step(*[tf.zeros((1, 3))] * 6, {}, tf.ones((1, 3, 2), tf.bool), tf.ones((1, 3, 2), tf.bool))
    steps = steps._replace(reward=tf.constant([[1.0, -8.0, 0.0]]))
    learner.learn(Sample(steps, tf.ones((1, 3), tf.bool), tf.zeros((1,), tf.int64), tf.ones((1,))), None)  # type: ignore[arg-type]
    assert echo.sample.steps.reward.numpy().tolist() == [[0.5, -1.5, 0.0]]


class Rewarded(CartPoleEnv):
    """Rewards of its own, kept by episode."""

    episodes: ClassVar[list[list[list[float]]]] = []

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._mine: list[list[float]] = []
        Rewarded.episodes.append(self._mine)

    def reset(self, **settings: Any) -> Any:
        self._mine.append([])
        return super().reset(**settings)

    def step(self, action: Any) -> Any:
        observation, _, terminated, truncated, info = super().step(action)
        reward = float(observation[0]) + 10.0 * terminated
        self._mine[-1].append(reward)
        return observation, reward, terminated, truncated, info


def of_numpy(episodes: list[list[float]], gamma: float) -> tuple[int, float]:
    """Count and variance of all returns so far, but for the run's last step."""
    returns = []
    for rewards in episodes:
        so_far = 0.0
        for reward in rewards:
            so_far = gamma * so_far + reward
            returns.append(so_far)
    return len(returns) - 1, float(np.var(returns[:-1]))


def test_statistics_of_a_run_are_numpy_s_and_returns_are_told_as_they_came(tmp_path: Path) -> None:
    if "rlkit-tests/Rewarded-v0" not in gymnasium.registry:
        gymnasium.register("rlkit-tests/Rewarded-v0", Rewarded)
    Rewarded.episodes.clear()
    wrappers = "environment.wrappers=[{name: normalize_rewards, gamma: 0.9}]"
    experiment = rlkit.load("cartpole_dqn", [*SMALL, "environment.id=rlkit-tests/Rewarded-v0", wrappers])
    result = rlkit.run(experiment, out=tmp_path)
    (episodes,) = [kept for kept in Rewarded.episodes if sum(map(len, kept)) == 700]
    saved = np.load(result.folder / "checkpoints" / "final.npz")
    count, variance = of_numpy(episodes, 0.9)
    assert saved["learner.statistics.count"] == count == 699
    assert saved["learner.statistics.variance"] == pytest.approx(variance, rel=1e-4)
    told = [json.loads(line)["return"] for line in (result.folder / "episodes.jsonl").read_text().splitlines()]
    assert told == pytest.approx([sum(rewards) for rewards in episodes[: len(told)]])


def test_the_compiled_loop_counts_alike_and_observations_as_well(tmp_path: Path) -> None:
    both = ["environment.normalize_rewards=true", "environment.normalize=true", "evaluation.episodes=0"]
    result = rlkit.run(rlkit.load("cartpole_dqn_compiled", [*SMALL, *both]), out=tmp_path)
    lengths = [json.loads(line)["length"] for line in (result.folder / "episodes.jsonl").read_text().splitlines()]
    lengths.append(700 - sum(lengths))
    saved = np.load(result.folder / "checkpoints" / "final.npz")
    count, variance = of_numpy([[1.0] * length for length in lengths if length], 0.99)
    assert (result.loop, saved["learner.learner.statistics.count"]) == ("compiled", count)
    assert saved["learner.learner.statistics.variance"] == pytest.approx(variance, rel=1e-3)
    assert saved["learner.statistics.count"] == 700
    assert (saved["learner.statistics.variance"] > 0).all()
