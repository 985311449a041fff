"""How often does `rlkit compare` tell equal variants apart, and how often does it tell those apart that differ?

`python benchmarks/false_verdicts.py` makes up studies and counts those with any false verdict, all comparisons of a
study together: at most 5 % are asked. Sequential stopping looks after each of six batches of five seeds. Verdicts are
counted by their adjusted p-values; that the interval has to agree as well can only make them fewer.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Sequence

import numpy as np
from report import add_report_arguments, parse, progress, provenance, publish, table
from synthetic_scores import BUDGET, DISTRIBUTIONS, TIME, Distribution, scores

from rlkit.comparing.p_values import p_value
from rlkit.comparing.scores import Scores, restricted
from rlkit.comparing.verdict import LEVEL
from rlkit.comparing.verdicts import pair
from rlkit.statistics.sequential import decided_at
from rlkit.statistics.significance import holm

LOOKS, BATCH = 6, 5
PERMUTATIONS = 999
"""Of each test; `rlkit` draws ten times as many, with which the test is as exact, and a little more often tells."""
HEAD = ("scores", "3 variants, 10 seeds", "6 variants, 10 seeds", "3 variants, 30 seeds", "one of 4 differs",
        "until decided")  # fmt: skip
HEAD_POWER = ("scores", "10 seeds", "30 seeds", "until decided, at most 30", "seeds until then")
LIMIT = 5.0
MORE = 5
"""Times as many studies for sequential stopping, whose error is closest to the limit."""


def study(kind: Distribution, rng: np.random.Generator, gains: Sequence[float], runs: int) -> list[Scores]:
    """Variants that share their seeds."""
    return [scores(kind, rng, str(place), runs, gain) for place, gain in enumerate(gains)]


def wrong(kind: Distribution, rng: np.random.Generator, gains: Sequence[float], runs: int) -> bool:
    """Whether any pair of equals is told apart, all pairs compared."""
    pairs = list(itertools.combinations(study(kind, rng, gains, runs), 2))
    adjusted = holm([p_value(a, b, kind.measure, BUDGET, paired=True, permutations=PERMUTATIONS) for a, b in pairs])
    equal = [one == other for one, other in itertools.combinations(gains, 2)]
    return any(p <= LEVEL and same for p, same in zip(adjusted, equal, strict=True))


def look(kind: Distribution, a: Scores, b: Scores, comparisons: int) -> int | None:
    """The batch after which two are told apart."""
    values = [restricted(one, BUDGET) if kind.measure is TIME else one.values for one in (a, b)]
    ours, theirs = (np.split(one, LOOKS) for one in values)
    return decided_at(ours, theirs, LOOKS, level=LEVEL / comparisons, permutations=PERMUTATIONS)


def wrong_at_a_look(kind: Distribution, rng: np.random.Generator) -> bool:
    """Three equals, all pairs, looked at after each batch."""
    made = study(kind, rng, (0, 0, 0), LOOKS * BATCH)
    return any(look(kind, a, b, 3) is not None for a, b in itertools.combinations(made, 2))


def wrong_when_looked_at_again(kind: Distribution, rng: np.random.Generator) -> bool:
    """Two equals, ten seeds each, and where they are not told apart as many more as the sentence says, up to 60."""
    whole, runs = study(kind, rng, (0, 0), 60), 10
    for _ in range(2):
        a, b = (Scores(one.variant, one.task, one.runs[:runs], (), one.values[:runs], one.seen[:runs]) for one in whole)
        found = pair(a, b, kind.measure, BUDGET, 0.95, permutations=PERMUTATIONS)
        assert found is not None
        if found.p <= LEVEL:
            return True
        runs = min(60, runs + (found.more_seeds or 0))
    return False


def share(found: Sequence[bool]) -> str:
    return f"{100 * np.mean(found):.1f} %"


def errors(kind: Distribution, studies: int) -> list[str]:
    """A row: shares of studies with a false verdict."""
    rng = np.random.default_rng(1)
    cases = (((0, 0, 0), 10), ((0,) * 6, 10), ((0, 0, 0), 30), ((0, 0, 0, 1), 10))
    fixed = [share([wrong(kind, rng, gains, runs) for _ in range(studies)]) for gains, runs in cases]
    # With budgets of their own, runs are not what a batch can be decided by.
    looked = "" if kind.lost else share([wrong_at_a_look(kind, rng) for _ in range(MORE * studies)])
    return [kind.words, *fixed, looked]


def power(kind: Distribution, studies: int) -> list[str]:
    """A row: shares of studies of two variants that differ whose difference is told."""
    rng = np.random.default_rng(2)
    told = []
    for runs in (10, 30):
        made = (study(kind, rng, (0, 1), runs) for _ in range(studies))
        verdicts = [pair(a, b, kind.measure, BUDGET, 0.95, permutations=PERMUTATIONS) for a, b in made]
        told.append(share([verdict is not None and verdict.decided for verdict in verdicts]))
    if kind.lost:
        return [kind.words, *told, "", ""]
    looks = [look(kind, a, b, 1) for a, b in (study(kind, rng, (0, 1), LOOKS * BATCH) for _ in range(studies))]
    seeds = [BATCH * (LOOKS if one is None else one + 1) for one in looks]
    return [kind.words, *told, share([one is not None for one in looks]), f"{np.mean(seeds):.1f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=2_000, help="made-up studies a figure (default: 2000)")
    add_report_arguments(parser)
    arguments = parse(parser)
    studies = 10 if arguments.quick else arguments.studies
    rows, powers = [], []
    for kind in DISTRIBUTIONS:
        rows.append(errors(kind, studies))
        progress(" ".join(rows[-1]))
        powers.append(power(kind, max(10, studies // 4)))
        progress(" ".join(powers[-1]))
    most = max(float(cell.rstrip(" %")) for row in rows for cell in row[1:] if cell)
    verdict = "met" if most <= LIMIT else "missed"
    rng = np.random.default_rng(3)
    again = share([wrong_when_looked_at_again(DISTRIBUTIONS[0], rng) for _ in range(studies)])
    text = (
        f"{table(HEAD, rows)}\n\nStudies with any false verdict, every variant compared with every other: at most "
        f"{most:.1f} %; at most {LIMIT:.0f} % is asked: {verdict}. {studies:,} made-up studies a figure, "
        f"{MORE * studies:,} in the last column.\n\n"
        f"Who looks after ten seeds, runs as many more as the sentence says, and looks again at all of them, has a "
        f"false verdict in {again} of the studies of two equal variants (normal returns): one look alone is allowed "
        f"for.\n\n"
        f"{table(HEAD_POWER, powers)}\n\nStudies of two variants that differ by some 20 % whose difference is told, "
        f"and the mean number of seeds that each variant ran when looked at after every {BATCH}.\n\n{provenance()}"
    )
    publish("false verdicts", text, arguments.write)


if __name__ == "__main__":
    main()
