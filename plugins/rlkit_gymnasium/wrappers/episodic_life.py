"""A life as an episode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component

if TYPE_CHECKING:
    import gymnasium


@component
class EpisodicLife:
    """A lost life ends the episode (terminated) of an Atari game, and the next episode goes on with the same game.

    That episode begins by a step without action. A new game begins after game over, and where an episode ended for
    another reason than a lost life, a time limit for one. Mnih et al. (2015); it comes after `atari_preprocessing` and
    before `fire_on_reset` and `frame_stack`.

    Only a new game takes the seed of its reset; one that goes on keeps the random numbers it has, so whole runs repeat
    and single episodes do not. Evaluation is made of lives, too: a return is that of one life, not of the game.
    """

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for all but Atari games."""
        from rlkit_gymnasium import atari_starts

        if not hasattr(environment.unwrapped, "ale"):
            raise ValueError("it serves Atari games (ALE/…) alone")
        return atari_starts.EpisodicLife(environment)
