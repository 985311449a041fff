"""The exploration policy: from action values to an action."""

from __future__ import annotations

from typing import Protocol

from rlkit.contracts.data import Call, Seen
from rlkit.contracts.tensor import Tensor


class Exploration(Protocol):
    """A rule for trying actions. With state of its own it has `build(spaces)`, which returns the working part.

    Optional methods, all graph code:

    - `learned(td_error, steps, call)`: told after each learning step of the TD errors (B,) float32 and of the steps
      that they belong to, a `Step` of (B, …), from which an agent has learned.
    - `probabilities(values, seen, call)`: (B, n) float32, with which `select` chooses; for agents that take the mean
      over what is done (expected SARSA). B rows of a sample are no environments, so it assigns nothing and keeps
      nothing of them. A component whose working part has none may say so beforehand: `probabilities = None`.
    - `tries(seen, call)`: (B,) bool, where an action is tried whatever its value, and (B,) int32, which; for rules
      without state that choose the greatest value wherever they try none. `select` then equals
      `tf.where(where, which, rlkit.greedy(values, seen.allowed))`, with the same requests of noise in the same order.
      The agent need not value actions that nobody compares.

    A class attribute `of_members = True`, of the component and of its working part, says that it compares what the
    members of an ensemble value: `select` and `probabilities` are given (B, K, n). An agent that has no such values
    refuses it. An attribute `by`, "step" or "episode", says that it changes with those; an agent whose learning asks
    for its `probabilities` (`learns_exploring`) cannot have it in a run that takes no step.
    """

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        """Action values (B, n) float32 to (B,) int32 actions that `seen.allowed` allows.

        The values of forbidden actions are far below all others, so that what compares values avoids them by itself.
        """
