"""Heads of several members, whose values are told apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from rlkit import Exploration, Nest, ParameterError, Seen, Tensor, masked, name_of
from rlkit_dqn.contracts.bootstrap import Bootstrap
from rlkit_dqn.contracts.head import Head, has_members
from rlkit_dqn.heads.ensemble import repeated


def reads_members(exploration: Exploration) -> bool:
    """Whether an exploration, a component, is given the values of a head's members, (B, K, n)."""
    return bool(getattr(exploration, "of_members", False))


def compared(head: Head, out: Nest, seen: Seen, *, members: bool) -> Tensor:
    """What an exploration compares: (B, n), or (B, K, n) of `members`; those of forbidden actions far below all."""
    if members:
        return masked(head.member_values(out), tf.expand_dims(seen.allowed, 1))  # type: ignore[attr-defined]
    return masked(head.values(out), seen.allowed)


def as_rows(head: Head) -> tuple[Callable[[Nest], Tensor], Callable[[Tensor], Tensor]]:
    """How a head's members become rows of a bootstrap's: those of a row follow one another.

    Returns:
        From outputs to action values (B · K, n), and from what is known of each row, (B, …), to (B · K, …). For a head
        without members those of `Head.values`, (B, n), and (B, …) itself.
    """
    if not has_members(head):
        return head.values, lambda column: column
    count: int = head.members  # type: ignore[attr-defined]

    def values(out: Nest) -> Tensor:
        found = head.member_values(out)  # type: ignore[attr-defined]
        return tf.reshape(found, (-1, found.shape[-1]))

    return values, lambda column: repeated(column, count)


def check_members(exploration: Exploration, head: Head, bootstrap: Bootstrap) -> None:
    """Raise ParameterError for an exploration without the members that it needs, or a bootstrap that ignores them."""
    check_reads(exploration, head)
    if has_members(head) and hasattr(bootstrap, "needs"):
        raise ParameterError(
            "bootstrap",
            f"found {name_of(bootstrap)}, which asks what the agent does next, beside the head "
            f"{name_of(head)}, each of whose members has a policy of its own; allowed: averaged, clipped_double, "
            "double, max, munchausen or soft",
        )


def check_reads(exploration: Exploration, head: Head) -> None:
    """Raise ParameterError for an exploration without the members that it needs."""
    if reads_members(exploration) and not has_members(head):
        raise ParameterError(
            "exploration",
            f"found {name_of(exploration)}, which compares the members of an ensemble, beside the head "
            f"{name_of(head)}, which has none; allowed: an exploration of single values such as epsilon_greedy, or, "
            "for agent dqn, head ensemble",
        )


def check_alone(agent: str, head: Head) -> None:
    """Raise ParameterError for a head with members; `agent` is the name of one that learns single values."""
    if has_members(head):
        raise ParameterError(
            "head",
            f"found {name_of(head)}, whose members learn targets of their own, and agent {agent} has one for "
            "all; allowed: a head without members such as value, or agent dqn",
        )


def extras(head: Any, environments: int, call: Any) -> dict[str, Tensor]:
    """What a head stores with each step, if it does."""
    kept: dict[str, Tensor] = head.kept(environments, call) if hasattr(head, "kept") else {}
    return kept
