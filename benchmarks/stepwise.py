"""Environment steps a second of the stepwise loop, beside hand-written TensorFlow and Stable-Baselines3.

`python benchmarks/stepwise.py` runs, for each of three seeds, one after the other on one core: `rlkit run` of the
default experiment with its recorders; `plain_dqn.py`; with `--baseline PATH` another script of its kind; and
Stable-Baselines3's DQN (`sb3_dqn.py`) where it is installed or `--sb3-python PATH` names an interpreter that has it.
30,000 steps each, the stop rule off.

rlkit's figure is run.json's `steps_per_second`: all steps over the training loop's seconds. The others' are their own
`steps_per_s`, which spares them the first 1,000 steps.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from processes import pin, rlkit_run, trained
from report import add_report_arguments, existing_file, parse, progress, provenance, publish, seeds, table

HERE = Path(__file__).resolve().parent
RLKIT, PLAIN, GIVEN = "`rlkit run experiments/cartpole_dqn.yaml`", "`benchmarks/plain_dqn.py`", "the baseline given"
SB3 = "Stable-Baselines3's DQN"
TIMES_BASELINE, TIMES_SB3, OURS_BESIDE_GIVEN = 25, 7, 0.95


def main() -> None:
    parser = argparse.ArgumentParser(description="Environment steps a second, one core, interleaved.")
    parser.add_argument("--seeds", type=seeds, default=(0, 1, 2), help="like 0-2 (default)")
    parser.add_argument("--steps", type=int, default=30_000, help="environment steps a run (default: 30000)")
    parser.add_argument("--core", type=int, help="the core that all processes are kept on (default: the last)")
    parser.add_argument(
        "--baseline", type=existing_file, metavar="PATH", help="a script that takes SEED STEPS and prints such a line"
    )
    parser.add_argument(
        "--sb3-python", type=existing_file, metavar="PATH", help="an interpreter that has stable-baselines3"
    )
    add_report_arguments(parser)
    arguments = parse(parser)
    chosen, steps = (arguments.seeds[:1], 2000) if arguments.quick else (arguments.seeds, arguments.steps)
    if steps <= 1000:
        parser.error(f"--steps: found {steps}; the first 1,000 are not timed, so more are needed")
    pin(arguments.core)

    versions: dict[str, str] = {}

    def rlkit(seed: int) -> float:
        _, manifest = rlkit_run(seed, {"stop": "[]", "limits.episodes": "null", "limits.steps": steps})
        return float(manifest["steps_per_second"])

    def script(path: Path, python: str = sys.executable) -> Callable[[int], float]:
        def run(seed: int) -> float:
            _, line = trained(path, seed, steps, python=python)
            versions.update(line.get("versions", {}))
            return float(line["steps_per_s"])

        return run

    subjects = {RLKIT: rlkit, PLAIN: script(HERE / "plain_dqn.py")}
    if arguments.baseline:
        subjects[GIVEN] = script(arguments.baseline)
    if arguments.sb3_python or importlib.util.find_spec("stable_baselines3"):
        subjects[SB3] = script(HERE / "sb3_dqn.py", str(arguments.sb3_python or sys.executable))

    speeds: dict[str, list[float]] = {name: [] for name in subjects}
    for turn, seed in enumerate(chosen):
        order = list(subjects)
        shift = turn % len(order)  # nobody always has the same neighbour
        for name in order[shift:] + order[:shift]:
            speeds[name].append(subjects[name](seed))
            progress(f"seed {seed}  {name}: {speeds[name][-1]:,.0f} steps/s")
    names = f"seeds {', '.join(str(seed) for seed in chosen)}, {steps:,} steps each"
    more = [f"{name} {version}" for name, version in versions.items()]
    publish("stepwise", f"{_speeds(speeds, names)}\n\n{provenance(*more)}", arguments.write)


def _speeds(speeds: dict[str, list[float]], names: str) -> str:
    median = {name: statistics.median(found) for name, found in speeds.items()}
    rows = [
        [
            name,
            f"{median[name]:,.0f}",
            f"{min(found):,.0f}–{max(found):,.0f}",
            "" if name == RLKIT else f"{median[RLKIT] / median[name]:.1f} ×",
        ]
        for name, found in speeds.items()
    ]
    lines = [table([names, "steps/s, median", "lowest–highest", "rlkit is faster by"], rows), ""]
    baseline = GIVEN if GIVEN in median else PLAIN
    lines.append(_verdict(f"rlkit beside {baseline}", median[RLKIT] / median[baseline], TIMES_BASELINE))
    if SB3 in median:
        lines.append(_verdict(f"rlkit beside {SB3}", median[RLKIT] / median[SB3], TIMES_SB3))
    if GIVEN in median:
        lines.append(_verdict(f"{PLAIN} beside {GIVEN}", median[PLAIN] / median[GIVEN], OURS_BESIDE_GIVEN))
    return "\n".join(lines)


def _verdict(what: str, ratio: float, least: float) -> str:
    return f"- {what}: {ratio:.2f} ×; at least {least} × is asked: {'met' if ratio >= least else 'missed'}."


if __name__ == "__main__":
    main()
