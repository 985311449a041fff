"""The hooks of all plugins: which kinds their specs define, which components their implementations offer."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

import pluggy

from rlkit.catalogue.candidate import Candidate, attribute_names
from rlkit.catalogue.faults import PluginError
from rlkit.catalogue.kinds import HOOK_PREFIX, Kind, kind_of
from rlkit.catalogue.nearest import did_you_mean
from rlkit.catalogue.registration import check_component, registered
from rlkit.faults.place import place_of


class _Manager(pluggy.PluginManager):
    def parse_hookspec_opts(self, module_or_class: Any, name: str) -> Any:
        # pluggy 1.6 asks every attribute for its marker, and asking a stand-in would import TensorFlow.
        static = inspect.getattr_static(module_or_class, name, None)
        return super().parse_hookspec_opts(module_or_class, name) if inspect.isroutine(static) else None


class Registry:
    """The kinds and hooks known so far, kept by pluggy, one plugin's trouble apart from another's."""

    def __init__(self) -> None:
        self.kinds: dict[str, Kind] = {}
        self._manager = _Manager("rlkit")
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
        for index, kind in enumerate(kinds):
            for known in [*self.kinds.values(), *kinds[:index]]:
                if {kind.name, kind.plural} & {known.name, known.plural}:
                    raise PluginError(
                        f"it defines the kind '{kind.name}' (hook {kind.hook}), which "
                        f"{self._owners.get(known.name, 'it')} defines too (hook {known.hook}): uninstall one of the "
                        "two, or give its kind another name"
                    )
        if specs:
            carrier = types.ModuleType(owner)
            vars(carrier).update(specs)
            self._manager.add_hookspecs(carrier)
        self._specs |= specs
        for kind in kinds:
            self.kinds[kind.name] = self._by_hook[kind.hook] = kind
            self._owners[kind.name] = owner

    def register(self, candidate: Candidate) -> None:
        """Let pluggy look for the implementations of a plugin that was loaded. Raises PluginError."""
        other = self._registered.setdefault(id(candidate.namespace), candidate)
        if other is not candidate:
            raise PluginError(f"its entry point names '{candidate.point.value}', and so does that of plugin {other}")
        for name in attribute_names(candidate.namespace):
            if self._manager.parse_hookimpl_opts(candidate.namespace, name) is not None:
                signature = inspect.signature(getattr(candidate.namespace, name))
                if signature.parameters:
                    raise PluginError(f"its hook {name}{signature} takes arguments, expected {name}()")
        self._manager.register(candidate.namespace, f"{candidate.distribution}:{candidate.point.name}")

    def add_components(self, candidate: Candidate) -> None:
        """Call each of a plugin's hooks by itself, and keep the components that can be used."""
        for name, function in self._implementations(candidate.namespace):
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

    def find_omissions(self, candidate: Candidate) -> None:
        """Note what a plugin's author forgot: to decorate a function that is named as a hook, or to offer anything."""
        for name in attribute_names(candidate.namespace):
            near = get_close_matches(name, self._by_hook, n=1, cutoff=0.9) if name.startswith(HOOK_PREFIX) else []
            function = inspect.getattr_static(candidate.namespace, name)
            if not near or not inspect.isroutine(function) or self._is_marked(candidate.namespace, name):
                continue
            with candidate.isolated(self._by_hook[near[0]].name):
                place = place_of(getattr(candidate.namespace, name))
                misspelt = "" if name in self._by_hook else f", and rename it: did you mean '{near[0]}'?"
                raise PluginError(
                    f"its function {name}{f' ({place})' if place else ''} is not decorated, so nothing it returns is "
                    f"offered; write @rlkit.hookimpl above it{misspelt}"
                )
        if candidate.offers or candidate.faults or f"plugin {candidate}" in self._owners.values():
            return
        hooks = ", ".join(name for name, _ in self._implementations(candidate.namespace))
        with candidate.isolated():
            raise PluginError(
                f"it offers nothing: what its hooks return is empty ({hooks})"
                if hooks
                else f"it offers nothing: {candidate.point.value} has no hook, which is a function such as "
                "rlkit_explorations() decorated with @rlkit.hookimpl"
            )

    def _is_marked(self, namespace: Any, name: str) -> bool:
        marks = self._manager.parse_hookimpl_opts(namespace, name), self._manager.parse_hookspec_opts(namespace, name)
        return any(mark is not None for mark in marks)

    def _implementations(self, namespace: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
        """One plugin's hook implementations. Those without a spec are what `check_pending` would refuse."""
        for caller in self._manager.get_hookcallers(namespace) or ():
            for implementation in caller.get_hookimpls():
                if implementation.plugin is namespace and (caller.has_spec() or not implementation.optionalhook):
                    yield caller.name, implementation.function
