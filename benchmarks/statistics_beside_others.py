"""The statistics of `rlkit compare` beside those of rliable and lifelines, on made-up scores.

`python benchmarks/statistics_beside_others.py --others-python PATH`, where PATH is a Python that has rliable 1.2 (which
needs pandas below 3) and lifelines: `pip install rliable==1.2.0 'pandas<3' lifelines` in an environment of its own.
Numbers must agree to four digits. Intervals of scores are by another method than rliable's, and shown beside it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from report import add_report_arguments, existing_file, parse, provenance, publish, table

from rlkit.comparing.scores import Scores, over_tasks
from rlkit.statistics.aggregates import interquartile_mean
from rlkit.statistics.bootstrap import stratified_interval
from rlkit.statistics.improvement import (
    mean_improvement_interval,
    performance_profile,
    probability_of_improvement,
    won,
)
from rlkit.statistics.survival import kaplan_meier, log_rank, median_time, restricted_mean

Numbers = npt.NDArray[np.float64]
RUNS, OTHERS, TASKS, UNTIL = 10, 13, 5, 300.0
LEVELS = np.linspace(0, 2, 21)
HEAD = ("statistic", "of", "rlkit", "the other", "difference")

PROGRAM = """
import json, sys, warnings
from importlib.metadata import version
warnings.simplefilter("ignore")
import numpy as np
from rliable import library, metrics
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import restricted_mean_survival_time
told = np.load(sys.argv[1])
ours, theirs, levels, until = told["ours"], told["theirs"], told["levels"], float(told["until"])
every = lambda x: np.array([metrics.aggregate_iqm(x)])
point, bounds = library.get_interval_estimates({"ours": ours}, every, reps=2000, random_state=np.random.RandomState(0))
chance = lambda x, y: np.array([metrics.probability_of_improvement(x, y)])
_, chances = library.get_interval_estimates(
    {"both": (ours, theirs)}, chance, reps=2000, random_state=np.random.RandomState(0))
