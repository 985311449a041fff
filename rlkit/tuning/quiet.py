"""Optuna's own log lines and warnings are not for the people who read this program's."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_optuna() -> Iterator[None]:
    """Say nothing of what Optuna notes on its way: what can be wrong with a search is checked before it begins."""
    logger = logging.getLogger("optuna")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logger.setLevel(level)


def optuna_is_missing() -> bool:
    """Whether the extra `tune` is not installed."""
    from importlib.util import find_spec

    return find_spec("optuna") is None
