"""Observations normalised by their running mean and variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rlkit import Normalization, component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class NormalizeObservations:
    """What the agent sees has mean 0 and variance 1 over all observations in which it acted while training.

    The statistics are variables of the run, saved with its weights: evaluation and the policy in the run folder use
    them as they are, and change nothing. They are taken of what the outermost wrapper shows, wherever this one stands.
    The ring keeps observations as they came, so that an old step is learned from by the statistics of now. Constants
    that are known beforehand are better given by `observation_scale`.
    """

    clip: float = parameter(
        default=10.0,
        doc="standard deviations beyond which an observation is cut",
        above=0,
        source="Raffin et al., 2021 (Stable-Baselines3's VecNormalize)",
    )
    epsilon: float = parameter(
        default=1e-8, doc="added to the variance", above=0, source="Raffin et al., 2021 (VecNormalize)"
    )
    keeps_observations = True

    @property
    def normalization(self) -> Normalization:
        """See `Wrapper`: the core does it."""
        return Normalization(self.clip, self.epsilon)

    def wrap(self, environment: gymnasium.Env[object, object]) -> gymnasium.Env[object, object]:
        """See `Wrapper.wrap`."""
        return environment
