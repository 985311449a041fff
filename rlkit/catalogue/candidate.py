"""An entry point on its way into the catalogue: loaded, timed, and kept from harming anything else."""

from __future__ import annotations

import inspect
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from typing import Any

from rlkit import RLKIT_API
from rlkit.catalogue.faults import PluginError, one_line, traceback_text
from rlkit.catalogue.kinds import Kind
from rlkit.catalogue.plugins import CORE_DISTRIBUTION, BrokenPlugin, Plugin
from rlkit.catalogue.tensorflow_standin import Deferral


class Candidate:
    """What is known of one entry point so far."""

    def __init__(self, point: EntryPoint, deferral: Deferral) -> None:
        self.point = point
        self.distribution, self.version = _provenance(point)
        self.namespace: Any = None
        """The module or object that carries the hooks; None until it is loaded."""
        self.offers: list[tuple[Kind, str, type]] = []
        self.faults: list[BrokenPlugin] = []
        self._deferral = deferral
        self._seconds = 0.0
        self._tensorflow_use = ""

    def __str__(self) -> str:
        return f"{self.point.name} ({self.distribution} {self.version})"

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Count the time towards this plugin, and note whether it imports TensorFlow."""
        self._deferral.first_use = ""
        begin = time.perf_counter()
        yield
        self._seconds += time.perf_counter() - begin
        self._tensorflow_use = self._tensorflow_use or self._deferral.first_use

    @contextmanager
    def isolated(self, kind: str = "", component: str = "") -> Iterator[None]:
        """Run some of the plugin's code; what it raises becomes a fault and goes no further.

        SystemExit too; a KeyboardInterrupt is the person's, and passes.
        """
        try:
            yield
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            module = self.point.value.partition(":")[0].strip()
            words = one_line(error, module), traceback_text(error, module)
            self.faults.append(BrokenPlugin(self.point.name, self.distribution, self.version, *words, kind, component))

    def load(self) -> None:
        """Import what the entry point names. Raises whatever that raises, and PluginError."""
        if not self.point.pattern.match(self.point.value):
            raise PluginError(
                f"its entry point is '{self.point.value}', expected package.module or package.module:object"
            )
        namespace = self.point.load()
        self._check_api()
        self.namespace = namespace

    def plugin(self) -> Plugin:
        """The plugin as it was found; to be called when all its hooks have run."""
        use = self._tensorflow_use
        return Plugin(
            self.point.name, self.distribution, self.version, self.point.module, self._seconds, bool(use), use
        )

    def _check_api(self) -> None:
        package = self.point.module.partition(".")[0]
        for module in (self.point.module, package):
            stated = getattr(sys.modules.get(module), "RLKIT_API", RLKIT_API)
            if stated == RLKIT_API:
                continue
            if not isinstance(stated, int):
                raise PluginError(f"{module}.RLKIT_API is {stated!r}, expected a whole number such as {RLKIT_API}")
            newer = self.distribution if stated < RLKIT_API else CORE_DISTRIBUTION
            raise PluginError(
                f"it was written for version {stated} of rlkit's contracts ({module}.RLKIT_API), and this rlkit has "
                f"version {RLKIT_API}: install a newer {newer}"
            )


def _provenance(point: EntryPoint) -> tuple[str, str]:
    """Distribution and version; question marks where an installation has lost its metadata."""
    try:
        metadata = point.dist.metadata if point.dist is not None else None
        return ("?", "?") if metadata is None else (str(metadata["Name"] or "?"), str(metadata["Version"] or "?"))
    except Exception:  # importlib.metadata raises what it happens to meet in broken files
        return "?", "?"


def attribute_names(namespace: Any) -> list[str]:
    """Names in a plugin's module in the order of definition, or in another object in alphabetical order."""
    return list(vars(namespace)) if inspect.ismodule(namespace) else dir(namespace)
