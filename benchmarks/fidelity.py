"""Does rlkit learn as the document's DQN does? Episodes until solved, over many seeds, beside other implementations.

`python benchmarks/fidelity.py` trains the default experiment through the Python API and `numpy_dqn.py`, an independent
implementation, with the same seeds (which mean nothing to each other). `--tensorflow-seeds 0-5` adds `plain_dqn.py`, or
another script that `--baseline` names; it takes minutes a seed. Each process has one core. Needs scipy.

A run is solved by the episode at whose end the mean return of the last 50 is above 225. One that is unsolved after
2,000 episodes is censored there: it counts as longer than all that were solved, and ranks and quartiles ask no more.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path

import numpy_dqn
from episodes_to_solve import HEAD, LIMIT, Outcome, by_seed, longer_by_chance, ratio_of_medians, row
from processes import EXPERIMENT, ROOT, pin, trained
from report import add_report_arguments, existing_file, parse, progress, provenance, publish, seeds, table

PLAIN = Path(__file__).resolve().parent / "plain_dqn.py"
DOCUMENT = (293,)
"""The zero-based index of the last episode that the document prints."""
DOCUMENT_AGAIN = (272, 331, 666, 510, 248, 263)
"""The same index when its code was run as written with seeds 0 to 5."""


def rlkit_outcome(seed: int, episode_limit: int) -> Outcome:
    import rlkit

    experiment = rlkit.load(ROOT / EXPERIMENT, [f"limits.episodes={episode_limit}"], seed=seed)
    with tempfile.TemporaryDirectory() as out:
        result = rlkit.run(experiment, out=out, quiet=True)
    return Outcome(seed, result.episodes, result.solved)


def numpy_outcome(seed: int) -> Outcome:
    found = numpy_dqn.train(seed)
    return Outcome(seed, found["episodes"], found["solved"])


def tensorflow_outcome(seed: int, script: Path) -> Outcome:
    _, line = trained(script, seed)
    return Outcome(seed, line["episodes"], line["solved"] is not None)


def main() -> None:
    parser = argparse.ArgumentParser(description="Episodes until solved, over many seeds.")
    parser.add_argument("--seeds", type=seeds, default=tuple(range(30)), help="like 0-29 (default)")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time, one core each (default: 1)")
    parser.add_argument("--tensorflow-seeds", type=seeds, default=(), help="like 0-5: train the baseline as well")
    parser.add_argument(
        "--baseline", type=existing_file, default=PLAIN, metavar="PATH", help="instead of plain_dqn.py, as baseline"
    )
    add_report_arguments(parser)
    arguments = parse(parser)
    chosen = arguments.seeds[:2] if arguments.quick else arguments.seeds
    jobs: list[tuple[str, Callable[[int], Outcome], Sequence[int]]] = [
        ("rlkit", partial(rlkit_outcome, episode_limit=30 if arguments.quick else LIMIT), chosen),
        ("NumPy, `benchmarks/numpy_dqn.py`", numpy_outcome, chosen),
    ]
    if arguments.tensorflow_seeds:
        name = "TensorFlow, " + ("`benchmarks/plain_dqn.py`" if arguments.baseline == PLAIN else "the baseline given")
        jobs.append((name, partial(tensorflow_outcome, script=arguments.baseline), arguments.tensorflow_seeds))
    outcomes = _train(jobs, arguments.jobs)
    ours, numpys, *_ = outcomes.values()
    sections = [_table(outcomes), _comparison(ours, numpys), by_seed(outcomes), provenance()]
    publish("episodes to solve", "\n\n".join(sections), arguments.write)


def _train(
    jobs: Sequence[tuple[str, Callable[[int], Outcome], Sequence[int]]], processes: int
) -> dict[str, list[Outcome]]:
    """Every implementation with each of its seeds; the outcomes in the order of the seeds."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    context = get_context("spawn")
    cores: Queue[int | None] = context.Queue()
    allowed = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [None]
    for number in range(processes):
        cores.put(allowed[-1 - number % len(allowed)])
    found: dict[str, list[Outcome]] = {name: [] for name, _, _ in jobs}
    with ProcessPoolExecutor(processes, context, initializer=_take_core, initargs=(cores,)) as pool:
        named = {pool.submit(train, seed): name for name, train, its_seeds in jobs for seed in its_seeds}
        for future in as_completed(named):
            outcome = future.result()
            found[named[future]].append(outcome)
            word = "solved after" if outcome.solved else "unsolved after"
            progress(f"{named[future]}, seed {outcome.seed}: {word} {outcome.episodes:,} episodes")
    return {name: sorted(some, key=lambda outcome: outcome.seed) for name, some in found.items()}


def _take_core(cores: Queue[int | None]) -> None:
    pin(cores.get())


def _table(outcomes: dict[str, list[Outcome]]) -> str:
    rows = [
        ["the document's own run (cited)", "1", "1", "", "", *[f"{1 + DOCUMENT[0]}"], "", "", ""],
        row(
            "the document's code as written, seeds 0–5 (cited)",
            [Outcome(seed, 1 + index, True) for seed, index in enumerate(DOCUMENT_AGAIN)],
        ),
        *(row(name, some) for name, some in outcomes.items()),
    ]
    return table(HEAD, rows)


def _comparison(ours: Sequence[Outcome], others: Sequence[Outcome]) -> str:
    p, longer = longer_by_chance(ours, others)
    ratio, low, high = ratio_of_medians(ours, others)
    return (
        f"rlkit beside NumPy: Mann–Whitney test, two-sided, p = {p:.3f}; of one run each, rlkit's is "
        f"the longer with probability {longer:.2f} (0.5 where they do not differ). Ratio of the medians, rlkit over "
        f"NumPy: {ratio:.2f}, 95 % interval {low:.2f}–{high:.2f}. Intervals: percentiles of 10,000 bootstrap samples."
    )


if __name__ == "__main__":
    main()
