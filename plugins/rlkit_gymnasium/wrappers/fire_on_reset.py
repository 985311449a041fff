"""FIRE, which begins a game."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component

if TYPE_CHECKING:
    import gymnasium


@component
class FireOnReset:
    """FIRE is pressed once after each reset, for Atari games that stand still until then (Breakout).

    Its reward does not count. It comes after `atari_preprocessing` and `episodic_life`, before `frame_stack`. The
    wrapper of the same name in Stable-Baselines3 takes the game's action 2 as well; here it is FIRE alone.
    """

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for games without FIRE, and for all but Atari games."""
        from gymnasium.spaces import Discrete

        from rlkit_gymnasium import atari_starts

        game: Any = environment.unwrapped
        if not hasattr(game, "get_action_meanings"):
            raise ValueError("it serves Atari games (ALE/…) alone")
        meanings = list(game.get_action_meanings())
        space = environment.action_space
        if not (isinstance(space, Discrete) and space.n == len(meanings) and space.start == 0):
            raise ValueError(f"it serves the game's own actions ({', '.join(meanings)}), and the action is {space}")
        if "FIRE" not in meanings:
            raise ValueError(f"the game has no action FIRE; it has {', '.join(meanings)}")
        return atari_starts.FireOnReset(environment, meanings.index("FIRE"))
