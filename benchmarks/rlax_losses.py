"""Losses and gradients of RLax for the batches of `independent_losses.py`. Needs RLax alone.

`python benchmarks/rlax_losses.py BATCHES.npz RESULTS.npz`: every array has a leading axis of rows; the results are, a
case, its loss a row and the gradient of that by the row's outputs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import rlax

Row = dict[str, Any]
GAMMA = 0.95


def dqn(outputs: Any, row: Row) -> Any:
    return rlax.q_learning(outputs, row["action"], row["reward"], row["discount"], row["next_values"]) ** 2


def dqn_huber(outputs: Any, row: Row) -> Any:
    td_error = rlax.q_learning(outputs, row["action"], row["reward"], row["discount"], row["next_values"])
    return rlax.huber_loss(td_error, 1.0)


def double_dqn(outputs: Any, row: Row) -> Any:
    following = row["next_values"], row["next_online_values"]
    return rlax.double_q_learning(outputs, row["action"], row["reward"], row["discount"], *following) ** 2


def n_step_dqn(outputs: Any, row: Row) -> Any:
    discounts = GAMMA * (1.0 - row["terminated"])
    following = jnp.full(discounts.shape, jnp.max(row["next_values"]))
    returns = rlax.n_step_bootstrapped_returns(row["rewards"], discounts, following, n=len(discounts))
    return (jax.lax.stop_gradient(returns[0]) - outputs[row["action"]]) ** 2


def c51(outputs: Any, row: Row) -> Any:
    step = row["action"], row["reward"], row["discount"]
    return rlax.categorical_q_learning(row["atoms"], outputs, *step, row["atoms"], row["next_logits"])


def double_c51(outputs: Any, row: Row) -> Any:
    step, following = (row["action"], row["reward"], row["discount"]), (row["atoms"], row["next_logits"])
    return rlax.categorical_double_q_learning(row["atoms"], outputs, *step, *following, row["next_online_values"])


def quantiles(kappa: float, fractions: str, selector: str) -> Callable[[Any, Row], Any]:
    def loss(outputs: Any, row: Row) -> Any:
        step = row["action"], row["reward"], row["discount"]
        following = row[selector].T, row["next_quantiles"].T
        found = rlax.quantile_q_learning(outputs.T, row[fractions], *step, *following, huber_param=kappa)
        return found / kappa  # Dabney et al. (2018b) divide by it, RLax does not.

    return loss


CASES: dict[str, tuple[str, Callable[[Any, Row], Any]]] = {
    "DQN, squared error": ("values", dqn),
    "DQN, Huber": ("values", dqn_huber),
    "double DQN": ("values", double_dqn),
    "3-step DQN": ("values", n_step_dqn),
    "C51": ("logits", c51),
    "C51, double": ("logits", double_c51),
    "QR-DQN": ("quantiles", quantiles(1.0, "midpoints", "next_quantiles")),
    "QR-DQN, κ 0.5, double": ("quantiles", quantiles(0.5, "midpoints", "next_online_quantiles")),
    "IQN": ("quantiles", quantiles(1.0, "fractions", "next_acting_quantiles")),
}
"""What the gradient is by, and the loss of a row."""


def main() -> None:
    batches, results = sys.argv[1:]
    with np.load(batches) as file:
        rows = {name: jnp.asarray(file[name]) for name in file.files}
    found = {}
    for name, (outputs, loss) in CASES.items():
        losses, gradient = jax.jit(jax.vmap(jax.value_and_grad(loss)))(rows[outputs], rows)
        found[f"{name} losses"], found[f"{name} gradient"] = np.asarray(losses), np.asarray(gradient)
    np.savez(results, **found)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
