"""A comparison's document out of a file, checked as far as drawing it needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from rlkit.catalogue.nearest import did_you_mean
from rlkit.reporting.document_shape import DOCUMENT, Every, Maybe

FORMAT = 1
LARGEST = 1e30
"""In magnitude: beyond it axes cannot be drawn."""
_WORDS = {
    str: "a text",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}


class DocumentError(ValueError):
    """A file holds no document of a comparison; its text is a sentence for people."""


def read_document(path: Path) -> Mapping[str, Any]:
    """What `rlkit compare --json` printed.

    Raises:
        DocumentError: it cannot be read, is no JSON, of another format, or something in it is missing or foreign.
    """
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except OSError as error:
        raise DocumentError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{path} is no JSON: {error}") from error
    found = document.get("format") if isinstance(document, dict) else None
    if found != FORMAT or isinstance(found, bool):
        said = "no format" if found is None else f"format {found!r}"
        raise DocumentError(f"{path} is no document of a comparison: found {said}; allowed: format {FORMAT}")
    # One after the other: who is a stranger can only be told of a document that has its shape.
    fault = next(_faults(document, DOCUMENT, ""), None) or next(_strangers(document), None)
    if fault is not None:
        raise DocumentError(f"{path} is no document of a comparison: {fault}")
    checked: Mapping[str, Any] = _whole(document, DOCUMENT)
    return checked


def _whole(value: Any, shape: Any) -> Any:
    """With null for what may be missing and is."""
    if isinstance(shape, Maybe):
        return None if value is None else _whole(value, shape.shape)
    if isinstance(shape, Every):
        return {key: _whole(inner, shape.shape) for key, inner in value.items()}
    if isinstance(shape, dict):
        return {**value, **{key: _whole(value.get(key), inner) for key, inner in shape.items()}}
    return [_whole(inner, shape[0]) for inner in value] if isinstance(shape, list) else value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"found {name}, which JSON does not have")


def _faults(value: Any, shape: Any, place: str) -> Iterator[str]:
    if isinstance(shape, Maybe):
        if value is not None:
            yield from _faults(value, shape.shape, place)
        return
    kind = dict if isinstance(shape, dict | Every) else list if isinstance(shape, list) else shape
    if kind is not object and not _is(value, kind):
        found = json.dumps(value)
        yield f"{place}: found {found if len(found) < 60 else found[:57] + '…'}; allowed: {_WORDS[kind]}"
    elif isinstance(shape, dict):
        for key in value:
            if key not in shape:
                at = f"{place}.{key}".lstrip(".")
                yield f"found the key {at}{did_you_mean(key, shape) or ';'} keys: {', '.join(shape)}"
        for key, inner in shape.items():
            at = f"{place}.{key}".lstrip(".")
            if key not in value and not isinstance(inner, Maybe):
                yield f"{at} is missing"
            else:
                yield from _faults(value.get(key), inner, at)
    elif isinstance(shape, Every):
        for key, inner in value.items():
            yield from _faults(inner, shape.shape, f"{place}.{key}")
    elif isinstance(shape, list):
        for index, inner in enumerate(value):
            yield from _faults(inner, shape[0], f"{place}[{index}]")


def _is(value: Any, kind: type) -> bool:
    if kind in (int, float):
        number = isinstance(value, int if kind is int else int | float) and not isinstance(value, bool)
        return number and abs(value) <= LARGEST
    return isinstance(value, kind)


def _strangers(document: Mapping[str, Any]) -> Iterator[str]:
    """Curves of variants that there are none of, and columns of unequal lengths."""
    names = {variant["name"] for variant in document["variants"]}
    columns: dict[str, Callable[[Mapping[str, Any]], tuple[Any, ...]]] = {
        "curves": lambda curve: (curve["x"], curve["estimate"], curve["low"], curve["high"]),
        "profiles": lambda curve: (curve["score"], curve["share"], curve["low"], curve["high"]),
        "survival": lambda curve: (curve["time"], curve["share"], curve["low"], curve["high"]),
    }
    for part, of in columns.items():
        for index, curve in enumerate(document[part]):
            if curve["variant"] not in names:
                yield f"{part}[{index}]: found the variant '{curve['variant']}'; allowed: {', '.join(sorted(names))}"
            if len({len(column) for column in of(curve)}) > 1:
                yield f"{part}[{index}]: its lists differ in length"
    for index, run in enumerate(document["runs"]):
        if run["variant"] not in names:
            yield f"runs[{index}]: found the variant '{run['variant']}'; allowed: {', '.join(sorted(names))}"
    for index, verdict in enumerate(document["verdicts"]):
        kinds = ("ratio", "difference", "probability")
        if len(verdict["seeds"]) != 2:
            yield f"verdicts[{index}].seeds: found {len(verdict['seeds'])} numbers; allowed: 2"
        if verdict.get("effect") and verdict["effect"]["kind"] not in kinds:
            yield f"verdicts[{index}].effect.kind: found '{verdict['effect']['kind']}'; allowed: {', '.join(kinds)}"
