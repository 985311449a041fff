"""What is asked of a component, by its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import tensorflow as tf

from rlkit.contracts.agent import Learner
from rlkit.contracts.buffer import Selection, Storage
from rlkit.contracts.compiled_environment import Transition
from rlkit.contracts.data import Call, Seen, Step
from rlkit.contracts.returns import bounds_of, returns_of
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Tensor, Variable
from rlkit.faults.method import Method
from rlkit.programs.guarding.expected import Misfit, is_tensor, refusal
from rlkit.programs.guarding.guard import Rule, guard
from rlkit.programs.guarding.layers import checked_network, checked_optimizer
from rlkit.programs.guarding.learner_rules import learner_rules, nothing, report_of, selection_rules
from rlkit.programs.guarding.read_only import read_only
from rlkit.programs.ready import draws_by_mass

_OPTIONAL = {"report": Rule(report_of), "begin": Rule(nothing)}
"""Methods that any working part of a learner may have."""


def kind_rules(kind: str, contract: type) -> dict[str, Rule]:
    """The rules of a component of this kind; of one with `build`, of its working part too."""
    if kind in _BUILT:
        return {"build": _BUILT[kind]}
    bounds = bounds_of(contract)
    said = {name: Rule(returned, bounds=bounds.get(name)) for name, returned in returns_of(contract).items()}
    rules = {name: Rule() for name in _methods(contract)} | _OPTIONAL | said | _CORE.get(kind, {})
    if "build" not in rules:

        def working(build: Method, made: Any, *_: Any, **__: Any) -> Any:
            return _working(build, made, contract, rules)

        return rules | {"build": Rule(made=working)}
    return rules


def _working(build: Method, made: Any, contract: type, rules: Mapping[str, Rule]) -> Any:
    """What `build` returned, guarded."""
    if isinstance(made, type):
        raise build.refused(refusal(made, "an object of it").text)
    missing = [name for name in _methods(contract) if not callable(getattr(made, name, None))]
    if missing:
        raise build.refused(refusal(made, f"an object with the method {missing[0]}").text)
    return guard(made, build.part, rules)


def _learner(build: Method, made: Any, spaces: Spaces) -> Any:
    return _working(build, made, Learner, learner_rules(spaces))


def _selection(build: Method, made: Any, storage: Storage) -> Any:
    return _working(build, made, Selection, selection_rules(storage, by_mass=draws_by_mass(made)))


def _methods(contract: type) -> Iterator[str]:
    """Names of the methods that a contract declares."""
    for base in contract.__mro__:
        if base not in (Protocol, object):
            yield from (name for name, value in vars(base).items() if callable(value) and not name.startswith("_"))


def _select(values: Tensor, seen: Seen, call: Call) -> Any:
    return tf.TensorSpec(values.shape[:1], tf.int32)


def _probabilities(values: Tensor, seen: Seen, call: Call) -> Any:
    return tf.TensorSpec((*values.shape[:1], values.shape[-1]), tf.float32)


def _tries(seen: Seen, call: Call) -> Any:
    rows = seen.allowed.shape[:1]
    return tf.TensorSpec(rows, tf.bool), tf.TensorSpec(rows, tf.int32)


def _learned(td_error: Tensor, steps: Step, call: Call) -> None:
    return None


def _given_update(target: Sequence[Variable], online: Sequence[Variable], call: Call) -> tuple[Any, ...]:
    return target, read_only(online, "an online weight"), call


def _state(*_: Any) -> Any:
    def tensors(found: Any) -> Misfit | None:
        wrong = [leaf for leaf in tf.nest.flatten(found) if not (is_tensor(leaf) or isinstance(leaf, _CONVERTIBLE))]
        return refusal(wrong[0], "tensors in a nest of tuples and dicts") if wrong else None

    return tensors


def _step(*_: Any) -> Any:
    return Transition(*[lambda found: None] * 4)


_CONVERTIBLE = (bool, int, float)
_BUILT = {
    "agent": Rule(made=_learner),
    "buffer": Rule(made=_selection),
    "network": Rule(made=checked_network),
    "optimizer": Rule(made=checked_optimizer),
}
_CORE = {
    "exploration": {
        "select": Rule(_select),
        "probabilities": Rule(_probabilities),
        "tries": Rule(_tries),
        "learned": Rule(_learned),
    },
    "compiled_environment": {
        "reset": Rule(_state),
        "observe": Rule(_state),
        "allowed": Rule(_state),
        "step": Rule(_step),
    },
    "target_update": {"update": Rule(nothing, given=_given_update)},
}
