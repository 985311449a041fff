"""Do the heads compute the losses that a maintained library does? 1,000 random batches of 32 rows, beside RLax.

`python benchmarks/independent_losses.py --rlax-python PATH` draws the batches, works out the losses of each row and
their gradients by the outputs, has `rlax_losses.py` do so with the interpreter given, which has RLax and needs nothing
else, and prints the greatest difference. It exits with 1 if one is beyond what float32 explains. RLax has neither
Munchausen targets nor fraction proposals.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
from report import add_report_arguments, existing_file, parse, provenance, publish, table

ROWS, ACTIONS, ATOMS, QUANTILES, ACTING, STEPS, GAMMA = 32, 4, 51, 16, 8, 3, 0.95
TOLERANCE = 1e-5
"""Of the greatest difference, as a share of the greatest number of its kind in the batch."""
Arrays = dict[str, npt.NDArray[Any]]
Case = Callable[[dict[str, Any]], tuple[Any, Any]]


def batches(count: int) -> Arrays:
    """Every array (count · ROWS, …)."""
    rng, rows = np.random.default_rng(0), count * ROWS

    def normal(*shape: int, scale: float = 3.0) -> npt.NDArray[Any]:
        return (scale * rng.normal(size=(rows, *shape))).astype(np.float32)

    def of_all_rows(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.tile(values.astype(np.float32), (rows, 1))

    ends = rng.random((rows, STEPS)) < 0.1
    ends[:, 1:] &= ~np.logical_or.accumulate(ends, axis=1)[:, :-1]
    return {
        "action": rng.integers(0, ACTIONS, rows).astype(np.int32),
        "reward": normal(scale=1.0),
        "discount": np.float32(GAMMA) * (rng.random(rows) > 0.1).astype(np.float32),
        "rewards": normal(STEPS, scale=1.0),
        "terminated": ends.astype(np.float32),
        **{name: normal(ACTIONS) for name in ("values", "next_values", "next_online_values")},
        "atoms": of_all_rows(np.linspace(-10, 10, ATOMS)),
        **{name: normal(ACTIONS, ATOMS) for name in ("logits", "next_logits")},
        "midpoints": of_all_rows((np.arange(QUANTILES) + 0.5) / QUANTILES),
        "fractions": rng.random((rows, QUANTILES)).astype(np.float32),
        **{name: normal(ACTIONS, QUANTILES) for name in ("quantiles", "next_quantiles", "next_online_quantiles")},
        "next_acting_quantiles": normal(ACTIONS, ACTING),
    }


def cases() -> dict[str, Case]:
    """By the names of `rlax_losses.py`: from a batch's tensors to losses and gradient."""
    import tensorflow as tf

    from rlkit import Call, Progress, Sample, Step, n_step
    from rlkit_dqn.bootstraps.double import DoubleBootstrap
    from rlkit_dqn.bootstraps.max import MaxBootstrap
    from rlkit_dqn.contracts.bootstrap import Estimates
    from rlkit_dqn.contracts.head import Rows
    from rlkit_dqn.heads.c51 import C51Head
    from rlkit_dqn.heads.iqn import IQNHead
    from rlkit_dqn.heads.quantile import QuantileHead
    from rlkit_dqn.heads.quantile_regression import evenly
    from rlkit_dqn.heads.value import ValueHead
    from rlkit_dqn.losses.huber import Huber
    from rlkit_dqn.losses.squared_error import SquaredError

    call = Call(SimpleNamespace(), Progress(0, 0, 0))
    squared, huber = SquaredError(), Huber()
    largest, double = MaxBootstrap(), DoubleBootstrap()

    def case(head: Any, outputs: str, following: str, online: Any = None, loss: Any = None, out: Any = None) -> Case:
        """`online` makes the online network's next values of a batch: double Q-learning. `out` wraps outputs."""

        def found(batch: dict[str, Any]) -> tuple[Any, Any]:
            wrap = out or (lambda given, name, row: given)
            next_out = wrap(batch[following], following, batch)
            values = head.values(next_out)
            next_online = values if online is None else online(batch)
            # Of which the two bootstraps read the next values alone.
            estimates = Estimates(batch["action"], values, values, None, next_online, values, None)
            backup = (largest if online is None else double).backup(estimates, call)
            with tf.GradientTape() as tape:
                tape.watch(batch[outputs])
                now = wrap(batch[outputs], outputs, batch)
                step = batch["action"], batch["reward"], batch["discount"]
                losses, _ = head.losses(Rows(now, *step, next_out, backup, loss), call)
            return losses, tape.gradient(losses, batch[outputs])

        return found

    def three_steps(batch: dict[str, Any]) -> tuple[Any, Any]:
        """Rows as the replay gives them: what follows an end is not valid."""
        ended = tf.cumsum(batch["terminated"], axis=1, exclusive=True)
        nothing, allowed = tf.zeros((ROWS, STEPS, 1)), tf.ones((ROWS, STEPS, ACTIONS), tf.bool)
        action = tf.tile(batch["action"][:, None], (1, STEPS))
        terminated = batch["terminated"] > 0
        steps = Step(
            nothing, action, batch["rewards"], terminated, tf.zeros_like(terminated), nothing, {}, allowed, allowed
        )
        ahead = n_step(Sample(steps, ended == 0, tf.range(ROWS, dtype=tf.int64), tf.ones(ROWS)), GAMMA)
        return one_step({**batch, "reward": ahead.reward, "discount": ahead.discount})

    def implicit(given: Any, name: str, batch: dict[str, Any]) -> Any:
        values = batch["next_acting_quantiles"] if name == "next_quantiles" else given
        return SimpleNamespace(quantiles=evenly(given, batch["fractions"]), values=tf.reduce_mean(values, axis=-1))

    one_step = case(ValueHead(), "values", "next_values", loss=squared)
    c51, half = C51Head(), QuantileHead(kappa=0.5)
    return {
        "DQN, squared error": one_step,
        "DQN, Huber": case(ValueHead(), "values", "next_values", loss=huber),
        "double DQN": case(ValueHead(), "values", "next_values", lambda batch: batch["next_online_values"], squared),
        "3-step DQN": three_steps,
        "C51": case(c51, "logits", "next_logits"),
        "C51, double": case(c51, "logits", "next_logits", lambda batch: batch["next_online_values"]),
        "QR-DQN": case(QuantileHead(), "quantiles", "next_quantiles"),
        "QR-DQN, κ 0.5, double": case(
            half, "quantiles", "next_quantiles", lambda batch: half.values(batch["next_online_quantiles"])
        ),
        "IQN": case(IQNHead(), "quantiles", "next_quantiles", out=implicit),
    }


