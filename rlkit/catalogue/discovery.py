"""Finding plugins: the entry points of the group `rlkit`, in two passes, each one isolated from the others."""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from importlib.metadata import EntryPoint

from rlkit import hookspecs
from rlkit.catalogue.candidate import Candidate
from rlkit.catalogue.catalogue import Catalogue, Entry
from rlkit.catalogue.plugins import CORE_DISTRIBUTION
from rlkit.catalogue.registry import Registry
from rlkit.catalogue.tensorflow_standin import deferred_tensorflow

GROUP = "rlkit"
_underway: ContextVar[bool] = ContextVar("underway", default=False)


@functools.cache
def discover() -> Catalogue:
    """Everything that is installed, found once a process.

    A plugin that fails is reported in `Catalogue.broken` and stops no other. TensorFlow is not imported, unless a
    plugin uses it while being imported. What plugins print meanwhile goes to standard error.

    Raises:
        RuntimeError: if a plugin calls it while being imported.
    """
    if _underway.get():
        raise RuntimeError("a plugin asked for the installed plugins while it was itself being found")
    token = _underway.set(True)
    try:
        return collect(importlib.metadata.entry_points(group=GROUP))
    finally:
        _underway.reset(token)


def collect(points: Iterable[EntryPoint]) -> Catalogue:
    """The catalogue of these entry points: first all hook specs, then all implementations."""
    with deferred_tensorflow() as deferral, contextlib.redirect_stdout(sys.stderr):
        candidates = sorted((Candidate(point, deferral) for point in points), key=_order)
        registry = Registry()
        registry.add_specs(hookspecs, CORE_DISTRIBUTION, "rlkit itself")
        for candidate in candidates:
            with candidate.measured(), candidate.isolated():
                candidate.load()
                registry.add_specs(candidate.namespace, candidate.distribution, f"plugin {candidate}")
        for candidate in _faultless(candidates):
            with candidate.isolated():
                registry.register(candidate)
        usable = _faultless(candidates)
        for candidate in usable:
            with candidate.measured(), candidate.isolated():
                registry.add_components(candidate)
                registry.find_omissions(candidate)
    plugins = [candidate.plugin() for candidate in usable]
    entries = [
        Entry(*offer, plugin) for candidate, plugin in zip(usable, plugins, strict=True) for offer in candidate.offers
    ]
    broken = [fault for candidate in candidates for fault in candidate.faults]
    return Catalogue(registry.kinds, entries, plugins, broken)


def _faultless(candidates: Iterable[Candidate]) -> list[Candidate]:
    return [candidate for candidate in candidates if not candidate.faults]


def _order(candidate: Candidate) -> tuple[bool, str, str]:
    """The plugins that come with rlkit first, so that no other can take a kind from them; then by name."""
    return candidate.distribution != CORE_DISTRIBUTION, candidate.distribution.lower(), candidate.point.name
