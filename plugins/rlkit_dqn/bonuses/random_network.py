"""Random network distillation."""

from __future__ import annotations

from rlkit import Network, Optimizer, ParameterError, Schedule, Spaces, component, name_of, parameter
from rlkit_dqn.bonuses.hash_counts import SCALE
from rlkit_dqn.contracts.bonus import Bonus
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.optimizers.adam import Adam

_SOURCE = "Burda et al., 2018"


@component
class RandomNetwork:
    """How badly a network foretells what another one, random and fixed, makes of the next observation.

    bonus = scale · ‖f̂(s') − f(s')‖² / outputs / its running standard deviation, where f̂ learns f on the observations
    that the agent learns from: the error is small where it has learned much. Observations go in less their running
    mean, divided by their running standard deviation, within ±`clip`. Burda et al. (2018), "Exploration by random
    network distillation", who divide by the deviation of discounted sums of bonuses along an episode, which replayed
    rows do not tell: here it is that of the errors themselves. There is one value of both rewards, episodic as the
    environment's.
    """

    scale: float | Schedule = parameter(
        default=0.5, doc=SCALE, at_least=0, source=f"{_SOURCE}: rewards of the environment count twice"
    )
    network: Network = parameter(default=MLP(hidden=(64, 64)), doc="architecture of both networks")
    outputs: int = parameter(
        default=64, doc="numbers that are to be foretold", at_least=1, source=f"{_SOURCE}: 512, on Atari"
    )
    optimizer: Optimizer = parameter(
        default=Adam(learning_rate=0.0001), doc="from gradients to new weights of f̂; its learning rate is its own"
    )
    clip: float = parameter(default=5.0, doc="bound of normalised observations", above=0, source=_SOURCE)

    def check(self, spaces: Spaces) -> None:
        """Raise ParameterError for a network that carries a state: there are single observations to read."""
        if getattr(self.network, "remembers", False):
            raise ParameterError(
                "network",
                f"found {name_of(self.network)}, which carries a state, and single observations are read; "
                "allowed: a network that remembers nothing, such as mlp",
            )

    def build(self, spaces: Spaces) -> Bonus:
        """The bonus with its networks. Raises ValueError for a network that carries a state."""
        from rlkit_dqn.bonuses.distillation import Distillation

        return Distillation(self, spaces)
