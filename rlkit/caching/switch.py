"""Whether anything is kept between processes."""

from __future__ import annotations

import os

VARIABLE = "RLKIT_NO_CACHE"
"""The environment variable that turns the cache off where it is not empty; `--no-cache` sets it."""


def caching() -> bool:
    """Whether the cache is used: read and written."""
    return not os.environ.get(VARIABLE)


def stop_caching() -> None:
    """Neither read nor write the cache, in this process and those that it starts."""
    os.environ[VARIABLE] = "1"
