"""`Learner.due` without its learner: what it does to its arguments, recorded once and done again in NumPy.

`due` is written with operators alone. Called with stand-ins for its arguments it tells, operator by operator, what
it would do with numbers. That is kept as plain data: nested lists of a table's names, arguments and constants.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from rlkit.contracts.data import Progress

Tree = list[Any]
"""`["input", place]`, `["constant", value]` or `[operator, tree, …]`."""
_INPUTS = ("step", "episode", "update", "episode_step", "stored")
_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "pow": operator.pow,
    "and": operator.and_,
    "or": operator.or_,
    "xor": operator.xor,
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
}
_REFLECTED = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor")
_UNARY: dict[str, Callable[[Any], Any]] = {
    "neg": operator.neg,
    "pos": operator.pos,
    "abs": operator.abs,
    "invert": operator.invert,
}


class NoExpression(ValueError):
    """A `due` that does more than apply operators; the text says what, in a few words."""


class _StandIn:
    """An argument, or what operators made of arguments."""

    __array_ufunc__ = None  # NumPy's numbers on the left leave the operator to this class
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def __bool__(self) -> bool:
        raise NoExpression("it branches on a value")


def _define() -> None:
    def binary(name: str) -> Callable[[_StandIn, Any], _StandIn]:
        return lambda self, other: _StandIn([name, self.tree, _tree(other)])

    def reflected(name: str) -> Callable[[_StandIn, Any], _StandIn]:
        return lambda self, other: _StandIn([name, _tree(other), self.tree])

    def unary(name: str) -> Callable[[_StandIn], _StandIn]:
        return lambda self: _StandIn([name, self.tree])

    for name in _BINARY:
        setattr(_StandIn, f"__{name}__", binary(name))
    for name in _REFLECTED:
        setattr(_StandIn, f"__r{name}__", reflected(name))
    for name in _UNARY:
        setattr(_StandIn, f"__{name}__", unary(name))


_define()


def _tree(value: Any) -> Tree:
    if isinstance(value, _StandIn):
        return value.tree
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (bool, int, float)):
        return ["constant", value]
    raise NoExpression(f"it uses a {type(value).__name__}")


def recorded(due: Callable[..., Any], environments: int) -> Tree:
    """What `due` does.

    Raises:
        NoExpression: something else than to apply operators to its arguments and to numbers.
    """
    step, episode, update, episode_step, stored = (_StandIn(["input", place]) for place in range(len(_INPUTS)))
    try:
        tree = _tree(due(Progress(step, episode, update), episode_step, stored))
        if not _same(due, replay(tree), environments):
            raise NoExpression("its operators alone give another result")
    except NoExpression:
        raise
    except Exception as error:  # whatever a library says of an argument that it does not know
        raise NoExpression(f"it raises {type(error).__name__} when it is tried out") from error
    return tree


def _same(due: Callable[..., Any], replayed: Callable[..., Any], environments: int) -> bool:
    for arguments in _examples(environments):
        expected, found = np.asarray(due(*arguments)), np.asarray(replayed(*arguments))
        if found.dtype != expected.dtype or not np.array_equal(found, expected):
            return False
    return True


def replay(tree: Tree) -> Callable[..., Any]:
    """A function of the same arguments as `Learner.due` that does what was recorded.

    Raises:
        ValueError: for anything but a tree of known operators.
    """
    compiled = _compiled(tree)

    def due(progress: Any, episode_step: Any, stored: Any) -> Any:
        return compiled((*progress, episode_step, stored))

    return due


def _compiled(tree: Tree) -> Callable[[tuple[Any, ...]], Any]:
    match tree:
        case ["input", int(place)] if 0 <= place < len(_INPUTS):
            return operator.itemgetter(place)
        case ["constant", bool() | int() | float() as value]:
            return lambda _: value
        case [str(name), operand] if name in _UNARY:
            return _unary(_UNARY[name], _compiled(operand))
        case [str(name), left, ["constant", bool() | int() | float() as value]] if name in _BINARY:
            return _with_constant(_BINARY[name], _compiled(left), value)
        case [str(name), left, right] if name in _BINARY:
            return _binary(_BINARY[name], _compiled(left), _compiled(right))
    raise ValueError("no tree of operators")


def _unary(apply: Callable[[Any], Any], operand: Callable[[Any], Any]) -> Callable[[tuple[Any, ...]], Any]:
    return lambda values: apply(operand(values))


def _with_constant(
    apply: Callable[[Any, Any], Any], left: Callable[[Any], Any], value: float
) -> Callable[[tuple[Any, ...]], Any]:
    return lambda values: apply(left(values), value)


def _binary(
    apply: Callable[[Any, Any], Any], left: Callable[[Any], Any], right: Callable[[Any], Any]
) -> Callable[[tuple[Any, ...]], Any]:
    return lambda values: apply(left(values), right(values))


def _examples(environments: int) -> list[tuple[Progress, Any, int]]:
    """Arguments as the loop gives them, on both sides of numbers at which rules tend to switch."""
    rng = np.random.default_rng(0)
    examples = []
    for most in (1, 10, 100, 1_000, 10_000, 1_000_000):
        for _ in range(16):
            step, episode, update, stored = (int(value) for value in rng.integers(0, most, 4))
            episode_step = rng.integers(0, most, environments)
            examples.append((Progress(step, episode, update), episode_step, stored))
    return examples
