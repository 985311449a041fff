"""An environment in which something happens in its third episode, or in the first one that is not training."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np

STEPS = 10
"""An episode's."""


class Odd(BaseException):
    """Of a kind that nobody expects."""


class Speechless(Exception):
    """Cannot say what happened."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


def _raise(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def _kill(number: int, times: int = 1) -> Callable[[], None]:
    def act() -> None:
        for _ in range(times):
            os.kill(os.getpid(), number)

    return act


def _run_folders() -> list[Path]:
    return [folder for folder in Path(os.environ["ENDS_OUT"]).glob("*/*") if folder.is_dir()]


def _remove_folder() -> None:
    for folder in _run_folders():
        shutil.rmtree(folder)


def _lock_rows() -> None:
    for folder in _run_folders():
        shutil.rmtree(folder / "checkpoints", ignore_errors=True)
        (folder / "checkpoints").write_text("a file where a folder should be")


def _away() -> None:
    os.chdir("/")


def _nowhere() -> None:
    folder = Path(os.environ["ENDS_OUT"]) / "gone"
    folder.mkdir()
    os.chdir(folder)
    folder.rmdir()


HAPPENS: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "ValueError": _raise(ValueError("no such room")),
    "sys.exit": lambda: sys.exit(3),
    "MemoryError": _raise(MemoryError()),
    "RecursionError": _raise(RecursionError("maximum recursion depth exceeded")),
    "BrokenPipeError": _raise(BrokenPipeError(32, "Broken pipe")),
    "OSError": _raise(OSError(28, "No space left on device")),
    "CancelledError": _raise(asyncio.CancelledError()),
    "GeneratorExit": _raise(GeneratorExit()),
    "BaseException": _raise(Odd("odd")),
    "surrogate": _raise(ValueError("a lone \udc80 surrogate")),
    "speechless": _raise(Speechless()),
    "KeyboardInterrupt": _raise(KeyboardInterrupt()),
    "SIGINT": _kill(signal.SIGINT),
    "SIGINT twice": _kill(signal.SIGINT, 2),
    "SIGTERM": _kill(signal.SIGTERM),
    "SIGHUP": _kill(signal.SIGHUP),
    "SIGKILL": _kill(signal.SIGKILL),
    "SIGSEGV": _kill(signal.SIGSEGV),
    "os._exit": lambda: os._exit(7),
    "folder removed": _remove_folder,
    "weights blocked": _lock_rows,
    "working folder": _away,
    "working folder gone": _nowhere,
}


class Ending(gymnasium.Env[Any, Any]):
    """Ten steps an episode, reward 1 a step."""

    observation_space = gymnasium.spaces.Box(-1, 1, (3,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self, happens: str = "nothing", when: str = "training") -> None:
        """`when`: `training`, `reset` (of the third episode), `greedy` (an episode's fifth step), `endless`, `nan`."""
        self._happens, self._when, self._episode = HAPPENS[happens], when, 0

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        """See Gymnasium."""
        super().reset(seed=seed)
        self._episode, self._length = self._episode + 1, 0
        if self._when == "reset" and self._episode == 3:
            self._happens()
        return np.zeros(3, np.float32), {}

    def step(self, action: Any) -> Any:
        """See Gymnasium."""
        self._length += 1
        third, fifth = self._episode == 3, self._length == 5
        # Evaluation has an environment of its own, whose first episode is a greedy one; so has a run of one episode.
        if fifth and ((third and self._when == "training") or (self._when == "greedy" and self._episode == 1)):
            self._happens()
        if self._when == "slow":
            time.sleep(0.02)
        reward = float("nan") if self._when == "nan" and third else 1.0
        over = self._length >= STEPS and self._when != "endless"
        return np.zeros(3, np.float32), reward, over, False, {}


gymnasium.register("Ending-v0", "ending_environment:Ending")
