"""What one plugin's hook returned, checked: components that can be used, and what is wrong with the others."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rlkit.catalogue.faults import PluginError, shown
from rlkit.catalogue.kinds import Kind, snake_case
from rlkit.catalogue.parameters import read_parameters
from rlkit.catalogue.signatures import signature_problems

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ENVIRONMENT_ID = re.compile(r"(?:[A-Za-z][A-Za-z0-9_]*/)?[A-Za-z][A-Za-z0-9_]*(?:-v[0-9]+)?")
"""As Gymnasium writes them."""
_YAML_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""Names that YAML readers take for something else than text."""


class RegistrationError(PluginError):
    """A hook's result, or one component of it, that cannot be used."""


def registered(kind: Kind, returned: Any) -> Mapping[Any, Any]:
    """The mapping that a hook returned. Raises RegistrationError if it is none."""
    if not isinstance(returned, Mapping):
        raise RegistrationError(
            f"the hook {kind.hook} returned {shown(returned)}, expected a mapping from names to component classes, "
            f'such as {{"my_{kind.name}": My{kind.contract.__name__}}}'
        )
    return returned


def check_component(kind: Kind, name: Any, component: Any, kinds: Mapping[str, Kind]) -> None:
    """Raise RegistrationError, with all that keeps a component from being used under `name`."""
    problems = [*_name_problems(kind, name), *_class_problems(kind, component, kinds)]
    if problems:
        where = f" ({component.__module__}.{component.__qualname__})" if isinstance(component, type) else ""
        raise RegistrationError(f"{kind.name} {name!r}{where}: {'; '.join(problems)}")


def _name_problems(kind: Kind, name: Any) -> Iterator[str]:
    if not isinstance(name, str):
        yield f"its name is {shown(name)}, expected text"
    elif kind.name == "compiled_environment" and not _ENVIRONMENT_ID.fullmatch(name):
        yield "a name is an environment id, such as 'Task-v0' or 'namespace/Task-v0'"
    elif kind.name != "compiled_environment" and not _NAME.fullmatch(name):
        better = re.sub(r"[^a-z0-9]+", "_", snake_case(name)).strip("_")
        hint = f", such as '{better}'" if _NAME.fullmatch(better) else ""
        yield f"a name consists of lower-case letters, digits and underscores, and begins with a letter{hint}"
    elif name in _YAML_WORDS:
        yield f"YAML does not read '{name}' as text; choose another name"


def _class_problems(kind: Kind, component: Any, kinds: Mapping[str, Kind]) -> Iterator[str]:
    if not isinstance(component, type):
        hint = f"; return the class {type(component).__name__}" if dataclasses.is_dataclass(component) else ""
        yield f"found {shown(component)}, expected a class{hint}"
        return
    # A subclass that is not decorated inherits the marks of a dataclass but not its own fields.
    parameters = vars(component).get("__dataclass_params__")
    if parameters is None or not parameters.frozen:
        found = "a dataclass that is not frozen" if parameters else "a class that is no dataclass"
        yield f"found {found}, expected a frozen one: decorate it with @rlkit.component"
        return
    try:
        read_parameters(component, kinds)
    except Exception as error:  # an annotation is code of the plugin's author, and may raise anything
        yield str(error) if isinstance(error, TypeError) else f"{type(error).__name__}: {error}"
    yield from signature_problems(component, kind.contract)
