"""The suite of bonuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit import Array, Call, Discrete, Sample, Seen, Spaces, Step, Tensor, TensorSpec
from rlkit.testing import GraphFunction, GraphSuite, Program, program_of, with_call
from rlkit.testing.verdict import demand, shown
from rlkit_dqn.contracts.bonus import Bonus

_ROWS, _LENGTH, _WIDTH, _ACTIONS = 6, 3, 4, 2
_OBSERVATION = Array((_WIDTH,), "float32")


class BonusSuite(GraphSuite):
    """`component = HashCounts(scale=0.1)`."""

    contract = Bonus

    def program(self) -> Program:
        """See `GraphSuite`. All its methods."""
        part = self._build()
        examples = {"valid": lambda spec, rng: _cut(tuple(spec.shape))}
        return program_of(part, functions_of(part), examples)

    def test_it_rewards_each_step(self) -> None:
        """(B, T) float32, finite: single steps and rows of several, some cut short; before and after it was told."""
        part = self._build()
        for rows, length in ((1, 1), (_ROWS, _LENGTH)):
            functions = {made.name: self.called(made, part) for made in functions_of(part, rows, length)}
            for turn in range(4):
                found = functions["value"](turn, **_given(turn, rows, length))["value"]
                self.demand_array(found, "float32", (rows, length), "bonuses", "value")
                for name in functions.keys() - {"value"}:
                    functions[name](turn, **_given(turn, rows, length, only=name))

    def test_valuing_changes_nothing(self) -> None:
        """`value` assigns no variable: it is asked about the same steps again and again."""
        part = self._build()
        made = functions_of(part, _ROWS, _LENGTH)[0]
        value, variables = self.called(made, part), program_of(part, (made,)).variables
        before = {name: variable.numpy() for name, variable in variables.items()}
        first, again = (value(0, **_given(0, _ROWS, _LENGTH))["value"] for _ in range(2))
        self.demand(np.array_equal(first, again), "the same bonus when asked twice", f"{first}, then {again}", "value")
        changed = [name for name, variable in variables.items() if not np.array_equal(before[name], variable.numpy())]
        self.demand(not changed, "no assignment in value", f"that it changes {', '.join(changed)}", "value")

    def test_a_bonus_is_of_what_is_in_the_step(self) -> None:
        """The same steps in another order have the same bonuses, whatever stands where no step is valid.

        Not asked of a bonus with noise.
        """
        part = self._build()
        all_made = functions_of(part, _ROWS, _LENGTH)
        if all_made[0].noise.floats:
            return
        functions = {made.name: self.called(made, part) for made in all_made}
        for name in functions.keys() - {"value"}:
            functions[name](1, **_given(1, _ROWS, _LENGTH, only=name))
        given = _given(0, _ROWS, _LENGTH)
        paid, valid = functions["value"](0, **given)["value"], given["valid"]
        self.demand_array(paid, "float32", (_ROWS, _LENGTH), "bonuses", "value")
        order = np.random.default_rng(2).permutation(_ROWS)
        moved = functions["value"](0, **{name: value[order] for name, value in given.items()})["value"]
        others = moved[np.argsort(order)]
        same = np.allclose(paid[valid], others[valid], rtol=1e-3, atol=1e-5)
        row = int(np.abs(np.where(valid, paid - others, 0.0)).max(axis=1).argmax())
        found = f"{paid[row].tolist()} for a row, and {others[row].tolist()} where it stands elsewhere"
        self.demand(same, "a bonus that does not depend on where a row stands in its sample", found, "value")
        columns = {
            name: np.where(valid.reshape(valid.shape + (1,) * (value.ndim - 2)), value, -value)
            for name, value in given.items()
            if value.dtype != bool
        }
        same = np.allclose(paid[valid], functions["value"](0, **given | columns)["value"][valid], rtol=1e-3, atol=1e-5)
        found = "another bonus of a valid step where what is not valid is another"
        self.demand(same, "a bonus that does not depend on steps that are not valid", found, "value")

    def _build(self) -> Bonus:
        part: Bonus = self.working(Spaces(_OBSERVATION, Discrete(_ACTIONS), _ROWS))
        return part


def functions_of(part: Any, rows: int = _ROWS, length: int = _LENGTH) -> tuple[GraphFunction, ...]:
    """`value` with an output of this name; `learn` and `seen`, of those that there are, with one that means nothing."""

    def value(call: Call, **given: Tensor) -> dict[str, Tensor]:
        return {"value": part.value(_sample(**given), call)}

    def learn(call: Call, **given: Tensor) -> dict[str, Tensor]:
        return _heard(part, "learn", part.learn(_sample(**given), call))

    def seen(call: Call, seen_observation: Tensor) -> dict[str, Tensor]:
        no, zero = tf.zeros((rows,), tf.bool), tf.zeros((rows,))
        allowed = tf.constant(True, shape=(rows, _ACTIONS))
        return _heard(
            part, "seen", part.seen(Seen(seen_observation, no, tf.zeros((rows,), tf.int32), zero, allowed, zero), call)
        )

    made = [with_call("value", value, _specs(rows, length))]
    if hasattr(part, "learn"):
        made.append(with_call("learn", learn, _specs(rows, length)))
    if hasattr(part, "seen"):
        made.append(with_call("seen", seen, (tf.TensorSpec((rows, _WIDTH), tf.float32, name="seen_observation"),)))
    return tuple(made)


def _specs(rows: int, length: int) -> tuple[TensorSpec, ...]:
    shape = (rows, length)
    return (
        tf.TensorSpec((*shape, _WIDTH), tf.float32, name="observation"),
        tf.TensorSpec((*shape, _WIDTH), tf.float32, name="next_observation"),
        tf.TensorSpec(shape, tf.float32, name="reward"),
        tf.TensorSpec(shape, tf.bool, name="terminated"),
        tf.TensorSpec(shape, tf.bool, name="valid"),
    )


def _sample(observation: Tensor, next_observation: Tensor, reward: Tensor, terminated: Tensor, valid: Tensor) -> Sample:
    rows, length = reward.shape
    no, allowed = tf.zeros((rows, length), tf.bool), tf.constant(True, shape=(rows, length, _ACTIONS))
    action = tf.zeros((rows, length), tf.int32)
    steps = Step(observation, action, reward, terminated, no, next_observation, {}, allowed, allowed)
    return Sample(steps, valid, tf.range(rows, dtype=tf.int64), tf.ones((rows,)))


def _heard(part: Any, method: str, answer: Any) -> dict[str, Tensor]:
    demand(answer is None, f"{type(part).__name__}.{method}", "assignments, and nothing returned", shown(answer))
    return {"heard": tf.constant(True)}


def _given(turn: int, rows: int, length: int, *, only: str = "value") -> dict[str, Any]:
    rng = np.random.default_rng(turn)
    if only == "seen":
        return {"seen_observation": rng.normal(size=(rows, _WIDTH)).astype(np.float32)}
    given: dict[str, Any] = {spec.name: rng.normal(size=tuple(spec.shape)) for spec in _specs(rows, length)}
    given |= {"terminated": given["terminated"] > 1.0, "valid": _cut((rows, length))}
    return {name: value if value.dtype == bool else value.astype(np.float32) for name, value in given.items()}


def _cut(shape: tuple[int, ...]) -> Any:
    """Rows that end early, each of one step at least."""
    return np.arange(shape[1]) <= np.arange(shape[0])[:, None] % shape[1]
