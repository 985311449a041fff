"""Launchers: where runs are carried out. Processes of this machine."""

from __future__ import annotations

from collections.abc import Mapping

from rlkit import Launcher, hookimpl
from rlkit_launchers.local import LocalProcesses

RLKIT_API = 1


@hookimpl
def rlkit_launchers() -> Mapping[str, type[Launcher]]:
    """Names that a study file and `--launcher` use."""
    return {"local": LocalProcesses}
