"""The space of a search, as a tuning file has it."""

from __future__ import annotations

import math

from rlkit.catalogue.nearest import did_you_mean
from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import ListNode, MapNode, Mark, Node, Scalar, Written, has_broken
from rlkit.experiment.words import found, quoted
from rlkit.tuning.tuning_file import Choice, Dimension, Range, text_of

_RANGE, _CHOICE = ("low", "high", "log", "step"), ("choose",)
_FORMS = "allowed: {low: 1e-4, high: 1e-2, log: true} or {choose: [32, 64]}"
_NOT_SEARCHED = {
    "name": "is set for each trial",
    "seed": "is set for each run; the search has seeds and test_seeds",
    "limits": "decides what is measured; write it under set",
    "stop": "decides what is measured; write it under set",
    "evaluation": "changes nothing of what is learned; write it under set",
    "recorders": "changes nothing of what is learned; write it under set",
}


def space_of(node: Node | None, mark: Mark, problems: Problems) -> tuple[Dimension, ...]:
    """The dimensions, in the file's order; what is wrong is noted."""
    if not isinstance(node, MapNode) or not node.entries:
        message = f"found {found(node)}; " if node is not None else "is missing; "
        problems.add(mark if node is None else node.mark, "space", f"{message}{_FORMS} for each key")
        return ()
    dimensions = []
    for key, written in node.entries.items():
        reason = _NOT_SEARCHED.get(key.partition(".")[0])
        if reason is not None:
            problems.add(written.key, f"space.{key}", f"{quoted(key)} {reason}")
            continue
        dimension = _dimension(key, written, problems)
        if dimension is not None:
            dimensions.append(dimension)
    return tuple(dimensions)


def _dimension(key: str, written: Written, problems: Problems) -> Dimension | None:
    node, path = written.value, f"space.{key}"
    if has_broken(node):
        return None
    if not isinstance(node, MapNode) or not ({"low", "high", "choose"} & node.entries.keys()):
        wrong = list(node.entries) if isinstance(node, MapNode) else []
        nearest = next((hint for name in wrong if (hint := did_you_mean(name, _RANGE + _CHOICE))), ";")
        what = f"a map with {', '.join(map(quoted, wrong))}" if wrong else found(node)
        problems.add(written.key, path, f"found {what}{nearest} {_FORMS}")
        return None
    known = _CHOICE if "choose" in node.entries else _RANGE
    for name, inner in node.entries.items():
        if name not in known:
            nearest = did_you_mean(name, known) or ";"
            problems.add(inner.key, f"{path}.{name}", f"found {quoted(name)}{nearest} allowed: {', '.join(known)}")
    if "choose" in node.entries:
        return _choice(key, written, node.entries["choose"], problems)
    return _range(key, written, node, problems)


def _choice(key: str, written: Written, chosen: Written, problems: Problems) -> Choice | None:
    path, node = f"space.{key}.choose", chosen.value
    if not isinstance(node, ListNode) or len(node.items) < 2:
        problems.add(chosen.key, path, f"found {found(node)}; allowed: a list of at least two values")
        return None
    choices: dict[str, Node] = {}
    for item in node.items:
        text = text_of(item)
        if text in choices:
            problems.add(item.mark, path, f"found {text} twice")
        choices[text] = item
    return Choice(key, written.key, choices)


def _range(key: str, written: Written, node: MapNode, problems: Problems) -> Range | None:
    path, before = f"space.{key}", len(problems)
    low, high = (_number(node, name, written.key, path, problems) for name in ("low", "high"))
    log = _flag(node, path, problems)
    step = _number(node, "step", written.key, path, problems) if "step" in node.entries else None
    if low is None or high is None or len(problems) > before:
        return None
    first, last = low.value, high.value
    assert isinstance(first, (int, float)) and isinstance(last, (int, float))
    if not first < last:
        problems.add(high.mark, f"{path}.high", f"found {last} beside low: {first}; high is more than low")
    if log and first <= 0:
        problems.add(low.mark, f"{path}.low", f"found {first} beside log: true; a logarithm needs more than 0")
    size = None if step is None else step.value
    if step is not None:
        assert isinstance(size, (int, float))
        if log:
            problems.add(step.mark, f"{path}.step", "stands beside log: true; one or the other")
        elif size <= 0 or size > last - first:
            problems.add(step.mark, f"{path}.step", f"found {size}; allowed: more than 0, at most {last - first:g}")
        elif not math.isclose((last - first) / size, round((last - first) / size), rel_tol=1e-9):
            message = f"found {size}, which does not lead from {first} to {last}: high would never be tried"
            problems.add(step.mark, f"{path}.step", message)
    return Range(key, written.key, low, high, log, size if isinstance(size, (int, float)) else None)


def _number(node: MapNode, name: str, mark: Mark, path: str, problems: Problems) -> Scalar | None:
    written = node.entries.get(name)
    if written is None:
        problems.add(mark, path, f"found no {name}; {_FORMS}")
        return None
    value = written.value
    if not isinstance(value, Scalar) or isinstance(value.value, bool) or not isinstance(value.value, (int, float)):
        problems.add(value.mark, f"{path}.{name}", f"found {found(value)}; allowed: a number")
        return None
    return value


def _flag(node: MapNode, path: str, problems: Problems) -> bool:
    written = node.entries.get("log")
    if written is None:
        return False
    if isinstance(written.value, Scalar) and isinstance(written.value.value, bool):
        return written.value.value
    problems.add(written.value.mark, f"{path}.log", f"found {found(written.value)}; allowed: true or false")
    return False
