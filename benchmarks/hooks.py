"""What happens between episodes of the compiled loop, beside the loop itself.

`python benchmarks/hooks.py` runs `cartpole_dqn_compiled` in this process, once as `rlkit run` does (stop criterion,
rows, best weights and the experiment's recorders) and once with the loop alone, in turn, each for so many steps, and
reads the clock around every call of the episode program. Counted are the episodes of 100 steps or more: the share of
their time that passes outside the program must be under 5 %.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from processes import ROOT, pin
from report import add_report_arguments, parse, progress, provenance, publish, seeds, table

EXPERIMENT = "cartpole_dqn_compiled"
LONG = 100
"""Steps of the episodes that count."""
MOST = 0.05


@dataclasses.dataclass(frozen=True)
class Share:
    """Of one run."""

    episodes: int
    inside: float
    """Microseconds an episode, mean, in the program."""
    outside: float
    """Microseconds an episode, mean, between a return from the program and the next call."""

    @property
    def share(self) -> float:
        """Of the time that passes outside."""
        return self.outside / (self.inside + self.outside)


def main() -> None:
    parser = argparse.ArgumentParser(description="Hooks and recorders between episodes, beside the compiled loop.")
    parser.add_argument("--steps", type=int, default=150_000, help="environment steps a run (default: 150,000)")
    parser.add_argument("--seeds", type=seeds, default=(0, 1, 2), help="like 0-2 (default)")
    parser.add_argument("--core", type=int, help="the core to stay on (default: the last)")
    add_report_arguments(parser)
    arguments = parse(parser)
    steps = 20_000 if arguments.quick else arguments.steps
    chosen = arguments.seeds[:1] if arguments.quick else arguments.seeds
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    pin(arguments.core)
    full = [_measured(seed, steps, []) for seed in chosen]
    bare = [_measured(seed, steps, ["recorders=[]"]) for seed in chosen]
    named = {"as it is: rows, stop, best weights, recorders": full, "without recorders": bare}
    rows = [
        [
            name,
            f"{sum(one.episodes for one in some):,}",
            f"{statistics.median(one.inside for one in some):,.0f}",
            f"{statistics.median(one.outside for one in some):,.0f}",
            f"{statistics.median(one.share for one in some):.1%}",
        ]
        for name, some in named.items()
    ]
    share = statistics.median(one.share for one in full)
    head = [f"episodes of {LONG} steps or more", "episodes", "µs in the program", "µs outside", "share outside"]
    verdict = f"- Share outside: {share:.1%}; under {MOST:.0%} is asked: {'met' if share < MOST else 'missed'}."
    publish("hooks", "\n\n".join([table(head, rows), verdict, provenance()]), arguments.write)


def _measured(seed: int, steps: int, settings: list[str]) -> Share:
    import rlkit

    unending = [
        "stop={name: mean_return, window: 50, threshold: 1000}",
        "limits.episodes=null",
        "evaluation.episodes=0",
    ]
    overrides = [*unending, f"limits.steps={steps}", *settings]
    experiment = rlkit.load(ROOT / "experiments" / f"{EXPERIMENT}.yaml", overrides, seed=seed)
    with _clocked() as calls, tempfile.TemporaryDirectory() as out:
        rlkit.run(experiment, out=out)
    inside, outside = [], []
    for (began, ended, length, over), (next_began, *_) in itertools.pairwise(calls):
        if over and length >= LONG:
            inside.append(ended - began)
            outside.append(next_began - ended)
    found = Share(len(inside), 1e6 * statistics.mean(inside), 1e6 * statistics.mean(outside))
    progress(f"seed {seed} {' '.join(settings)}: {found.inside:.0f} µs inside, {found.outside:.0f} outside")
    return found


@contextlib.contextmanager
def _clocked() -> Iterator[list[tuple[float, float, int, bool]]]:
    """When each call of the episode program began and ended, its episode's length, and whether that ended."""
    from rlkit.loops.compiled.episode import EpisodeProgram

    calls: list[tuple[float, float, int, bool]] = []
    plain = EpisodeProgram.__call__

    def clocked(program: Any) -> Any:
        began = time.perf_counter()
        said = plain(program)
        calls.append((began, time.perf_counter(), said.length[0], any(said.terminated) or any(said.truncated)))
        return said

    EpisodeProgram.__call__ = clocked  # type: ignore[method-assign, assignment]
    try:
        yield calls
    finally:
        EpisodeProgram.__call__ = plain  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
