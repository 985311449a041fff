"""Launchers: where runs are carried out. Processes of this machine, a Ray cluster, jobs of SLURM."""

from __future__ import annotations

from collections.abc import Mapping

from rlkit import Launcher, hookimpl
from rlkit_launchers.local import LocalProcesses
from rlkit_launchers.ray_cluster import RayCluster
from rlkit_launchers.slurm_jobs import SlurmJobs

RLKIT_API = 1


@hookimpl
def rlkit_launchers() -> Mapping[str, type[Launcher]]:
    """Names that a study file and `--launcher` use."""
    return {"local": LocalProcesses, "ray": RayCluster, "slurm": SlurmJobs}
