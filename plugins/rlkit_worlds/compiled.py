"""The environment `compiled`: a task that is graph code, run in the compiled loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import CompiledEnvironment, Normalization, RewardNormalization, as_gymnasium, component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class Compiled:
    """A task written as TensorFlow code: with it whole episodes, learning included, run as one compiled program.

    The same task also serves in the stepwise loop: `environment: {name: gymnasium, id: rlkit/CartPole-v1}`.
    """

    id: CompiledEnvironment = parameter(doc="the task; one with parameters is written {name: …, parameter: …}")

    count: int = parameter(default=1, doc="environments that act at once, each with seeds of its own", at_least=1)

    normalize: bool = parameter(
        default=False, doc="observations less their running mean, divided by their running standard deviation"
    )

    normalize_rewards: bool = parameter(
        default=False, doc="rewards divided by the running standard deviation of the return discounted by 0.99"
    )

    @property
    def reward_normalization(self) -> RewardNormalization | None:
        """See `Environment`."""
        return RewardNormalization() if self.normalize_rewards else None

    @property
    def normalization(self) -> Normalization | None:
        """See `Environment`."""
        return Normalization() if self.normalize else None

    @property
    def compiled(self) -> CompiledEnvironment:
        """See `Environment`."""
        return self.id

    def make(self, *, render: bool) -> gymnasium.Env[Any, Any]:
        """See `Environment.make`."""
        return as_gymnasium(self.id, render_mode="rgb_array" if render else None)
