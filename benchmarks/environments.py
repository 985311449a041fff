"""Environment steps a second in several environments, beside Stable-Baselines3's DQN with the same settings.

`python benchmarks/environments.py --sb3-python PATH` runs, on one core and in turn for each of three seeds, `rlkit run`
of an experiment and `sb3_environment.py` with that experiment's settings: CartPole with eight environments at once,
LunarLander, MinAtar's Breakout (as Gymnasium's environment, and as its compiled twin), Pong from pictures. Acting,
stepping, storing, sampling and learning are timed, without the first steps (stated by subject), evaluation, recorders
and stop rules. Eight environments learn eight times in four of their turns in both: once for every fourth step.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processes import ROOT, measure, pin, rlkit_command
from report import add_report_arguments, existing_file, parse, progress, provenance, publish, seeds, table

HERE = Path(__file__).resolve().parent
OFF = {"stop": "[]", "recorders": "[]", "evaluation": "{episodes: 0}", "limits.episodes": "null"}


@dataclass(frozen=True)
class Subject:
    """An experiment that is timed."""

    name: str
    experiment: str
    steps: int
    untimed: int
    """Steps before the timed part; learning has begun by then."""
    least: float
    """How many times Stable-Baselines3's speed is asked."""
    settings: tuple[tuple[str, object], ...] = ()
    original: str = ""
    """The experiment with the original of a compiled environment, which Stable-Baselines3 trains in."""


