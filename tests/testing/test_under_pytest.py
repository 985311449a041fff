"""The two lines of an author's test, run by pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

AUTHORS_TEST = '''
import sys
from rlkit import Stopped, component, parameter
from rlkit.testing import RecorderSuite, StopSuite

@component
class Enough:
    """Over after so many episodes."""
    episodes: int = parameter(default=10, doc="episodes", at_least=1)
    def met(self, history):
        return Stopped("enough", False) if len(history.returns) >= self.episodes else None

@component
class Wordless(Enough):
    """Says nothing."""
    def met(self, history):
        return Stopped("", False)

class TestEnough(StopSuite):
    component = Enough(episodes=20)

class TestWordless(StopSuite):
    component = Wordless()

def test_no_tensorflow():
    assert "tensorflow" not in sys.modules and "keras" not in sys.modules
'''


def test_two_lines_run_the_suite_and_failures_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "test_enough.py").write_text(AUTHORS_TEST)
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_enough.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "1 failed, 16 passed" in done.stdout, done.stdout + done.stderr
    assert "Wordless.met: the contract asks for a reason in words; found " in done.stdout
