"""What agents that value actions one by one ask of the environment and of their parts."""

from __future__ import annotations

from rlkit import Discrete, ParameterError, Schedule, Spaces
from rlkit_dqn.contracts.head import Head, own_loss
from rlkit_dqn.contracts.loss import Loss
from rlkit_dqn.contracts.returns import Returns, last_only


def check_actions(agent: str, spaces: Spaces) -> None:
    """Raise ValueError for actions that are not discrete; `agent` is a name."""
    if not isinstance(spaces.action, Discrete):
        raise ValueError(
            f"agent {agent} compares the values of single actions, so it needs discrete ones; "
            f"this environment's action is a {spaces.action}; environment gymnasium makes a grid of it with "
            "wrappers: [{name: discretize_actions, bins: 5}]"
        )


def check_loss(loss: Loss | None, head: Head) -> None:
    """Raise ParameterError for a loss beside a head that has its own."""
    if loss is not None and own_loss(head):
        raise ParameterError(
            "loss",
            f"found {type(loss).__name__}, which costs the TD errors of action values, beside the head "
            f"{type(head).__name__}, which has a loss of its own; allowed: no loss (null), or a head without "
            "a loss of its own, such as value",
        )


def check_returns(returns: Returns, length: int, head: Head) -> None:
    """Raise ParameterError for returns that follow a row's steps where it has one, or that the head cannot learn."""
    if last_only(returns):
        return
    if length == 1:
        raise ParameterError(
            "n_step",
            f"found 1, and {type(returns).__name__} follows steps of a row beyond its first; allowed: at least 2, or "
            "returns: n_step",
        )
    if own_loss(head):
        raise ParameterError(
            "returns",
            f"found {type(returns).__name__}, which makes a single number of a row's steps, beside the head "
            f"{type(head).__name__}, which learns a distribution; allowed: returns: n_step, or a head of action "
            "values, such as value",
        )


def check_discount(gamma: float | Schedule, length: int) -> None:
    """Raise ParameterError for rows of several steps of which only the first counts."""
    if length > 1 and gamma == 0:
        raise ParameterError(
            "gamma",
            f"found {gamma}, with which nothing counts beyond the first of n_step ({length}) steps; allowed: above 0, "
            "or n_step: 1",
        )
