"""What an unquoted scalar means: the YAML 1.2 core schema, with underscores between digits.

Decided in docs/decisions/0008-experiment-files.md.
"""

from __future__ import annotations

import re

NULL = frozenset({"", "~", "null", "Null", "NULL"})
BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
SPECIAL = frozenset(sign + word for word in (".inf", ".Inf", ".INF") for sign in ("", "+", "-")) | {
    ".nan",
    ".NaN",
    ".NAN",
}

_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_WHOLE = r"(?:0|[1-9][0-9]*(?:_[0-9]+)*)"
INTEGER = re.compile(rf"[-+]?{_WHOLE}")
BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(rf"[-+]?(?:{_WHOLE}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?[0-9]+)?")


class ScalarError(ValueError):
    """A number that cannot be kept."""


def resolve(text: str) -> bool | int | float | str | None:
    """The value of an unquoted scalar.

    `1e-3` and `5e3` are numbers, `50_000` and `0x1F` integers; `yes`, `on`, `010`, `1_`, `22:22:22` and dates are
    text, so that a field that asks for something else refuses them by name.

    Raises:
        ScalarError: for a number that is not finite, or an integer that 64 bits do not hold.
    """
    if text in NULL:
        return None
    if text in BOOL:
        return BOOL[text]
    if text in SPECIAL:
        raise ScalarError(f"found {text}; a number must be finite")
    if INTEGER.fullmatch(text):
        # Twenty characters hold every 64-bit integer; Python refuses to convert thousands of digits.
        digits = text.replace("_", "")
        return _bounded(int(digits) if len(digits) <= 20 else 2**64, text)
    if BASED.fullmatch(text):
        return _bounded(int(text, 0), text)
    if FLOAT.fullmatch(text):
        number = float(text.replace("_", ""))
        if number in (float("inf"), float("-inf")):
            raise ScalarError(f"found {text[:40]}; a number must be finite")
        return number
    return text


def _bounded(number: int, text: str) -> int:
    if not -(2**63) <= number < 2**63:
        raise ScalarError(f"found {text[:40]}; an integer must fit 64 bits")
    return number
