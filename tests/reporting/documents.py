"""Documents of comparisons, made up: as large as asked for, the same each time."""

from __future__ import annotations

import random
from typing import Any

_NAMES = ("epsilon_greedy", "boltzmann", "slower_decay", "noisy", "counts", "heads", "greedy", "ucb", "softmax", "none")


def document(
    variants: int = 3, tasks: int = 1, seeds: int = 30, *, points: int = 200, score: float = 12_000
) -> dict[str, Any]:
    """Of a study of the time to a threshold."""
    drawn = random.Random(0)
    names = [_NAMES[number] if number < len(_NAMES) else f"variant{number}" for number in range(variants)]
    labels = ["CartPole-v1", "Acrobot-v1", "MountainCar-v0", *(f"Task{number}-v0" for number in range(3, tasks))][
        :tasks
    ]
    speed = {name: 1 + 0.35 * index for index, name in enumerate(names)}

    def estimate(value: float, spread: float = 0.12) -> dict[str, float]:
        return {"estimate": value, "low": value * (1 - spread), "high": value * (1 + spread * 1.3)}

    def aggregates(value: float) -> dict[str, Any]:
        return {"interquartile_mean": estimate(value), "mean": estimate(value * 1.1), "median": estimate(value * 0.97)}

    def run(name: str, task: str, seed: int) -> dict[str, Any]:
        time = score * speed[name] * drawn.lognormvariate(0, 0.3)
        solved = time < 3 * score
        return {
            "folder": f"runs/exploration/{name}/{task}/20261128-10{seed:04}-seed{seed}", "variant": name, "task": task,
            "seed": seed, "status": "finished" if seed != 7 else "interrupted", "steps": round(time),
            "episodes": round(time / 60), "seconds": time / 30_000, "score": min(time, 3 * score),
            "censored": not solved, "final": 225.3 + seed, "area": 96.21, "time": time if solved else None,
            "time_censored_at": None if solved else 3 * score, "experiment": {},
        }  # fmt: skip

    def curve(name: str, task: str, by: str) -> dict[str, Any]:
        length = {"step": 3 * score, "episode": 500.0, "seconds": 1.4}[by]
        x = [length * (index + 1) / points for index in range(points)]
        y = [20 + 230 / (1 + 2.718 ** (-9 * (at / length - 0.2 * speed[name]))) + drawn.gauss(0, 2) for at in x]
        return {"variant": name, "task": task, "by": by, "x": x, "estimate": y, "low": [value * 0.85 for value in y],
                "high": [value * 1.1 for value in y], "runs": seeds}  # fmt: skip

    def profile(name: str, task: str | None) -> dict[str, Any]:
        at = [3 * score * index / 99 for index in range(100)]
        share = [1 / (1 + (value / (score * speed[name])) ** 6) for value in at]
        return {"variant": name, "task": task, "score": at, "share": share, "low": [max(0.0, s - 0.08) for s in share],
                "high": [min(1.0, s + 0.08) for s in share]}  # fmt: skip

    def survival(name: str, task: str) -> dict[str, Any]:
        times = sorted(score * speed[name] * drawn.lognormvariate(0, 0.3) for _ in range(seeds))
        times = [time for time in times if time < 3 * score]
        share = [1 - (index + 1) / seeds for index in range(len(times))]
        low, high = [max(0.0, s - 0.12) for s in share], [min(1.0, s + 0.12) for s in share]
        return {"variant": name, "task": task, "time": times, "share": share, "low": low, "high": high,
                "censored": [3 * score] * (seeds - len(times))}  # fmt: skip

    def verdict(name: str, task: str | None) -> dict[str, Any]:
        ratio, decided = speed[name] / speed[names[0]], speed[name] > 1.5
        return {
            "sentence": f"{name} needs {ratio - 1:.0%} more environment steps than {names[0]} (95 % interval 11 to "
            f"90 %, {seeds} seeds each)." if decided else f"{name} and {names[0]} are not distinguishable.",
            "a": names[0], "b": name, "task": task, "decided": decided, "better": names[0] if decided else None,
            "effect": {"kind": "ratio", **estimate(ratio, 0.2 if decided else 0.4)},
            "probability_of_improvement": {"estimate": 0.31, "low": 0.2, "high": 0.44}, "p": 0.0004,
            "adjusted_p": 0.002, "seeds": [seeds, seeds], "paired": True, "more_seeds": None if decided else 45,
        }  # fmt: skip

    over = [None, *labels] if tasks > 1 else list(labels)
    return {
        "format": 1, "title": "exploration",
        "measure": {
            "name": "time", "by": "step", "threshold": 225.0, "window": 50, "better": "lower",
            "unit": "environment steps", "words": "environment steps until the mean return of 50 episodes reaches 225",
        },
        "confidence": 0.95, "resamples": 2000, "tasks": labels,
        "variants": [
            {
                "name": name, "base": index == 0,
                "differences": {} if index == 0 else {"exploration": name, "exploration.temperature": f"{index / 2}"},
                "tasks": [
                    {"task": task, "seeds": list(range(seeds)), "runs": seeds, "failed": int(index == 1),
                     "censored": index, "aggregates": aggregates(score * speed[name])}
                    for task in labels
                ],
                "aggregates": aggregates(score * speed[name]),
            }
            for index, name in enumerate(names)
        ],
        "runs": [run(name, task, seed) for name in names for task in labels for seed in range(seeds)],
        "verdicts": [verdict(name, task) for task in over for name in names[1:]],
        "warnings": ["The variants were chosen on the seeds that are reported here: see docs/comparing.md."],
        "curves": [curve(name, task, by) for name in names for task in labels for by in ("step", "episode", "seconds")],
        "profiles": [profile(name, task) for name in names for task in over],
        "survival": [survival(name, task) for name in names for task in labels],
        "versions": {"rlkit": "0.1.0", "python": "3.11.7", "tensorflow": ["2.20.0", "2.21.0"], "platform": "Linux"},
        "made": "2026-11-28",
    }  # fmt: skip
