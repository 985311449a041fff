"""The two markers with which a plugin says what it offers."""

from rlkit.hookspecs import hookimpl, hookspec

__all__ = ["hookimpl", "hookspec"]
