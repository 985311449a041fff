"""The wrapper: one change to an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import gymnasium


class Wrapper(Protocol):
    """A change to what an environment shows, accepts or rewards, as parameters.

    Randomness of its own follows the seed of `reset`; what a wrapper remembers begins anew with each episode, since
    nothing of it is saved. One that does otherwise (`episodic_life`, whose game outlives an episode) says so. The same
    wrapper is around the environments of training and of evaluation, and cannot tell which it is in.

    Optional attributes: `stack`, how many frames it stacks along the first axis of observations (1 without it);
    `keeps_observations = True`, if it hands them on as they are; `normalization` and `reward_normalization`, the
    `rlkit.Normalization` and `rlkit.RewardNormalization` that it asks of the core.
    """

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """The changed environment. Raises ValueError if it cannot serve this one."""
