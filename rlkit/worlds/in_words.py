"""What environments return and raise, in a few words."""

from __future__ import annotations

from typing import Any

from rlkit.faults.authors import text_of, where


def named(error: BaseException) -> str:
    """An exception by its class and its text, in one line."""
    text = " ".join(text_of(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def unpacked(error: BaseException, must: str) -> str:
    """What to add where a wrapper unpacked an answer of another length, before it came here."""
    return f"; it must return {must}" if isinstance(error, ValueError) and "values to unpack" in text_of(error) else ""


def at(error: BaseException) -> str:
    """The line of the environment's own code, if it is Python."""
    place = where(error, of_ours=False)
    return f" ({place})" if place else ""


def number(value: Any) -> str:
    """Large integers in a few digits, or in a word: Python writes none that are too long."""
    try:
        text = str(value)
    except ValueError:
        return "an integer of thousands of digits"
    return text if len(text) <= 24 else f"{text[:6]}… ({len(text)} digits)"


def shown(value: Any) -> str:
    """A value by its type and its repr, shortened, in one line."""
    text = " ".join(repr(value).split())
    return f"{type(value).__name__} {text if len(text) <= 120 else text[:117] + '...'}"
