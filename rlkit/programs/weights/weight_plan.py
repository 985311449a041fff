"""From Keras layers to a plan of initial weights."""

from __future__ import annotations

from collections.abc import Mapping

from rlkit.contracts.tensor import Variable
from rlkit.programs.state import layers_of
from rlkit.programs.weights.initial_weights import KNOWN, SEED_STATE, InitialWeight


def weight_plan(part: object, reachable: Mapping[str, Variable]) -> list[InitialWeight]:
    """How each weight of the Keras layers within a working part begins.

    A layer's `kernel_initializer` says how its variable `kernel` begins, and so on for every attribute whose name
    ends in `_initializer`; the states of Keras's generators (of dropout, say) are drawn too. All other variables begin
    as their component made them.
    """
    names = {id(variable): name for name, variable in reachable.items()}
    plan = []
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
    states = [(name, variable) for name, variable in reachable.items() if name.endswith(".seed_generator_state")]
    return plan + [InitialWeight(name, tuple(variable.shape), SEED_STATE, {}) for name, variable in states]
