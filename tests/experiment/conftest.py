from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.discovery import collect
from rlkit.experiment.errors import ExperimentError
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.loading import load
from tests.experiment.toy_file import with_lines


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    found = collect([EntryPoint("toy", "tests.experiment.toy_plugin", "rlkit")])
    assert not found.broken
    return found


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], str]:
    """Writes toy.yaml in the current folder, so that messages name it in one word."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes) -> str:
        Path("toy.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
        return "toy.yaml"

    return write


@pytest.fixture
def toy(write: Callable[[str | bytes], str], catalogue: Catalogue) -> Callable[..., Experiment]:
    """Loads the toy experiment, with lines replaced or added and overrides applied."""

    def toy(*lines: str, overrides: Sequence[str] = (), seed: int | None = None) -> Experiment:
        return load(write(with_lines(*lines)), overrides, seed=seed, catalogue=catalogue)

    return toy


@pytest.fixture
def problems_of(write: Callable[[str | bytes], str], catalogue: Catalogue) -> Callable[..., list[str]]:
    """The lines of the error that a file gives."""

    def problems_of(content: str | bytes, overrides: Sequence[str] = ()) -> list[str]:
        with pytest.raises(ExperimentError) as caught:
            load(write(content), overrides, catalogue=catalogue)
        lines = str(caught.value).splitlines()
        assert len(lines) == len(caught.value.problems)
        return lines

    return problems_of
