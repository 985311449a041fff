"""That an experiment's parts were built and traced twice and were the same: kept, so that it is done once."""

from __future__ import annotations

from collections.abc import Callable

from rlkit.experiment.experiment import Experiment
from rlkit.programs.keeping.kept import kept_or_made
from rlkit.programs.verifying.when import Verify


def once(experiment: Experiment) -> Verify:
    """Carries a verification out unless an earlier process did, of the same parts, code and libraries."""

    def verify(verification: Callable[[], None]) -> None:
        def make() -> bool:
            verification()
            return True

        kept_or_made(experiment, "verified", make=make, pack=lambda _: b"", unpack=lambda _: True)

    return verify
