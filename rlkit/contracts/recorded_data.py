"""Recorded data: steps that somebody took before, to be learned from. NumPy, no TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from rlkit.contracts.spaces import Spaces

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Recorded(NamedTuple):
    """N recorded steps of m environments: the step of environment e at time t is row t · m + e.

    An environment's next row follows its row unless that ends its episode (terminated or truncated).
    """

    observation: npt.NDArray[Any]
    """(N, *o), in the dtype of the environment's observations."""
    action: npt.NDArray[Any]
    """(N, *a); int32 for discrete actions, counted from 0."""
    reward: npt.NDArray[np.float32]
    """(N,)."""
    terminated: npt.NDArray[np.bool_]
    """(N,)."""
    truncated: npt.NDArray[np.bool_]
    """(N,)."""
    next_observation: npt.NDArray[Any]
    """(N, *o), the episode's own next observation."""
    allowed: npt.NDArray[np.bool_] | None = None
    """(N, n), as in `Step`; None where the environment has no mask."""
    next_allowed: npt.NDArray[np.bool_] | None = None
    """(N, n), as in `Step`."""


class Recording(Protocol):
    """Recorded steps, opened: how many there are is known, none is in memory yet.

    An optional `origin`, a map, says where they were recorded: its `environment` is plain data, as an experiment file
    would have it. A run whose environment is another one warns. An optional `verify()` raises ValueError if what lies
    there is not what `facts` say, as far as a sum tells; an experiment's check calls it before rows are asked for.
    """

    @property
    def rows(self) -> int:
        """Steps, over all environments; a multiple of `environments`, at least that many."""

    @property
    def environments(self) -> int:
        """How many acted at once; 1 where one episode follows another."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Plain data that says which recording this is, for run.json: a file and its SHA-256, an id."""

    def read(self, first: int, last: int) -> Recorded:
        """The rows from `first` up to `last`, which is left out, both multiples of `environments`; oldest is row 0.

        Raises ValueError, with a sentence for people, for what is damaged.
        """


class RecordedData(Protocol):
    """Where recorded steps lie, as parameters. Beside `open` it needs no `check`: the core opens what it checks.

    The experiment.yaml that a run keeps repeats the run. So a parameter `sha256`, None by default, is written there as
    `Recording.facts` have it, and `open` refuses data of which they would say another.
    """

    def open(self, spaces: Spaces) -> Recording:
        """Find the recording and see that it is of an environment with these spaces; reads no more than it must.

        Raises ValueError, or ParameterError for one parameter: nothing is there, it is damaged, a package that reads it
        is missing, or its spaces are others, with what was found and what is allowed.
        """
