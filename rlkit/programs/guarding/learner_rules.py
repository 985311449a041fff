"""What a learner and a selection return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from rlkit.contracts.buffer import Added, Storage, Stored, Surprise
from rlkit.contracts.data import Act, Call, Learned, Progress, Sample, Seen
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.contracts.tensor import Nest
from rlkit.programs.guarding.expected import Misfit, misfit, refusal, scalars_misfit
from rlkit.programs.guarding.guard import Rule
from rlkit.replay.columns import action_column


def report_of(progress: Progress) -> Any:
    """What any part's `report` returns."""
    return scalars_misfit


def nothing(*_: Any, **__: Any) -> None:
    """What a method returns that only assigns."""


def learner_rules(spaces: Spaces) -> dict[str, Rule]:
    """Of a working agent in these spaces."""
    shape, dtype = action_column(spaces)

    def actions(rows: int, found: Any) -> Any:
        """float32 serves for float64 bounds, and the other way round."""
        given = getattr(found, "dtype", None)
        both_float = not isinstance(spaces.action, Discrete) and getattr(given, "is_floating", False)
        return tf.TensorSpec((rows, *shape), given if both_float and tf.as_dtype(dtype).is_floating else dtype)

    def act(seen: Seen, memory: Nest, call: Call, explore: bool) -> Any:
        rows = seen.observation.shape[0]

        def extras(found: Any) -> Misfit | None:
            if not isinstance(found, Mapping):
                return refusal(found, "a dict of tensors with a row for each environment", "extras")
            fits = (_rows_misfit(rows, value, f"extras[{name!r}]") for name, value in found.items())
            return next((wrong for wrong in fits if wrong), None)

        return Act(
            lambda found: misfit(actions(rows, found), found, "action"),
            lambda found: _memory_misfit(memory, found),
            extras,  # type: ignore[arg-type]
        )

    def initial_memory(environments: int) -> Any:
        def leaves(found: Any) -> Misfit | None:
            fits = (_rows_misfit(environments, leaf, "a leaf") for leaf in tf.nest.flatten(found))
            return next((wrong for wrong in fits if wrong), None)

        return leaves

    def learn(sample: Sample, call: Call) -> Any:
        rows = sample.weight.shape[0]
        metrics: Any = lambda found: scalars_misfit(found, "metrics", ("loss",), "float32")  # noqa: E731
        return Learned(metrics, tf.TensorSpec((rows,), tf.float32))

    def tries(seen: Seen, call: Call) -> Any:
        rows = seen.observation.shape[0]

        def pair(found: Any) -> Misfit | None:
            if found is None:
                return None
            where = tf.TensorSpec((rows,), tf.bool)
            return misfit((where, lambda action: misfit(actions(rows, action), action, "[1]")), found)

        return pair

    return {
        "initial_memory": Rule(initial_memory),
        "act": Rule(act),
        "learn": Rule(learn),
        "begin": Rule(nothing),
        "tries": Rule(tries),
        "report": Rule(report_of),
    }


def selection_rules(storage: Storage, *, by_mass: bool) -> dict[str, Rule]:
    """Of a buffer at work on such a ring, which may leave drawing to the core."""
    size = storage.sampling.size or storage.environments

    def slots(found: Any) -> Misfit | None:
        narrow = getattr(found, "dtype", None) == tf.int32
        return misfit(tf.TensorSpec((size,), tf.int32 if narrow else tf.int64), found, "slots")

    def select(stored: Stored, call: Call) -> Any:
        return slots, lambda found: misfit(tf.TensorSpec((size,), tf.float32), found, "weight")

    def added(added: Added, call: Call) -> Any:
        return tf.TensorSpec(added.slots.shape, tf.float32) if by_mass else None

    def update(surprise: Surprise, call: Call) -> Any:
        return tf.TensorSpec((size,), tf.float32) if by_mass else None

    return {"added": Rule(added), "select": Rule(select), "update": Rule(update), "report": Rule(report_of)}


def _rows_misfit(rows: int, found: Any, what: str) -> Misfit | None:
    shape = getattr(found, "shape", None)
    if shape is not None and len(shape) > 0 and shape[0] in (rows, None):
        return None
    return refusal(found, f"a tensor of shape ({rows}, …)", what)


def _memory_misfit(before: Nest, found: Nest) -> Misfit | None:
    try:
        tf.nest.assert_same_structure(before, found)
    except (TypeError, ValueError):
        return refusal(found, "the structure of initial_memory's", "memory")
    pairs = zip(tf.nest.flatten(before), tf.nest.flatten(found), strict=True)
    fits = (misfit(tf.TensorSpec(old.shape, old.dtype), new, "memory") for old, new in pairs)
    return next((wrong for wrong in fits if wrong), None)
