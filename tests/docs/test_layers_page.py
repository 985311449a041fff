"""The plugin of docs/layers.md and its test are run as they stand."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "layers.md"


def test_a_layer_of_one_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    plugin, suite = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    module = types.ModuleType("my_layers")
    monkeypatch.setitem(sys.modules, "my_layers", module)
    exec(plugin, module.__dict__)
    assert module.rlkit_layers() == {"without_bias": module.WithoutBias}
    tests = types.ModuleType("test_my_layers")
    monkeypatch.setitem(sys.modules, "test_my_layers", tests)
    exec(suite, tests.__dict__)
    tests.TestWithoutBias().test_it_makes_rows_of_rows()