profile, _ = library.create_performance_profile({"ours": ours}, levels, reps=2)
fitted = KaplanMeierFitter().fit(told["times"], told["seen"])
at = told["at"]
interval = fitted.confidence_interval_
rows = interval.index.searchsorted(at, side="right") - 1
print(json.dumps({
    "mean": metrics.aggregate_mean(ours), "median": metrics.aggregate_median(ours),
    "interquartile mean": metrics.aggregate_iqm(ours), "optimality gap": metrics.aggregate_optimality_gap(ours),
    "probability of improvement": metrics.probability_of_improvement(ours, theirs),
    "profile": profile["ours"].tolist(), "interval": bounds["ours"].ravel().tolist(),
    "chance": chances["both"].ravel().tolist(),
    "curve": fitted.survival_function_at_times(at).tolist(),
    "low": interval.iloc[rows, 0].tolist(), "high": interval.iloc[rows, 1].tolist(),
    "median time": fitted.median_survival_time_,
    "restricted mean": restricted_mean_survival_time(fitted, t=until),
    "log-rank": logrank_test(told["times"], told["others"], told["seen"], told["others_seen"]).p_value,
    "versions": [f"{name} {version(name)}" for name in ("rliable", "lifelines", "pandas")],
}))
"""


def made_up() -> dict[str, Any]:
    """Scores of two variants on several tasks, times of two with ties and censored ones."""
    rng = np.random.default_rng(0)
    times, others = np.ceil(rng.lognormal(5, 0.6, 40)), np.ceil(rng.lognormal(5.3, 0.6, 35))
    ends, other_ends = np.ceil(rng.uniform(100, 500, 40)), np.ceil(rng.uniform(100, 500, 35))
    return {
        "ours": rng.lognormal(np.linspace(-0.5, 0.5, TASKS), 0.5, (RUNS, TASKS)).round(2),
        "theirs": rng.lognormal(np.linspace(-0.6, 0.4, TASKS), 0.5, (OTHERS, TASKS)).round(2),
        "levels": LEVELS,
        "until": UNTIL,
        "times": np.minimum(times, ends),
        "seen": times <= ends,
        "others": np.minimum(others, other_ends),
        "others_seen": others <= other_ends,
    }


def others(python: Path, made: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made.npz"
        np.savez(file, **made)
        done = subprocess.run([python, "-c", PROGRAM, file], capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise SystemExit(f"{python} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def over_all_tasks(values: Numbers) -> dict[str, float]:
    """What `rlkit compare` says of all tasks, (runs, tasks) of scores that are normalised already."""
    names = [str(task) for task in range(values.shape[1])]
    made = [
        Scores("", name, (), (), column, np.ones(len(column), bool))
        for name, column in zip(names, values.T, strict=True)
    ]
    found = over_tasks(made, dict.fromkeys(names, (0.0, 1.0)), 0.95)
    return {name: one.estimate for name, one in found.items() if one is not None}


def compared(made: dict[str, Any], found: dict[str, Any]) -> Iterator[tuple[str, str, Any, Any]]:
    """What is compared, with whom, ours and theirs."""
    ours, theirs = made["ours"], made["theirs"]
    told = over_all_tasks(ours)
    yield "mean", "rliable", told["mean"], found["mean"]
    yield "median over tasks of their means", "rliable", told["median"], found["median"]
    yield "interquartile mean", "rliable", told["interquartile_mean"], found["interquartile mean"]
    yield "optimality gap", "rliable", told["optimality_gap"], found["optimality gap"]
    chance = np.mean([probability_of_improvement(ours[:, task], theirs[:, task]) for task in range(TASKS)])
    yield "probability of improvement", "rliable", chance, found["probability of improvement"]
    yield "performance profile", "rliable", performance_profile(ours.ravel(), LEVELS), found["profile"]
    curve = kaplan_meier(made["times"], made["seen"])
    yield "Kaplan–Meier curve", "lifelines", curve.share, found["curve"]
    left = curve.share > 0
    yield "its lower bounds", "lifelines", curve.low, found["low"]
    yield "its upper bounds while any are left", "lifelines", curve.high[left], np.array(found["high"])[left]
    yield "median time", "lifelines", median_time(curve), found["median time"]
    yield "restricted mean time", "lifelines", restricted_mean(curve, UNTIL), found["restricted mean"]
    p = log_rank(made["times"], made["seen"], made["others"], made["others_seen"])
    yield "p-value of the log-rank test", "lifelines", p, found["log-rank"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--others-python", type=existing_file, required=True, metavar="PATH", help="with rliable and lifelines"
    )
    add_report_arguments(parser)
    arguments = parse(parser)
    made = made_up()
    made["at"] = kaplan_meier(made["times"], made["seen"]).time
    found = others(arguments.others_python, made)
    rows, apart = [], 0.0
    for what, whom, ours, theirs in compared(made, found):
        one, other = np.atleast_1d(np.asarray(ours, float)), np.atleast_1d(np.asarray(theirs, float))
        gap = float(np.max(np.abs(one - other) / np.maximum(np.abs(other), 1e-3)))
        apart = max(apart, gap)
        cells = (
            [f"{one[0]:.6g}", f"{other[0]:.6g}"] if len(one) == 1 else [f"{len(one)} points", f"{len(other)} points"]
        )
        rows.append([what, whom, *cells, f"{gap:.1e}"])
    low, high = found["interval"]
    chance_low, chance_high = found["chance"]
    pairs = [won(made["ours"][:, task], made["theirs"][:, task]) for task in range(TASKS)]
    chance = mean_improvement_interval(pairs)
    mine = stratified_interval(list(made["ours"].T), interquartile_mean)
    verdict = "met" if apart < 5e-5 else "missed"
    text = (
        f"{table(HEAD, rows)}\n\nRelative differences, the greatest of all points; four digits are asked: {verdict}. "
        f"{RUNS} and {OTHERS} runs on {TASKS} tasks, times of 40 and 35 runs with ties, of which "
        f"{int(np.sum(~made['seen']))} and {int(np.sum(~made['others_seen']))} are censored. The interval of the "
        f"interquartile mean is {mine.low:.3f} to {mine.high:.3f} in rlkit and {low:.3f} to {high:.3f} in rliable, "
        f"whose percentiles are not widened for few runs; that of the "
        f"probability of improvement {chance.low:.3f} to {chance.high:.3f}, from how often each run wins, and "
        f"{chance_low:.3f} to {chance_high:.3f}, from resamples. Where all "
        f"got there, the upper bound of lifelines is 0, and that of rlkit what it was just "
        f"before.\n\n{provenance(*found['versions'])}"
    )
    publish("statistics beside others", text, arguments.write)
    if verdict == "missed":
        raise SystemExit(1)


if __name__ == "__main__":
    main()
