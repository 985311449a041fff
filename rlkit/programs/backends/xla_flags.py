"""How XLA orders the operations of a program: one after the other."""

from __future__ import annotations

import importlib.metadata
import os

_NAME = "XLA_FLAGS"
_FLAGS = (
    # By default XLA orders operations so that independent ones may run at once, and hands each to a pool of threads.
    # Those of a small network take less time than that costs.
    "--xla_cpu_enable_concurrency_optimized_scheduler=false",
    # With a fixed order fewer variables have to be copied before they are assigned to.
    "--xla_cpu_copy_insertion_use_region_analysis=true",
)
_KNOWN_TO = ("2.20", "2.21")
"""Versions of TensorFlow that know these flags (tried); one that does not know a flag ends the process."""


def order_operations() -> None:
    """Add the flags to the environment variable XLA_FLAGS, where the installed TensorFlow knows them.

    To be called before XLA compiles its first program in this process, and has no effect later. Results stay the same
    to the last bit. What the user set in the variable is kept, and has the last word.
    """
    given = os.environ.get(_NAME, "")
    if given and not given.lstrip().startswith("--"):  # names a file of flags
        return
    if ".".join(_version().split(".")[:2]) in _KNOWN_TO:
        names = [flag.split("=")[0] for flag in _FLAGS]
        ours = [flag for flag, name in zip(_FLAGS, names, strict=True) if name not in given]
        os.environ[_NAME] = " ".join([*ours, given]).strip()


def _version() -> str:
    try:
        return importlib.metadata.version("tensorflow")
    except importlib.metadata.PackageNotFoundError:
        return ""
