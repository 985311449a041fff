"""The networks that some bootstraps ask for beside the online and the target network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from rlkit import Call, Nest, Noise, ParameterError, TargetUpdate, Tensor, name_of
from rlkit_dqn.agents.action_values import ActionValues
from rlkit_dqn.contracts.bootstrap import Bootstrap


class FurtherNetworks:
    """Older target networks, each following the one before, and further pairs of an online and a target network."""

    def __init__(self, bootstrap: Bootstrap, make: Callable[[], ActionValues]) -> None:
        for name in ("networks", "target_networks"):
            count = getattr(bootstrap, name, 1)
            if not isinstance(count, int) or count < 1:
                message = f"{name_of(bootstrap)} asks for {count!r} {name}; allowed: a whole number, at least 1"
                raise ParameterError("bootstrap", message)
        self.older = tuple(make() for _ in range(getattr(bootstrap, "target_networks", 1) - 1))
        self.pairs = tuple((make(), make()) for _ in range(getattr(bootstrap, "networks", 1) - 1))

    @property
    def learning(self) -> tuple[ActionValues, ...]:
        """The online networks."""
        return tuple(online for online, _ in self.pairs)

    def begin(self, online: ActionValues) -> None:
        """Every target network starts with the weights that it follows."""
        for older in self.older:
            _copy(older, online)
        for other, target in self.pairs:
            _copy(target, other)

    def at_next(self, observation: Tensor, noise: Noise) -> Iterator[Nest]:
        """What the target networks give there, the older ones first."""
        for network in (*self.older, *(target for _, target in self.pairs)):
            yield network(observation, noise)

    def follow(self, rule: TargetUpdate, target: ActionValues, call: Call) -> None:
        """After a learning step; to be called before `target` follows the online network.

        The oldest comes first, so that a copy is handed on and not passed through.
        """
        row = (target, *self.older)
        for ahead, behind in reversed(tuple(pairwise(row))):
            rule.update(behind.weights, ahead.weights, call)
        for online, behind in self.pairs:
            rule.update(behind.weights, online.weights, call)


def _copy(behind: ActionValues, ahead: ActionValues) -> None:
    for weight, source in zip(behind.weights, ahead.weights, strict=True):
        weight.assign(source)
