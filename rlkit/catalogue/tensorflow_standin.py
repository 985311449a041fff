"""Stand-ins for TensorFlow and Keras, so that finding plugins which import them costs no second of start-up.

While `deferred_tensorflow()` is entered, `import tensorflow as tf` and `import tensorflow.keras` give a stand-in that
imports the real module when an attribute of it is first used, then or at any later time.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

ROOTS = ("tensorflow", "keras")


class StandIn(ModuleType):
    """A module that imports the real one of its name at the first use of an attribute."""

    def __init__(self, name: str, spec: ModuleSpec | None, deferral: Deferral) -> None:
        super().__init__(name)
        # What the import system and `inspect` look at must be there, or looking at it would import TensorFlow.
        self.__spec__ = spec
        self.__path__: list[str] = []
        self.__file__ = spec.origin if spec is not None and spec.has_location else None
        self._deferral = deferral

    def __getattr__(self, name: str) -> Any:
        return getattr(self._deferral.real(self.__name__), name)

    def __dir__(self) -> list[str]:
        return dir(self._deferral.real(self.__name__))


class Deferral:
    """The stand-ins of one discovery. Also the finder and loader of their submodules."""

    def __init__(self) -> None:
        self.first_use = ""
        """`file:line` of the use that imported the real module; empty while there was none."""
        self._standing: dict[str, ModuleType] = {}

    def stand_in(self) -> None:
        """Put stand-ins where the real modules are installed and not imported yet."""
        if any(root in sys.modules for root in ROOTS):
            return
        for root in ROOTS:
            spec = importlib.util.find_spec(root)
            if spec is not None:
                self._standing[root] = sys.modules[root] = StandIn(root, spec, self)
        sys.meta_path.insert(0, self)

    def give_way(self) -> None:
        """Take every stand-in out of the import system. Modules that hold one can go on using it."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for name, module in self._standing.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
        self._standing.clear()

    def real(self, name: str) -> ModuleType:
        """The real module, imported if need be; if that fails during discovery, the stand-ins come back."""
        if not self._standing:
            return importlib.import_module(name)
        self.first_use = _caller()
        self.give_way()
        try:
            return importlib.import_module(name)
        except BaseException:
            self.stand_in()
            raise

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Of a submodule of a stand-in (an importer's method)."""
        if fullname.partition(".")[0] in self._standing:
            return ModuleSpec(fullname, self, is_package=True)  # type: ignore[arg-type]
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """A stand-in for a submodule (an importer's method)."""
        self._standing[spec.name] = StandIn(spec.name, spec, self)
        return self._standing[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is run until an attribute is used (an importer's method)."""


def _caller() -> str:
    """`file:line` of the nearest frame outside this file and the import system."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith((__name__, "importlib")):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


@contextmanager
def deferred_tensorflow() -> Iterator[Deferral]:
    """Within it, importing TensorFlow or Keras gives stand-ins, unless one of them was imported before."""
    deferral = Deferral()
    deferral.stand_in()
    try:
        yield deferral
    finally:
        deferral.give_way()
