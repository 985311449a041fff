"""Noisy layers beside an ε."""

from __future__ import annotations

import re
import warnings

import pytest

import rlkit
from rlkit import Array, Discrete, Spaces
from rlkit_dqn import DQN, MLP, PQN, EpsilonGreedy, EZGreedy, Greedy, Linear, MultiNetwork, NoisyLayer, ValueHead

CARTPOLE = Spaces(Array((4,), "float32"), Discrete(2))
NOISY = MLP(layer=NoisyLayer())


def warned(agent=DQN, **parts):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        agent(**parts).check(CARTPOLE)
    return [str(warning.message) for warning in caught]


def test_warning_names_the_layers_the_epsilon_and_what_fits():
    assert warned(network=NOISY, head=ValueHead(layer=NoisyLayer())) == [
        "network.layer and head.layer explore by noise of the weights, and exploration tries random actions besides "
        "(ε from 1); noisy networks (Fortunato et al., 2018) and Rainbow do without: exploration: greedy"
    ]


@pytest.mark.parametrize(
    ("exploration", "text"),
    [
        (EZGreedy(start=0.5), "ε from 0.5"),
        (EpsilonGreedy(schedule=Linear(start=1.0, end=0.0, over=10)), "ε by a schedule"),
    ],
)
def test_any_policy_with_an_epsilon_is_named(exploration, text):
    (message,) = warned(network=NOISY, exploration=exploration)
    assert message.startswith("network.layer explores by noise") and text in message


@pytest.mark.parametrize("exploration", [Greedy(), EpsilonGreedy(start=0.0, end=0.0)])
def test_noise_alone_is_as_it_should_be(exploration):
    assert not warned(network=NOISY, exploration=exploration)


def test_random_actions_alone_are_as_they_should_be():
    assert not warned()


def test_layers_within_networks_within_networks_are_found():
    parts = Array((2,), "float32", parts=(("near", Array((2,), "float32")),))
    agent = DQN(network=MultiNetwork(encoders={"near": NOISY}))
    with pytest.warns(UserWarning, match=re.escape("network.encoders.near.layer explores")):
        agent.check(Spaces(parts, Discrete(2)))


def test_an_experiment_with_both_can_be_loaded():
    with pytest.warns(UserWarning, match="exploration: greedy"):
        rlkit.load("cartpole_dqn", ["network.layer=noisy"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rlkit.load("cartpole_dqn", ["network.layer=noisy", "exploration=greedy"])


def test_what_is_built_does_not_warn_again():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        DQN(network=NOISY).build(CARTPOLE)


def test_pqn_warns_as_dqn_does():
    assert warned(PQN, network=NOISY) == warned(network=NOISY) != []
    assert warned(PQN, network=NOISY, exploration=Greedy()) == []
