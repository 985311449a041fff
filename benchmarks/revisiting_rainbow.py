"""DQN, each of Rainbow's parts added to it, Rainbow, and Rainbow without each part, on small tasks; many seeds each.

After Obando-Ceron and Castro (2021), "Revisiting Rainbow", whose settings (their repository's Configs/) it takes: DQN
learns every 4 steps at a rate of 0.001 (0.01 on MountainCar), Rainbow every 2 at 0.0001 (every 4 at 0.001 on
LunarLander); Huber, batches of 128, ε 0.01, target networks copied every 100 steps (300 on LunarLander), 51 atoms
between ± 200 (± 100 on MountainCar), α and β of priorities 0.5. Their switch from Huber to squared errors is a row of
its own. Theirs are two layers of 512 units, which take hours a run on one core; `--units` says how many (default: 64).
Observations are scaled by running statistics where the paper scales them by constants.

A run's score is the mean return of the episodes that ended in its last third. Rows have the interquartile mean over
seeds with a 95 % interval by bootstrap (2,000 resamples), as Agarwal et al. (2021) advise. What has run is kept in
`--out`: the same command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from report import add_report_arguments, parse, progress, provenance, publish, seeds, table

COMPILED = "{name: compiled, id: %s, normalize: true}"
FREE = "{name: gymnasium, id: %s, kwargs: {max_episode_steps: 600}, wrappers: [normalize_observations]}"
"""Without the time limit of 200 steps, which the paper's episodes do not have."""
TASKS: Mapping[str, tuple[str, int, int, int]] = {
    "CartPole": (COMPILED % "CartPole-v1", 30_000, 200, 100),
    "Acrobot": (COMPILED % "Acrobot-v1", 30_000, 500, 100),
    "MountainCar": (FREE % "MountainCar-v0", 30_000, 600, 100),
    "LunarLander": ("{name: gymnasium, id: LunarLander-v3}", 120_000, 1000, 300),
}
"""Environment, steps of a run, steps of an episode at most, steps from one copy of the target network to the next."""
SUPPORT = {"CartPole": 200, "Acrobot": 200, "MountainCar": 100, "LunarLander": 200}
PARTS = ("double", "prioritized", "n-step", "dueling", "noisy", "distributional")
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "DQN": (),
    "DQN + squared error": ("squared error",),
    **{f"DQN + {part}": (part,) for part in PARTS},
    "Rainbow": PARTS,
    **{f"Rainbow − {part}": tuple(other for other in PARTS if other != part) for part in PARTS},
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Rainbow's parts, added one by one and left out one by one.")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS), help="default: all four")
    parser.add_argument("--seeds", type=seeds, default=tuple(range(10)), help="like 0-9 (default)")
    parser.add_argument("--units", type=int, default=64, help="of each of two layers (default: 64; the paper's: 512)")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time (default: 2)")
    parser.add_argument("--out", type=Path, default=Path("runs/revisiting_rainbow"), help="where runs are kept")
    parser.add_argument("--at-hand", action="store_true", help="make no runs: tell of those that are kept")
    add_report_arguments(parser)
    arguments = parse(parser)
    steps = 2_000 if arguments.quick else None
    rows = []
    for variant, parts in VARIANTS.items():
        cells = []
        for task in arguments.tasks:
            folder = arguments.out / f"{task}-{variant}-{arguments.units}".replace(" ", "")
            scores = _scores(_settings(task, parts, arguments.units, steps), arguments, folder)
            cells.append(_cell(scores, len(arguments.seeds)))
            progress(f"{task}, {variant}: {cells[-1]}")
        rows.append([variant, *cells])
    head = [f"{len(arguments.seeds)} seeds, {arguments.units} units", *arguments.tasks]
    publish("revisiting rainbow", f"{table(head, rows)}\n\n{provenance()}", arguments.write)


def _cell(scores: npt.NDArray[np.float64], asked: int) -> str:
    """With the number of seeds where they are fewer than were asked for."""
    if not len(scores):
        return "-"
    low, high = interval(scores)
    few = f", {len(scores)} seeds" if len(scores) < asked else ""
    return f"{interquartile_mean(scores):.0f} ({low:.0f} to {high:.0f}{few})"


