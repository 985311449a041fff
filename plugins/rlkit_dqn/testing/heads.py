"""The suite of heads."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.testing import GraphSuite, Program, program_of
from rlkit.testing.sharing import shared
from rlkit_dqn.contracts.head import Head
from rlkit_dqn.testing.head_functions import FEATURES, losses_function, values_function

_ROWS, _ACTIONS = 6, 3


class HeadSuite(GraphSuite):
    """`component = ValueHead()`."""

    contract = Head

    def program(self) -> Program:
        """See `GraphSuite`. `losses` takes a small step down its gradient, as learning does."""
        part = self._part(_ACTIONS)
        examples = {
            "action": lambda spec, rng: rng.integers(0, _ACTIONS, _ROWS).astype(np.int32),
            "policy": lambda spec, rng: _policy(rng),
        }
        functions = (values_function(part, _ROWS), losses_function(part, _ROWS, _ACTIONS, step=0.01))
        return program_of(part, functions, examples)

    def test_it_makes_action_values_of_features(self) -> None:
        """`values` are (B, n) float32, for one row and several, few actions and many; also where `noise` is None.
        Of a head with members `member_values` are (B, members, n) float32.

        All variables are created by `build`, not at the first call.
        """
        for rows, actions in ((1, 1), (32, 18)):
            part = self._part(actions)
            before = len(part.last.variables)
            features = np.random.default_rng(0).normal(size=(rows, FEATURES)).astype(np.float32)
            for noisy in (True, False):
                asks = "action values of features" if noisy else "action values where `noise` is None"
                with self.asking(asks, "values"):
                    valued = self.called(values_function(part, rows, noisy=noisy), part)(features=features)
                self.demand_array(valued["values"], "float32", (rows, actions), "action values", "values")
                if "members" in valued:
                    members = int(getattr(self.component, "members", 0))
                    shape = (rows, members, actions)
                    self.demand_array(valued["members"], "float32", shape, "values by member", "member_values")
            after = len(part.last.variables)
            found = f"{before} then and {after} after a call"
            self.demand(before == after, "all variables created by build", found, "build")

    def test_its_losses_have_a_gradient_by_its_own_outputs_alone(self) -> None:
        """(B,) float32 losses and TD errors; no gradient flows into the target, one into every trainable variable."""
        learned = self._learn()
        self.demand_array(learned["losses"], "float32", (_ROWS,), "losses", "losses")
        self.demand_array(learned["td_error"], "float32", (_ROWS,), "TD errors", "losses")
        self.demand_array(learned["slope"], "float32", (_ROWS, FEATURES), "gradient by the features", "losses")
        self.demand(learned["slope"].any(), "a gradient by the outputs", "none", "losses")
        asks = "a target without gradient (tf.stop_gradient)"
        self.demand(not learned["next_slope"].any(), asks, "one by the next outputs", "losses")
        self.demand(learned["reached"], "a gradient for every trainable variable", "one without", "losses")

    def test_nothing_follows_where_the_discount_is_zero(self) -> None:
        """A row that ended in termination does not depend on the next observation, nor on a bonus there."""
        one, other = self._learn(discount=0.0), self._learn(discount=0.0, following=5.0, next_bonus=3.0)
        asks = "losses that do not depend on the next outputs where the discount is 0"
        same = np.allclose(one["losses"], other["losses"], rtol=1e-5, atol=1e-6)
        self.demand(same, asks, f"{one['losses']} and {other['losses']}", "losses")

    def test_bonuses_count_as_reward_and_as_what_follows(self) -> None:
        """Of a backup: `bonus` as if the reward were greater, `next_bonus` as if the next values were."""
        for name, reward in (("bonus", 1.0), ("next_bonus", 0.9)):
            with_bonus, with_reward = self._learn(**{name: 1.0}), self._learn(reward=reward)
            for result in ("td_error", "losses"):
                same = np.allclose(with_bonus[result], with_reward[result], rtol=1e-3, atol=1e-4)
                asks = f"a {result} in which Backup.{name} counts"
                self.demand(same, asks, f"{with_bonus[result]}, not {with_reward[result]}", "losses")

    def _part(self, actions: int) -> SimpleNamespace:
        last = self.component.build(tf.TensorSpec((FEATURES,), tf.float32), actions)
        return SimpleNamespace(head=self.component, last=last)

    def _learn(
        self,
        *,
        discount: float = 0.9,
        following: float = 1.0,
        reward: float = 0.0,
        bonus: float = 0.0,
        next_bonus: float = 0.0,
    ) -> dict[str, Any]:
        """The outputs of `losses` for fixed weights and inputs; the next features are multiplied by `following`."""

        def make() -> tuple[SimpleNamespace, Any]:
            part = self._part(_ACTIONS)
            return part, self.called(losses_function(part, _ROWS, _ACTIONS), part)

        part, losses = shared(self, "losses", make)
        for place, variable in enumerate(part.last.trainable_variables):
            drawn = np.random.default_rng(place).normal(size=variable.shape)
            variable.assign((0.3 * drawn).astype(np.float32))
        rng = np.random.default_rng(0)
        features, next_features = rng.normal(size=(2, _ROWS, FEATURES)).astype(np.float32)
        learned: dict[str, Any] = losses(
            features=features,
            action=np.arange(_ROWS, dtype=np.int32) % _ACTIONS,
            reward=np.float32(reward) + rng.normal(size=_ROWS).astype(np.float32),
            discount=np.full(_ROWS, discount, np.float32),
            next_features=np.float32(following) * next_features,
            policy=_policy(rng),
            bonus=np.full(_ROWS, bonus, np.float32),
            next_bonus=np.full((_ROWS, _ACTIONS), next_bonus, np.float32),
        )
        return learned


def _policy(rng: np.random.Generator) -> npt.NDArray[Any]:
    """Of a bootstrap: one action, some of them, all of them."""
    shares = rng.random((_ROWS, _ACTIONS)) * (rng.random((_ROWS, _ACTIONS)) < 0.6)
    shares[:, 0] += shares.sum(axis=1) == 0.0
    policy: npt.NDArray[Any] = (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
    return policy
