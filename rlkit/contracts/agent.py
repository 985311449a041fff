"""The agent: the part that acts and learns. Its fields whose type is a kind are the experiment's slots."""

from __future__ import annotations

from typing import Protocol

from rlkit.contracts.data import Act, Learned, Progress, Sample, Sampling
from rlkit.contracts.noise import Noise
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Nest, Tensor


class Agent(Protocol):
    """An algorithm, assembled from other components.

    Every field annotated with a kind's contract (`network: Network`) is a slot: a top-level key of the
    experiment file. The field whose kind is `buffer` is built by the core, which owns the stored rows.
    """

    def build(self, spaces: Spaces) -> Learner:
        """The working agent. May raise ValueError for spaces that the algorithm cannot serve."""


class Learner(Protocol):
    """A working agent. `act` and `learn` are graph code: TensorFlow without Python side effects.

    All that it remembers is in variables reachable from its attributes. An optional method `begin()` (graph code,
    no arguments) runs once after the core has drawn the initial weights: it copies online weights into a target
    network, for one.

    An optional method `tries(noise, progress)` (graph code) says which environments act whatever they observe, (B,)
    bool, and their actions (B, *a), as exploring `act` would choose them from the same noise; or returns None. Where
    all environments do, the stepwise loop leaves `act` out. It is asked only if `act` is large, carries no memory and
    stores no extras, and if `tries` uses no variables and requests what `act` requests of noise.
    """

    collects: bool
    """False: learns from a recorded buffer and never steps an environment."""
    sampling: Sampling

    def initial_memory(self, environments: int) -> Nest:
        """What `act` carries from step to step, at an episode's start; `()` for none."""

    def act(
        self, observation: Tensor, first: Tensor, memory: Nest, noise: Noise, progress: Progress, explore: bool
    ) -> Act:
        """Choose actions for observations (B, *o); `first` (B,) bool marks episodes that have just begun.

        `explore` is a Python bool: exploring and greedy acting are two programs.
        """

    def due(self, progress: Progress, episode_step: Tensor, stored: Tensor) -> Tensor:
        """How many learning steps the steps just stored make due, by environment.

        Args:
            progress: as completed, the steps just stored included.
            episode_step: (B,) int64, the index of the stored step within its episode, from 0.
            stored: rows in the ring, at most its capacity.

        Returns:
            (B,) bool or integer; the core learns the sum of them. Written with operators alone (`%`, `==`, `&`),
            it serves NumPy on the host and tensors in a graph.
        """

    def learn(self, sample: Sample, noise: Noise, progress: Progress) -> Learned:
        """One learning step on a sample; assigns weights, targets and optimiser slots."""
