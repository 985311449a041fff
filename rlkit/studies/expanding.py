"""Variants from a grid of values, and from parts that are added one by one or left out one by one."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import replace

from rlkit.catalogue.nearest import did_you_mean
from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import ListNode, MapNode, Node, Scalar, Written, plain
from rlkit.experiment.words import found, quoted
from rlkit.studies.study_file import Change, Variant

MOST_VARIANTS = 1_000
"""Each is checked, and has a row: a slip in a grid must not take hours to be seen."""
_ABLATE = ("parts", "leave_out", "add_in")
_PART = ("on", "off")


def expanded(
    variants: tuple[Variant, ...], grid: Node | None, ablate: Node | None, problems: Problems
) -> tuple[Variant, ...]:
    """All variants: those that are written, those of the ablation, and each of them at each point of the grid."""
    variants += tuple(_ablated(ablate, problems)) if ablate is not None else ()
    if grid is not None:
        variants = tuple(_at_each_point(variants, grid, problems))
    seen: set[str] = set()
    for variant in variants:
        if variant.name in seen:
            problems.add(variant.mark, "", f"makes the variant {quoted(variant.name)} twice; give one another name")
        seen.add(variant.name)
    return variants


def _at_each_point(variants: tuple[Variant, ...], grid: Node, problems: Problems) -> Iterator[Variant]:
    if not isinstance(grid, MapNode) or not grid.entries:
        message = f"found {found(grid)}; allowed: a map such as {{agent.gamma: [0.95, 0.99]}}"
        problems.add(grid.mark, "grid", message)
        return
    axes: list[list[tuple[str, Change]]] = []
    for key, (mark, values) in grid.entries.items():
        if not isinstance(values, ListNode) or not values.items:
            problems.add(mark, f"grid.{key}", f"found {found(values)}; allowed: a list of values")
            continue
        last = key.rpartition(".")[2]
        short = last if sum(other.rpartition(".")[2] == last for other in grid.entries) == 1 else key
        axes.append([(f"{short}-{_word(item, i)}", Change(key, item, mark)) for i, item in enumerate(values.items)])
    points = math.prod(map(len, axes)) * max(1, len(variants))
    if points > MOST_VARIANTS:
        problems.add(grid.mark, "grid", f"makes {points:,} variants; allowed: at most {MOST_VARIANTS:,}")
        return
    for variant in variants or (None,):
        for point in itertools.product(*axes):
            name = "-".join([*([variant.name] if variant else []), *(word for word, _ in point)])
            changes = tuple(change for _, change in point)
            if variant is None:
                yield Variant(name, grid.mark, changes)
            else:
                yield replace(variant, name=name, changes=variant.changes + changes)


def _word(node: Node, index: int) -> str:
    """A value within a name: `0.99`, a part's own name, or its place in the list."""
    value = plain(node)
    if isinstance(value, dict):
        value = value.get("name", index)
    if isinstance(value, list):
        value = "x".join(map(str, value))
    return re.sub(r"[^A-Za-z0-9._-]+", "-", str(value)).strip("-") or str(index)


def _ablated(node: Node, problems: Problems) -> Iterator[Variant]:
    """`full` and `without-PART`, `plain` and `with-PART`.

    A part has the changes of `on`, and those of `off` where it is left out; they are applied in the parts' order.
    """
    if not isinstance(node, MapNode):
        problems.add(node.mark, "ablate", f"found {found(node)}; allowed: a map with parts, leave_out and add_in")
        return
    for key, written in node.entries.items():
        if key not in _ABLATE:
            nearest = did_you_mean(key, _ABLATE) or ";"
            problems.add(written.key, f"ablate.{key}", f"found {quoted(key)}{nearest} allowed: {', '.join(_ABLATE)}")
    parts = node.entries.get("parts")
    if parts is None or not isinstance(parts.value, MapNode) or not parts.value.entries:
        mark = node.mark if parts is None else parts.key
        problems.add(mark, "ablate.parts", "allowed: a map of parts, each with on and, where it needs it, off")
        return
    states = {name: _states(name, written, problems) for name, written in parts.value.entries.items()}
    leave_out, add_in = _flag(node, "leave_out", True, problems), _flag(node, "add_in", False, problems)
    if not leave_out and not add_in:
        problems.add(node.mark, "ablate", "found neither leave_out nor add_in; at least one of them is true")

    def variant(name: str, on: set[str]) -> Variant:
        changes = tuple(change for part, (yes, no) in states.items() for change in (yes if part in on else no))
        return Variant(name, node.mark, changes)

    everything, wanted = set(states), list[tuple[str, set[str]]]()
    if leave_out:
        wanted += [("full", everything), *((f"without-{part}", everything - {part}) for part in states)]
    if add_in:
        wanted += [("plain", set()), *((f"with-{part}", {part}) for part in states)]
    for index, (name, on) in enumerate(wanted):
        if on not in [before for _, before in wanted[:index]]:  # of two parts, one added is the other left out
            yield variant(name, on)


def _states(name: str, written: Written, problems: Problems) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    path, node = f"ablate.parts.{name}", written.value
    if not isinstance(node, MapNode) or "on" not in node.entries or not set(node.entries) <= set(_PART):
        problems.add(written.key, path, "allowed: a map with on and, where it needs it, off: each a map of changes")
        return (), ()
    made = []
    for state in _PART:
        value = node.entries[state].value if state in node.entries else None
        if value is not None and not isinstance(value, MapNode):
            problems.add(
                value.mark, f"{path}.{state}", f"found {found(value)}; allowed: a map such as {{bootstrap: double}}"
            )
            value = None
        entries = value.entries if value is not None else {}
        made.append(tuple(Change(key, inner.value, inner.key) for key, inner in entries.items()))
    return made[0], made[1]


def _flag(node: MapNode, key: str, default: bool, problems: Problems) -> bool:
    written = node.entries.get(key)
    if written is None:
        return default
    if isinstance(written.value, Scalar) and isinstance(written.value.value, bool):
        return written.value.value
    problems.add(written.key, f"ablate.{key}", f"found {found(written.value)}; allowed: true or false")
    return default
