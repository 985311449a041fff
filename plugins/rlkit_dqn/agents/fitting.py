"""What agents that value actions one by one ask of the environment and of their parts."""

from __future__ import annotations

from rlkit import Discrete, ParameterError, Spaces
from rlkit_dqn.contracts.head import Head, own_loss
from rlkit_dqn.contracts.loss import Loss


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