def _settings(task: str, parts: Sequence[str], units: int, steps: int | None) -> list[str]:
    """The experiment, as overrides of `cartpole_dqn_compiled`."""
    environment, most, episode, copied = TASKS[task]
    rainbow, support, noisy = len(parts) > 1, SUPPORT[task], "noisy" in parts
    every, rate = (2, 0.0001) if rainbow else (4, 0.001)
    if task == "LunarLander":
        every, rate = 4, 0.001
    elif task == "MountainCar" and not rainbow:
        rate = 0.01
    loss = "squared_error" if "squared error" in parts else "huber"
    layer = "noisy" if noisy else "dense"
    dueling = str("dueling" in parts).lower()
    value = f"{{name: value, dueling: {dueling}, layer: {layer}}}"
    atoms = f"{{name: c51, atoms: 51, low: -{support}, high: {support}, dueling: {dueling}, layer: {layer}}}"
    return [
        f"environment={environment}",
        f"agent={{name: dqn, gamma: 0.99, batch_size: 128, update_every: {every}, learning_starts: 500, "
        f"n_step: {3 if 'n-step' in parts else 1}}}",
        f"network={{name: mlp, hidden: [{units}, {units}], layer: {layer}}}",
        f"head={atoms if 'distributional' in parts else value}",
        *([] if "distributional" in parts else [f"loss={loss}"]),
        f"bootstrap={'double' if 'double' in parts else 'max'}",
        "buffer={name: prioritized, capacity: 50_000, alpha: 0.5, beta: 0.5}"
        if "prioritized" in parts
        else "buffer={name: uniform, capacity: 50_000}",
        "exploration=greedy" if noisy else "exploration={name: epsilon_greedy, start: 0.01, end: 0.01}",
        f"optimizer={{name: adam, learning_rate: {rate}, epsilon: 0.0003125}}",
        f"target_update={{name: hard, every: {copied // every}}}",
        "stop=[]",
        "recorders=[]",
        "evaluation={episodes: 0}",
        f"limits={{steps: {steps or most}, steps_per_episode: {episode}}}",
    ]


def _scores(settings: list[str], arguments: argparse.Namespace, folder: Path) -> npt.NDArray[np.float64]:
    """By seed; runs whose score is kept are not made again."""
    import rlkit

    kept = folder / "scores.json"
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    if found.get("settings") != settings:
        found = {"settings": settings, "scores": {}}
    missing = [seed for seed in arguments.seeds if str(seed) not in found["scores"]]
    if missing and not arguments.at_hand:
        experiment = rlkit.load("experiments/cartpole_dqn_compiled.yaml", settings)
        ended = rlkit.run_seeds(experiment, missing, jobs=arguments.jobs, out=folder, quiet=True)
        for result in (one for one in ended if one.status == "finished"):
            found["scores"][str(result.seed)] = score(result.returns, result.lengths)
        kept.write_text(json.dumps(found), encoding="utf-8")
    return np.array([found["scores"][str(seed)] for seed in arguments.seeds if str(seed) in found["scores"]])


def score(returns: npt.NDArray[np.float64], lengths: npt.NDArray[np.int64]) -> float:
    """The mean return of the episodes that ended in the last third of the steps; of the last one if none did."""
    ends = np.cumsum(lengths)
    late = returns[ends > ends[-1] * 2 / 3] if len(ends) else np.zeros(1)
    return float(np.mean(late))


def interquartile_mean(scores: npt.NDArray[np.float64]) -> float:
    """The mean of the middle half of the scores, those at its borders by the share that lies within."""
    ordered, count = np.sort(scores), len(scores)
    ends = np.arange(count + 1) / count
    weights = np.clip(np.minimum(ends[1:], 0.75) - np.maximum(ends[:-1], 0.25), 0.0, None)
    return float(np.sum(weights * ordered) / np.sum(weights))


def interval(scores: npt.NDArray[np.float64]) -> tuple[float, float]:
    """The 95 % interval of the interquartile mean, by percentiles over resamples of the seeds."""
    rng = np.random.default_rng(0)
    means = [interquartile_mean(rng.choice(scores, len(scores))) for _ in range(2_000)]
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


if __name__ == "__main__":
    main()
