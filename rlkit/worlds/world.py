"""The world as a loop sees it: a Gymnasium environment, reset by seed and checked at every step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

import gymnasium
import numpy as np
import numpy.typing as npt

from rlkit.contracts.spaces import ACTION_MASK, Discrete, Spaces
from rlkit.noise.philox import reset_seeds
from rlkit.worlds.in_words import at, named, number, shown, unpacked

_SLACK = 1e-5
"""How far a float32 action may lie beyond its bounds, relative to 1 and to the bound."""
_LARGEST = float(np.finfo(np.float32).max)
_SEEDS_AT_ONCE = 64
_RESET, _STEP = "(observation, info)", "(observation, reward, terminated, truncated, info)"


class EnvironmentFailure(RuntimeError):
    """An environment broke Gymnasium's contract, or raised. The message names environment, episode and step."""


class ActionFailure(RuntimeError):
    """The agent chose an action that does not exist, or one that the environment forbids."""


Outcome = tuple[npt.NDArray[Any], float, bool, bool]
"""What one step gave: the episode's own next observation (*o), reward, terminated, truncated."""


class World:
    """One environment, its episodes numbered from 0 and each reset with a seed of its own."""

    def __init__(
        self,
        environment: gymnasium.Env[Any, Any],
        spaces: Spaces,
        *,
        seed: int,
        stream: str,
        steps_per_episode: int | None,
        index: int = 0,
    ) -> None:
        """`stream` keeps the seeds of training and evaluation apart; `steps_per_episode` truncates longer episodes.

        `index` tells this environment from others of the same run: each has seeds of its own.
        """
        self._environment, self._seed, self._stream, self._index = environment, seed, stream, index
        self._seeds: dict[int, int] = {}
        self._shape, self._dtype = spaces.observation.shape, np.dtype(spaces.observation.dtype)
        self._parts = spaces.observation.parts
        self._checks_nan = self._dtype.kind == "f"
        self._actions, self._start = spaces.action[:2] if isinstance(spaces.action, Discrete) else (0, 0)
        self._masked = isinstance(spaces.action, Discrete) and spaces.action.masked
        self._bounds = None if isinstance(spaces.action, Discrete) else with_slack(*spaces.action.bounds())
        self._most_steps, self._steps_per_episode = steps_per_episode, steps_per_episode or 2**62
        self.episode = -1
        """Number of the episode that is open."""
        self.length = 0
        """Steps taken in it."""
        self.episode_return = 0.0
        """Sum of its rewards so far."""
        self.decider = "the agent"
        """What to call who chooses the actions, in messages."""
        self.allowed: npt.NDArray[np.bool_] | None = None
        """(n,), the actions that may be taken next; None if the environment has no mask."""

    @property
    def name(self) -> str:
        """What the environment calls itself: its id, or its class."""
        spec = self._environment.spec
        return spec.id if spec is not None else type(self._environment.unwrapped).__name__

    @property
    def limit(self) -> int | None:
        """Steps after which an episode is truncated, by the experiment or by the environment's own time limit; None if
        there is no such limit."""
        spec = self._environment.spec
        return self._most_steps or (spec.max_episode_steps if spec is not None else None)

    def reset(self) -> npt.NDArray[Any]:
        """Begin the next episode; returns its first observation."""
        self.episode, self.length, self.episode_return = self.episode + 1, 0, 0.0
        seed = self._next_seed()
        try:
            answer = self._environment.reset(seed=seed)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # sys.exit among them
            said = f"{named(error)}{unpacked(error, _RESET)}{at(error)}"
            raise self._failure(f"reset(seed={seed}) raised {said}") from error
        if not (isinstance(answer, tuple) and len(answer) == 2):
            raise self._failure(f"reset returned {shown(answer)}; it must return {_RESET}")
        self._check(answer[0], "reset")
        if self._masked:
            self.allowed = self._mask(answer[1], "reset")
        elif self._bounds is None:
            self._check_no_mask(answer[1], "reset")
        return cast("npt.NDArray[Any]", answer[0])

    def step(self, action: Any) -> Outcome:
        """Take one action: an integer counted from 0 if discrete, else an array (*a).

        Raises:
            ActionFailure: for one that does not exist, or is not allowed.
            EnvironmentFailure: if the environment raises, or breaks its contract.
        """
        taken = self._checked(action)
        self.length += 1
        try:
            answer: Any = self._environment.step(taken)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # sys.exit among them
            raise self._failure(f"step raised {named(error)}{unpacked(error, _STEP)}{at(error)}") from error
        if not (isinstance(answer, tuple) and len(answer) == 5):
            raise self._failure(f"step returned {shown(answer)}; it must return {_STEP}")
        observation, reward, terminated, truncated, info = answer
        self._check(observation, "step")
        # What nearly all environments return is known at a glance: each of these checks is made at every step.
        if not (type(reward) is float and type(terminated) is bool and type(truncated) is bool):
            reward, terminated, truncated = self._plain(reward, terminated, truncated)
        if not -_LARGEST <= reward <= _LARGEST:
            raise self._failure(f"the reward is {number(reward)}; it must be a finite number that float32 holds")
        if self._masked:
            self.allowed = np.ones(self._actions, bool) if terminated else self._mask(info, "step")
        elif type(info) is dict and ACTION_MASK in info:
            self._check_no_mask(info, "step")
        self.episode_return += reward
        if self.length >= self._steps_per_episode and not terminated:
            truncated = True
        return observation, reward, terminated, truncated

    def close(self) -> None:
        """Close the environment."""
        self._environment.close()

    def _checked(self, action: Any) -> Any:
        """The action as the environment itself counts it."""
        if self._bounds is None:
            if type(action) is not int:
                action = int(action)
            if not 0 <= action < self._actions:
                raise self._refused(f"{action}; there are 0 to {self._actions - 1}")
            if self.allowed is not None and not self.allowed[action]:
                raise self._refused(f"{action}, which is not allowed there; allowed: {self._listed()}")
            return action + self._start
        low, high = self._bounds
        if not ((action >= low) & (action <= high)).all():
            raise self._refused(f"{shown(action)}; the action space goes from {low.min():g} to {high.max():g}")
        return action.copy()

    def _plain(self, reward: Any, terminated: Any, truncated: Any) -> tuple[float, bool, bool]:
        """The same as Python's own types."""
        if not isinstance(reward, (float, int, np.floating, np.integer)) or isinstance(reward, bool):
            raise self._failure(f"the reward is {shown(reward)}; it must be a number")
        if not (isinstance(terminated, (bool, np.bool_)) and isinstance(truncated, (bool, np.bool_))):
            raise self._failure(
                f"terminated is {shown(terminated)} and truncated {shown(truncated)}; both must be bool"
            )
        try:
            return float(reward), bool(terminated), bool(truncated)
        except OverflowError:
            raise self._failure(f"the reward is {number(reward)}; it must be a number that float32 holds") from None

    def _refused(self, what: str) -> ActionFailure:
        return ActionFailure(
            f"{self.decider} chose action {what} (environment {self.name}, episode {self.episode}, step {self.length})"
        )

    def _listed(self) -> str:
        assert self.allowed is not None
        return ", ".join(map(str, np.flatnonzero(self.allowed).tolist()))

    def _mask(self, info: Any, call: str) -> npt.NDArray[np.bool_]:
        mask = info.get(ACTION_MASK) if isinstance(info, Mapping) else None
        found = np.asarray(mask)
        if mask is None or found.shape != (self._actions,) or not np.isin(found, (0, 1)).all():
            raise self._failure(
                f"{call} gave the {ACTION_MASK} {shown(mask)}; it must have a 0 or 1 for each of the {self._actions} "
                "actions, as in the environment's first info"
            )
        if not found.any():
            raise self._failure(
                f"{call} gave an {ACTION_MASK} that forbids every action; allowed: that where the episode terminated "
                "only, since what follows a truncation is bootstrapped"
            )
        return found.astype(bool)

    def _check_no_mask(self, info: Any, call: str) -> None:
        if self._bounds is None and isinstance(info, Mapping) and ACTION_MASK in info:
            raise self._failure(
                f"{call} gave an {ACTION_MASK}, and there was none at the environment's first reset; a mask must be in "
                "every info, from the first reset on"
            )

    def _next_seed(self) -> int:
        if self.episode not in self._seeds:
            episodes = range(self.episode, self.episode + _SEEDS_AT_ONCE)
            self._seeds = dict(zip(episodes, reset_seeds(self._seed, self._stream, self._index, episodes), strict=True))
        return self._seeds[self.episode]

    def _check(self, observation: Any, call: str) -> None:
        if not (
            type(observation) is np.ndarray and observation.dtype is self._dtype and observation.shape == self._shape
        ):
            self._check_closely(observation, call)
        if self._checks_nan:
            flat: Any = observation if observation.ndim == 1 else observation.reshape(-1)
            # With a NaN or an infinity the square less itself is NaN, in a tenth of the time of isfinite. So it is
            # where large numbers overflow, which are told apart then.
            if (square := float(flat.dot(flat))) - square != 0.0 and not np.isfinite(flat).all():
                what = "NaN" if np.isnan(flat).any() else "infinity"
                raise self._failure(f"{call} gave {self._part_at(flat)} with {what}: {shown(observation)}")

    def _part_at(self, flat: npt.NDArray[Any]) -> str:
        """What to call the part of an observation in which the first number that is none lies."""
        place, end = int(np.flatnonzero(~np.isfinite(flat))[0]), 0
        for key, part in self._parts:
            end += math.prod(part.shape)
            if place < end:
                return f"an observation[{key!r}]"
        return "an observation"

    def _check_closely(self, observation: Any, call: str) -> None:
        if not isinstance(observation, (np.ndarray, np.generic)):
            raise self._failure(f"{call} gave the observation {shown(observation)}; it must be a NumPy array")
        if observation.shape != self._shape or observation.dtype != self._dtype:
            raise self._failure(
                f"{call} gave an observation of shape {observation.shape} and dtype {observation.dtype}; "
                f"the observation space says {self._shape} and {self._dtype}"
            )

    def _failure(self, what: str) -> EnvironmentFailure:
        where = (
            f"episode {self.episode}, step {self.length - 1}" if self.length else f"the reset of episode {self.episode}"
        )
        name = f"{self.name} (number {self._index})" if self._index else self.name
        return EnvironmentFailure(f"environment {name}, {where}: {what}")


def with_slack(low: npt.NDArray[Any], high: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Bounds of actions, and the rounding of float32 beyond them."""
    return low - _SLACK * (1.0 + abs(low)), high + _SLACK * (1.0 + abs(high))
