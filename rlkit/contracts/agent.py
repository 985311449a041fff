"""The agent: the part that acts and learns. Its fields whose type is a kind are the experiment's slots."""

from __future__ import annotations

from typing import Protocol

from rlkit.contracts.data import Act, Call, Learned, Sample, Seen
from rlkit.contracts.demand import Due, Sampling
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Nest


class Agent(Protocol):
    """An algorithm, assembled from other components.

    Every field annotated with a kind's contract (`network: Network`) is a slot: a top-level key of the
    experiment file. The field whose kind is `buffer` is built by the core, which owns the stored rows; an agent that
    learns from rollouts has none. An optional property `learns_exploring` is True where learning asks what the
    exploration does, which then matters in a run that takes no step (`collects: false`), too. One whose learning steps
    are long may have an int `metrics_interval`, learning steps from one that is logged to the next; else it is 100.
    """

    @property
    def sampling(self) -> Sampling:
        """Which rows it learns from. Plain data: TensorFlow is not needed for it."""

    @property
    def due(self) -> Due:
        """When it learns. Plain data: TensorFlow is not needed for it."""

    def build(self, spaces: Spaces) -> Learner:
        """The working agent. May raise ValueError for spaces that the algorithm cannot serve."""


class Learner(Protocol):
    """A working agent. `act` and `learn` are graph code: TensorFlow without Python side effects.

    All that it remembers is in variables reachable from its attributes. An optional method `begin(call)` (graph code)
    runs once after the core has drawn the initial weights: it copies online weights into a target network, for one,
    or draws what no initialiser can say. Components
    that it holds (an exploration, a target update) may have one too; theirs come before.

    An optional method `tries(seen, call)` (graph code) says which environments act whatever they observe, (B,)
    bool, and their actions (B, *a), as exploring `act` would choose them from the same noise; or returns None. Where
    all environments do, the stepwise loop leaves `act` out. It is asked only if `act` is large, carries no memory and
    stores no extras, and if `tries` uses no variables and requests what `act` requests of noise.
    """

    def initial_memory(self, environments: int) -> Nest:
        """What `act` carries from step to step, at an episode's start, (environments, …) each; `()` for none.

        The core puts it back at the beginning of each episode, environment by environment.
        """

    def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Act:
        """Choose an action in each environment, one that is allowed.

        `explore` is a Python bool: exploring and greedy acting are two programs.
        """

    def learn(self, sample: Sample, call: Call) -> Learned:
        """One learning step on a sample; assigns weights, targets and optimiser slots."""
