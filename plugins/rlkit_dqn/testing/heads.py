"""The suite of heads."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.testing import GraphSuite, Program, program_of
from rlkit.testing.sharing import shared
from rlkit_dqn.contracts.head import Head, own_loss
from rlkit_dqn.losses.huber import Huber
from rlkit_dqn.losses.squared_error import SquaredError
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
            given = {"bonus": 1.0} if name == "bonus" else {"next_bonus": 1.0}
            with_bonus, with_reward = self._learn(**given), self._learn(reward=reward)  # type: ignore[arg-type]
            for result in ("td_error", "losses"):
                same = np.allclose(with_bonus[result], with_reward[result], rtol=1e-3, atol=1e-4)
                asks = f"a {result} in which Backup.{name} counts"
                self.demand(same, asks, f"{with_bonus[result]}, not {with_reward[result]}", "losses")

    def test_the_policy_decides_what_follows(self) -> None:
        """Of a backup: an action that the bootstrap's policy never takes counts for nothing, one that it takes does."""
        first, second = (np.eye(_ACTIONS, dtype=np.float32)[np.full(_ROWS, action)] for action in (0, 1))
        one, other = self._learn(policy=first), self._learn(policy=second)
        asks = "losses that depend on Backup.policy"
        self.demand(not np.allclose(one["losses"], other["losses"], atol=1e-5), asks, "the same by two", "losses")
        aside = self._learn(policy=first, next_bonus=5.0 * (1.0 - first))
        for result in ("td_error", "losses"):
            same = np.allclose(one[result], aside[result], rtol=1e-4, atol=1e-5)
            asks = f"a {result} to which actions that Backup.policy never takes add nothing"
            self.demand(same, asks, f"{aside[result]}, not {one[result]}", "losses")

    def test_each_row_costs_by_itself(self) -> None:
        """Losses and TD errors of a row do not depend on the other rows of the sample, nor values on the other rows'
        features where the layers give one tensor.
        """
        more = np.where(np.arange(_ROWS) == 0, 3.0, 0.0).astype(np.float32)
        one, other = self._learn(), self._learn(reward=more)
        for result in ("td_error", "losses"):
            same = np.allclose(one[result][1:], other[result][1:], rtol=1e-4, atol=1e-5)
            asks = f"a {result} that no other row's reward changes"
            self.demand(same, asks, f"{other[result][1:]}, not {one[result][1:]}", "losses")
        if not getattr(self.component, "one_tensor", False):
            return
        part = self._part(_ACTIONS)
        values = self.called(values_function(part, _ROWS, noisy=False), part)
        features = np.random.default_rng(0).normal(size=(_ROWS, FEATURES)).astype(np.float32)
        found = [values(features=rows)["values"][1:] for rows in (features, features + more[:, None])]
        asks = "values that no other row's features change"
        self.demand(
            np.allclose(found[0], found[1], rtol=1e-4, atol=1e-5), asks, f"{found[1]}, not {found[0]}", "values"
        )

    def test_the_loss_that_is_chosen_counts(self) -> None:
        """A head without a loss of its own (`own_loss`) costs TD errors by `Rows.loss`."""
        if own_loss(self.component):
            return
        part = self._part(_ACTIONS)
        by_loss = []
        for loss in (SquaredError(), Huber(threshold=0.01)):
            costs = self.called(losses_function(part, _ROWS, _ACTIONS, loss=loss), part)
            by_loss.append(costs(**_given())["losses"])
        asks = "losses by Rows.loss, or own_loss = True"
        self.demand(not np.allclose(by_loss[0], by_loss[1], rtol=1e-2), asks, "the same by two losses", "losses")

    def _part(self, actions: int) -> SimpleNamespace:
        last = self.component.build(tf.TensorSpec((FEATURES,), tf.float32), actions)
        return SimpleNamespace(head=self.component, last=last)

    def _learn(
        self,
        *,
        discount: float = 0.9,
        following: float = 1.0,
        reward: float | npt.NDArray[Any] = 0.0,
        bonus: float = 0.0,
        next_bonus: float | npt.NDArray[Any] = 0.0,
        policy: npt.NDArray[Any] | None = None,
    ) -> dict[str, Any]:
        """The outputs of `losses` for fixed weights and inputs; the next features are multiplied by `following`."""

        def make() -> tuple[SimpleNamespace, Any]:
            part = self._part(_ACTIONS)
            return part, self.called(losses_function(part, _ROWS, _ACTIONS), part)

        part, losses = shared(self, "losses", make)
        for place, variable in enumerate(part.last.trainable_variables):
            drawn = np.random.default_rng(place).normal(size=variable.shape)
            variable.assign((0.3 * drawn).astype(np.float32))
        given = _given()
        learned: dict[str, Any] = losses(
            **given
            | {
                "reward": given["reward"] + np.float32(reward),
                "discount": np.full(_ROWS, discount, np.float32),
                "next_features": np.float32(following) * given["next_features"],
                "policy": given["policy"] if policy is None else policy,
                "bonus": np.full(_ROWS, bonus, np.float32),
                "next_bonus": np.full((_ROWS, _ACTIONS), next_bonus, np.float32),
            }
        )
        return learned


def _given() -> dict[str, npt.NDArray[Any]]:
    """What `losses` takes, always the same."""
    rng = np.random.default_rng(0)
    features, next_features = rng.normal(size=(2, _ROWS, FEATURES)).astype(np.float32)
    return {
        "features": features,
        "action": np.arange(_ROWS, dtype=np.int32) % _ACTIONS,
        "reward": rng.normal(size=_ROWS).astype(np.float32),
        "discount": np.full(_ROWS, 0.9, np.float32),
        "next_features": next_features,
        "policy": _policy(rng),
        "bonus": np.zeros(_ROWS, np.float32),
        "next_bonus": np.zeros((_ROWS, _ACTIONS), np.float32),
    }


def _policy(rng: np.random.Generator) -> npt.NDArray[Any]:
    """Of a bootstrap: one action, some of them, all of them."""
    shares = rng.random((_ROWS, _ACTIONS)) * (rng.random((_ROWS, _ACTIONS)) < 0.6)
    shares[:, 0] += shares.sum(axis=1) == 0.0
    policy: npt.NDArray[Any] = (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
    return policy
