"""The suite of bootstraps."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rlkit import Array, Call, Discrete, Spaces, Tensor, TensorSpec, masked
from rlkit.testing import GraphFunction, GraphSuite, Program, program_of, with_call
from rlkit.testing.verdict import demand, shown
from rlkit_dqn.contracts.bootstrap import Backup, Bootstrap, Estimates


class BootstrapSuite(GraphSuite):
    """`component = DoubleBootstrap()`."""

    contract = Bootstrap

    def program(self) -> Program:
        """See `GraphSuite`."""
        part = self._build(4)
        masks = dict.fromkeys(("allowed", "next_allowed"), _mask)
        actions = dict.fromkeys(("action", "next_action"), lambda spec, rng: rng.integers(0, 4, 6).astype(np.int32))
        examples = {**masks, **actions}
        return program_of(part, (_backup(part, 6, 4),), examples)

    def test_it_gives_a_policy_over_allowed_actions(self) -> None:
        """(B, n) float32: probabilities that sum to 1 in each row, 0 where forbidden, for values near and far; of each
        row by its own values alone.
        """
        for rows, actions in ((1, 2), (6, 4), (32, 18)):
            part, rng = self._build(actions), np.random.default_rng(0)
            backup = self.called(_backup(part, rows, actions), part)
            for scale in (0.0, 1e-3, 1.0, 1e4):
                given: dict[str, Any] = {
                    name: (scale * rng.normal(size=(rows, actions))).astype(np.float32) for name in VALUES
                }
                masks = {name: _mask(tf.TensorSpec((rows, actions)), rng) for name in ("allowed", "next_allowed")}
                given |= masks | {"action": rng.integers(0, actions, rows).astype(np.int32)}
                # The next action is an allowed one, or none.
                given["next_action"] = np.where(rng.random(rows) < 0.5, -1, masks["next_allowed"].argmax(axis=1))
                found = backup(**{**given, "next_action": given["next_action"].astype(np.int32)})
                policy = found["policy"]
                self.demand_array(policy, "float32", (rows, actions), "probabilities", "backup")
                asks, text = "probabilities of 0 to 1 that sum to 1 in each row", f"{policy[:3].tolist()} …"
                good = (policy >= 0).all() and np.allclose(policy.sum(axis=1), 1.0, atol=1e-5)
                self.demand(good, asks, text, "backup")
                forbidden = policy[~masks["next_allowed"]]
                asks = "no share for what next_allowed forbids"
                self.demand(not (forbidden > 1e-6).any(), asks, f"{forbidden.max(initial=0.0)}", "backup")
                self.demand_array(found["bonus"], "float32", (rows,), "bonuses on the reward", "backup")
                self.demand_array(found["next_bonus"], "float32", (rows, actions), "bonuses on next values", "backup")
                self._demand_rows_by_themselves(backup, given, found)

    def _demand_rows_by_themselves(self, backup: Any, given: dict[str, Any], found: dict[str, Any]) -> None:
        """Other values in the first row change nothing of the others."""
        first = (np.arange(len(given["action"])) == 0)[:, None]
        shifts = np.linspace(3.0, -3.0, given["online"].shape[1], dtype=np.float32)
        changed = given | {name: np.where(first, given[name] + shifts, given[name]) for name in VALUES}
        again = backup(**{**changed, "next_action": given["next_action"].astype(np.int32)})
        for name, what in (("policy", "probabilities"), ("bonus", "bonuses"), ("next_bonus", "bonuses on next values")):
            same = np.allclose(again[name][1:], found[name][1:], rtol=1e-4, atol=1e-5)
            asks = f"{what} of a row by its own values"
            self.demand(same, asks, "others where another row's values change", "backup")

    def _build(self, actions: int) -> Bootstrap:
        part: Bootstrap = self.working(Spaces(Array((4,), "float32"), Discrete(actions)))
        return part


VALUES = ("online", "target", "next_online", "next_target")


def _backup(part: Bootstrap, rows: int, actions: int) -> GraphFunction:
    def backup(call: Call, **given: Tensor) -> dict[str, Tensor]:
        following = given["next_target"]
        for name, allowed in zip(VALUES, ("allowed", "allowed", "next_allowed", "next_allowed"), strict=True):
            given[name] = masked(given[name], given[allowed])
        count = max(getattr(part, "networks", 1), getattr(part, "target_networks", 1))
        # Others than the first, of the same size and with the same ones forbidden.
        first, allowed = given["next_target"], given["next_allowed"]
        targets = (tf.where(allowed, tf.roll(following, place, 1), first) for place in range(1, count))
        given["next_targets"] = (first, *targets)
        given["next_exploring"] = tf.nn.softmax(given["next_online"])
        made = part.backup(Estimates(**given), call)
        demand(isinstance(made, Backup), f"{type(part).__name__}.backup", "a Backup", shown(made))
        zeros = tf.zeros((rows, actions))
        next_bonus = zeros + made.next_bonus
        # That of a forbidden action counts for nothing, and may be what rounding leaves of values far below all others.
        counts = allowed | ~tf.math.is_finite(next_bonus)
        next_bonus = tf.where(counts, next_bonus, 0.0)
        return {"policy": made.policy, "bonus": zeros[:, 0] + made.bonus, "next_bonus": next_bonus}

    specs = [tf.TensorSpec((rows, actions), tf.float32, name=name) for name in VALUES]
    specs += [tf.TensorSpec((rows, actions), tf.bool, name=name) for name in ("allowed", "next_allowed")]
    specs += [tf.TensorSpec((rows,), tf.int32, name=name) for name in ("action", "next_action")]
    return with_call("backup", backup, tuple(specs))


def _mask(spec: TensorSpec, rng: np.random.Generator) -> Any:
    """One action of each row at least."""
    allowed = rng.random(tuple(spec.shape)) < 0.5
    allowed[:, 0] |= ~allowed.any(axis=1)
    return allowed
