"""Packages that a recorder needs and rlkit does not: asked for before a run, not found missing within it."""

from __future__ import annotations

from importlib.util import find_spec


def require(recorder: str, extra: str, *modules: str) -> None:
    """Raises ValueError, naming the extra, if one of these modules is not installed."""
    if missing := [module for module in modules if not _installed(module)]:
        raise ValueError(f"recorder {recorder} needs {' and '.join(missing)}: pip install 'rlkit-framework[{extra}]'")


def _installed(module: str) -> bool:
    """A folder of its name in the working folder, as wandb leaves one, is no module, though Python finds it."""
    spec = find_spec(module)
    return spec is not None and spec.origin is not None
