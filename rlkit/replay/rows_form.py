"""What `rows.json` may hold: every key and its type. Nothing is coerced, and nothing passed over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from rlkit.catalogue.nearest import did_you_mean

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ORIGIN = {"experiment": str, "seed": int, "environment": dict}
_KEYS = {
    "format": int,
    "file": str,
    "sha256": str,
    "rows": int,
    "environments": int,
    "capacity": int,
    "total": int,
    "columns": dict,
    "spaces": dict,
    "arrays": dict,
}


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose keys are all different. Raises ValueError."""
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = next(key for place, (key, _) in enumerate(pairs) if key in dict(pairs[:place]))
        raise ValueError(f"the key {twice!r} is there twice")
    return made


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and the infinities, which JSON does not have."""
    raise ValueError(f"found {name}; it must be a finite number")


def check_form(manifest: Mapping[str, Any]) -> None:
    """Raise ValueError, with a sentence, for a key that is unknown or missing, or a value of another type."""
    _keys(manifest, {**_KEYS, **({"from": dict} if "from" in manifest else {})}, "")
    if not _SHA256.fullmatch(manifest["sha256"]):
        raise ValueError(f"sha256 is {manifest['sha256'][:80]!r}; allowed: 64 digits of a SHA-256, in lower case")
    for name in ("columns", "arrays"):
        for key, told in manifest[name].items():
            path = f"{name}.{key}"
            _keys(_typed(told, dict, path), {"shape": list, "dtype": str}, path)
            _shape(told["shape"], f"{path}.shape")
    _check_spaces(manifest["spaces"])
    if "from" in manifest:
        _keys(manifest["from"], _ORIGIN, "from")


def _check_spaces(spaces: Mapping[str, Any]) -> None:
    _keys(spaces, {"observation": dict, "action": dict, "environments": int}, "spaces")
    _array(spaces["observation"], "spaces.observation")
    action = spaces["action"]
    if "n" in action:
        _keys(action, {"n": int, "start": int, "masked": bool}, "spaces.action")
    else:
        _array(action, "spaces.action")


def _array(told: Mapping[str, Any], path: str) -> None:
    _keys(told, {"shape": list, "dtype": str, "stack": int, "parts": list}, path)
    _shape(told["shape"], f"{path}.shape")
    for place, part in enumerate(told["parts"]):
        inner = f"{path}.parts.{place}"
        if not (isinstance(part, list) and len(part) == 2 and isinstance(part[0], str) and isinstance(part[1], dict)):
            raise ValueError(f"{inner} is no pair of a key and an array")
        _array(part[1], inner)


def _keys(told: Mapping[str, Any], known: Mapping[str, type], path: str) -> None:
    where = f"{path}: " if path else ""
    for key in told:
        if key not in known:
            raise ValueError(
                f"{where}found the key {key[:80]!r}{did_you_mean(key, known) or ';'} keys: {', '.join(known)}"
            )
    for key, kind in known.items():
        if key not in told:
            raise ValueError(f"{where}it has no {key}")
        _typed(told[key], kind, f"{path}.{key}".removeprefix("."))


def _typed(value: Any, kind: type, path: str) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{path} is {type(value).__name__} {str(value)[:80]!r}; allowed: {kind.__name__}")
    return value


def _shape(shape: list[Any], path: str) -> None:
    for length in shape:
        if type(length) is not int or length < 0:
            raise ValueError(f"{path} is {str(shape)[:80]}; allowed: a list of whole numbers")
