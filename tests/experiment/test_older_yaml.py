"""Unquoted text in plain data that YAML 1.1 reads as something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rlkit.experiment.experiment import Experiment
from tests.experiment.toy_file import with_lines


def environment(value: str) -> str:
    return f"environment: {{name: corridor, length: 5, options: {{ice: {value}}}}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("off", "which YAML 1.1 reads as false; write false, or 'off' in quotes if it is text"),
        ("No", "which YAML 1.1 reads as false; write false, or 'No' in quotes if it is text"),
        ("yes", "which YAML 1.1 reads as true; write true, or 'yes' in quotes if it is text"),
        ("y", "which YAML 1.1 reads as true; write true, or 'y' in quotes if it is text"),
        ("010", "which YAML 1.1 reads as a number; a number has no leading zero; write it in quotes if it is text"),
        ("0b101", "which YAML 1.1 reads as a number; write it in quotes if it is text"),
        ("1__0", "which YAML 1.1 reads as a number; write it in quotes if it is text"),
        ("-0x1F", "which YAML 1.1 reads as a number; write it in quotes if it is text"),
        ("1:30", "which YAML 1.1 reads as a number; write it in quotes if it is text"),
        ("2026-11-27", "which YAML 1.1 reads as a date; write it in quotes if it is text"),
    ],
)
def test_it_is_refused_with_what_to_write(problems_of: Callable[..., list[str]], text: str, said: str) -> None:
    found = f"environment.options.ice: found the text '{text}', {said}"
    assert problems_of(with_lines(environment(text))) == [f"toy.yaml:3:57: {found}"]
    override = f"environment.options.ice={text}"
    assert problems_of(with_lines(), [override]) == [f"--set {override}: {found.partition(': ')[2]}"]


def test_every_one_is_told_however_deep_it_lies(problems_of: Callable[..., list[str]]) -> None:
    told = problems_of(with_lines(environment("{a: [1, off], b: !tuple [on]}")))
    assert [line.split(": ")[1] for line in told] == ["environment.options.ice.a.1", "environment.options.ice.b.0"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'off'", "off"),
        ('"010"', "010"),
        ("1_000", 1000),
        ("0o17", 15),
        ("offside", "offside"),
        ("1.2.3", "1.2.3"),
        ("4x4", "4x4"),
        ("v1:30", "v1:30"),
    ],
)
def test_quoted_text_stays_text_and_what_both_versions_read_alike_is_taken(
    toy: Callable[..., Experiment], written: str, value: object
) -> None:
    experiment = toy(environment(written))
    assert experiment.environment.options == {"ice": value}
    assert experiment.override().environment.options == {"ice": value}


def test_keys_are_text_whatever_they_look_like(toy: Callable[..., Experiment]) -> None:
    line = "environment: {name: corridor, length: 5, options: {y: 1, on: 2}}"
    assert toy(line).environment.options == {"y": 1, "on": 2}
