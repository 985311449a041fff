"""Environment steps a second of the compiled loop, beside hand-written TensorFlow and an equal JAX program.

`python benchmarks/compiled.py` runs, for each of three seeds, one after the other on one core: `rlkit run` of the
compiled experiment with its recorders, 200,000 steps; `plain_dqn.py`, fewer steps as it takes hundreds of times as
long; with `--baseline PATH` another script of its kind; and `jax_dqn.py`, the same algorithm as one JAX program an
episode, where JAX is installed or `--jax-python PATH` names an interpreter that has it. The stop rule is off.

rlkit's figure is run.json's `steps_per_second`: all steps over the training loop's seconds. The others' are their own
`steps_per_s`, which spares them the first 1,000 steps.

`--seeds-table` times something else instead: `rlkit run --seeds 0-29 --jobs 2` until every seed has ended, the whole
process, first with an empty cache of compiled programs and then, three times, with the one that this left.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from processes import measure, pin, rlkit_command, rlkit_run, trained
from report import add_report_arguments, existing_file, parse, progress, provenance, publish, seeds, table

HERE = Path(__file__).resolve().parent
PLAIN, GIVEN, JAX = "`benchmarks/plain_dqn.py`", "the baseline given", "`benchmarks/jax_dqn.py`"
TIMES_BASELINE, GOAL = 150, 250
JAX_TIMES_BASELINE = 48_500 / 400
"""PureJaxRL's speed over the baseline's on one machine, where the baseline ran at 370 to 430 steps/s."""
SEEDS_SECONDS = 30


def main() -> None:
    parser = argparse.ArgumentParser(description="Environment steps a second of the compiled loop, one core.")
    parser.add_argument(
        "--experiment", default="experiments/cartpole_dqn_compiled.yaml", metavar="FILE", help="default: %(default)s"
    )
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="passed on to rlkit run")
    parser.add_argument("--seeds", type=seeds, help="like 0-2 (default; with --seeds-table 0-29)")
    parser.add_argument("--steps", type=int, default=200_000, help="environment steps a compiled run (default: 200000)")
    parser.add_argument("--plain-steps", type=int, default=10_000, help="and of any other (default: 10000)")
    parser.add_argument("--core", type=int, help="the core that all processes are kept on (default: the last)")
    parser.add_argument(
        "--baseline", type=existing_file, metavar="PATH", help="a script that takes SEED STEPS and prints such a line"
    )
    parser.add_argument("--jax-python", type=existing_file, metavar="PATH", help="an interpreter that has JAX")
    parser.add_argument("--seeds-table", action="store_true", help="time many seeds instead, on two cores")
    parser.add_argument("--jobs", type=int, default=2, help="processes for --seeds-table (default: 2)")
    parser.add_argument("--times", type=int, default=3, help="runs with a warm cache for --seeds-table (default: 3)")
    add_report_arguments(parser)
    arguments = parse(parser)
    settings = dict(_assignment(parser, text) for text in arguments.set)
    if min(arguments.steps, arguments.plain_steps) <= 1000:
        parser.error("--steps, --plain-steps: the first 1,000 are not timed, so more are needed")
    if min(arguments.jobs, arguments.times) < 1:
        parser.error("--jobs, --times: at least 1")
    if arguments.seeds_table:
        _many_seeds(arguments, settings)
    else:
        _speed(arguments, settings)


def _speed(arguments: argparse.Namespace, settings: Mapping[str, str]) -> None:
    chosen = arguments.seeds or (0, 1, 2)
    steps, plain_steps = arguments.steps, arguments.plain_steps
    if arguments.quick:
        chosen, steps, plain_steps = chosen[:1], 5000, 2000
    pin(arguments.core)
    versions: dict[str, str] = {}
    ours = f"`rlkit run {arguments.experiment}`"

    def rlkit(seed: int) -> float:
        off = {"stop": "[]", "limits.episodes": "null", "limits.steps": steps}
        _, manifest = rlkit_run(seed, {**settings, **off}, arguments.experiment)
        versions["loop"] = str(manifest["loop"])
        return float(manifest["steps_per_second"])

    def script(path: Path, steps: int, python: str = sys.executable) -> Callable[[int], float]:
        def run(seed: int) -> float:
            _, line = trained(path, seed, steps, python=python)
            versions.update(line.get("versions", {}))
            return float(line["steps_per_s"])

        return run

    subjects: dict[str, tuple[Callable[[int], float], int]] = {ours: (rlkit, steps)}
    subjects[PLAIN] = script(HERE / "plain_dqn.py", plain_steps), plain_steps
    if arguments.baseline:
        subjects[GIVEN] = script(arguments.baseline, plain_steps), plain_steps
    if arguments.jax_python or importlib.util.find_spec("jax"):
        subjects[JAX] = script(HERE / "jax_dqn.py", steps, str(arguments.jax_python or sys.executable)), steps

    speeds: dict[str, list[float]] = {name: [] for name in subjects}
    for turn, seed in enumerate(chosen):
        order = list(subjects)
        shift = turn % len(order)  # nobody always has the same neighbour
        for name in order[shift:] + order[:shift]:
            speeds[name].append(subjects[name][0](seed))
            progress(f"seed {seed}  {name}: {speeds[name][-1]:,.0f} steps/s")

    median = {name: statistics.median(found) for name, found in speeds.items()}
    rows = [
        [
            f"{name}, {subjects[name][1]:,} steps",
            f"{median[name]:,.0f}",
            f"{min(found):,.0f}–{max(found):,.0f}",
            "" if name == ours else f"{median[ours] / median[name]:.2f} ×",
        ]
        for name, found in speeds.items()
    ]
    head = [f"seeds {', '.join(map(str, chosen))}", "steps/s, median", "lowest–highest", "rlkit is faster by"]
    loop = versions.pop("loop")
    more = [*(f"{name} {version}" for name, version in versions.items()), f"rlkit ran in the {loop} loop"]
    parts = [table(head, rows), "\n".join(_verdicts(ours, median)), provenance(*more)]
    publish("compiled", "\n\n".join(parts), arguments.write)


def _verdicts(ours: str, median: Mapping[str, float]) -> list[str]:
    baseline = GIVEN if GIVEN in median else PLAIN
    ratio = median[ours] / median[baseline]
    goal = "reached" if ratio >= GOAL else "not reached"
    lines = [f"{_verdict(f'rlkit beside {baseline}', ratio, TIMES_BASELINE)[:-1]}; the goal of {GOAL} × is {goal}."]
    if JAX in median:
        lines.append(_verdict(f"{JAX} beside {baseline}", median[JAX] / median[baseline], JAX_TIMES_BASELINE))
        lines.append(f"- rlkit beside {JAX}: {median[ours] / median[JAX]:.2f} ×.")
    return lines


def _verdict(what: str, ratio: float, least: float) -> str:
    return f"- {what}: {ratio:.1f} ×; at least {least:.0f} × is asked: {'met' if ratio >= least else 'missed'}."


def _many_seeds(arguments: argparse.Namespace, settings: Mapping[str, str]) -> None:
    chosen = arguments.seeds or tuple(range(30))
    times = arguments.times
    if arguments.quick:
        chosen, times = chosen[:2], 1
    with tempfile.TemporaryDirectory() as cache:
        os.environ["RLKIT_CACHE_DIR"] = cache
        cold, _ = _seeds_run(arguments, settings, chosen)
        progress(f"cold: {cold:.1f} s")
        warm: list[float] = []
        for _ in range(times):
            seconds, manifests = _seeds_run(arguments, settings, chosen)
            warm.append(seconds)
            progress(f"warm: {seconds:.1f} s")
    solved = [manifest["episodes"] for manifest in manifests if manifest["solved"]]
    number = f"{len(chosen)} seeds, {arguments.jobs} processes"
    shown = [f"{statistics.median(warm):.1f}", f"{min(warm):.1f}–{max(warm):.1f}"]
    rows = [["cache empty", "1", f"{cold:.1f}", ""], ["cache warm", f"{times}", *shown]]
    episodes = f", episodes until solved {statistics.median(solved):,.0f} in the median" if solved else ""
    steps = sum(manifest["steps"] for manifest in manifests)
    met = "met" if statistics.median(warm) < SEEDS_SECONDS else "missed"
    lines = [
        f"- Warm: {statistics.median(warm):.1f} s; under {SEEDS_SECONDS} s for 30 seeds on two cores is asked: {met}.",
        f"- {len(solved)} of {len(chosen)} solved{episodes}; {steps:,} steps in all.",
    ]
    head = [f"{number}: seconds of the whole command", "times", "median", "lowest–highest"]
    publish("compiled seeds", "\n\n".join([table(head, rows), "\n".join(lines), provenance()]), arguments.write)


def _seeds_run(
    arguments: argparse.Namespace, settings: Mapping[str, str], chosen: tuple[int, ...]
) -> tuple[float, list[dict[str, Any]]]:
    """`rlkit run --seeds`: the seconds of the process, and every run.json."""
    with tempfile.TemporaryDirectory() as out:
        assignments = [f"--set={key}={value}" for key, value in settings.items()]
        listed = ",".join(map(str, chosen))
        flags = [f"--seeds={listed}", f"--jobs={arguments.jobs}", f"--out={out}", "--quiet"]
        process = measure([*rlkit_command(), "run", arguments.experiment, *flags, *assignments])
        manifests = [json.loads(path.read_text(encoding="utf-8")) for path in Path(out).glob("*/*/run.json")]
    return process.seconds, manifests


def _assignment(parser: argparse.ArgumentParser, text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        parser.error(f"--set: found {text!r}; allowed is KEY=VALUE")
    return key, value


if __name__ == "__main__":
    main()
