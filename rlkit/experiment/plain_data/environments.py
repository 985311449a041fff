"""How many environments act at once; what a compiled environment shows and accepts, and how long it lasts."""

from __future__ import annotations

from typing import Any

from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.contracts.environment import Environment
from rlkit.contracts.spaces import Spaces
from rlkit.experiment.plain_data.asking import Property, is_count, shown
from rlkit.experiment.plain_data.spaces import wrong_spaces


def check_counts(environment: Environment) -> None:
    """An environment's `count` and `stack`, where it has them. Raises PartError for what is no count."""
    for name in ("count", "stack"):
        if not hasattr(environment, name):
            continue
        said = Property(environment, "environment", name)

        def check(found: Any, said: Property = said) -> None:
            if not is_count(found, 1):
                raise said.refused(shown(found), "an int of at least 1")

        said.answer(check)


def check_compiled(environment: CompiledEnvironment) -> None:
    """A compiled environment's `spaces` and `episode_limit`. Raises PartError for what the contract does not allow."""
    spaces = Property(environment, "compiled_environment", "spaces")

    def check_spaces(found: Any) -> None:
        if not isinstance(found, Spaces):
            raise spaces.refused(shown(found), "an rlkit.Spaces")
        wrong = wrong_spaces(found)
        if wrong:
            raise spaces.refused(*wrong)

    spaces.answer(check_spaces)
    check_limit(environment)


def check_limit(environment: CompiledEnvironment) -> None:
    """A compiled environment's `episode_limit` alone."""
    limit = Property(environment, "compiled_environment", "episode_limit")

    def check(found: Any) -> None:
        if found is not None and not is_count(found, 1):
            raise limit.refused(shown(found), "an int of at least 1, or None")

    limit.answer(check)
