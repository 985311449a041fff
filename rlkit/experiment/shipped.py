"""The experiments that come with rlkit, to be run by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import rlkit


def shipped() -> Mapping[str, Path]:
    """The files of the shipped experiments by name, sorted."""
    package = Path(rlkit.__file__).parent
    # A wheel carries them inside the package; in an editable install they lie in the checkout.
    inside, checkout = package / "experiments", package.parent
    folder = inside if inside.is_dir() or not (checkout / "pyproject.toml").is_file() else checkout / "experiments"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}
