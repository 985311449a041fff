"""The suite of heads."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import tensorflow as tf

from rlkit import Call, Tensor, apply
from rlkit.testing import GraphFunction, GraphSuite, Program, program_of, with_call
from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.contracts.head import Head, Rows
from rlkit_dqn.losses.squared_error import SquaredError

_ROWS, _ACTIONS, _FEATURES = 6, 3, 5


class HeadSuite(GraphSuite):
    """`component = ValueHead()`."""

    contract = Head

    def program(self) -> Program:
        """See `GraphSuite`. `losses` takes a small step down its gradient, as learning does."""
        part = self._part(_ACTIONS)
        examples = {"action": lambda spec, rng: rng.integers(0, _ACTIONS, _ROWS).astype(np.int32)}
        return program_of(part, (self._values(part, _ROWS), self._losses(part, step=0.01)), examples)

    def test_it_makes_action_values_of_features(self) -> None:
        """`values` are (B, n) float32, for one row and several, few actions and many."""
        for rows, actions in ((1, 2), (_ROWS, 1), (32, 18)):
            part = self._part(actions)
            values = self.called(self._values(part, rows), part)
            features = np.random.default_rng(0).normal(size=(rows, _FEATURES)).astype(np.float32)
            found = values(features=features)["values"]
            self.demand_array(found, "float32", (rows, actions), "action values", "values")

    def test_its_layers_are_made_by_build(self) -> None:
        """Their variables too; others in every build."""
        first, second = self._part(_ACTIONS).last, self._part(_ACTIONS).last
        before = len(first.variables)
        part = SimpleNamespace(last=first)
        self.called(self._values(part, _ROWS), part)
        after = len(first.variables)
        self.demand(
            before == after, "all variables created by build", f"{before} then and {after} after a call", "build"
        )
        shared = {id(one) for one in first.variables} & {id(other) for other in second.variables}
        self.demand(not shared, "layers of its own in every build", "the same variables in two", "build")

    def test_its_losses_have_a_gradient_by_its_own_outputs_alone(self) -> None:
        """(B,) float32 losses and TD errors; no gradient flows into the target."""
        learned = self._learn()
        self.demand_array(learned["losses"], "float32", (_ROWS,), "losses", "losses")
        self.demand_array(learned["td_error"], "float32", (_ROWS,), "TD errors", "losses")
        self.demand_array(learned["slope"], "float32", learned["slope"].shape, "gradient by the features", "losses")
        self.demand(learned["slope"].any(), "a gradient by the outputs", "none", "losses")
        asks = "a target without gradient (tf.stop_gradient)"
        self.demand(not learned["next_slope"].any(), asks, "one by the next outputs", "losses")

    def test_nothing_follows_where_the_discount_is_zero(self) -> None:
        """A row that ended in termination does not depend on the next observation."""
        one, other = self._learn(discount=0.0), self._learn(discount=0.0, following=5.0)
        asks = "losses that do not depend on the next outputs where the discount is 0"
        same = np.allclose(one["losses"], other["losses"], rtol=1e-5, atol=1e-6)
        self.demand(same, asks, f"{one['losses']} and {other['losses']}", "losses")

    def test_bonuses_count_as_reward_and_as_what_follows(self) -> None:
        """Of a backup: `bonus` as if the reward were greater, `next_bonus` as if the next values were."""
        for name, change in (("bonus", {"reward": 1.0}), ("next_bonus", {"reward": 0.9})):
            with_bonus, with_reward = self._learn(**{name: 1.0}), self._learn(**change)
            same = np.allclose(with_bonus["td_error"], with_reward["td_error"], rtol=1e-3, atol=1e-4)
            asks = f"a TD error in which Backup.{name} counts"
            self.demand(same, asks, f"{with_bonus['td_error']}, not {with_reward['td_error']}", "losses")

    def _part(self, actions: int) -> SimpleNamespace:
        return SimpleNamespace(last=self.component.build(tf.TensorSpec((_FEATURES,), tf.float32), actions))

    def _learn(
        self,
        *,
        discount: float = 0.9,
        following: float = 1.0,
        reward: float = 0.0,
        bonus: float = 0.0,
        next_bonus: float = 0.0,
    ) -> dict[str, Any]:
        """The outputs of `losses` for fixed inputs; the next features are multiplied by `following`."""
        part, rng = self._part(_ACTIONS), np.random.default_rng(0)
        for place, variable in enumerate(part.last.trainable_variables):
            drawn = np.random.default_rng(place).normal(size=variable.shape)
            variable.assign((0.3 * drawn).astype(np.float32))
        features, next_features = rng.normal(size=(2, _ROWS, _FEATURES)).astype(np.float32)
        learned: dict[str, Any] = self.called(self._losses(part), part)(
            features=features,
            action=np.arange(_ROWS, dtype=np.int32) % _ACTIONS,
            reward=np.float32(reward) + rng.normal(size=_ROWS).astype(np.float32),
            discount=np.full(_ROWS, discount, np.float32),
            next_features=np.float32(following) * next_features,
            bonus=np.full(_ROWS, bonus, np.float32),
            next_bonus=np.full((_ROWS, _ACTIONS), next_bonus, np.float32),
        )
        return learned

    def _values(self, part: SimpleNamespace, rows: int) -> GraphFunction:
        def values(call: Call, features: Tensor) -> dict[str, Tensor]:
            return {"values": self.component.values(apply(part.last, features, call.noise)[0])}

        return with_call("values", values, (_floats("features", rows, _FEATURES),))

    def _losses(self, part: SimpleNamespace, *, step: float = 0.0) -> GraphFunction:
        def losses(
            call: Call, features: Tensor, next_features: Tensor, bonus: Tensor, next_bonus: Tensor, **rows: Tensor
        ) -> dict[str, Tensor]:
            weights = part.last.trainable_variables
            with tf.GradientTape() as tape:
                tape.watch((features, next_features))
                out, next_out = (apply(part.last, given, call.noise)[0] for given in (features, next_features))
                policy = tf.fill((_ROWS, _ACTIONS), 1.0 / _ACTIONS)
                given = Rows(out=out, next_out=next_out, backup=Backup(policy, bonus, next_bonus), loss=_LOSS, **rows)
                cost, td_error = self.component.losses(given, call)
            by = [features, next_features, *(weight.value for weight in weights)]
            slopes = tape.gradient(cost, by, unconnected_gradients=tf.UnconnectedGradients.ZERO)
            for weight, slope in zip(weights, slopes[2:], strict=True):
                weight.assign(weight - step * slope)
            return {"losses": cost, "td_error": td_error, "slope": slopes[0], "next_slope": slopes[1]}

        specs = (
            _floats("features", _ROWS, _FEATURES),
            tf.TensorSpec((_ROWS,), tf.int32, name="action"),
            _floats("reward", _ROWS),
            _floats("discount", _ROWS),
            _floats("next_features", _ROWS, _FEATURES),
            _floats("bonus", _ROWS),
            _floats("next_bonus", _ROWS, _ACTIONS),
        )
        return with_call("losses", losses, specs)


_LOSS = SquaredError()


def _floats(name: str, *shape: int) -> Any:
    return tf.TensorSpec(shape, tf.float32, name=name)
