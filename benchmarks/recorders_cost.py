"""What recorders cost: seconds of the processor at a run's start and end, microseconds an episode in between.

    python benchmarks/recorders_cost.py

A run of 20,000 made-up episodes of 128 steps, with a row of learning metrics every third episode and an evaluation
every hundredth, is told to each recorder with its defaults, in a process of its own. Wall time beside the processor's
shows what waits for other processes or for the disk.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

EPISODES = 20_000
NAMES = ("csv", "tensorboard", "parquet", "wandb", "mlflow")


def main() -> None:
    print("| recorder | start, s | an episode, µs | of wall time, µs | end, s |")
    print("|---|---|---|---|---|")
    for name in NAMES:
        done = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=False)
        print(done.stdout.strip() or f"| `{name}` | {done.stderr.strip().splitlines()[-1]} | | | |")


def measured(name: str) -> str:
    from rlkit import EpisodeEnded, EvaluationEnded, MetricsLogged, RunEnded, RunView
    from rlkit.catalogue.discovery import discover

    recorder = discover().find("recorder", name).component()
    with tempfile.TemporaryDirectory() as folder:
        view = RunView(
            experiment="cost",
            run_id="run",
            seed=0,
            folder=Path(folder),
            resolved={"name": "cost"},
            limits={},
            quiet=True,
        )
        began = time.process_time()
        working = recorder.start(view)
        started, at = time.process_time(), time.perf_counter()
        for number in range(EPISODES):
            step, update = 128 * number, 32 * number
            if number % 3 == 0 and hasattr(working, "metrics_logged"):
                metrics = {"loss": 0.5, "td_error": 0.25, "q_value": 20.0}
                working.metrics_logged(MetricsLogged(update, step, number, metrics))
            working.episode_ended(
                EpisodeEnded(number, step, update, 128, 128.0, True, False, 0.01 * number, {"epsilon": 0.1})
            )
            if number % 100 == 0 and hasattr(working, "evaluation_ended"):
                working.evaluation_ended(EvaluationEnded(step, number, update, (200.0,) * 10, (200,) * 10, 0.1))
        told, wall = time.process_time(), time.perf_counter() - at
        working.run_ended(RunEnded("finished", "", True, EPISODES, 128 * EPISODES, 32 * EPISODES, 100.0))
        ended = time.process_time()
    each = 1e6 / EPISODES
    return (
        f"| `{name}` | {started - began:.2f} | {(told - started) * each:.0f} | {wall * each:.0f} | {ended - told:.2f} |"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measured(sys.argv[1]))
    else:
        main()
