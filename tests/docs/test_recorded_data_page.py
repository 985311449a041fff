"""The example of docs/recorded-data.md is run as it stands."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from rlkit import Array, Discrete, ParameterError, Spaces
from rlkit.replay.columns import step_columns
from rlkit.replay.recorded import fill
from rlkit.replay.ring import Ring

PAGE = Path(__file__).parents[2] / "docs" / "recorded-data.md"
SPACES = Spaces(Array((2,), "float32"), Discrete(3))


def test_a_kind_of_data_of_one_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    page = types.ModuleType("page")
    monkeypatch.setitem(sys.modules, "page", page)
    exec(code, page.__dict__)
    shown = np.zeros((5, 2), np.float32)
    flags = np.zeros(5, bool)
    columns = {"observation": shown, "next_observation": shown, "action": np.ones(5, np.int32)}
    columns |= {"reward": np.ones(5, np.float32), "terminated": flags, "truncated": flags}
    np.savez(tmp_path / "table.npz", allow_pickle=False, **columns)
    recording = page.Table(path=str(tmp_path / "table.npz")).open(SPACES)
    ring = Ring(9, 1, step_columns(SPACES, {}))
    assert fill(ring, recording, SPACES) == (5, 5)
    with pytest.raises(ParameterError, match=r"found observations of shape \(2,\); allowed: \(3,\)"):
        page.Table(path=str(tmp_path / "table.npz")).open(Spaces(Array((3,), "float32"), Discrete(3)))
