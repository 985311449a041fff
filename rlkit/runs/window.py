"""A window that shows frames as fast as the environment is meant to be seen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_NO_SCREEN = ("offscreen", "dummy")
"""Drivers that SDL falls back to where there is no display."""


class NoWindow(RuntimeError):
    """There is no display, or nothing to draw on it with; its text is a sentence for people."""


class Window:
    """Opens with the first frame, in its size. Once somebody has closed it, further frames are not shown."""

    def __init__(self, title: str) -> None:
        """Raises NoWindow."""
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        try:
            import pygame
        except ModuleNotFoundError:
            raise NoWindow("a window needs pygame: pip install 'rlkit-framework[video]'") from None
        from rlkit.programs.backends.quiet import quiet_stderr

        try:
            with quiet_stderr():  # SDL tells standard error what it missed
                pygame.display.init()
        except pygame.error as error:
            raise NoWindow(f"no window can be opened: {error}") from None
        driver = pygame.display.get_driver()
        if driver in _NO_SCREEN and os.environ.get("SDL_VIDEODRIVER") != driver:
            pygame.display.quit()
            raise NoWindow("there is no display to open a window on; --video FILE writes a video instead")
        self._pygame: Any = pygame
        self._title = title
        self._clock = pygame.time.Clock()
        self._screen: Any = None
        self.closed = False

    def show(self, frame: npt.NDArray[np.uint8], frames_per_second: float) -> None:
        """Show a frame (height, width, 3), and wait until it is time for the next."""
        if self.closed:
            return
        pygame = self._pygame
        if self._screen is None:
            height, width, _ = frame.shape
            self._screen = pygame.display.set_mode((width, height), pygame.SCALED | pygame.RESIZABLE)
            pygame.display.set_caption(self._title)
        pygame.surfarray.blit_array(self._screen, frame.swapaxes(0, 1))
        pygame.display.flip()
        self._clock.tick(frames_per_second)
        if any(event.type == pygame.QUIT for event in pygame.event.get()):
            self.close()

    def close(self) -> None:
        """Close it; closing twice does no harm."""
        if not self.closed:
            self.closed = True
            self._pygame.display.quit()
