"""What the agent demands of its parts and of the environment."""

from __future__ import annotations

import warnings

import pytest

from rlkit import Array, Discrete, Due, ParameterError, Sampling, Spaces, component
from rlkit_dqn import (
    DQN,
    VDBE,
    Boltzmann,
    C51Head,
    CountUCB,
    EpsilonGreedy,
    ExpectedSarsa,
    EZGreedy,
    Greedy,
    Huber,
    Linear,
    MaxBootstrap,
    PengReturns,
    PrioritizedBuffer,
    RankPrioritizedBuffer,
    Sarsa,
    SquaredError,
    UniformBuffer,
    ValueHead,
    WatkinsReturns,
)

CARTPOLE = Spaces(Array((4,), "float32"), Discrete(2))


def test_defaults_fit_together():
    DQN().check(CARTPOLE)


def test_continuous_actions_are_refused():
    with pytest.raises(ValueError) as refused:
        DQN().check(Spaces(Array((4,), "float32"), Array((1,), "float32")))
    assert str(refused.value) == (
        "agent dqn compares the values of single actions, so it needs discrete ones; this environment's action is a "
        "float32 array of shape (1,); environment gymnasium makes a grid of it with "
        "wrappers: [{name: discretize_actions, bins: 5}]"
    )


def test_batch_beyond_the_buffer_is_refused():
    with pytest.raises(ParameterError, match=r"found 64; allowed: at most buffer.capacity \(63\)") as refused:
        DQN(buffer=UniformBuffer(capacity=63)).check(CARTPOLE)
    assert refused.value.parameter == "batch_size"
    DQN(buffer=UniformBuffer(capacity=64)).check(CARTPOLE)


@pytest.mark.parametrize("learning_starts", [63, 1001])
def test_learning_starts_between_batch_and_capacity(learning_starts):
    agent = DQN(learning_starts=learning_starts, buffer=UniformBuffer(capacity=1000))
    with pytest.raises(ParameterError, match=f"found {learning_starts}") as refused:
        agent.check(CARTPOLE)
    assert refused.value.parameter == "learning_starts"


@pytest.mark.parametrize(
    ("parameter", "value"), [("gamma", 1.01), ("gamma", -0.1), ("batch_size", 0), ("update_every", 0)]
)
def test_parameters_have_ranges(parameter, value):
    with pytest.raises(ParameterError) as refused:
        DQN(**{parameter: value})
    assert refused.value.parameter == parameter


def test_learning_is_due_on_the_document_s_clock():
    assert DQN().due == Due(4, clock="episode_step", first=64)
    assert DQN(learning_starts=100, update_every=1).due == Due(1, clock="episode_step", first=100)


def test_samples_are_rows_of_n_steps():
    assert DQN().sampling == Sampling(64)
    assert DQN(n_step=3, batch_size=32).sampling == Sampling(32, length=3)


def test_what_the_ring_holds_of_several_environments_counts():
    several = CARTPOLE._replace(environments=3)
    with pytest.raises(ParameterError, match=r"at most 999, what the buffer holds of 3 environments") as refused:
        DQN(learning_starts=1000, buffer=UniformBuffer(capacity=1000)).check(several)
    assert refused.value.parameter == "learning_starts"
    DQN(learning_starts=999, buffer=UniformBuffer(capacity=1000)).check(several)


def test_a_buffer_with_less_than_a_row_for_each_environment_is_to_blame_itself():
    with pytest.raises(ParameterError, match=r"found 50; allowed: at least 51, a row for each") as refused:
        DQN(batch_size=8, buffer=UniformBuffer(capacity=50)).check(CARTPOLE._replace(environments=51))
    assert refused.value.parameter == "buffer.capacity"


def test_rows_are_a_step_longer_where_the_next_action_is_needed():
    assert DQN(bootstrap=Sarsa()).sampling == Sampling(64, length=2)
    assert DQN(bootstrap=Sarsa(), n_step=3).sampling == Sampling(64, length=4)


