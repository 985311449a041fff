"""Finding plugins: the entry points of the group `rlkit`, in two passes, each one isolated from the others."""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import inspect
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from importlib.metadata import EntryPoint
from typing import Any

import pluggy

from rlkit import hookspecs
from rlkit.catalogue.candidate import Candidate, attribute_names
from rlkit.catalogue.catalogue import Catalogue, Entry
from rlkit.catalogue.faults import PluginError
from rlkit.catalogue.kinds import Kind, kind_of
from rlkit.catalogue.nearest import did_you_mean
from rlkit.catalogue.plugins import CORE_DISTRIBUTION
from rlkit.catalogue.registration import check_component, registered
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
        registry = _Registry()
        registry.add_specs(hookspecs, CORE_DISTRIBUTION, "rlkit itself")
        for candidate in candidates:
            with candidate.measured(), candidate.isolated():
                candidate.load()
                registry.add_specs(candidate.namespace, candidate.distribution, f"plugin {candidate}")
        usable = [candidate for candidate in candidates if not candidate.faults]
        for candidate in usable:
            with candidate.measured(), candidate.isolated():
                registry.add_implementations(candidate)
    entries = []
    for candidate in usable:
        plugin = candidate.plugin()
        entries += [Entry(kind, name, component, plugin) for kind, name, component in candidate.offers]
    broken = [fault for candidate in candidates for fault in candidate.faults]
    return Catalogue(registry.kinds, entries, [candidate.plugin() for candidate in usable], broken)


def _order(candidate: Candidate) -> tuple[bool, str, str]:
    """The plugins that come with rlkit first, so that no other can take a kind from them; then by name."""
    return candidate.distribution != CORE_DISTRIBUTION, candidate.distribution.lower(), candidate.point.name


class _Manager(pluggy.PluginManager):
    def parse_hookspec_opts(self, module_or_class: Any, name: str) -> Any:
        # pluggy 1.6 asks every attribute for its marker, and asking a stand-in would import TensorFlow.
        static = inspect.getattr_static(module_or_class, name, None)
        return super().parse_hookspec_opts(module_or_class, name) if inspect.isroutine(static) else None


class _Registry:
    """The kinds and hooks known so far."""

    def __init__(self) -> None:
        self.kinds: dict[str, Kind] = {}
        self._manager = _Manager(GROUP)
        self._specs: dict[str, Callable[..., Any]] = {}
        self._owners: dict[str, str] = {}
        self._by_hook: dict[str, Kind] = {}
        self._registered: dict[int, Candidate] = {}

    def add_specs(self, namespace: Any, distribution: str, owner: str) -> None:
        """Add the kinds that a plugin defines, all of them or none. Raises PluginError."""
        specs: dict[str, Callable[..., Any]] = {}
        for name in attribute_names(namespace):
            if self._manager.parse_hookspec_opts(namespace, name) is not None:
                spec = getattr(namespace, name)
                if self._specs.get(name) is not spec:  # another plugin's spec, imported for its own use
                    specs[name] = spec
        kinds = [kind_of(spec, distribution) for spec in specs.values()]
        for kind in kinds:
            for known in self.kinds.values():
                if kind.name == known.name or kind.plural == known.plural:
                    raise PluginError(
                        f"it defines the kind '{kind.name}' (hook {kind.hook}), which {self._owners[known.name]} "
                        f"defines too (hook {known.hook}): uninstall one of the two, or give its kind another name"
                    )
        if specs:
            carrier = types.ModuleType(owner)
            vars(carrier).update(specs)
            self._manager.add_hookspecs(carrier)
        self._specs |= specs
        for kind in kinds:
            self.kinds[kind.name] = self._by_hook[kind.hook] = kind
            self._owners[kind.name] = owner

    def add_implementations(self, candidate: Candidate) -> None:
        """Call each of a plugin's hooks by itself, and keep the components that can be used."""
        namespace = candidate.namespace
        other = self._registered.setdefault(id(namespace), candidate)
        if other is not candidate:
            raise PluginError(f"its entry point names '{candidate.point.value}', and so does that of plugin {other}")
        self._manager.register(namespace, f"{candidate.distribution}:{candidate.point.name}")
        for name, function in self._implementations(namespace):
            with candidate.isolated():
                kind = self._by_hook.get(name)
                if kind is None:
                    nearest = did_you_mean(name, self._by_hook)
                    raise PluginError(
                        f"it implements the hook {name}, which nobody defines{nearest or ';'} "
                        f"hooks: {', '.join(sorted(self._by_hook))}"
                    )
                for key, component in registered(kind, function()).items():
                    with candidate.isolated(kind.name, str(key)):
                        check_component(kind, key, component, self.kinds)
                        candidate.offers.append((kind, key, component))

    def _implementations(self, namespace: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
        """One plugin's hook implementations. Those without a spec are what `check_pending` would refuse."""
        for caller in self._manager.get_hookcallers(namespace) or ():
            for implementation in caller.get_hookimpls():
                if implementation.plugin is namespace and (caller.has_spec() or not implementation.optionalhook):
                    yield caller.name, implementation.function
