"""n-step returns."""

from __future__ import annotations

import tensorflow as tf

from rlkit import Call, component
from rlkit_dqn.contracts.returns import Following, Trace


@component
class NStepReturns:
    """The rewards of all steps of a window, and what is bootstrapped after the last one.

    Sutton and Barto (2018), section 7.1. It asks networks for what follows the last step alone, and so costs little.
    Actions of the window that today's policy would not take count as well; with few steps that does little harm
    (Hessel et al., 2018). A bonus of the bootstrap is that of the first step.
    """

    last_only = True

    def trace(self, following: Following, call: Call) -> Trace:
        """See `Returns.trace`."""
        return Trace(tf.ones_like(following.value), following.value)
