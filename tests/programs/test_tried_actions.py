"""A large network is left out of acting where the exploration decides, and the actions stay the same."""

from __future__ import annotations

import numpy as np
import pytest

from rlkit import Array, Discrete, Spaces, component
from rlkit.loops.acting import Acting
from rlkit.programs.learner_program import learner_program
from rlkit.programs.making import make
from rlkit.worlds.seen import SeenArrays
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.explorations.boltzmann import Boltzmann
from rlkit_dqn.explorations.epsilon_greedy import EpsilonGreedy
from rlkit_dqn.networks.mlp import MLP
from tests.unverified import unverified

SPACES = Spaces(Array((4,), "float32"), Discrete(3))
LARGE, SMALL = MLP(hidden=(128, 128)), MLP(hidden=(8,))


@component
class LastAction(EpsilonGreedy):
    """Inherits `tries`, and chooses otherwise."""

    def select(self, values, seen, call):
        return super().select(values, seen, call) * 0 + 2


def agent_with(**parts):
    return DQN(batch_size=4, buffer=UniformBuffer(capacity=20), **parts)


@pytest.mark.parametrize(
    ("parts", "asked"),
    [
        ({"network": LARGE}, True),
        ({"network": SMALL}, False),
        ({"network": LARGE, "exploration": Boltzmann()}, False),
        ({"network": LARGE, "exploration": LastAction()}, False),
    ],
    ids=["large", "small", "without tries", "tries that do not match"],
)
def test_it_is_asked_only_where_that_is_worth_it_and_right(parts, asked):
    agent = agent_with(**parts)
    program = learner_program(agent.build(SPACES), SPACES, agent.sampling).program
    assert ("tries" in {function.name for function in program.functions}) == asked


@pytest.mark.parametrize("environments", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_actions_are_the_same_with_the_network_and_without(environments):
    spaces = SPACES._replace(environments=environments)
    agent = agent_with(network=LARGE, exploration=EpsilonGreedy(start=0.6, end=0.6))
    prepared = make(agent, agent.buffer, spaces, seed=1, verify=unverified)
    asking, plain = (Acting(prepared, "act", "act") for _ in range(2))
    plain._tries = None
    called = []
    network = asking._call
    asking._call = lambda *inputs: called.append(1) or network(*inputs)
    rng = np.random.default_rng(0)
    for turn in range(300):
        seen = SeenArrays(spaces)
        seen.observation[:] = rng.normal(size=(environments, 4))
        progress = np.array((turn, 0, 0, 0), np.int64)
        chosen = [acting(seen.inputs, (), progress, turn).action.tolist() for acting in (asking, plain)]
        assert chosen[0] == chosen[1]
    share = 1 - 0.6**environments
    assert abs(len(called) - 300 * share) < 5 * np.sqrt(300 * share * (1 - share))


def test_asking_ends_once_exploration_is_rare():
    agent = agent_with(network=LARGE, exploration=EpsilonGreedy(start=0.01, end=0.01))
    acting = Acting(make(agent, agent.buffer, SPACES, seed=1, debug=True, verify=unverified), "act", "act")
    for turn in range(200):
        acting(SeenArrays(SPACES).inputs, (), np.array((turn, 0, 0, 0), np.int64), turn)
    assert acting._tries is None
