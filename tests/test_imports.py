"""Which heavy modules are not imported: what keeps the program's start short."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEVER_BEFORE_A_RUN = {"tensorflow", "keras", "ai_edge_litert", "matplotlib"}
HEAVY = NEVER_BEFORE_A_RUN | {"gymnasium", "numpy"}
PROGRAM = """
import contextlib, io, sys
from rlkit.cli.main import main
with contextlib.redirect_stdout(io.StringIO()):
    status = main(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}))
sys.exit(status)
"""


def imported_by(*argv: str) -> set[str]:
    """The top-level modules that are there after a command of the program has run in a new interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *argv], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    modules = set(done.stdout.split())
    assert "rlkit" in modules
    return modules


@pytest.mark.parametrize("argv", [("--help",), ("run", "--help"), ("check", "--help"), ("--version",)])
def test_help_imports_nothing_but_the_standard_library(argv):
    assert not imported_by(*argv) & (HEAVY | {"pluggy", "yaml"})


@pytest.mark.parametrize(
    "argv", [("plugins",), ("plugins", "agent"), ("plugins", "agent", "dqn"), ("plugins", "--json")]
)
def test_listing_plugins_imports_no_learning_library(argv):
    assert not imported_by(*argv) & (NEVER_BEFORE_A_RUN | {"gymnasium"})


def test_checking_an_experiment_makes_its_environment_and_imports_no_learning_library():
    modules = imported_by("check", "experiments/cartpole_dqn.yaml")
    assert "gymnasium" in modules
    assert not modules & NEVER_BEFORE_A_RUN


@pytest.mark.parametrize(
    "statement", ["import rlkit", "from rlkit import component, hookimpl, parameter", "import rlkit.api"]
)
def test_a_plugins_own_imports_of_rlkit_are_light(statement):
    code = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert not set(done.stdout.split()) & HEAVY


@pytest.mark.parametrize("package", ["rlkit", "rlkit.testing"])
def test_every_name_that_a_package_lists_is_there_and_listed_once(package):
    module = importlib.import_module(package)
    assert len(module.__all__) == len(set(module.__all__)) > 10
    assert set(module.__all__) <= set(dir(module))
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    stub = Path(module.__file__).with_suffix(".pyi").read_text()
    assert sorted(re.findall(r" as (\w+)", stub)) == module.__all__


def test_a_name_that_rlkit_does_not_have_is_an_error():
    with pytest.raises(ImportError, match="cannot import name 'Hologram' from 'rlkit'"):
        exec("from rlkit import Hologram")
