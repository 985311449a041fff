"""A cache folder of the tests' own; third parties' plugins, installed for one test: real packages on `sys.path`."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlkit.catalogue import plugins
from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.discovery import discover
from rlkit.programs.backends.threads import one_thread

one_thread()  # before TensorFlow's first operation, as every run does; more of them cost a seventh more


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """For the whole suite a process a core, at most four; named files are not worth the start of a second process."""
    whole = config.args_source is config.ArgsSource.TESTPATHS
    return min(len(os.sched_getaffinity(0)), 4) if whole else 0


@pytest.fixture(scope="module", autouse=True)
def _tensorflow_is_no_garbage() -> None:
    """LiteRT's converter asks for full collections, which take a quarter of the time while TensorFlow is looked at."""
    if "tensorflow" in sys.modules and not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 100)  # what is traced stays in use: to look at it more often finds nothing


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, in a process that has begun just now: other tests have imported what they had written."""
    monkeypatch.setenv("RLKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(plugins, "BEGAN", time.time())


@pytest.fixture(scope="module", autouse=True)
def _what_tests_wrote_is_forgotten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A module that is newer than the process keeps all programs that are made later from being kept."""
    yield
    ours = str(tmp_path_factory.getbasetemp())
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__dict__", {}).get("__file__")).startswith(ours):
            del sys.modules[name]


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> None:
    """A shell's background job ignores SIGINT, and so would the commands that tests start and interrupt."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _width_of_the_tests() -> Iterator[None]:
    """What is printed has one width, whether pytest tells its processes that of a terminal or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COLUMNS", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests leave the user's cache alone; what one of them has converted serves the others, in every process."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    (folder / "cache").mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RLKIT_CACHE_DIR", str(folder / "cache"))
        patch.delenv("RLKIT_NO_CACHE", raising=False)
        patch.delenv("RLKIT_CACHE_MB", raising=False)
        yield


class PluginSite:
    """A folder that works like `site-packages`."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self._patch = folder, patch

    def install(
        self, package: str, source: str, *, distribution: str = "", version: str = "1.0", entry_point: str = ""
    ) -> Path:
        """Write `package/__init__.py` and the metadata that `pip install` would leave; return the package's folder."""
        distribution = distribution or package.replace("_", "-")
        self.write(f"{package}/__init__.py", source)
        info = f"{distribution.replace('-', '_')}-{version}.dist-info"
        self.write(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        self.write(f"{info}/entry_points.txt", f"[rlkit]\n{entry_point or f'{package} = {package}'}\n")
        return self.folder / package

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")

    def discover(self) -> Catalogue:
        """What `discover()` finds in a process that begins now, with all that was installed: its programs are kept."""
        self._patch.setattr(plugins, "BEGAN", time.time())
        importlib.invalidate_caches()
        discover.cache_clear()
        return discover()

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a new interpreter that sees the site."""
        path = os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")]).strip(os.pathsep)
        environment = os.environ | {"PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3", "COLUMNS": "100"}
        return subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
        )


@pytest.fixture
def plugin_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PluginSite]:
    """An empty site on `sys.path`; what it brought is forgotten afterwards."""
    site = PluginSite(tmp_path / "site", monkeypatch)
    site.folder.mkdir()
    monkeypatch.syspath_prepend(str(site.folder))
    before = set(sys.modules)
    yield site
    for name in set(sys.modules) - before:
        if str(site.folder) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
    discover.cache_clear()