SUBJECTS = (
    Subject("CartPole-v1, 8 environments", "cartpole_dqn", 40_000, 4_000, 4.0, (("environment.count", 8),)),
    Subject("LunarLander-v3", "lunarlander_dqn", 20_000, 2_000, 4.0),
    Subject("MinAtar/Breakout-v0", "minatar_breakout_dqn", 16_000, 2_000, 4.0),
    Subject(
        "MinAtar/Breakout-v0 in the compiled loop",
        "minatar_breakout_dqn_compiled",
        16_000,
        2_000,
        4.0,
        original="minatar_breakout_dqn",
    ),
    Subject(
        "ALE/Pong-v5", "pong_dqn", 4_000, 1_500, 1.1, (("agent.learning_starts", 1_000), ("buffer.capacity", 20_000))
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Environment steps a second beside Stable-Baselines3, one core.")
    parser.add_argument("--seeds", type=seeds, default=(0, 1, 2), help="like 0-2 (default)")
    parser.add_argument("--only", nargs="+", metavar="EXPERIMENT", help="some of " + ", ".join(_experiments()))
    parser.add_argument("--core", type=int, help="the core that all processes are kept on (default: the last)")
    parser.add_argument(
        "--sb3-python", type=existing_file, default=sys.executable, metavar="PATH", help="has stable-baselines3"
    )
    add_report_arguments(parser)
    arguments = parse(parser)
    unknown = set(arguments.only or ()) - set(_experiments())
    if unknown:
        parser.error(f"--only: found {', '.join(sorted(unknown))}; allowed are {', '.join(_experiments())}")
    subjects = [subject for subject in SUBJECTS if not arguments.only or subject.experiment in arguments.only]
    chosen = arguments.seeds[:1] if arguments.quick else arguments.seeds
    pin(arguments.core)
    speeds: dict[str, tuple[list[float], list[float]]] = {subject.name: ([], []) for subject in subjects}
    versions: dict[str, str] = {}
    for seed in chosen:
        for subject in subjects:
            steps = subject.untimed + 2_000 if arguments.quick else subject.steps
            ours, theirs = speeds[subject.name]
            ours.append(_rlkit(subject, seed, steps))
            line = _sb3(subject, seed, steps, str(arguments.sb3_python))
            theirs.append(float(line["steps_per_s"]))
            versions |= line["versions"]
            progress(f"seed {seed}  {subject.name}: rlkit {ours[-1]:,.0f}, Stable-Baselines3 {theirs[-1]:,.0f} steps/s")
    rows, verdicts = [], []
    for subject in subjects:
        ours, theirs = speeds[subject.name]
        ratio = statistics.median(ours) / statistics.median(theirs)
        rows.append(
            [
                f"{subject.name} ({subject.steps:,} steps, {subject.untimed:,} untimed)",
                _shown(ours),
                _shown(theirs),
                f"{ratio:.2f} ×",
            ]
        )
        met = "met" if ratio >= subject.least else "missed"
        verdicts.append(f"- {subject.name}: {ratio:.2f} ×; at least {subject.least} × is asked: {met}.")
    head = [
        f"steps/s, median (lowest–highest) of seeds {', '.join(map(str, chosen))}",
        "rlkit",
        "Stable-Baselines3",
        "ratio",
    ]
    more = [f"{name} {version}" for name, version in versions.items()]
    publish("environments", "\n\n".join([table(head, rows), "\n".join(verdicts), provenance(*more)]), arguments.write)


def sb3_settings(resolved: dict[str, Any]) -> dict[str, Any]:
    """What `sb3_environment.py` needs of an experiment's resolved form; nulls stand for their meaning."""
    environment, agent, optimizer = resolved["environment"], resolved["agent"], resolved["optimizer"]
    return {
        "id": environment["id"],
        "kwargs": dict(environment["kwargs"]),
        "count": environment["count"],
        "network": resolved["network"],
        "batch_size": agent["batch_size"],
        "gamma": agent["gamma"],
        "update_every": agent["update_every"],
        "learning_starts": agent["learning_starts"] or agent["batch_size"],
        "learning_rate": optimizer["learning_rate"],
        "adam_epsilon": optimizer["epsilon"],
        "clip_norm": optimizer["clip_norm"],
        "capacity": resolved["buffer"]["capacity"],
        "target_update": resolved["target_update"],
        "exploration": resolved["exploration"],
    }


def _rlkit(subject: Subject, seed: int, steps: int) -> float:
    settings = {**OFF, **dict(subject.settings), "limits.steps": steps}
    with tempfile.TemporaryDirectory() as out:
        assignments = [f"--set={key}={value}" for key, value in settings.items()]
        name = f"experiments/{subject.experiment}.yaml"
        measure([*rlkit_command(), "run", name, f"--seed={seed}", f"--out={out}", "--quiet", *assignments])
        (rows,) = Path(out).glob("*/*/episodes.jsonl")
        return timed_speed(
            [json.loads(line) for line in rows.read_text(encoding="utf-8").splitlines()], subject.untimed
        )


def timed_speed(rows: list[dict[str, Any]], untimed: int) -> float:
    """Steps a second from the first episode that ended after so many steps to the last one; rows of episodes.jsonl."""
    timed = [row for row in rows if row["step"] >= untimed]
    if len(timed) < 2:
        raise SystemExit(f"found {len(timed)} episodes after the first {untimed:,} steps; two are needed to time them")
    return float((timed[-1]["step"] - timed[0]["step"]) / (timed[-1]["seconds"] - timed[0]["seconds"]))


def _sb3(subject: Subject, seed: int, steps: int, python: str) -> dict[str, Any]:
    import rlkit

    assignments = [f"{key}={value}" for key, value in subject.settings]
    name = subject.original or subject.experiment
    experiment = rlkit.load(ROOT / "experiments" / f"{name}.yaml", assignments)
    settings = json.dumps(sb3_settings(dict(experiment.resolved)))
    process = measure([python, HERE / "sb3_environment.py", settings, str(seed), str(steps), str(subject.untimed)])
    line: dict[str, Any] = json.loads(process.stdout.strip().splitlines()[-1])
    return line


def _experiments() -> tuple[str, ...]:
    return tuple(subject.experiment for subject in SUBJECTS)


def _shown(found: list[float]) -> str:
    return f"{statistics.median(found):,.0f} ({min(found):,.0f}–{max(found):,.0f})"


if __name__ == "__main__":
    main()