def ours(drawn: Arrays) -> Arrays:
    """Of each case the losses and the gradient, batch by batch."""
    import tensorflow as tf

    count = len(drawn["action"]) // ROWS
    found = {}
    for name, case in cases().items():
        compiled = tf.function(case, autograph=False, jit_compile=True)
        results = [
            compiled({key: tf.constant(array[ROWS * number : ROWS * (number + 1)]) for key, array in drawn.items()})
            for number in range(count)
        ]
        for place, kind in enumerate(("losses", "gradient")):
            found[f"{name} {kind}"] = np.concatenate([result[place].numpy() for result in results])
    return found


def difference(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> float:
    """The greatest of any batch, as a share of the greatest number in the batch."""
    assert one.shape == other.shape
    one, other = (array.reshape(-1, ROWS * array[0].size).astype(np.float64) for array in (one, other))
    return float((np.abs(one - other).max(axis=1) / np.abs(other).max(axis=1)).max())


def main() -> None:
    parser = argparse.ArgumentParser(description="Losses and gradients beside RLax.")
    parser.add_argument("--rlax-python", type=existing_file, required=True, metavar="PATH", help="one that has RLax")
    parser.add_argument("--batches", type=int, default=1000, help="of 32 rows (default: 1000)")
    add_report_arguments(parser)
    arguments = parse(parser)
    drawn = batches(20 if arguments.quick else arguments.batches)
    with tempfile.TemporaryDirectory() as folder:
        given, results = Path(folder, "batches.npz"), Path(folder, "results.npz")
        np.savez(given, **drawn)  # type: ignore[arg-type]
        script = Path(__file__).with_name("rlax_losses.py")
        subprocess.run([arguments.rlax_python, script, given, results], check=True)
        with np.load(results) as file:
            theirs = {name: file[name] for name in file.files}
        versions = "import importlib.metadata as m; print(', '.join(f'{n} {m.version(n)}' for n in ('rlax', 'jax')))"
        version = subprocess.check_output([arguments.rlax_python, "-c", versions], text=True).strip()
    mine = ours(drawn)
    found = {name: difference(mine[name], theirs[name]) for name in theirs}
    names = [name.removesuffix(" losses") for name in theirs if name.endswith(" losses")]
    rows = [[name, *(f"{found[f'{name} {kind}']:.1e}" for kind in ("losses", "gradient"))] for name in names]
    met = max(found.values()) <= TOLERANCE
    verdict = f"At most {TOLERANCE:.0e} is asked: {'met' if met else 'missed'}."
    head = ["greatest difference, as a share of the batch's greatest number", "losses", "gradient"]
    publish("independent losses", "\n\n".join([table(head, rows), verdict, provenance(version)]), arguments.write)
    if not met:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
