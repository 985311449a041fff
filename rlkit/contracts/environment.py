"""The environment: the task, as a Gymnasium environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from rlkit.contracts.spaces import ACTION_MASK

if TYPE_CHECKING:
    import gymnasium


class Environment(Protocol):
    """A task, as parameters.

    Optional attributes: `count`, how many environments act at once (1 without it); `stack`, how many frames an
    observation stacks along its first axis (see `Array.stack`; 1 without it), so that each is stored once;
    `normalization` and `reward_normalization`, an `rlkit.Normalization` and an `rlkit.RewardNormalization` if the
    core is to normalise observations and rewards; `compiled`, the task as a
    `CompiledEnvironment`, with which the experiment runs in the compiled loop; `imports`, the modules that the
    file names and that it imports, which its constructor refuses unless `RLKIT_ALLOW_IMPORTS` is 1 or names them.

    An environment whose `info` has an `action_mask` at its resets and steps, (n,) of zeros and ones as Gymnasium's Taxi
    has it, forbids actions: nothing chooses those.
    """

    def make(self, *, render: bool) -> gymnasium.Env[Any, Any]:
        """A fresh environment with `Box` or `MultiBinary` observations and `Discrete` or `Box` actions.

        With `render=True` it shows people what happens (`render_mode="rgb_array"`); training uses False.
        Raises ValueError if it cannot be made: unknown id, missing package, wrong arguments.
        """


def forbids_actions(environment: gymnasium.Env[Any, Any]) -> bool:
    """Whether the info of a reset has an `action_mask`; a reset that fails is told of when the world is played."""
    try:
        _, info = environment.reset(seed=0)
    except Exception:
        return False
    return isinstance(info, Mapping) and ACTION_MASK in info
