"""How the files of a run are written: whole or not at all. See `rlkit.caching.atomic`."""

from __future__ import annotations

from rlkit.caching.atomic import WriteError, atomic_file, sync_folder, write_atomically

__all__ = ["WriteError", "atomic_file", "sync_folder", "write_atomically"]
