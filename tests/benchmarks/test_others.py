"""The corrections of the page of other packages' environments: which count as led to by a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
ACCEPTED = "plain.yaml: experiment plain, seed 0 (in parentheses: defaults)\n  environment  maze\n"


@pytest.fixture(autouse=True)
def beside_the_benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def followed(folder: Path, *answers: tuple[int, str], page: str = ACCEPTED) -> list[str]:
    """What is wrong with each message of a file that is corrected once, by `flatten`."""
    import others_corrections

    sequence = others_corrections.Sequence("maze-v0", (), (others_corrections.FLATTEN,))
    told: Any = iter(answers)
    return [wrong for _, wrong in others_corrections.followed(sequence, lambda words: next(told), folder, page)]


def test_each_experiment_of_the_page_has_its_sequence() -> None:
    from others import PAGE, experiments
    from others_corrections import SEQUENCES

    assert [yaml.safe_load(text)["name"] for text in experiments(PAGE.read_text(encoding="utf-8"))] == list(SEQUENCES)


def test_a_message_that_names_the_correction_leads_to_it(tmp_path: Path) -> None:
    assert followed(tmp_path, (2, "plain.yaml:1:1: network: wrappers: [flatten]"), (0, ACCEPTED)) == [""]
    assert followed(tmp_path, (0, f"rlkit: warning: try flatten\n{ACCEPTED}"), (0, ACCEPTED)) == [""]


@pytest.mark.parametrize(
    "first", [(2, "plain.yaml:1:1: network: unflattened"), (1, "plain.yaml:1:1: flatten"), (0, "plain.yaml: flatten")]
)
def test_one_that_does_not_or_that_refuses_nothing_is_told(tmp_path: Path, first: tuple[int, str]) -> None:
    assert followed(tmp_path, first, (0, ACCEPTED)) == [f"not led to by: {first[1] if '.yaml:' in first[1] else ''}"]


def test_another_experiment_than_the_page_s_is_told(tmp_path: Path) -> None:
    first = (2, "plain.yaml:1:1: network: flatten")
    assert followed(tmp_path, first, (0, ACCEPTED), page=ACCEPTED.replace("maze", "hall")) == [
        "",
        f"not arrived at: {ACCEPTED.splitlines()[0]}",
    ]
    assert followed(tmp_path, first, (2, "plain.yaml:2:1: no"), page="") == ["", "not arrived at: plain.yaml:2:1: no"]
