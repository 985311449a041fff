"""From a tree to components: every value typed, every part made, every problem noted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import NoneType
from typing import Any

from rlkit.catalogue.catalogue import Catalogue, Entry
from rlkit.catalogue.faults import one_line
from rlkit.catalogue.kinds import Kind
from rlkit.catalogue.parameters import PLAIN, REQUIRED, Parameter, parameters_of, type_text
from rlkit.contracts.component import ParameterError, ParameterInfo
from rlkit.experiment.annotations import accepts
from rlkit.experiment.conversion import REFUSED, convert, hint
from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import Broken, ListNode, MapNode, Mark, Node, Scalar, Written, has_broken, lookup, plain
from rlkit.experiment.offers import entry_of, is_near, offers
from rlkit.experiment.older_yaml import note_unclear
from rlkit.experiment.parts import Part, Unwritable, parts_in
from rlkit.experiment.unknown_keys import UnknownKeys
from rlkit.experiment.words import found

INVALID: Any = object()
"""Stands for a value whose problem has been noted."""


class Builder:
    """Makes the components of one document."""

    def __init__(self, document: MapNode, catalogue: Catalogue, problems: Problems) -> None:
        self.document = document
        self.catalogue = catalogue
        self.problems = problems
        self.parts: list[Part] = []
        """Made so far, children before the part that holds them."""
        self.placed: list[tuple[str, Any, ParameterInfo]] = []
        """Components that are written in the file, each with its path and what the parameter there allows."""
        self.slots: frozenset[str] = frozenset()
        """The agent's fields that are keys of the document."""
        self.unknown = UnknownKeys()

    def note(self, path: str, message: str, cause: BaseException | None = None) -> None:
        """Note a problem at the place that best shows `path`."""
        self.problems.add(lookup(self.document, path)[1], path, message, cause)

    @contextmanager
    def blaming(self, path: str, cls: type) -> Iterator[None]:
        """Turn what a component's class raises into a problem at `path`, or of the parameter that it names."""
        try:
            yield
        except ParameterError as error:
            self.note(self.within(path, error.parameter), error.message, error)
        except ValueError as error:
            self.note(path, str(error) or "refused without a reason", error)
        except (Exception, SystemExit) as error:
            self.note(path, f"its own code failed: {one_line(error, cls.__module__)}", error)

    def within(self, path: str, parameter: str) -> str:
        """The path of a part's parameter. The agent's slots lie beside it."""
        beside = path == "agent" and parameter.partition(".")[0] in self.slots
        return parameter if beside else f"{path}.{parameter}"

    def value(self, node: Node, parameter: Parameter, path: str, default: Any = None) -> Any:
        """The typed value of a parameter, or INVALID. A map without a name changes the `default` part."""
        return self._value(node, parameter.annotation, parameter.info, path, default)

    def _value(self, node: Node, annotation: Any, info: ParameterInfo, path: str, default: Any) -> Any:
        form = accepts(annotation, self.catalogue.kinds)
        match node:
            case Broken():
                return INVALID
            case Scalar(value=value) if (typed := convert(value, form)) is not REFUSED:
                problem = info.problem(value)
                if problem:
                    self.problems.add(node.mark, path, problem)
                return INVALID if problem else typed
            case ListNode(items=nodes, is_tuple=False) if form.item is not None:
                items = [self._value(item, form.item, info, f"{path}.{i}", None) for i, item in enumerate(nodes)]
                return INVALID if any(item is INVALID for item in items) else tuple(items)
            case MapNode(entries=entries) if form.entry is not None:
                made = {
                    key: self._value(written.value, form.entry, info, f"{path}.{key}", None)
                    for key, written in entries.items()
                }
                return INVALID if any(part is INVALID for part in made.values()) else made
            case MapNode() if form.map and not form.kinds:
                return INVALID if note_unclear(node, path, self.problems) or has_broken(node) else plain(node)
            case MapNode() if form.kinds:
                return self._placed(self.part(node, form.kinds, path, default), info, path)
            case Scalar(value=str(name)) if form.kinds and (
                form.scalars <= {NoneType} or is_near(name, form.kinds, self.catalogue)
            ):
                return self._placed(self.part(node, form.kinds, path), info, path)
            case MapNode() | Scalar(value=str()) if form.item is not None and self._is_component(form.item):
                # One part may stand for a list of one.
                item = self._value(node, form.item, info, path, None)
                return INVALID if item is INVALID else (item,)
        allowed = type_text(annotation, self.catalogue.kinds) + offers(
            self.catalogue.kinds_in(annotation), self.catalogue
        )
        self.problems.add(node.mark, path, f"found {found(node)}; allowed: {allowed}{hint(node, form)}")
        return INVALID

    def _placed(self, part: Any, info: ParameterInfo, path: str) -> Any:
        if part is not INVALID:
            self.placed.append((path, part, info))
        return part

    def _is_component(self, annotation: Any) -> bool:
        return bool(accepts(annotation, self.catalogue.kinds).kinds)

    def entry(self, node: Node, kinds: Sequence[Kind], path: str, default: Any = None) -> Entry | None:
        """The catalogue's entry of the component that a node names, or None where that is a problem."""
        written: Node | None = node
        if isinstance(node, MapNode):
            written = node.entries["name"].value if "name" in node.entries else None
        if isinstance(written, Scalar) and isinstance(written.value, str):
            return self._find(written.value, kinds, path, written.mark)
        if isinstance(written, Broken):
            return None
        entry = entry_of(default, kinds, self.catalogue) if written is None else None
        if entry is None:
            mark = lookup(self.document, path)[1] if written is None else written.mark
            what = "a map without 'name'" if written is None else found(written)
            self.problems.add(mark, path, f"found {what}; allowed: a component's name{offers(kinds, self.catalogue)}")
        return entry

    def _find(self, name: str, kinds: Sequence[Kind], path: str, mark: Mark) -> Entry | None:
        messages = []
        for kind in kinds:
            try:
                return self.catalogue.find(kind.name, name)
            except LookupError as error:
                messages.append(str(error))
        self.problems.add(mark, path, messages[0])
        return None

    def part(self, node: Node, kinds: Sequence[Kind], path: str, default: Any = None) -> Any:
        """The component that a node describes, or INVALID."""
        entry = self.entry(node, kinds, path, default)
        if entry is None:
            return INVALID
        given: dict[str, Written] = {}
        base = None
        if isinstance(node, MapNode):
            given = {key: entry for key, entry in node.entries.items() if key not in node.left_over | {"name"}}
            base = None if "name" in node.entries else default
        component = self.fill(entry.component, given, path, entry.name, base)
        if component is not INVALID:
            self.parts.append(Part(path, entry, component))
        return component

    def settings(self, node: Node, cls: type, path: str) -> Any:
        """An instance of a dataclass that is no component (`limits`), or INVALID."""
        if isinstance(node, MapNode):
            return self.fill(cls, node.entries, path, path)
        if not isinstance(node, Broken):
            self.problems.add(node.mark, path, f"found {found(node)}; allowed: map")
        return INVALID

    def fill(self, cls: type, given: Mapping[str, Written], path: str, label: str, base: Any = None) -> Any:
        """An instance of a dataclass, or INVALID.

        Args:
            cls: the dataclass.
            given: the parameters that are written.
            path: of the map that holds them.
            label: how messages name the dataclass.
            base: an instance whose values stand for those that are not given; else the defaults do.
        """
        parameters = parameters_of(cls, self.catalogue)
        here = tuple(p.name for p in parameters if self.within(path, p.name) != p.name)
        self.unknown.compare(path, label, here, {key: entry.key for key, entry in given.items()})
        values: dict[str, Any] = {}
        defaults: list[Parameter] = []
        for parameter in parameters:
            inner = self.within(path, parameter.name)
            written = self.document.entries.get(inner) if inner == parameter.name else given.get(parameter.name)
            default = parameter.default if base is None else getattr(base, parameter.name)
            if written is not None:
                whole = default if dataclasses.is_dataclass(default) else None
                values[parameter.name] = self.value(written.value, parameter, inner, whole)
            elif default is REQUIRED:
                values[parameter.name] = INVALID
                self.note(path, self._missing(label, parameter))
            else:
                values[parameter.name] = default
                defaults.append(parameter)
        # A part that ignores something that was meant for it must not be checked against others.
        if any(value is INVALID for value in values.values()) or not given.keys() <= set(here):
            return INVALID
        component = INVALID
        with self.blaming(path, cls):
            component = cls(**values)
        if component is not INVALID:
            self._adopt(component, defaults, path)
        return component

    def _adopt(self, component: Any, defaults: Sequence[Parameter], path: str) -> None:
        """Count the components in a component's defaults among the parts."""
        for parameter in defaults:
            inner, value = self.within(path, parameter.name), getattr(component, parameter.name)
            form = accepts(parameter.annotation, self.catalogue.kinds)
            if form.kinds and isinstance(value, PLAIN) and convert(value, form) is REFUSED:
                allowed = type_text(parameter.annotation, self.catalogue.kinds)
                self.note(inner, f"its default is {value!r}; allowed: {allowed}, an instance of a component's class")
                continue
            try:
                self.parts += parts_in(getattr(component, parameter.name), parameter.kinds, inner, self.catalogue)
            except Unwritable as error:
                self.note(inner, str(error))

    def _missing(self, label: str, parameter: Parameter) -> str:
        kind = type_text(parameter.annotation, self.catalogue.kinds)
        meaning = f": {parameter.info.doc}" if parameter.info.doc else ""
        return f"'{label}' needs '{parameter.name}' ({kind}){meaning}"
