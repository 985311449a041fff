"""The default agent on probe worlds, with components small enough to be quick."""

from __future__ import annotations

from typing import Any

import pytest
import tensorflow as tf

from rlkit import Call, Learned, Sample, Spaces, Tensor, component
from rlkit.testing import Chain, ContractBroken, DelayedReward, Endings, check_known_values
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.agents.dqn_learner import DQNLearner
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.explorations.epsilon_greedy import EpsilonGreedy
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.optimizers.adam import Adam
from rlkit_dqn.target_updates.soft import SoftUpdate

GAMMA = 0.9
QUICK: dict[str, Any] = {
    "gamma": GAMMA,
    "batch_size": 32,
    "update_every": 1,
    "network": MLP(hidden=(16,)),
    "optimizer": Adam(learning_rate=0.01),
    "buffer": UniformBuffer(capacity=500),
    "exploration": EpsilonGreedy(start=1.0, end=1.0),
    "target_update": SoftUpdate(tau=0.1),
}


def q_values(learner: DQNLearner, observations: Tensor) -> Tensor:
    return learner.head.values(learner.online(observations))


@pytest.mark.parametrize("world", [Chain(), DelayedReward()], ids=lambda world: type(world).__name__)
def test_dqn_finds_the_known_values(world: Any) -> None:
    check_known_values(DQN(**QUICK), world, q_values, gamma=GAMMA, steps=1500, tolerance=0.02)


def test_truncated_state_bootstraps_and_terminated_does_not() -> None:
    check_known_values(DQN(**QUICK), Endings(), q_values, gamma=GAMMA, steps=1500, tolerance=0.05)


@component
class TakesTruncationForTermination(DQN):
    """Wrong on purpose."""

    def build(self, spaces: Spaces) -> Any:
        return _Wrong(self, spaces)


class _Wrong(DQNLearner):
    def learn(self, sample: Sample, call: Call) -> Learned:
        over = tf.logical_or(sample.steps.terminated, sample.steps.truncated)
        return super().learn(sample._replace(steps=sample.steps._replace(terminated=over)), call)


def test_agent_that_takes_truncation_for_termination_is_found_out() -> None:
    agent = TakesTruncationForTermination(**QUICK)
    with pytest.raises(ContractBroken, match=r"asks for Q = 10 ± 0\.05 for action \d at \[1\.0, 0\.0\] .* found 1$"):
        check_known_values(agent, Endings(), q_values, gamma=GAMMA, steps=500, tolerance=0.05)
