"""Rows of a run, found by folder, file or experiment."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import ClassVar

import pytest

from rlkit import Array, Discrete, ParameterError, Spaces
from rlkit.replay.saved_rows import write_rows
from rlkit.testing import RecordedDataSuite
from rlkit_recorders.data.run import RunData
from tests.replay.test_saved_rows import MASKED, PARTS, VECTORS, filled, saved


@pytest.fixture(scope="module", autouse=True)
def _rows(tmp_path_factory):
    for suite in (TestRunData, TestMaskedRunData, TestRunDataOfParts):
        folder = tmp_path_factory.mktemp("rows")
        saved(filled(suite.spaces, 20, 30), suite.spaces, folder)
        suite.component = RunData(path=str(folder))


class TestRunData(RecordedDataSuite):
    spaces: ClassVar = VECTORS


class TestMaskedRunData(RecordedDataSuite):
    spaces: ClassVar = Spaces(Array((2,), "float32"), Discrete(3))


class TestRunDataOfParts(RecordedDataSuite):
    spaces: ClassVar = PARTS


def run_with_rows(folder, steps, *, rows=True):
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    if rows:
        saved(filled(VECTORS, 40, steps), VECTORS, folder)


def test_of_an_experiment_s_folder_the_newest_run_with_rows_counts(tmp_path):
    run_with_rows(tmp_path / "20260101-000000-seed0", 3)
    run_with_rows(tmp_path / "20260102-000000-seed0", 5)
    run_with_rows(tmp_path / "20260103-000000-seed0", 7, rows=False)
    assert RunData(path=str(tmp_path)).open(VECTORS).rows == 10
    assert RunData(path=str(tmp_path / "20260101-000000-seed0")).open(VECTORS).rows == 6
    assert RunData(path=str(tmp_path / "20260101-000000-seed0" / "rows.npz")).open(VECTORS).rows == 6


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("20260103-000000-seed0", "the run did not save its rows"),
        ("nothing", "nothing: no such file or folder"),
        ("", "has no rows.npz: no run folder"),
    ],
)
def test_what_has_no_rows_is_told(tmp_path, name, words):
    run_with_rows(tmp_path / "20260103-000000-seed0", 7, rows=False)
    with pytest.raises(ParameterError, match=words) as refused:
        RunData(path=str(tmp_path / name)).open(VECTORS)
    assert refused.value.parameter == "path"


def test_rows_are_found_whatever_folder_is_the_working_one_later(tmp_path, monkeypatch):
    run_with_rows(tmp_path / "here", 3)
    monkeypatch.chdir(tmp_path)
    data = RunData(path="here")
    monkeypatch.chdir("/")
    assert data.open(VECTORS).rows == 6 and data.path == "here"


def test_a_path_may_begin_at_home(tmp_path, monkeypatch):
    run_with_rows(tmp_path / "here", 3)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert RunData(path="~/here").open(VECTORS).rows == 6


def test_rows_of_another_sum_are_refused_and_those_of_it_found(tmp_path):
    run_with_rows(tmp_path / "20260101-000000-seed0", 3)
    run_with_rows(tmp_path / "20260102-000000-seed0", 5)
    digest = RunData(path=str(tmp_path / "20260101-000000-seed0")).open(VECTORS).sha256
    assert RunData(path=str(tmp_path), sha256=digest).open(VECTORS).rows == 6
    with pytest.raises(ParameterError, match=f"found other rows: those of .*0102-000000-seed0.*, and {'0' * 64} is"):
        RunData(path=str(tmp_path), sha256="0" * 64).open(VECTORS)


def test_the_file_and_its_sum_are_facts(tmp_path):
    run_with_rows(tmp_path / "here", 3)
    facts = RunData(path=str(tmp_path / "here")).open(VECTORS).facts
    assert Path(facts["file"]) == tmp_path / "here" / "rows.npz"
    assert facts["sha256"] == json.loads((tmp_path / "here" / "rows.json").read_text())["sha256"]
    assert os.path.exists(facts["file"]) and write_rows


def test_where_actions_start_is_part_of_the_spaces(tmp_path):
    saved(filled(MASKED, 20, 5), MASKED, tmp_path)
    other = Spaces(MASKED.observation, Discrete(3, masked=True))
    with pytest.raises(ParameterError, match="found actions from 1 to 3; allowed: actions from 0 to 2, as the env"):
        RunData(path=str(tmp_path)).open(other)


def test_masks_are_part_of_the_spaces(tmp_path):
    saved(filled(MASKED, 20, 5), MASKED, tmp_path)
    unmasked = Spaces(MASKED.observation, Discrete(3))
    with pytest.raises(ParameterError, match="found actions with a mask; allowed: actions without a mask"):
        RunData(path=str(tmp_path)).open(unmasked)
