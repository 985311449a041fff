"""A comparison, as the document of `docs/comparing.md`."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rlkit.comparing import pictures, verdicts
from rlkit.comparing.compared_run import ComparedRun
from rlkit.comparing.differences import differences
from rlkit.comparing.errors import ComparisonError
from rlkit.comparing.measures import Measure, area, final, measure_for, reaches
from rlkit.comparing.options import Options
from rlkit.comparing.runs import Gathered
from rlkit.comparing.scores import Scores, aggregates, budget, horizon, over_tasks, scores_of, told
from rlkit.comparing.sentences import sentence
from rlkit.comparing.sequential import held_together
from rlkit.comparing.verdict import Verdict
from rlkit.comparing.warned import warnings_of
from rlkit.runs.folder import shown_path
from rlkit.statistics.bootstrap import CONFIDENCE, RESAMPLES

FORMAT = 1


@dataclass(frozen=True, eq=False)
class Comparison:
    """What was compared, by what, and all that came of it."""

    gathered: Gathered
    options: Options
    measure: Measure
    scores: Mapping[tuple[str, str], Scores]
    """By variant and task."""
    horizons: Mapping[str, float]
    """By task: up to where times are compared."""
    budgets: Mapping[str, float]
    """By task: up to where areas are measured."""
    verdicts: tuple[Verdict, ...]
    warnings: tuple[str, ...]

    @property
    def sentences(self) -> list[str]:
        """A plain sentence for each verdict."""
        tasks = len(self.gathered.tasks)
        return [sentence(verdict, self.measure, tasks, CONFIDENCE) for verdict in self.verdicts]

    def of(self, variant: str) -> list[Scores]:
        """A variant's scores, task by task."""
        return [self.scores[variant, task] for task in self.gathered.tasks]

    def document(self) -> dict[str, Any]:
        """Plain data, as JSON takes it."""
        return {
            "format": FORMAT,
            "title": self.gathered.title,
            "measure": self.measure.told(),
            "confidence": CONFIDENCE,
            "resamples": RESAMPLES,
            "tasks": list(self.gathered.tasks),
            "variants": [self._variant(name) for name in self.gathered.variants],
            "runs": [self._run(run) for scores in self.scores.values() for run in (*scores.runs, *scores.left_out)],
            "verdicts": [v.told(s) for v, s in zip(self.verdicts, self.sentences, strict=True)],
            "warnings": list(self.warnings),
            **self._pictures(),
            "versions": _versions(self.gathered.runs),
            "made": datetime.date.today().isoformat(),
        }

    def _variant(self, name: str) -> dict[str, Any]:
        found, base = self.of(name), self.gathered.variants[0]
        tasks = [self._task(scores) for scores in found]
        bounds = self.options.normalize
        return {
            "name": name,
            "base": name == base,
            "differences": _differences(self.of(base), found) if name != base else {},
            "tasks": tasks,
            "aggregates": tasks[0]["aggregates"]
            if len(found) == 1
            else told(over_tasks(found, bounds, CONFIDENCE))
            if bounds
            else {},
        }

    def _task(self, scores: Scores) -> dict[str, Any]:
        return {
            "task": scores.task,
            "seeds": scores.seeds,
            "runs": len(scores.runs),
            "failed": sum(run.status == "failed" for run in scores.left_out),
            "censored": int(np.sum(~scores.seen)),
            "aggregates": told(
                aggregates(scores, self.measure, self.horizons[scores.task], CONFIDENCE, self.options.normalize)
            ),
        }

    def _run(self, run: ComparedRun) -> dict[str, Any]:
        measure, scores = self.measure, self.scores[run.variant, run.task]
        counted = run in scores.runs
        time = reaches(run, measure.by, measure.threshold, measure.window) if measure.threshold is not None else None
        value = float(scores.values[scores.runs.index(run)]) if counted else None
        seen = not counted or bool(scores.seen[scores.runs.index(run)])
        first = scores.runs[0] if scores.runs else run
        return {
            "folder": shown_path(run.folder.resolve()),
            "variant": run.variant,
            "task": run.task,
            "seed": run.seed,
            "status": run.status,
            "steps": run.manifest.get("steps"),
            "episodes": run.manifest.get("episodes"),
            "seconds": (run.manifest.get("seconds") or {}).get("training"),
            "score": value if seen else None,
            "censored": not seen,
            "final": _finite(final(run, measure.by)),
            "area": _finite(area(run, measure.by, measure.window, self.budgets[run.task])),
            "time": time.at if time and time.seen else None,
            "time_censored_at": time.at if time and not time.seen else None,
            "experiment": differences(first.resolved, run.resolved),
        }

    def _pictures(self) -> dict[str, Any]:
        known = [scores for scores in self.scores.values() if len(scores.values)]
        kinds = pictures.drawable(self.measure)
        profiles = []
        for task in self.gathered.tasks if "profiles" in kinds else ():
            here = [scores for scores in known if scores.task == task]
            levels = pictures.levels_of(here) if here else np.empty(0)
            profiles += [pictures.profile(scores, levels, CONFIDENCE) for scores in here]
        return {
            "curves": [c for scores in known for c in pictures.curves(scores, self.measure.window, CONFIDENCE)],
            "profiles": profiles,
            "survival": [pictures.survival(s, CONFIDENCE) for s in known] if "survival" in kinds else [],
        }


