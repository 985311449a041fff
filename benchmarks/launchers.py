"""What launchers cost beside runs: seconds up to the first run's end, and for each of ten others in the same place.

python benchmarks/launchers.py local ray '{name: slurm, cluster: local, orders_per_job: 11}'
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import rlkit
from rlkit.experiment.launchers import launcher_from
from rlkit.runs.interrupt import Presses
from rlkit.runs.launched import launched
from rlkit.runs.orders import OrderQueue, Wanted

OVERRIDES = ("recorders=[]", "limits={episodes: 2, steps_per_episode: 20}", "evaluation.episodes=0")
RUNS = 11


def measured(text: str) -> tuple[float, float]:
    """Seconds to the first end, and for each further run."""
    experiment = rlkit.load("cartpole_dqn", OVERRIDES)
    with tempfile.TemporaryDirectory() as out:
        queue = OrderQueue()
        for seed in range(RUNS):
            queue.add(Wanted(experiment, seed, Path(out)))
        ends = [time.perf_counter()]
        for settled in launched(queue, launcher_from(text), 1, Presses()):
            assert settled.result.status == "finished", settled.result
            ends.append(time.perf_counter())
    return ends[1] - ends[0], (ends[-1] - ends[1]) / (RUNS - 1)


def main() -> None:
    """A line for each launcher; the first measurement is thrown away: it makes the programs that the others find."""
    measured("local")
    for text in sys.argv[1:] or ["local"]:
        first, further = measured(text)
        print(f"{text}: {first:.2f} s to the end of the first run, {further:.3f} s for each further one", flush=True)


if __name__ == "__main__":
    main()
