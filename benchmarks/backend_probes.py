"""Small functions with tricky inputs, on which TensorFlow, XLA and LiteRT may differ. Data only: see the script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

INF, NAN = np.inf, np.nan


@dataclass(frozen=True)
class Probe:
    """One function."""

    operation: str
    inputs: str
    """In words."""
    call: Callable[..., Any]
    """Of tensors, then of variables, to a tensor."""
    given: tuple[npt.NDArray[Any], ...]
    variables: tuple[npt.NDArray[Any], ...] = ()
    """What variables of its own begin with."""


def floats(*values: Any) -> npt.NDArray[np.float32]:
    return np.array(values, np.float32)


def ints(*values: Any) -> npt.NDArray[np.int32]:
    return np.array(values, np.int32)


def longs(*values: Any) -> npt.NDArray[np.int64]:
    return np.array(values, np.int64)


def bools(*values: Any) -> npt.NDArray[np.bool_]:
    return np.array(values, bool)
