"""How a conformance suite fails: one sentence, with what the contract asks for and what was found."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

_PACKAGE = Path(__file__).parents[1]


class ContractBroken(AssertionError):
    """A component does not do what the contract of its kind asks."""

    ag_pass_through = True
    """Tells AutoGraph not to rewrite the message, where it is raised while a function is traced."""


def demand(holds: object, of: str, asks: str, found: str) -> None:
    """Raise ContractBroken unless something holds.

    Args:
        holds: looked at as a truth value.
        of: whose duty it is: `Boltzmann.select`.
        asks: what the contract asks for: `(5,) int32 actions`.
        found: what there is instead.
    """
    __tracebackhide__ = True
    if not holds:
        raise ContractBroken(f"{of}: the contract asks for {asks}; found {_one_line(found)}")


def shown(value: Any) -> str:
    """A value by shape and dtype if it is an array or tensor, else by type and text."""
    if isinstance(value, np.ndarray) and value.dtype == np.object_ and not value.shape:
        value = value.item()
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{getattr(value.dtype, 'name', value.dtype)} of shape {tuple(value.shape)}"
    return f"{type(value).__name__} {_one_line(repr(value))}"


def raised(error: BaseException) -> str:
    """An exception, for `found`: `KeyError: 'x'`; where AutoGraph wrapped it, with the author's last line."""
    name, text = type(error).__name__, re.sub(r"\x1b\[\d+m", "", str(error))
    if text.startswith("in user code:"):
        frames = [
            (path, line)
            for path, line in re.findall(r'File "(.*?)", line (\d+)', text)
            if not Path(path).is_relative_to(_PACKAGE)
        ]
        text = text.rsplit("\n\n", maxsplit=1)[-1].strip().removeprefix(f"{name}: ")
        text += f" ({Path(frames[-1][0]).name}, line {frames[-1][1]})" if frames else ""
    return f"an exception, {name}" + (f": {_one_line(text)}" if text else "")


def finite(value: Any) -> bool:
    """Whether all of a number or an array of numbers is finite."""
    return bool(np.isfinite(np.asarray(value, np.float64)).all())


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 400 else text[:399] + "…"
