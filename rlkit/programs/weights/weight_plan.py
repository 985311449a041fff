"""From Keras layers to a plan of initial weights."""

from __future__ import annotations

from collections.abc import Mapping

from rlkit.contracts.tensor import Variable
from rlkit.programs.state import layers_of
from rlkit.programs.weights.initial_weights import KNOWN, InitialWeight


def weight_plan(part: object, reachable: Mapping[str, Variable]) -> tuple[list[InitialWeight], list[str]]:
    """How each weight of the Keras layers within a working part begins, and sentences on those left to Keras.

    A layer's `kernel_initializer` says how its variable `kernel` begins, and so on for every attribute whose name
    ends in `_initializer`. Variables outside Keras layers begin as their component made them.
    """
    names = {id(variable): name for name, variable in reachable.items()}
    plan, left = [], []
    for layer in layers_of(part):
        for attribute in sorted(dir(layer)):
            if not attribute.endswith("_initializer"):
                continue
            variable = getattr(layer, attribute.removesuffix("_initializer"), None)
            initializer = getattr(layer, attribute)
            name = names.get(id(getattr(variable, "value", None)))
            if variable is None or initializer is None or name is None:
                continue
            kind, module = type(initializer).__name__, type(initializer).__module__
            if kind in KNOWN and module.startswith("keras."):
                plan.append(InitialWeight(name, tuple(variable.shape), kind, initializer.get_config()))
            else:
                left.append(f"{name} begins as Keras draws it: initialiser {module}.{kind} is not known here")
    return plan, left
