"""R2D2's parameters, and what it demands of its parts."""

from __future__ import annotations

import pytest

import rlkit
from rlkit import Array, Discrete, Due, ParameterError, Sampling, Spaces
from rlkit_dqn import DQN, MLP, PQN, R2D2, C51Head, ClippedDouble, Huber, RecurrentNetwork, Sarsa, SquaredError

CARTPOLE = Spaces(Array((4,), "float32"), Discrete(2))


def test_defaults_are_the_paper_s():
    agent = R2D2()
    agent.check(CARTPOLE)
    assert agent.sampling == Sampling(64, length=80, before=40)
    assert agent.due == Due(4, clock="episode_step", first=64)
    assert (agent.gamma, agent.n_step, agent.eta, agent.buffer.alpha) == (0.997, 5, 0.9, 0.9)


def test_rows_are_a_step_longer_where_the_next_action_is_needed():
    assert R2D2(bootstrap=Sarsa(), length=9, burn_in=2).sampling == Sampling(64, length=10, before=2)


def test_single_values_are_rescaled_unless_told_and_distributions_are_not():
    assert (R2D2().rescale, R2D2(rescale=False).rescale, R2D2(head=C51Head()).rescale) == (True, False, False)
    assert (R2D2().loss, R2D2(head=C51Head()).loss) == (SquaredError(), None)


@pytest.mark.parametrize(
    ("wrong", "parameter", "said"),
    [
        (
            {"network": MLP()},
            "network",
            "mlp carries no state from step to step; allowed: a network that does",
        ),
        ({"bootstrap": ClippedDouble()}, "bootstrap", "clipped_double has 2 online networks, and the state that is"),
        ({"head": C51Head(), "rescale": True}, "rescale", "true beside the head c51, and only single values"),
        ({"head": C51Head(), "loss": Huber()}, "loss", "beside the head c51, which has a loss of its own"),
        ({"batch_size": 60_000}, "batch_size", r"found 60000; allowed: at most buffer.capacity \(50000\)"),
        ({"n_step": 11, "length": 10}, "n_step", r"found 11; allowed: at most length \(10\), since a target follows"),
        (
            {"length": 49_961},
            "length",
            r"found 49961; allowed: at most 49960 beside burn_in \(40\), since the buffer \(50000 steps\) holds 50000",
        ),
        (
            {"length": 1, "n_step": 1, "burn_in": 49_999, "bootstrap": Sarsa()},
            "burn_in",
            "found 49999; allowed: less than 49999, since the buffer",
        ),
        ({"learning_starts": 3}, "learning_starts", r"found 3; allowed: at least batch_size \(64\)"),
    ],
)
def test_what_does_not_fit_is_refused(wrong, parameter, said):
    with pytest.raises(ParameterError, match=said) as refused:
        R2D2(**wrong).check(CARTPOLE)
    assert refused.value.parameter == parameter


@pytest.mark.parametrize("agent", [DQN, PQN])
def test_agents_of_single_steps_refuse_a_network_that_remembers_and_name_this_one(agent):
    with pytest.raises(ParameterError, match=r"carries a state from step to step; agent r2d2") as refused:
        agent(network=RecurrentNetwork()).check(CARTPOLE)
    assert refused.value.parameter == "network"


def test_the_experiment_names_it():
    experiment = rlkit.load("tmaze_r2d2")
    assert (experiment.agent.rescale, experiment.agent.network.reads_previous) == (True, True)
