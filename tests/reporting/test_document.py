from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rlkit.reporting.document import DocumentError, read_document
from tests.reporting.documents import document


def written(folder: Path, content: Any) -> Path:
    path = folder / "comparison.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_document_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = document(2, 2, 3, points=5)
    assert read_document(written(tmp_path, made)) == json.loads(json.dumps(made))


def test_what_may_be_missing_may_be_missing(tmp_path: Path) -> None:
    made = document(2, 1, 3, points=5)
    made["runs"][0] |= {"folder": None, "score": None, "experiment": None}
    del made["runs"][1]["censored"]
    made["verdicts"][0] |= {"effect": None, "p": None}
    assert read_document(written(tmp_path, made))["runs"][0]["folder"] is None


def remove_words(made: dict[str, Any]) -> None:
    del made["measure"]["words"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda made: made.update(format=2), "found format 2; allowed: format 1"),
        (lambda made: made.pop("format"), "found no format"),
        (remove_words, "measure.words is missing"),
        (lambda made: made["variants"][0]["tasks"][0].pop("aggregates"), "variants[0].tasks[0].aggregates is missing"),
        (lambda made: made.update(verdict=[]), "found the key verdict; did you mean 'verdicts'? keys: format, title"),
        (lambda made: made["runs"][0].update(color=1), "found the key runs[0].color; did you mean 'score'?"),
        (lambda made: made["runs"][1].update(seed="1"), 'runs[1].seed: found "1"; allowed: a whole number'),
        (lambda made: made["runs"][1].update(steps=True), "runs[1].steps: found true; allowed: a number"),
        (lambda made: made.update(tasks="CartPole-v1"), 'tasks: found "CartPole-v1"; allowed: a list'),
        (lambda made: made["curves"][0].update(x=[0]), "curves[0]: its lists differ in length"),
        (lambda made: made["curves"][0].update(variant="dqn"), "curves[0]: found the variant 'dqn'; allowed: b"),
        (lambda made: made["verdicts"][0]["effect"].update(kind="odds"), "effect.kind: found 'odds'; allowed: ratio"),
        (lambda made: made["variants"][0]["aggregates"]["mean"].update(low=[]), "[0].aggregates.mean.low: found []"),
    ],
)  # fmt: skip
def test_what_is_foreign_is_told_with_its_place(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], Any], message: str
) -> None:
    made = document(2, 1, 3, points=5)
    spoil(made)
    with pytest.raises(DocumentError) as told:
        read_document(written(tmp_path, made))
    assert message in str(told.value)
    assert str(tmp_path) in str(told.value)


@pytest.mark.parametrize("content", ["", "{", '{"format": NaN}', "[" * 100_000])
def test_what_is_no_json_is_told(tmp_path: Path, content: str) -> None:
    with pytest.raises(DocumentError, match="is no JSON"):
        read_document(written(tmp_path, content))


def test_other_json_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="found no format; allowed: format 1"):
        read_document(written(tmp_path, "[1]"))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"cannot read .*none\.json: No such file"):
        read_document(tmp_path / "none.json")
