"""Stop criteria that break their contract: one sentence says which and where, and nothing recorded is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rlkit
from rlkit.cli.main import main
from rlkit.contracts.stop import History, Stopped
from rlkit.runs.reading import read_rows
from rlkit.runs.stopping import StopCriteria, StopFault
from tests.conftest import PluginSite

PLUGIN = """
import numpy as np
from rlkit import Stopped, component, hookimpl, parameter

@component
class Faulty:
    how: str = parameter(doc="what is wrong")
    after: int = parameter(default=3, doc="episodes that go well")

    def met(self, history):
        if len(history.returns) < self.after:
            return None
        if self.how == "raises":
            raise FileNotFoundError("table.csv")
        if self.how == "exits":
            raise SystemExit(3)
        return {
            "true": True,
            "false": False,
            "numpy": np.mean(history.returns) < 0,
            "tuple": ("enough", True),
            "class": Stopped,
            "reason": Stopped(None, True),
            "solved": Stopped("enough", "yes"),
            "sound": Stopped("enough", np.True_),
        }.get(self.how)

    def describe(self, history):
        if self.how == "describe raises" and len(history.returns) >= self.after:
            return 1 / 0
        return 7 if self.how == "describe" else "fine"

@hookimpl
def rlkit_stops():
    return {"faulty": Faulty}
"""
MET, DESCRIBE = 10, 28
"""Lines of the plugin on which the methods begin."""
ALLOWED = "allowed: rlkit.Stopped, or None where training goes on"
SMALL = ["evaluation.episodes=0", "recorders={name: progress, every: 1}"]
HISTORY = History(np.ones(5), np.ones(5, np.int64), steps=5, updates=1, seconds=1.0)


@pytest.fixture
def package(plugin_site: PluginSite) -> Path:
    folder = plugin_site.install("acme_stops", PLUGIN)
    plugin_site.discover()
    return folder / "__init__.py"


def criteria(how: str) -> StopCriteria:
    return StopCriteria(rlkit.load("cartpole_dqn", [f"stop={{name: faulty, how: '{how}'}}"]))


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("true", f"returned True (bool) from its met ({{path}}:{MET}); {ALLOWED}"),
        ("false", f"returned False (bool) from its met ({{path}}:{MET}); {ALLOWED}"),
        ("numpy", f"returned np.False_ (bool) from its met ({{path}}:{MET}); {ALLOWED}"),
        ("tuple", f"returned ('enough', True) (tuple) from its met ({{path}}:{MET}); {ALLOWED}"),
        (
            "class",
            f"returned <class 'rlkit.contracts.stop.Stopped'> (type) from its met ({{path}}:{MET}); {ALLOWED}",
        ),
        (
            "reason",
            f"returned a Stopped with the reason None (NoneType) from its met ({{path}}:{MET}); allowed: text",
        ),
        ("solved", f"returned a Stopped with solved='yes' (str) from its met ({{path}}:{MET}); allowed: a bool"),
        ("raises", f"failed in its met: FileNotFoundError: table.csv ({{path}}:{MET + 4})"),
        ("exits", f"failed in its met: SystemExit: 3 ({{path}}:{MET + 6})"),
        ("describe", f"returned 7 (int) from its describe ({{path}}:{DESCRIBE}); allowed: text"),
        (
            "describe raises",
            f"failed in its describe: ZeroDivisionError: division by zero ({{path}}:{DESCRIBE + 2})",
        ),
    ],
)
def test_what_breaks_the_contract_is_told_in_a_sentence(how: str, sentence: str, package: Path) -> None:
    with pytest.raises(StopFault) as caught:
        criteria(how).met(HISTORY)
    assert str(caught.value) == "stop criterion faulty " + sentence.format(path=package)


def test_a_bool_of_numpy_says_solved_too(package: Path) -> None:
    stopped = criteria("sound").met(HISTORY)
    assert stopped == Stopped("enough", True)
    assert stopped.solved is True


def test_a_recorder_that_asks_for_the_status_is_not_to_blame(package: Path) -> None:
    asked = criteria("describe raises")
    assert asked.met(HISTORY._replace(returns=np.ones(1))) is None
    assert asked.status(HISTORY) == ""
    with pytest.raises(StopFault, match="division by zero"):
        asked.met(HISTORY)


def only(folder: Path) -> tuple[Path, dict[str, Any]]:
    (path,) = folder.glob("*/*/run.json")
    return path.parent, json.loads(path.read_text())


@pytest.mark.parametrize(
    ("experiment", "how", "line"),
    [
        (["cartpole_dqn"], "raises", 'raise FileNotFoundError("table.csv")'),
        (["cartpole_dqn_compiled", "--debug"], "describe raises", "return 1 / 0"),  # to compile it takes seconds
    ],
    ids=["stepwise", "compiled"],
)
def test_the_run_has_failed_and_keeps_what_was_recorded(
    experiment: list[str], how: str, line: str, package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = [*SMALL, "limits.episodes=9", f"stop={{name: faulty, how: '{how}'}}"]
    options = [option for change in changes for option in ("--set", change)]
    assert main(["run", *experiment, *options, "--out", str(tmp_path)]) == 1
    errors = capsys.readouterr().err
    folder, told = only(tmp_path)
    assert told["status"] == "failed"
    assert told["stop_reason"].startswith("stop criterion faulty ")
    assert f"rlkit: error: {told['stop_reason']}" in errors
    assert "Traceback" not in errors
    assert len(read_rows(folder / "episodes.jsonl").rows) == told["episodes"] == 3
    assert told["weights"]["final"]["file"]
    assert not told["warnings"]
    error = (folder / "error.txt").read_text()
    assert error.startswith(told["stop_reason"])
    assert line in error.split("Traceback")[0]
