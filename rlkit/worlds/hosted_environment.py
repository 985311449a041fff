"""The Gymnasium environment that calls a compiled environment's programs. Imports Gymnasium, not TensorFlow."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt

from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.contracts.spaces import Array, Discrete
from rlkit.noise.episode import EpisodeNoise
from rlkit.programs.backends.quiet import quiet_stderr

_NUMBERS = (int, np.integer)


class HostedEnvironment(gymnasium.Env[Any, Any]):
    """One episode at a time. The state lies here, in arrays; the programs are pure functions of it."""

    def __init__(self, environment: CompiledEnvironment, *, limit: int | None, render_mode: str | None = None) -> None:
        """`limit`: steps after which an episode is truncated; None leaves that to a wrapper."""
        with quiet_stderr():  # what TensorFlow logs while it is imported heeds no log level
            from rlkit.programs.environment_program import hosted

            made = hosted(environment)
        spaces = environment.spaces()
        self.render_mode = render_mode
        self.metadata = {"render_modes": ["rgb_array"] if hasattr(environment, "render") else [], "render_fps": 30}
        self.observation_space = _gymnasium_space(spaces.observation)
        self.action_space = _gymnasium_space(spaces.action)
        self.backend = made.chosen.backend.name
        """What runs the programs: `litert`, `xla` or `graph`."""
        self._environment, self._action, self._limit = environment, spaces.action, limit or 2**62
        self._pack = made.pack
        self._noise = EpisodeNoise(made.reset_noise, made.step_noise)
        backend = made.chosen.backend
        self._reset, self._step = backend.function("reset"), backend.function("step")
        begun, stepped = backend.outputs("reset"), backend.outputs("step")
        self._begun_state = [begun.index(name) for name in made.state]
        self._begun_observation = begun.index("observation")
        self._stepped_state = [stepped.index(name) for name in made.state]
        self._outcome = [stepped.index(name) for name in ("observation", "reward", "terminated", "truncated")]
        self._state: list[npt.NDArray[Any]] | None = None
        self._taken = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode: `seed` is its key. There are no options."""
        super().reset(seed=seed)
        key = int(self.np_random.integers(2**31)) if seed is None else seed
        produced = self._reset(*self._noise.begin(key))
        self._taken = 0
        self._state = [produced[place] for place in self._begun_state]
        return np.array(produced[self._begun_observation]), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Take one action, in the numbering of `action_space`.

        Raises:
            ValueError: for an action of another type, shape or range.
        """
        if self._state is None:
            raise gymnasium.error.ResetNeeded("step was called before reset")
        self._taken += 1
        produced = self._step(*self._state, self._checked(action), *self._noise.at(self._taken))
        self._state = [produced[place] for place in self._stepped_state]
        observation, reward, terminated, truncated = [produced[place] for place in self._outcome]
        cut = self._taken >= self._limit
        return np.array(observation), float(reward), bool(terminated), bool(truncated) or cut, {}

    def render(self) -> Any:
        """(height, width, 3) uint8 of the present state; None without a render mode."""
        if self.render_mode is None:
            return None
        if self._state is None:
            raise gymnasium.error.ResetNeeded("render was called before reset")
        return self._environment.render(self._pack(self._state))  # type: ignore[attr-defined]

    def _checked(self, action: Any) -> npt.NDArray[Any]:
        space = self._action
        if isinstance(space, Discrete):
            found = action.item() if isinstance(action, np.ndarray) and action.ndim == 0 else action
            if isinstance(found, _NUMBERS) and 0 <= found - space.start < space.n:
                return np.array(found - space.start, np.int32)
        else:
            array = np.asarray(action)
            if array.shape == space.shape and np.can_cast(array.dtype, space.dtype, "same_kind"):
                return array.astype(space.dtype)
        raise ValueError(f"action: found {action!r}; allowed: {self.action_space}")


def _gymnasium_space(space: Array | Discrete) -> gymnasium.Space[Any]:
    if isinstance(space, Discrete):
        return gymnasium.spaces.Discrete(space.n, start=space.start)
    dtype = np.dtype(space.dtype)
    low, high = space.low, space.high
    if dtype.kind in "iu":
        low, high = max(low, np.iinfo(dtype).min), min(high, np.iinfo(dtype).max)
    bounds = [np.full(space.shape, bound, dtype) for bound in (low, high)]
    return gymnasium.spaces.Box(bounds[0], bounds[1], dtype=dtype.type)
