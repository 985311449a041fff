"""Versions of what a run rests on, read from their metadata: nothing is imported."""

from __future__ import annotations

import importlib.metadata
import platform

_DISTRIBUTIONS = {
    "rlkit": ("rlkit-framework",),
    "tensorflow": ("tensorflow", "tensorflow-cpu"),
    "keras": ("keras",),
    "numpy": ("numpy",),
    "gymnasium": ("gymnasium",),
    "ai_edge_litert": ("ai-edge-litert",),
}


def versions() -> dict[str, str]:
    """Of Python, rlkit and the libraries under it, those that are installed."""
    found = {"python": platform.python_version()}
    for name, distributions in _DISTRIBUTIONS.items():
        for distribution in distributions:
            try:
                found[name] = importlib.metadata.version(distribution)
                break
            except importlib.metadata.PackageNotFoundError:
                continue
    return found
