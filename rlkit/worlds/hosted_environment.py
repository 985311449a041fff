"""The Gymnasium environment that calls a compiled environment's programs. Imports Gymnasium, not TensorFlow."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt

from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.contracts.spaces import ACTION_MASK, Array, Discrete
from rlkit.noise.drawn import DrawnNoise
from rlkit.programs.backends.quiet import quiet_stderr
from rlkit.replay.columns import ALLOWED

_NUMBERS = (int, np.integer)


class HostedEnvironment(gymnasium.Env[Any, Any]):
    """One episode at a time. The state lies here, in arrays; the programs are pure functions of it."""

    def __init__(self, environment: CompiledEnvironment, *, limit: int | None, render_mode: str | None = None) -> None:
        """`limit`: steps after which an episode is truncated; None leaves that to a wrapper."""
        with quiet_stderr():  # what TensorFlow logs while it is imported heeds no log level
            from rlkit.programs.hosted_program import hosted

            made = hosted(environment)
        spaces = made.spaces
        self.render_mode = render_mode
        self.metadata = {"render_modes": ["rgb_array"] if hasattr(environment, "render") else [], "render_fps": 30}
        self.observation_space = _gymnasium_space(spaces.observation)
        self.action_space = _gymnasium_space(spaces.action)
        self.backend = made.chosen.backend.name
        """What runs the programs: `litert`, `xla` or `graph`."""
        self._environment, self._action, self._limit = environment, spaces.action, limit or 2**62
        self._pack = made.pack
        # An episode's words by its key and the number of the call in it: 0 for `reset`, t for the t-th step.
        self._reset_noise = DrawnNoise(0, made.reset_noise, blocks_at_once=1)
        self._step_noise = DrawnNoise(0, made.step_noise, blocks_at_once=1024)
        backend = made.chosen.backend
        self._reset, self._step = backend.function("reset"), backend.function("step")
        begun, stepped = backend.outputs("reset"), backend.outputs("step")
        self._begun_state = [begun.index(name) for name in made.state]
        self._begun_observation = begun.index("observation")
        self._masks = (begun.index(ALLOWED), stepped.index(ALLOWED)) if ALLOWED in begun else None
        self._stepped_state = [stepped.index(name) for name in made.state]
        self._outcome = [stepped.index(name) for name in ("observation", "reward", "terminated", "truncated")]
        self._state: list[npt.NDArray[Any]] | None = None
        self._taken = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode: `seed` is its key. There are no options."""
        super().reset(seed=seed)
        key = int(self.np_random.integers(2**31)) if seed is None else seed
        for noise in (self._reset_noise, self._step_noise):
            noise.begin(key)
        produced = self._reset(*self._reset_noise.at(0))
        self._taken = 0
        self._state = [produced[place] for place in self._begun_state]
        return np.array(produced[self._begun_observation]), self._info(produced, 0)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Take one action, in the numbering of `action_space`.

        Raises:
            ValueError: for an action of another type, shape or range.
        """
        if self._state is None:
            raise gymnasium.error.ResetNeeded("step was called before reset")
        self._taken += 1
        produced = self._step(*self._state, self._checked(action), *self._step_noise.at(self._taken))
        self._state = [produced[place] for place in self._stepped_state]
        observation, reward, terminated, truncated = [produced[place] for place in self._outcome]
        cut = self._taken >= self._limit
        return np.array(observation), float(reward), bool(terminated), bool(truncated) or cut, self._info(produced, 1)

    def render(self) -> Any:
        """(height, width, 3) uint8 of the present state; None without a render mode."""
        if self.render_mode is None:
            return None
        if self._state is None:
            raise gymnasium.error.ResetNeeded("render was called before reset")
        return self._environment.render(self._pack(self._state))  # type: ignore[attr-defined]

    def _info(self, produced: list[npt.NDArray[Any]], call: int) -> dict[str, Any]:
        """The mask as Gymnasium's Taxi has it, where there is one."""
        return {} if self._masks is None else {ACTION_MASK: produced[self._masks[call]].astype(np.int8)}

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
    bounds = [np.empty(space.shape, dtype) for _ in range(2)]
    for filled, bound in zip(bounds, (space.low, space.high), strict=True):
        values = [bound] if isinstance(bound, (int, float)) else bound
        if dtype.kind in "iu":  # in Python's integers: float64 has not all of them
            least, most = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
            values = [int(min(max(value, least), most)) for value in values]
        filled.flat[:] = values
    return gymnasium.spaces.Box(bounds[0], bounds[1], dtype=dtype.type)
