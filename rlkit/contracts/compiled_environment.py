"""The compiled environment: the task as graph code, so that whole episodes become one program."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from rlkit.contracts.noise import Noise
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.contracts.tensor import Nest, Tensor


class Transition(NamedTuple):
    """What one step of a compiled environment gave."""

    state: Nest
    """Of the same structure, shapes and dtypes as the state before it."""
    reward: Tensor
    """() float32."""
    terminated: Tensor
    """() bool: the task ended."""
    truncated: Tensor | bool = False
    """() bool: the environment itself cut the episode; its `episode_limit` is not counted here."""


class CompiledEnvironment(Protocol):
    """A task as TensorFlow code without Python side effects, one environment at a time.

    Its state is a nest of tensors of fixed shapes and dtypes; it keeps nothing else, and draws random numbers from
    `noise` alone. `observe` tells apart what the agent sees from what the environment knows. Optional methods:
    `allowed(state)`, graph code, says which of the discrete actions are allowed, (n,) bool, at least one of them unless
    the episode terminated; `render(state)` takes the state as NumPy arrays and returns a picture, (height, width, 3)
    uint8.
    """

    @property
    def episode_limit(self) -> int | None:
        """Steps after which an episode is truncated; None for no limit."""

    def spaces(self) -> Spaces:
        """What it shows and accepts, for one environment. Plain data: TensorFlow is not needed for it."""

    def reset(self, noise: Noise) -> Nest:
        """The state at an episode's start."""

    def observe(self, state: Nest) -> Tensor:
        """What the agent sees of a state: (*o), in the dtype that `spaces` says."""

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        """Take one action: () int32 counted from 0 if discrete, else (*a)."""


def spaces_of(environment: CompiledEnvironment) -> Spaces:
    """Its spaces, with the word that it has a mask where it says which actions are allowed.

    Raises:
        SpaceError: an observation or an action holds nothing.
    """
    spaces = environment.spaces()
    spaces.check()
    if hasattr(environment, "allowed") and isinstance(spaces.action, Discrete):
        return spaces.masked()
    return spaces
