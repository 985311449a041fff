"""That an experiment's parts were built and traced twice and were the same: kept, so that it is done once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from rlkit.experiment.experiment import Experiment
from rlkit.programs.keeping.kept import kept_or_made
from rlkit.programs.verifying.when import Verify


def once(experiment: Experiment) -> Verify:
    """Carries a verification out unless an earlier process did, of the same parts, code and libraries."""

    fact = _fact(experiment)

    def verify(verification: Callable[[], None]) -> None:
        def make() -> bool:
            verification()
            return True

        kept_or_made(experiment, fact, make=make, pack=lambda _: b"", unpack=lambda _: True)

    return verify


def _fact(experiment: Experiment) -> str:
    """Of a compiled environment too, which the experiment's key leaves out."""
    if getattr(experiment.environment, "compiled", None) is None:
        return "verified"
    sources = sorted((plugin.name, plugin.digest) for plugin in experiment.catalogue.plugins)
    content = json.dumps([experiment.resolved["environment"], sources])
    return f"verified with its environment {hashlib.sha256(content.encode()).hexdigest()[:16]}".replace(" ", "_")
