from __future__ import annotations

import os

import pytest

from rlkit.programs.backends.threads import one_thread, threads

NAME = "TF_NUM_INTRAOP_THREADS"


@pytest.mark.parametrize("told", [None, "", "two", "-1"])
def test_an_operation_has_one_thread_where_no_number_is_set(told: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, told or "")  # and so undone afterwards
    if told is None:
        monkeypatch.delenv(NAME)
    assert threads() == "1"
    one_thread()
    assert os.environ[NAME] == "1"


@pytest.mark.parametrize("told", ["3", "0"])
def test_a_number_of_the_user_stays_and_is_told(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, told)
    one_thread()
    assert os.environ[NAME] == threads() == told
