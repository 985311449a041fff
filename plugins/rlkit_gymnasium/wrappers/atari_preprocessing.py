"""The usual preprocessing of Atari games."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class AtariPreprocessing:
    """Each action held for some frames, the last two merged, grey and small: uint8 (size, size), not scaled.

    Mnih et al. (2015), with the choices of Machado et al. (2018), "Revisiting the Arcade Learning Environment". The
    game itself must skip no frames: `kwargs: {frameskip: 1}`. At a start up to `noop_max` frames pass without action,
    their number following the seed. Stacks are made by `frame_stack`, after it.
    """

    noop_max: int = parameter(
        default=30,
        doc="frames without action at a start, at most; at least 1 unless 0",
        at_least=0,
        source="Mnih et al., 2015 (table 1)",
    )
    frame_skip: int = parameter(
        default=4, doc="frames for each action", at_least=1, source="Mnih et al., 2015 (table 1)"
    )
    size: int = parameter(default=84, doc="pixels in height and in width", at_least=1, source="Mnih et al., 2015")
    terminal_on_life_loss: bool = parameter(
        default=False,
        doc="whether a lost life ends the episode; the next one begins a new game",
        source="Machado et al., 2018 advise against it",
    )
    grayscale: bool = parameter(default=True, doc="false for colours: (size, size, 3)", source="Mnih et al., 2015")

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for all but Atari games, for one that skips frames, without OpenCV."""
        import gymnasium

        from rlkit_gymnasium.packages import require

        require("cv2", "the wrapper atari_preprocessing")
        if not hasattr(environment.unwrapped, "ale"):
            raise ValueError("it serves Atari games (ALE/…) alone")
        if self.frame_skip > 1 and getattr(environment.unwrapped, "_frameskip", 1) != 1:
            raise ValueError("the game skips frames itself; give it kwargs: {frameskip: 1}")
        return gymnasium.wrappers.AtariPreprocessing(
            environment,
            noop_max=self.noop_max,
            frame_skip=self.frame_skip,
            screen_size=self.size,
            terminal_on_life_loss=self.terminal_on_life_loss,
            grayscale_obs=self.grayscale,
        )
