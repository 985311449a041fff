from __future__ import annotations

from pathlib import Path

import pytest

from rlkit_recorders.extras import require


def test_what_is_missing_is_named_with_its_extra() -> None:
    require("some", "extra", "json", "csv")
    with pytest.raises(ValueError) as raised:
        require("some", "extra", "json", "no_such_one", "no_such_other")
    assert str(raised.value) == (
        "recorder some needs no_such_one and no_such_other: pip install 'rlkit-framework[extra]'"
    )


def test_a_folder_of_the_name_of_a_package_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tracker_that_left_a_folder").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match="needs tracker_that_left_a_folder"):
        require("some", "extra", "tracker_that_left_a_folder")
