"""Actions of several parts as one number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component

if TYPE_CHECKING:
    import gymnasium


@component
class NumberActions:
    """The combinations of a MultiDiscrete, MultiBinary, Tuple or Dict action, numbered from 0: one Discrete.

    Row-major: the last part changes fastest, so that of MultiDiscrete([3, 2]) the number 3 is [1, 1]. Parts of a Tuple
    or Dict are Discrete, or such spaces again, taken in the order of the space (a Dict's: of its keys). There are at
    most 10,000 combinations. An `action_mask` in the info that has the form which `sample(mask)` of the space takes (a
    tuple with an array of zeros and ones for each part) becomes one of all combinations; another stays as it is.
    """

    keeps_observations = True

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for other actions, and for too many combinations."""
        from rlkit_gymnasium.numbered import Numbered

        return Numbered(environment)
