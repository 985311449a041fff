"""Seconds until the first episode has been played, with an empty cache of compiled programs and with a filled one.

`python benchmarks/compile_time.py` runs one episode of each experiment: five times with a cache folder
(`RLKIT_CACHE_DIR`) that is new, and after each of these once more with the folder as that run left it. On one core.
"Until the first episode" is run.json's `seconds.startup + seconds.training`: imports, tracing, compiling or loading,
and the episode itself.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from processes import pin, rlkit_run
from report import add_report_arguments, parse, progress, provenance, publish, table

ONE_EPISODE = {"stop": "[]", "recorders": "[]", "evaluation": "{episodes: 0}", "limits.episodes": 1}
Figures = tuple[float, float]
"""Seconds until the first episode's end, and of the whole process."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Seconds to the first episode, cache cold and warm, one core.")
    parser.add_argument(
        "experiments", nargs="*", default=["cartpole_dqn_compiled"], metavar="EXPERIMENT", help="default: %(default)s"
    )
    parser.add_argument("--times", type=int, default=5, help="pairs of runs an experiment (default: 5)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="passed on to rlkit run")
    parser.add_argument("--core", type=int, help="the core that all processes are kept on (default: the last)")
    add_report_arguments(parser)
    arguments = parse(parser)
    if arguments.times < 1:
        parser.error(f"--times: found {arguments.times}; at least 1")
    settings = {**dict(text.split("=", 1) for text in arguments.set if "=" in text), **ONE_EPISODE}
    times = 1 if arguments.quick else arguments.times
    pin(arguments.core)

    rows, lines = [], []
    for experiment in arguments.experiments:
        cold: list[Figures] = []
        warm: list[Figures] = []
        megabytes = 0.0
        for seed in range(times):
            with tempfile.TemporaryDirectory() as cache:
                cold.append(_one_episode(seed, settings, experiment, Path(cache)))
                megabytes = sum(path.stat().st_size for path in Path(cache).rglob("*") if path.is_file()) / 2**20
                warm.append(_one_episode(seed, settings, experiment, Path(cache)))
            progress(f"{experiment}: cold {cold[-1][0]:.2f}, warm {warm[-1][0]:.2f} s")
        for name, found in (("cold", cold), ("warm", warm)):
            first, whole = zip(*found, strict=True)
            rows.append([f"`{experiment}`, {name}", _shown(first), _shown(whole)])
        saved = statistics.median(found[0] for found in cold) - statistics.median(found[0] for found in warm)
        lines.append(f"- `{experiment}`: the cache saves {saved:.2f} s and takes {megabytes:.1f} MiB.")
    head = [f"seconds, median (lowest–highest) of {times}", "until the first episode's end", "the whole process"]
    publish("compile time", "\n\n".join([table(head, rows), "\n".join(lines), provenance()]), arguments.write)


def _one_episode(seed: int, settings: dict[str, object], experiment: str, cache: Path) -> Figures:
    process, manifest = rlkit_run(seed, settings, experiment, cache=cache)
    seconds = manifest["seconds"]
    return float(seconds["startup"]) + float(seconds["training"]), process.seconds


def _shown(found: Sequence[float]) -> str:
    return f"{statistics.median(found):.2f} ({min(found):.2f}–{max(found):.2f})"


if __name__ == "__main__":
    main()
