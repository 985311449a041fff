"""Whether a component's methods are the ones that its kind's contract asks for."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterator
from inspect import Parameter, Signature
from typing import Any, Generic, Protocol

_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


class AnyKind(Protocol):
    """What a component of any kind may have beside its contract."""

    def build(self, spaces: Any) -> Any:
        """The working part, where the contract has no `build` of its own."""

    def check(self, spaces: Any) -> None:
        """Raise ValueError before anything is built."""

    def report(self, progress: Any) -> dict[str, Any]:
        """Scalars for the episode's row."""


_ABSENT = object()
"""What a component does not have; an attribute may be None."""


def contract_members(contract: type) -> dict[str, Any]:
    """The public methods and attributes that a Protocol declares; an attribute without a value maps to None."""
    members: dict[str, Any] = {}
    for base in reversed(contract.__mro__):
        if base in (object, Protocol, Generic):
            continue
        members |= dict.fromkeys(inspect.get_annotations(base))
        members |= vars(base)
    return {name: member for name, member in members.items() if not name.startswith("_")}


def signature_problems(component: type, contract: type) -> Iterator[str]:
    """What keeps `component` from serving as `contract`, one sentence each.

    Every method needs the contract's parameters, by name and in order. An unused one may be marked by a leading
    underscore, further ones need defaults. What the contract gives a body or a value is optional. A component with
    a `build` that the contract does not have may leave the contract's methods to the part that it builds.
    """
    members = contract_members(contract)
    builds = "build" not in members and hasattr(component, "build")
    for name, member in members.items():
        declared = inspect.isfunction(member)
        found = inspect.getattr_static(component, name, _ABSENT)
        if found is _ABSENT or (found is None and declared) or (found is member and member is not None):
            optional = builds or not (_is_declaration(member) if declared else _is_bare(member))
            if not optional and not (not declared and name in _fields(component)):
                wanted = f"method {_text(name, member)}" if declared else f"attribute '{name}'"
                yield f"it has no {wanted}"
        elif declared:
            yield from _method_problem(component, name, member)
        elif inspect.isroutine(found):
            yield f"'{name}' is a method, expected an attribute or a property"
    for name, member in contract_members(AnyKind).items():
        if name in members:
            continue
        if name in _fields(component):
            yield f"the field '{name}' has the name of the method {_text(name, member)}, which rlkit would call"
        elif hasattr(component, name):
            yield from _method_problem(component, name, member)


def signature_text(name: str, signature: Signature, *, annotated: bool = False) -> str:
    """`select(self, q_values, noise, progress)`, with annotations as they were written if asked."""
    parameters = [
        p.replace(annotation=_Verbatim(p.annotation) if annotated and p.annotation is not p.empty else p.empty)
        for p in signature.parameters.values()
    ]
    returned = signature.return_annotation
    result = _Verbatim(returned) if annotated and returned is not Signature.empty else Signature.empty
    return name + str(signature.replace(parameters=parameters, return_annotation=result))


class _Verbatim:
    """An annotation that is shown as the author wrote it, without quotes."""

    def __init__(self, annotation: Any) -> None:
        self._text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)

    def __repr__(self) -> str:
        return self._text


def _method_problem(component: type, name: str, declared: Callable[..., Any]) -> Iterator[str]:
    static = inspect.getattr_static(component, name)
    method = getattr(component, name)
    if isinstance(static, property) or not callable(method):
        found = "a property" if isinstance(static, property) else f"the value {static!r}"
        yield f"'{name}' is {found}, expected the method {_text(name, declared)}"
        return
    try:
        signature = inspect.signature(method)
    except (TypeError, ValueError):  # written in C, or no signature to be had: the call will tell
        return
    own = list(signature.parameters.values())
    bound = isinstance(static, (staticmethod, classmethod))
    takes_self = bound or (own and own[0].kind in (*_POSITIONAL, Parameter.VAR_POSITIONAL))
    given = own if bound or (own and own[0].kind is Parameter.VAR_POSITIONAL) else own[1:]
    if not takes_self or not _accepts(given, list(inspect.signature(declared).parameters.values())[1:]):
        yield f"found the method {signature_text(name, signature)}, expected {_text(name, declared)}"


def _accepts(found: list[Parameter], wanted: list[Parameter]) -> bool:
    """Whether a call as the contract promises it, positional or by keyword, reaches the found parameters."""
    positional = [p for p in found if p.kind in _POSITIONAL]
    any_positional = any(p.kind is Parameter.VAR_POSITIONAL for p in found)
    any_keyword = any(p.kind is Parameter.VAR_KEYWORD for p in found)
    met: set[str] = set()
    for index, p in enumerate(p for p in wanted if p.kind in _POSITIONAL):
        if index < len(positional):
            if positional[index].name not in (p.name, f"_{p.name}"):
                return False
            met.add(positional[index].name)
        elif not any_positional:
            return False
    for p in wanted:
        if p.kind is Parameter.KEYWORD_ONLY:
            if not any_keyword and not any(f.name == p.name and f.kind is not Parameter.POSITIONAL_ONLY for f in found):
                return False
            met.add(p.name)
    required = [p for p in found if p.default is p.empty and p.kind in (*_POSITIONAL, Parameter.KEYWORD_ONLY)]
    return all(p.name in met for p in required)


def _is_declaration(function: Callable[..., Any]) -> bool:
    """A body of a docstring, `...` or `pass` alone: what a Protocol declares, as against a default that it gives."""
    idle = {"RESUME", "NOP", "RETURN_VALUE"}
    return all(
        step.opname in idle or (step.opname in ("LOAD_CONST", "RETURN_CONST") and step.argval is None)
        for step in dis.get_instructions(function)
    )


def _is_bare(member: Any) -> bool:
    return member is None or (isinstance(member, property) and member.fget is not None and _is_declaration(member.fget))


def _fields(component: type) -> dict[str, Any]:
    return getattr(component, "__dataclass_fields__", {})


def _text(name: str, function: Callable[..., Any]) -> str:
    return signature_text(name, inspect.signature(function))
