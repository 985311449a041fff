"""Modules outside the installed packages are noted with their content."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from rlkit.caching.loose_sources import changed_source, loose_sources


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "loose_library"
    folder.mkdir()
    (folder / "__init__.py").write_text("from loose_library import part\n")
    (folder / "part.py").write_text("scale = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.import_module("loose_library")
    yield folder
    for name in ("loose_library", "loose_library.part"):
        sys.modules.pop(name, None)


def test_what_is_imported_from_elsewhere_is_noted_and_installed_packages_are_not(library: Path) -> None:
    found = {Path(path) for path in loose_sources({"rlkit"})}
    assert {library / "__init__.py", library / "part.py"} <= found
    assert not [path for path in found if "site-packages" in path.parts or path.name == "sysconfig.py"]
    assert not [path for path in loose_sources({"loose_library"}) if "loose_library" in path]


def test_a_changed_or_missing_source_is_named(library: Path) -> None:
    noted = {path: digest for path, digest in loose_sources(()).items() if "loose_library" in path}
    assert changed_source(noted) is None
    (library / "part.py").write_text("scale = 2\n")
    assert changed_source(noted) == str(library / "part.py")
    (library / "part.py").write_text("scale = 1\n")
    assert changed_source(noted) is None
    (library / "__init__.py").unlink()
    assert changed_source(noted) == str(library / "__init__.py")
