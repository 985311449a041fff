"""PQN beside rejax's, on CartPole with equal settings, in turn on one core: environment steps a second, with learning.

`python benchmarks/pqn_beside_rejax.py --python REJAX/bin/python`: rejax (`pip install rejax "gymnax<1"`) runs in an
environment of its own. Both take steps in as many environments at once, windows, epochs and minibatches of one size,
with two hidden layers of 64 units and layer normalisation, and one thread. Compiling counts for neither: rejax is timed
at its second call, ours by `steps_per_second` of run.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from processes import pin, rlkit_run
from report import add_report_arguments, parse, progress, provenance, publish, table

FILE = "experiments/cartpole_pqn_compiled.yaml"
OFF = {"stop": "[]", "recorders": "[]", "evaluation": "{episodes: 0}"}

THEIRS = """
import json, sys, time
import jax
from rejax import get_algo

settings = json.loads(sys.argv[1])
algorithm = get_algo("pqn").create(env="CartPole-v1", skip_initial_evaluation=True, **settings)
train = jax.jit(algorithm.train)
for seed in range(2):
    began = time.perf_counter()
    jax.block_until_ready(train(jax.random.PRNGKey(seed)))
    seconds = time.perf_counter() - began
print(json.dumps(settings["total_timesteps"] / seconds))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="PQN beside rejax's: environment steps a second on one core.")
    parser.add_argument("--python", required=True, help="of an environment with rejax")
    parser.add_argument("--steps", type=int, default=500_000, help="of a run (default: 500000)")
    parser.add_argument("--rounds", type=int, default=5, help="of both (default: 5)")
    parser.add_argument("--core", type=int, help="the core that all is kept on (default: the last)")
    add_report_arguments(parser)
    arguments = parse(parser)
    pin(arguments.core)
    steps, rounds = (20_000, 1) if arguments.quick else (arguments.steps, arguments.rounds)
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as cache:
        for turn in range(rounds + 1):
            _, manifest = rlkit_run(turn, {**OFF, "limits.steps": steps}, FILE, cache=Path(cache))
            other = _rejax(arguments.python, steps)
            progress(f"round {turn}: {manifest['steps_per_second']:,.0f} rlkit, {other:,.0f} rejax")
            if turn:  # the first compiles what the others find
                ours.append(float(manifest["steps_per_second"]))
                theirs.append(other)
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    rows = [
        ["rlkit", _shown(ours), f"{statistics.median(ratios):.1f} × ({min(ratios):.1f}–{max(ratios):.1f})"],
        ["rejax", _shown(theirs), "1 ×"],
    ]
    head = [f"CartPole, {steps:,} steps", "steps a second, median (lowest–highest)", "beside rejax"]
    publish("pqn beside rejax", f"{table(head, rows)}\n\n{provenance()}", arguments.write)


def _rejax(python: str, steps: int) -> float:
    """Steps a second of a whole training, one evaluation at its end included."""
    settings = {
        "total_timesteps": steps, "eval_freq": steps, "num_envs": 64, "num_steps": 16, "num_epochs": 2,
        "num_minibatches": 8, "learning_rate": 0.001, "gamma": 0.99, "td_lambda": 0.95,
    }  # fmt: skip
    variables = {**os.environ, "JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}
    done = subprocess.run(
        [python, "-c", THEIRS, json.dumps(settings)], check=True, capture_output=True, text=True, env=variables
    )
    return float(json.loads(done.stdout.strip().splitlines()[-1]))


def _shown(values: list[float]) -> str:
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


if __name__ == "__main__":
    main()
