"""Kinds of component, read from hook specs: `-> Mapping[str, type[TargetUpdate]]` makes the kind `target_update`."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rlkit.catalogue.faults import PluginError

HOOK_PREFIX = "rlkit_"


@dataclass(frozen=True)
class Kind:
    """What one registration hook registers."""

    name: str
    """Snake case of the contract's name: `target_update`."""
    plural: str
    """The hook's name without `rlkit_`: `target_updates`."""
    hook: str
    contract: type
    """The Protocol that a component of this kind satisfies."""
    doc: str
    """The hook spec's docstring."""
    distribution: str
    """The package that defines the kind."""


class KindError(PluginError):
    """A hook spec that defines no kind; the message says what is expected."""


def snake_case(name: str) -> str:
    """`TargetUpdate` to `target_update`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def kind_of(spec: Callable[..., Any], distribution: str) -> Kind:
    """The kind that a hook spec defines.

    Raises:
        KindError: if the name lacks `rlkit_`, or the return annotation is not `Mapping[str, type[Contract]]` with
            a Protocol that can be resolved when the program runs.
    """
    hook = spec.__name__
    expected = "expected `-> Mapping[str, type[Contract]]`, Contract being a typing.Protocol"
    if not hook.startswith(HOOK_PREFIX):
        raise KindError(f"hook spec {hook!r}: its name must begin with {HOOK_PREFIX!r}")
    try:
        annotation = typing.get_type_hints(spec).get("return")
    except NameError as error:
        raise KindError(
            f"hook spec {hook!r}: {error}; import what its return annotation names outside `if TYPE_CHECKING:`"
        ) from error
    contract = _contract(annotation)
    if contract is None:
        found = "no return annotation" if annotation is None else f"the return annotation {annotation}"
        raise KindError(f"hook spec {hook!r}: found {found}; {expected}")
    plural = hook.removeprefix(HOOK_PREFIX)
    doc = inspect.cleandoc(spec.__doc__ or contract.__doc__ or "")
    return Kind(snake_case(contract.__name__), plural, hook, contract, doc, distribution)


def _contract(annotation: Any) -> type | None:
    """`Contract` out of `Mapping[str, type[Contract]]`, or None."""
    match typing.get_args(annotation):
        case (key, value) if key is str and typing.get_origin(value) is type:
            (contract,) = typing.get_args(value)
            return contract if getattr(contract, "_is_protocol", False) else None
    return None


def kinds_in(annotation: Any, kinds: Mapping[str, Kind]) -> tuple[Kind, ...]:
    """The kinds whose contracts stand within a resolved annotation, in order, each once.

    `Network`, `tuple[Stop, ...]`, `float | Schedule` and `Schedule | None` hold one each, `int` none.
    """
    contracts = {kind.contract: kind for kind in kinds.values()}
    return tuple(dict.fromkeys(contracts[part] for part in leaves(annotation) if part in contracts))


def leaves(annotation: Any) -> Iterable[type]:
    """The classes that a resolved annotation is made of: `tuple[Stop, ...] | None` of Stop and NoneType."""
    if isinstance(annotation, type) and not typing.get_args(annotation):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from leaves(argument)
