"""Whether the rows that a buffer selects are there, and its weights and masses are such."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


class SelectionFailure(RuntimeError):
    """A buffer selected what is not stored, or gave a weight or a mass that is not above 0. The message names it."""


def check_rows(slots: npt.NDArray[Any], weight: npt.NDArray[Any], stored: int, decider: str, update: int) -> None:
    """Look at what was selected.

    Args:
        slots: (size,).
        weight: (size,).
        stored: steps in the ring.
        decider: what to call who selected them.
        update: learning steps before this one.

    Raises:
        SelectionFailure: for a slot beyond what is stored, a weight that is not above 0 or not finite.
    """
    # Two reductions where all is well, since this is asked at every learning step: below 0 is large without a sign.
    if slots.view(np.uint64).max() < stored and weight.min() > 0.0 and weight.max() < np.inf:
        return
    beyond = slots[(slots < 0) | (slots >= stored)]
    if beyond.size:
        raise beyond_stored(decider, f"slot {beyond[0]}", stored, update)
    odd = weight[~((weight > 0) & np.isfinite(weight))]
    if odd.size:
        raise no_weight(decider, f"a weight of {odd[0]:g}", update)


def check_masses(masses: npt.NDArray[Any], decider: str, update: int) -> None:
    """Look at the masses (A,) that a buffer gave.

    Raises:
        SelectionFailure: for one that is not above 0 or not finite.
    """
    if masses.min() > 0.0 and masses.max() < np.inf:
        return
    odd = masses[~((masses > 0) & np.isfinite(masses))]
    raise no_mass(decider, f"a mass of {odd[0]:g}", update)


def beyond_stored(decider: str, what: str, stored: int, update: int) -> SelectionFailure:
    """What to say of a slot."""
    return SelectionFailure(f"{decider} selected {what} at update {update}; stored are the slots 0 to {stored - 1}")


def no_weight(decider: str, what: str, update: int) -> SelectionFailure:
    """What to say of a weight."""
    return SelectionFailure(f"{decider} gave {what} at update {update}; allowed: weights that are finite and above 0")


def no_mass(decider: str, what: str, update: int) -> SelectionFailure:
    """What to say of a mass."""
    return SelectionFailure(f"{decider} gave {what} at update {update}; allowed: masses that are finite and above 0")
