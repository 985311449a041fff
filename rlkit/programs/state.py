"""What a working part remembers: its variables, found by walking its attributes, and audited against its graph code."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.tensor import Variable
from rlkit.programs.verifying.made import made_at
from rlkit.programs.verifying.places import Place, author_place

_LEAVES = (str, bytes, int, float, complex, bool, type(None), type, np.ndarray, np.generic, types.ModuleType)
_NUMBERS = (bool, int, float, complex, np.ndarray, np.generic)
_KERAS_GENERATOR = "seed_generator_state"
_CODE = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)


class UnreachableStateError(ValueError):
    """Graph code uses a variable that no attribute of its working part leads to."""


def variables_of(part: object, name: str) -> dict[str, Variable]:
    """The `tf.Variable`s reachable from a working part, by their path of attributes (`learner.online.0.kernel`).

    Names do not depend on what else was built in the process: Keras's own (`dense_7`) do. Looks into attributes,
    dataclass fields, lists, tuples and dicts, Keras layers (seed states included), Keras optimisers and the schedules
    of their learning rates; not into closures or globals.
    """
    found: dict[str, Variable] = {}
    known: set[int] = set()

    def add(path: str, variable: Variable) -> None:
        variable = variable.value if isinstance(variable, keras.Variable) else variable
        if id(variable) not in known:
            known.add(id(variable))
            unique, copies = path, 2
            while unique in found:
                unique, copies = f"{path}_{copies}", copies + 1
            found[unique] = variable

    for path, value in _walk(part, name):
        if isinstance(value, (tf.Variable, keras.Variable)):
            add(path, value)
        elif isinstance(value, keras.Layer):
            for index, variable in enumerate(value.variables):
                add(f"{path}.{index}.{variable.name}", variable)
        elif isinstance(value, keras.optimizers.Optimizer):
            for index, variable in enumerate(value.variables):
                add(f"{path}.{index}.{variable.name.rpartition('_')[2]}", variable)
    return found


def layers_of(part: object) -> list[Any]:
    """The Keras layers reachable from a working part, inner ones included, in the order of its attributes."""
    found: dict[int, Any] = {}
    for _, value in _walk(part, ""):
        if isinstance(value, keras.Layer):
            for layer in value._flatten_layers(include_self=True, recursive=True):
                found.setdefault(id(layer), layer)
    return list(found.values())


def parts_of(part: object, name: str) -> list[tuple[str, object]]:
    """Every object of a plugin's own class reachable from a working part, with its path, itself first."""
    return [(path, value) for path, value in _walk(part, name) if not _opaque(value) and hasattr(value, "__dict__")]


def constants_of(part: object, name: str) -> dict[str, npt.NDArray[Any]]:
    """Numbers, arrays and tensors that a working part holds beside its variables, by their path of attributes.

    Of Keras layers their own arrays and tensors.
    """
    found: dict[str, npt.NDArray[Any]] = {}
    for path, value in _walk(part, name):
        held = [item for item in _children(path, value) if isinstance(item[1], (*_NUMBERS, tf.Tensor))]
        if isinstance(value, keras.Layer):
            for index, layer in enumerate(value._flatten_layers(include_self=True, recursive=True)):
                own = [item for item in vars(layer).items() if isinstance(item[1], (float, np.ndarray, tf.Tensor))]
                held += [(f"{path}.{index}.{key}", item) for key, item in own]
        # A symbolic tensor has no value.
        found |= {
            key: np.asarray(item) for key, item in held if not isinstance(item, tf.Tensor) or hasattr(item, "numpy")
        }
    return found


def audit(name: str, traced: Any, reachable: Mapping[str, Variable]) -> None:
    """Refuse a function that uses a variable which is not among the reachable ones.

    Args:
        name: of the function, for the message.
        traced: a concrete TensorFlow function.
        reachable: by name.

    Raises:
        UnreachableStateError: it names the variable, where it was made, and what uses it.
    """
    known = {id(variable) for variable in reachable.values()}
    for variable in traced.graph.variables:
        if id(variable) not in known:
            made, user = made_at(variable), _user(traced.graph, variable)
            what = f"{variable.dtype.name}{tuple(variable.shape)}"
            by = "" if made is None else f", made by {made}"
            remedy = "Keep it as an attribute of the component's working part (not in a global or a closure)."
            if _KERAS_GENERATOR in variable.name:
                remedy = "It is the state of one of Keras's generators: draw from call.noise instead."
            raise UnreachableStateError(
                f"{name}: {user or 'it'} uses the variable {variable.name!r} {what}{by}, to which no attribute leads: "
                f"it would be neither saved nor restored. {remedy}"
            )


def _user(graph: Any, variable: Variable) -> Place | None:
    """The author's line that first uses a variable."""
    for outer, inner in graph.captures:
        if outer is variable.handle:
            places = [author_place(operation.traceback) for operation in inner.consumers()]
            return next((place for place in places if place is not None), None)
    return None


def _walk(root: object, name: str) -> Iterable[tuple[str, object]]:
    seen: set[int] = set()
    pending: list[tuple[str, object]] = [(name, root)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, _LEAVES + _CODE) or id(value) in seen:
            continue
        seen.add(id(value))
        yield path, value
        pending.extend(reversed(_children(path, value)))


def _children(path: str, value: object) -> list[tuple[str, object]]:
    if isinstance(value, Mapping):
        return [(f"{path}.{key}", item) for key, item in value.items()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [(f"{path}.{index}", item) for index, item in enumerate(value)]
    if isinstance(value, keras.optimizers.Optimizer):
        rate = getattr(value, "_learning_rate", None)  # the schedule itself; `learning_rate` is what it says
        return [] if isinstance(rate, keras.Variable) else [(f"{path}.learning_rate", rate)]
    if _opaque(value):
        return []
    return [(f"{path}.{key}", item) for key, item in getattr(value, "__dict__", {}).items()]


def _opaque(value: object) -> bool:
    """Whether a value's own attributes are another library's business."""
    if isinstance(value, (tf.Variable, keras.Variable, keras.optimizers.Optimizer, tf.Tensor)):
        return True
    return isinstance(value, keras.Layer) or type(value).__module__.partition(".")[0] in ("tensorflow", "keras")
