from __future__ import annotations

import os

import pytest

from rlkit.loops.threads import one_thread, threads

NAME = "TF_NUM_INTRAOP_THREADS"


def test_an_operation_has_one_thread_where_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")  # and so undone afterwards
    monkeypatch.delenv(NAME)
    assert threads() == "1"
    one_thread()
    assert os.environ[NAME] == "1"


def test_what_the_user_set_stays_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "3")
    one_thread()
    assert os.environ[NAME] == threads() == "3"
