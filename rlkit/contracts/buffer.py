"""The buffer: which of the stored rows are learned from. The rows themselves lie in the core's ring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

from rlkit.contracts.data import Call
from rlkit.contracts.demand import Sampling
from rlkit.contracts.tensor import Tensor

Columns = Mapping[str, tuple[tuple[int, ...], str]]
"""By column: the shape of one step's entry, and its dtype."""


class Storage(NamedTuple):
    """What a selection is built for. The step of environment e at row r lies in slot r · environments + e."""

    capacity: int
    """Steps that the ring holds: the buffer's capacity, less what does not divide by the environments."""
    environments: int
    sampling: Sampling
    columns: Columns
    """What is kept of each step."""


class Drawn(NamedTuple):
    """Slots drawn in proportion to their masses, one from each of `size` equal shares of the sum of all masses.

    Where a selection has a `rank_exponent`, a slot's mass is (1 / rank) to that power.
    """

    slots: Tensor
    """(size,) int64; a slot may be there more than once."""
    share: Tensor
    """(size,) float32 above 0: the slot's mass, as a share of all."""


class Stored(NamedTuple):
    """What the ring holds when rows are selected."""

    count: Tensor
    """int64 scalar: steps in the ring, in the slots 0 … count − 1."""
    next_slot: Tensor
    """int64 scalar: the slot that is written next; once the ring is full its oldest step lies there."""
    drawn: Drawn
    """What the core has drawn for a selection that `draws_by_mass`; for others (0,) each."""


class Added(NamedTuple):
    """Steps that came in since the last selection, oldest first."""

    slots: Tensor
    """(A,) int64, each slot once; those from `count` on mean nothing."""
    count: Tensor
    """int64 scalar: how many there are."""
    ended: Tensor
    """(A,) bool: an episode's last step."""


class Selected(NamedTuple):
    """Rows to be learned from, the sampling's `size` of them."""

    slots: Tensor
    """(size,) int64 in [0, count): where rows begin, the steps before left out."""
    weight: Tensor
    """(size,) float32 above 0: importance weights."""


class Surprise(NamedTuple):
    """What a learning step says of the rows that were selected."""

    slots: Tensor
    """(size,) int64, as they were selected: a slot may be there more than once."""
    priority: Tensor
    """(size,) float32, `Learned.priority`."""


class Buffer(Protocol):
    """How much is kept, and how it is sampled."""

    @property
    def storage(self) -> Literal["memory", "disk"]:
        """Where observations lie; `disk` maps them from a file in the run's folder (stepwise loop only)."""
        return "memory"

    @property
    def capacity(self) -> int:
        """Steps kept; the oldest is overwritten first."""

    def build(self, storage: Storage) -> Selection:
        """The working selection."""


class Selection(Protocol):
    """Graph code that picks ring slots. Where `added` and `update` assign no variable, they are never called.

    One whose attribute `draws_by_mass` is True leaves drawing to the core, which keeps a mass for each slot in a tree:
    `select` finds what was drawn in `stored.drawn`, and `added` and `update` return masses, float32, finite and above
    0. Both are then called whether they assign or not.

    If it also has an attribute `rank_exponent`, a number of at least 0, what they return are priorities, and only their
    order counts: the greatest of all that is stored has the rank 1. Priorities that differ by less than an eighth may
    tie; so do those below 2⁻²⁴, and those above 2²⁴. What ties shares the masses of its ranks equally.
    """

    def added(self, added: Added, call: Call) -> Tensor | None:
        """Steps came in; called before the next selection. Returns nothing, or the masses (A,) of `added.slots`."""

    def select(self, stored: Stored, call: Call) -> Selected:
        """Rows to learn from."""

    def update(self, surprise: Surprise, call: Call) -> Tensor | None:
        """After a learning step. Returns nothing, or masses (size,): a slot's last one counts."""
