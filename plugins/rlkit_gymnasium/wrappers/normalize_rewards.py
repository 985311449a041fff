"""Rewards divided by the running standard deviation of the return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rlkit import RewardNormalization, component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class NormalizeRewards:
    """What the agent learns from is the reward divided by the running standard deviation of the discounted return.

    The statistics are variables of the run, saved with its weights, and counted while training only. The returns that
    are recorded, printed and evaluated are those of the rewards as they came, and so is what the ring keeps: an old
    step is learned from by the statistics of now. A constant that is known beforehand is better given by
    `reward_scale`.
    """

    gamma: float = parameter(
        default=0.99,
        doc="discount of the return whose deviation is taken; best the agent's",
        at_least=0,
        at_most=1,
        source="Raffin et al., 2021 (Stable-Baselines3's VecNormalize)",
    )
    clip: float = parameter(
        default=10.0, doc="± what a reward is cut to", above=0, source="Raffin et al., 2021 (VecNormalize)"
    )
    epsilon: float = parameter(
        default=1e-8, doc="added to the variance", above=0, source="Raffin et al., 2021 (VecNormalize)"
    )
    keeps_observations = True

    @property
    def reward_normalization(self) -> RewardNormalization:
        """See `Wrapper`: the core does it."""
        return RewardNormalization(self.gamma, self.clip, self.epsilon)

    def wrap(self, environment: gymnasium.Env[object, object]) -> gymnasium.Env[object, object]:
        """See `Wrapper.wrap`."""
        return environment
