"""Where what can be made again is kept."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

VARIABLE = "RLKIT_CACHE_DIR"
"""The environment variable that moves the cache."""


def cache_folder() -> Path:
    """The user's cache folder of rlkit, or what `RLKIT_CACHE_DIR` says; it need not exist yet."""
    moved = os.environ.get(VARIABLE)
    return Path(moved).expanduser() if moved else platformdirs.user_cache_path("rlkit", appauthor=False)