def compare(gathered: Gathered, options: Options) -> Comparison:
    """Judge the runs, and every pair of variants that was asked for.

    Raises:
        ComparisonError: the options do not fit the runs.
    """
    gathered = _with_base(gathered, options.base)
    measure = measure_for(gathered.runs, options.measure, options.by, options.threshold, options.window)
    for task in options.normalize:
        if task not in gathered.tasks:
            raise ComparisonError(f"found the bounds of '{task}'; the tasks are {', '.join(gathered.tasks)}")
    if options.normalize and measure.name == "time":
        raise ComparisonError("times are not normalised; bounds go with the measures final and area")
    missing = [task for task in gathered.tasks if options.normalize and task not in options.normalize]
    if missing:
        raise ComparisonError(f"found no bounds for {', '.join(missing)}; give all tasks their bounds, or none")
    budgets = {task: budget(gathered.runs, task, measure) for task in gathered.tasks}
    scores = {
        (variant, task): scores_of(gathered.runs, variant, task, measure, budgets[task])
        for variant in gathered.variants
        for task in gathered.tasks
    }
    horizons = {task: horizon([scores[variant, task] for variant in gathered.variants]) for task in gathered.tasks}
    found = _verdicts(gathered, scores, measure, horizons, options.pairs)
    if gathered.looks is not None:
        found = held_together(found, scores, gathered.tasks, horizons, measure, gathered.looks)
    warned = warnings_of(gathered, scores, measure, horizons)
    return Comparison(gathered, options, measure, scores, horizons, budgets, tuple(found), tuple(warned))


def _with_base(gathered: Gathered, base: str | None) -> Gathered:
    from dataclasses import replace

    from rlkit.catalogue.nearest import did_you_mean

    if base is None:
        return gathered
    if base not in gathered.variants:
        nearest = did_you_mean(base, gathered.variants) or ";"
        raise ComparisonError(f"found the base '{base}'{nearest} variants: {', '.join(gathered.variants)}")
    return replace(gathered, variants=(base, *(name for name in gathered.variants if name != base)))


def _verdicts(
    gathered: Gathered,
    scores: Mapping[tuple[str, str], Scores],
    measure: Measure,
    horizons: Mapping[str, float],
    which: str,
) -> list[Verdict]:
    names = gathered.variants
    chosen = list(itertools.combinations(names, 2)) if which == "all" else [(names[0], name) for name in names[1:]]
    tasks = len(gathered.tasks)
    comparisons = len(chosen) * (tasks + 1 if tasks > 1 else 1)
    found: list[Verdict | None] = []
    for a, b in chosen:
        here = [(scores[a, task], scores[b, task], horizons[task]) for task in gathered.tasks]
        found += [verdicts.over_all(here, measure, CONFIDENCE, comparisons)]
        found += [verdicts.pair(one, other, measure, until, CONFIDENCE, comparisons) for one, other, until in here]
    return verdicts.corrected([verdict for verdict in found if verdict is not None])


def _differences(base: Sequence[Scores], found: Sequence[Scores]) -> dict[str, Any]:
    for one, other in zip(base, found, strict=True):
        ours, theirs = (*one.runs, *one.left_out), (*other.runs, *other.left_out)
        if ours and theirs:
            return differences(ours[0].resolved, theirs[0].resolved)
    return {}


def _versions(runs: Sequence[ComparedRun]) -> dict[str, Any]:
    told: dict[str, dict[str, None]] = {}
    for run in runs:
        platform = (run.manifest.get("platform") or {}).get("system")
        for name, version in {**(run.manifest.get("versions") or {}), "platform": platform}.items():
            told.setdefault(name, {})[str(version)] = None
    return {name: next(iter(found)) if len(found) == 1 else list(found) for name, found in told.items()}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