def test_a_mean_over_an_exploration_without_probabilities_is_refused():
    with pytest.raises(ParameterError, match=r"ez_greedy has no method `probabilities`; boltzmann, .* have") as refused:
        DQN(bootstrap=ExpectedSarsa(), exploration=EZGreedy()).check(CARTPOLE)
    assert refused.value.parameter == "exploration"
    for exploration in (Boltzmann(), CountUCB(), EpsilonGreedy(), Greedy(), VDBE()):
        DQN(bootstrap=ExpectedSarsa(), exploration=exploration).check(CARTPOLE)


def test_a_bootstrap_that_needs_what_nobody_knows_is_refused():
    @component
    class Asking(Sarsa):
        """Asks too much."""

        needs = ("next_action", "last_action")

    with pytest.raises(ParameterError, match=r"needs 'last_action'; allowed in `needs`: next_exploring, next_action"):
        DQN(bootstrap=Asking()).check(CARTPOLE)


def test_a_head_of_action_values_learns_by_squared_errors_unless_told():
    assert DQN().loss == SquaredError()
    assert DQN(loss=Huber()).loss == Huber()
    assert DQN(head=ValueHead(dueling=True)).loss == SquaredError()


@pytest.mark.parametrize("loss", [Huber(), SquaredError()])
def test_a_loss_beside_a_head_that_has_its_own_is_refused(loss):
    with pytest.raises(ParameterError, match="beside the head c51, which has a loss of its own") as refused:
        DQN(head=C51Head(), loss=loss).check(CARTPOLE)
    assert refused.value.parameter == "loss"
    agent = DQN(head=C51Head())
    agent.check(CARTPOLE)
    assert agent.loss is None


def test_returns_that_follow_steps_are_refused_where_a_row_has_one():
    with pytest.raises(ParameterError, match=r"found 1, and peng .*; allowed: at least 2, or returns: n_step") as no:
        DQN(returns=PengReturns()).check(CARTPOLE)
    assert no.value.parameter == "n_step"
    DQN(returns=PengReturns(), n_step=2).check(CARTPOLE)


def test_returns_that_follow_steps_are_refused_beside_a_head_of_distributions():
    with pytest.raises(ParameterError, match=r"watkins, .* beside the head c51, .*: returns: n_step") as refused:
        DQN(returns=WatkinsReturns(), n_step=3, head=C51Head()).check(CARTPOLE)
    assert refused.value.parameter == "returns"
    DQN(n_step=3, head=C51Head()).check(CARTPOLE)


def test_rows_of_several_steps_without_a_discount_to_count_them_by_are_refused():
    with pytest.raises(
        ParameterError, match=r"beyond the first of n_step \(3\) steps; allowed: above 0, or"
    ) as refused:
        DQN(n_step=3, gamma=0.0).check(CARTPOLE)
    assert refused.value.parameter == "gamma"
    for agent in (DQN(gamma=0.0), DQN(n_step=3, gamma=1.0), DQN(n_step=3, gamma=Linear(start=0.0, end=0.9, over=9))):
        agent.check(CARTPOLE)


@pytest.mark.parametrize(("bootstrap", "most"), [(MaxBootstrap(), 50), (Sarsa(), 49)])
def test_rows_longer_than_what_the_buffer_holds_of_an_environment_are_refused(bootstrap, most):
    two, buffer = CARTPOLE._replace(environments=2), UniformBuffer(capacity=100)
    with pytest.raises(ParameterError, match=f"found {most + 1}; allowed: at most {most}, what the buffer") as refused:
        DQN(n_step=most + 1, buffer=buffer, bootstrap=bootstrap).check(two)
    assert refused.value.parameter == "n_step"
    DQN(n_step=most, buffer=buffer, bootstrap=bootstrap).check(two)


@pytest.mark.parametrize(("buffer", "start"), [(PrioritizedBuffer, "0.4"), (RankPrioritizedBuffer, "0.5")])
def test_priorities_without_weights_are_warned_of(buffer, start):
    with pytest.warns(UserWarning, match=f"with beta 0 no importance weight .* linear, start: {start}, end: 1.0"):
        DQN(buffer=buffer(beta=0.0)).check(CARTPOLE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for fine in (buffer(), buffer(beta=0.0, alpha=0.0), buffer(beta=Linear(start=0.0, end=1.0, over=9))):
            DQN(buffer=fine).check(CARTPOLE)
