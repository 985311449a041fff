"""Whether the winner beats the base on the test seeds."""

from __future__ import annotations

from pathlib import Path

from rlkit.comparing.comparison import Comparison, compare
from rlkit.comparing.options import options_of
from rlkit.comparing.runs import gather
from rlkit.tuning.winner import BASE, BEST


def compared(folder: Path) -> Comparison:
    """The test, as `rlkit compare` of the tuning's folder judges it.

    Raises:
        ComparisonError: nothing may be concluded.
    """
    gathered = gather([str(folder)], folder.parent)
    return compare(gathered, options_of(gathered.options, "compare"))


def verdict(comparison: Comparison) -> str:
    """Whether the search was worth it, in a sentence."""
    better = {one.better for one in comparison.verdicts}
    if better == {BEST}:
        return "the winner beats the base on the test seeds"
    if better == {BASE}:
        return "the base beats the winner on the test seeds: what was found suits the tuning seeds alone"
    return "the winner is not shown to beat the base on the test seeds"
