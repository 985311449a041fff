"""What a schedule says, from the first step to the hundred-millionth, and what it changes with."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import tensorflow as tf

from rlkit.contracts.component import ParameterInfo
from rlkit.contracts.data import Progress
from rlkit.contracts.schedule import Schedule
from rlkit.contracts.tensor import Tensor
from rlkit.maths.value_of import value_of
from rlkit.programs.schedule_error import ScheduleError
from rlkit.programs.tracing import trace

_DENSE = 2000
"""Counts from 0 on of which each is looked at."""
_COUNTS = (*(factor * 10**power for power in range(8) for factor in (1, 2, 5)), 10**8)
"""Looked at beyond those."""


def traced_value(schedule: Schedule) -> Any:
    """Its value as a concrete TensorFlow function of the fields of a `Progress`."""

    def value(**progress: Tensor) -> Tensor:
        return tf.convert_to_tensor(value_of(schedule, Progress(**progress)))

    return trace(value, {clock: tf.TensorSpec((), tf.int64, name=clock) for clock in Progress._fields})


def check_clock(value: Any, path: str) -> None:
    """Raise ScheduleError if it changes with anything else than updates."""
    others = [f"progress.{clock}" for clock in _read(value) if clock != "update"]
    if others:
        raise ScheduleError(
            path, f"its value changes with {' and '.join(others)}; an optimizer counts updates, and nothing else"
        )


def check_values(value: Any, info: ParameterInfo, path: str, total: int | None) -> None:
    """Raise ScheduleError for the first value that is out of range, or is no float32 scalar.

    Args:
        value: by `traced_value`.
        info: of the parameter that the schedule stands for.
        path: of the schedule, for messages.
        total: steps that the run may take, None if nobody knows; more are not counted, unless updates are.
    """
    read = _read(value)
    clock = read[0] if read else "step"
    last = math.inf if total is None or read == ["update"] else total
    (output,) = value.outputs
    if output.dtype != tf.float32 or output.shape.rank != 0:
        kind = f"{output.dtype.name} of the shape {output.shape}"
        raise ScheduleError(path, f"its value is {kind}; it must be a float32 scalar")
    counts = sorted({*range(_DENSE), *_COUNTS, total or 0} if read else {0})
    for count, number in _values(value, [count for count in counts if count <= last], total or 0):
        if info.problem(number) is not None:
            allowed = info.allowed() if math.isfinite(number) else "a finite number"
            raise ScheduleError(path, f"its value at {clock} {count} is {number:.7g}; allowed: {allowed}")


def _values(value: Any, counts: list[int], total: int) -> Iterator[tuple[int, float]]:
    """The value at each count of all clocks alike."""

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def all_of_them(rows: Tensor) -> Tensor:
        def at(count: Tensor) -> Tensor:
            now = (count, count, count, tf.constant(total, tf.int64))
            return value(**dict(zip(Progress._fields, now, strict=True)))

        return tf.map_fn(at, rows, fn_output_signature=tf.float32)

    rows = tf.constant(counts, tf.int64)
    # Traced by hand: TensorFlow warns of a function that it traces anew at every call, and each schedule is one.
    yield from zip(counts, all_of_them.get_concrete_function(rows)(rows).numpy().tolist(), strict=True)


def _read(value: Any) -> list[str]:
    """The fields of `Progress` from which the value follows."""
    pending, found = [output.op for output in value.outputs], set[str]()
    while pending:
        operation = pending.pop()
        if operation.name not in found:
            found.add(operation.name)
            pending += [*(tensor.op for tensor in operation.inputs), *operation.control_inputs]
    return [clock for clock in Progress._fields if clock in found]
