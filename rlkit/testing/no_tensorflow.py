"""What a component does while TensorFlow cannot be had."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_ROOTS = ("tensorflow", "keras")


@contextmanager
def no_tensorflow(*used_by: type) -> Iterator[None]:
    """Let `import tensorflow` and `import keras` fail, and their use in the modules where these classes are written.

    Raises:
        ImportError: within it, at such an import or use.
    """
    hidden = {name: sys.modules.get(name) for name in _ROOTS}
    modules = {
        sys.modules[base.__module__] for cls in used_by for base in cls.__mro__ if base.__module__ in sys.modules
    }
    imported = [
        (module, name, value)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, ModuleType) and value.__name__.partition(".")[0] in _ROOTS
    ]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    for module, name, value in imported:
        setattr(module, name, _Refusing(value.__name__))
    try:
        yield
    finally:
        for module, name, value in imported:
            setattr(module, name, value)
        for name, root in hidden.items():
            if root is None:
                del sys.modules[name]
            else:
                sys.modules[name] = root


class _Refusing(ModuleType):
    def __getattr__(self, name: str) -> Any:
        raise ImportError(f"the use of {self.__name__}.{name}")
