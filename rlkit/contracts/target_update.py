"""The target-update rule: how a target network follows the online network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rlkit.contracts.data import Call
from rlkit.contracts.tensor import Variable


class TargetUpdate(Protocol):
    """A rule applied after every learning step. With state of its own it has `build(spaces)`."""

    def update(self, target: Sequence[Variable], online: Sequence[Variable], call: Call) -> None:
        """Assign the target's variables, and read the online network's (graph code).

        `call.progress.update` counts this learning step as completed.
        """
