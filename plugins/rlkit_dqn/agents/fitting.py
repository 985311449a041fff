"""What agents that value actions one by one ask of the environment and of their parts."""

from __future__ import annotations

from typing import Any

from rlkit import Discrete, Exploration, Network, ParameterError, Schedule, Spaces, name_of
from rlkit_dqn.contracts.bootstrap import NEEDS, Bootstrap
from rlkit_dqn.contracts.head import Head, has_members, own_loss
from rlkit_dqn.contracts.loss import Loss
from rlkit_dqn.contracts.returns import Returns, last_only
from rlkit_dqn.losses.squared_error import SquaredError
from rlkit_dqn.schedules.steady import steady


def check_actions(agent: str, spaces: Spaces) -> None:
    """Raise ValueError for actions that are not discrete; `agent` is a name."""
    if not isinstance(spaces.action, Discrete):
        raise ValueError(
            f"agent {agent} compares the values of single actions, so it needs discrete ones; "
            f"this environment's action is a {spaces.action}; environment gymnasium makes a grid of it with "
            "wrappers: [{name: discretize_actions, bins: 5}]"
        )


def fill_in_loss(agent: Any) -> None:
    """Give an agent that is told no loss the squared error, unless its head has a loss of its own."""
    if agent.loss is None and not own_loss(agent.head):
        object.__setattr__(agent, "loss", SquaredError())


def check_loss(loss: Loss | None, head: Head) -> None:
    """Raise ParameterError for a loss beside a head that has its own."""
    if loss is not None and own_loss(head):
        raise ParameterError(
            "loss",
            f"found {name_of(loss)}, which costs the TD errors of action values, beside the head "
            f"{name_of(head)}, which has a loss of its own; allowed: no loss (null), or a head without "
            "a loss of its own, such as value",
        )


def check_forgetful(agent: str, network: Network) -> None:
    """Raise ParameterError for a network that remembers; `agent` is the name of one that learns from single steps."""
    if getattr(network, "remembers", False):
        raise ParameterError("network", single_steps(agent, network))


def single_steps(agent: str, network: Network) -> str:
    """Why a network that remembers does not fit, and what does."""
    return (
        f"agent {agent} learns from single steps, and {name_of(network)} carries a state from step to step; "
        "agent r2d2 learns from sequences; allowed here: a network that remembers nothing, such as mlp"
    )


def check_bootstrap(bootstrap: Bootstrap, exploration: Exploration) -> None:
    """Raise ParameterError for a bootstrap that needs what is not known, or what the exploration cannot say."""
    needs = tuple(getattr(bootstrap, "needs", ()))
    unknown = [name for name in needs if name not in NEEDS]
    if unknown:
        raise ParameterError("bootstrap", f"needs {unknown[0]!r}; allowed in `needs`: {', '.join(NEEDS)}")
    if "next_exploring" in needs and not _may_tell(exploration):
        raise ParameterError("exploration", no_probabilities(bootstrap, exploration))


def check_samples(capacity: int, batch_size: int, first: int, spaces: Spaces) -> None:
    """Raise ParameterError for a sample, or a start of learning, beyond what the buffer holds, or for too small a one.

    Args:
        capacity: of the buffer, in steps.
        batch_size: rows of a sample.
        first: steps stored before learning begins.
        spaces: of so many environments.
    """
    held = capacity // spaces.environments * spaces.environments
    if not held:
        least = f"at least {spaces.environments}, a row for each of so many environments"
        raise ParameterError("buffer.capacity", f"found {capacity}; allowed: {least}")
    most = f"at most buffer.capacity ({capacity})"
    if held != capacity:
        count = f"{spaces.environments} environments, of which {capacity} is no multiple"
        most = f"at most {held}, what the buffer holds of {count}"
    if batch_size > held:
        raise ParameterError("batch_size", f"found {batch_size}; allowed: {most}")
    if not batch_size <= first <= held:
        raise ParameterError(
            "learning_starts", f"found {first}; allowed: at least batch_size ({batch_size}) and {most}"
        )


def no_probabilities(bootstrap: Any, exploration: Any) -> str:
    """Why an exploration does not fit the bootstrap, and what does."""
    return (
        f"bootstrap {name_of(bootstrap)} takes the mean over what the exploration does, and "
        f"{name_of(exploration)} has no method `probabilities`; {_TELLING} have"
    )


_TELLING = "boltzmann, count_ucb, epsilon_greedy, greedy and vdbe"


def _may_tell(exploration: Exploration) -> bool:
    """False for one that has no probabilities, as far as that shows before its working part is built."""
    return getattr(exploration, "probabilities", None) is not None or (
        hasattr(exploration, "build") and not hasattr(exploration, "probabilities")
    )


def check_returns(returns: Returns, length: int, head: Head) -> None:
    """Raise ParameterError for returns that follow a row's steps where it has one, or that the head cannot learn."""
    if last_only(returns):
        return
    if length == 1:
        raise ParameterError(
            "n_step",
            f"found 1, and {name_of(returns)} follows steps of a row beyond its first; allowed: at least 2, or "
            "returns: n_step",
        )
    if own_loss(head) or has_members(head):
        what = "learns a distribution" if own_loss(head) else "has members with targets of their own"
        raise ParameterError(
            "returns",
            f"found {name_of(returns)}, which makes a single number of a row's steps, beside the head "
            f"{name_of(head)}, which {what}; allowed: returns: n_step, or a head of action "
            "values, such as value",
        )


def check_discount(gamma: float | Schedule, length: int) -> None:
    """Raise ParameterError for rows of several steps of which only the first counts."""
    if length > 1 and steady(gamma) == 0:
        found = f"{gamma}" if isinstance(gamma, (int, float)) else f"{name_of(gamma)}, which is always 0"
        raise ParameterError(
            "gamma",
            f"found {found}, with which nothing counts beyond the first of n_step ({length}) steps; allowed: above 0, "
            "or n_step: 1",
        )
