"""A world in which some actions are forbidden, anew at each step, and what wraps it to look on."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import tensorflow as tf

from rlkit import Array, Discrete, Nest, Noise, Spaces, Tensor, Transition, component
from rlkit.contracts.spaces import ACTION_MASK

ACTIONS, MOST = 4, 9


@component
class Doors:
    """Four doors, of which at least one is open; observed are four numbers that say nothing of that.

    1 for going through an open door, −1000 for running into a shut one. An episode lasts 1 to 9 steps and terminates,
    with all doors shut, or is truncated, as drawn at its start.
    """

    shut_from: int = 2**30
    """The step of each episode from which on all doors are shut; 0 is its start."""
    episode_limit = None

    def spaces(self) -> Spaces:
        return Spaces(Array((ACTIONS,), "float32", 0.0, 1.0), Discrete(ACTIONS))

    def reset(self, noise: Noise) -> Nest:
        length, cut = tf.cast(1 + noise.integers((), MOST), tf.int32), noise.uniform(()) < 0.4
        return {"count": tf.constant(0), "length": length, "cut": cut, **self._drawn(noise)}

    def observe(self, state: Nest) -> Tensor:
        return state["seen"]

    def allowed(self, state: Nest) -> Tensor:
        over = ~state["cut"] & (state["count"] >= state["length"])
        return state["open"] & ~over & (state["count"] < self.shut_from)

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        reward = tf.where(tf.gather(state["open"], action), 1.0, -1000.0)
        after = {**state, "count": state["count"] + 1, **self._drawn(noise)}
        over = after["count"] >= state["length"]
        return Transition(after, reward, over & ~state["cut"], over & state["cut"])

    def _drawn(self, noise: Noise) -> dict[str, Tensor]:
        sure = tf.equal(tf.range(ACTIONS), tf.cast(noise.integers((), ACTIONS), tf.int32))
        return {"seen": noise.uniform((ACTIONS,)), "open": sure | (noise.uniform((ACTIONS,)) < 0.3)}


class Watched(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Writes down each mask and the action that was taken under it; `lose_at` is the step whose info has no mask."""

    def __init__(self, environment: gymnasium.Env[Any, Any], lose_at: int = -1) -> None:
        super().__init__(environment)
        self.masks: list[Any] = []
        self.actions: list[int] = []
        self.lose_at = lose_at

    def reset(self, **arguments: Any) -> Any:
        observation, info = super().reset(**arguments)
        self.mask = info[ACTION_MASK]
        return observation, info

    def step(self, action: Any) -> Any:
        self.masks.append(np.array(self.mask, bool))
        self.actions.append(int(action))
        *outcome, info = super().step(action)
        self.mask = info[ACTION_MASK]
        return *outcome, {} if len(self.actions) == self.lose_at + 1 else info

    def assert_obedient(self) -> None:
        """Nothing forbidden was done, though something was forbidden at every other step at least."""
        masks = np.array(self.masks)
        assert masks[np.arange(len(masks)), self.actions].all()
        assert (~masks.all(axis=1)).mean() > 0.5
