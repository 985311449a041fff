"""The head: what a network's outputs mean, and how far they are from a target."""

from __future__ import annotations

from typing import Protocol

from rlkit import Tensor
from rlkit_dqn.contracts.loss import Loss


class Head(Protocol):
    """Reads action values out of a network's last layer: one number an action, a distribution, quantiles.

    With state of its own it has `build(spaces)`. All but `units` is graph code.
    """

    def units(self, actions: int) -> int:
        """How many outputs the network needs."""

    def values(self, outputs: Tensor) -> Tensor:
        """Action values (B, actions) float32 from outputs (B, units)."""

    def losses(
        self,
        outputs: Tensor,
        action: Tensor,
        reward: Tensor,
        discount: Tensor,
        next_outputs: Tensor,
        next_policy: Tensor,
        loss: Loss,
    ) -> tuple[Tensor, Tensor]:
        """What each row costs, and how surprising it was.

        Args:
            outputs: (B, units) float32, the online network's at the observation; the gradient flows through these.
            action: (B,) int32, the action taken.
            reward: (B,) float32, summed and discounted over the row's steps.
            discount: (B,) float32, what the next observation's value is multiplied by: γ to the power of the row's
                steps, 0 where the row ends in termination.
            next_outputs: (B, units) float32, the target network's at the next observation.
            next_policy: (B, actions) float32, from the bootstrap.
            loss: the cost of a TD error.

        Returns:
            (B,) float32 losses and (B,) float32 TD errors (target − prediction; a distributional head gives the
            measure of surprise that its paper uses).
        """
