"""Does an experiment learn the same in both loops? Episodes until solved, over many seeds.

`python benchmarks/loops.py` runs `cartpole_dqn_compiled` with seeds 0 to 149, and `cartpole_dqn`, the same in the
stepwise loop and in Gymnasium's own CartPole, with seeds 150 to 299: independent samples whose size was fixed before
anything ran. The 95 % interval of the ratio of their medians must lie within 0.75 to 1.33. Needs scipy.
"""

from __future__ import annotations

import argparse
import tempfile

from episodes_to_solve import HEAD, LIMIT, Outcome, by_seed, longer_by_chance, ratio_of_medians, row
from processes import ROOT
from report import add_report_arguments, parse, progress, provenance, publish, seeds, table

COMPILED, STEPWISE = "cartpole_dqn_compiled", "cartpole_dqn"
LOW, HIGH = 0.75, 1.33


def main() -> None:
    parser = argparse.ArgumentParser(description="Episodes until solved, in the compiled and in the stepwise loop.")
    parser.add_argument("--compiled-seeds", type=seeds, default=tuple(range(150)), help="default: 0-149")
    parser.add_argument("--stepwise-seeds", type=seeds, default=tuple(range(150, 300)), help="default: 150-299")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time, one core each (default: 2)")
    add_report_arguments(parser)
    arguments = parse(parser)
    if set(arguments.compiled_seeds) & set(arguments.stepwise_seeds):
        parser.error("the seeds of the two loops must be disjoint")
    few, limit = (2, 60) if arguments.quick else (None, LIMIT)
    outcomes = {
        f"compiled, `{COMPILED}`": _outcomes(COMPILED, arguments.compiled_seeds[:few], limit, arguments.jobs),
        f"stepwise, `{STEPWISE}`": _outcomes(STEPWISE, arguments.stepwise_seeds[:few], limit, arguments.jobs),
    }
    compiled, stepwise = outcomes.values()
    p, longer = longer_by_chance(compiled, stepwise)
    ratio, low, high = ratio_of_medians(compiled, stepwise)
    met = "met" if low >= LOW and high <= HIGH else "missed"
    verdict = (
        f"- Ratio of the medians, compiled over stepwise: {ratio:.3f}, 95 % interval {low:.3f}–{high:.3f} "
        f"(percentiles of 10,000 bootstrap samples); within {LOW} to {HIGH} is asked: {met}.\n"
        f"- Mann–Whitney test, two-sided: p = {p:.3f}; of one run each, the compiled one is the longer with "
        f"probability {longer:.2f} (0.5 where they do not differ)."
    )
    rows = [row(name, some) for name, some in outcomes.items()]
    publish("loops", "\n\n".join([table(HEAD, rows), verdict, by_seed(outcomes), provenance()]), arguments.write)


def _outcomes(name: str, chosen: tuple[int, ...], limit: int, jobs: int) -> list[Outcome]:
    import rlkit

    experiment = rlkit.load(ROOT / "experiments" / f"{name}.yaml", [f"limits.episodes={limit}", "recorders=[]"])
    with tempfile.TemporaryDirectory() as out:
        results = rlkit.run_seeds(experiment, chosen, jobs=jobs, out=out)
    failed = [result.seed for result in results if result.status != "finished"]
    if failed:
        raise SystemExit(f"{name}: seeds {failed} did not finish")
    progress(f"{name}: {sum(result.solved for result in results)} of {len(results)} solved")
    return [Outcome(result.seed, result.episodes, result.solved) for result in results]


if __name__ == "__main__":
    main()
