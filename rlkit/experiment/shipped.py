"""The experiments that come with rlkit, to be run by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import rlkit


def shipped() -> Mapping[str, Path]:
    """The files of the shipped experiments by name, sorted."""
    return {path.stem: path for path in sorted(experiments_folder().glob("*.yaml"))}


def experiments_folder() -> Path:
    """A wheel carries them inside the package; in an editable install they lie in the checkout."""
    package = Path(rlkit.__file__).parent
    inside, checkout = package / "experiments", package.parent
    return inside if inside.is_dir() or not (checkout / "pyproject.toml").is_file() else checkout / "experiments"
