"""Tuples in plain data: `!tuple [...]`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rlkit.experiment.experiment import Experiment
from rlkit.experiment.loading import as_told, load
from rlkit.experiment.resolved import to_yaml
from tests.experiment.toy_file import with_lines

OPTIONS = "{shape: !tuple [3, !tuple [], [4]], list: [3]}"
MEANT = {"shape": (3, (), [4]), "list": [3]}


def environment(options: str) -> str:
    return f"environment: {{name: corridor, length: 5, options: {options}}}"


def test_a_tagged_list_becomes_a_tuple_in_a_file_and_on_the_command_line(toy: Callable[..., Experiment]) -> None:
    assert toy(environment(OPTIONS)).environment.options == MEANT
    assert toy(overrides=[f"environment.options={OPTIONS}"]).environment.options == MEANT
    assert toy(environment(OPTIONS), overrides=["environment.options.shape.0=7"]).environment.options["shape"][0] == 7


def test_the_resolved_file_keeps_it(toy: Callable[..., Experiment], write, catalogue) -> None:
    experiment = toy(environment(OPTIONS))
    written = to_yaml(experiment.resolved)
    assert "shape: !tuple [3, !tuple [], [4]], list: [3]" in written
    assert load(write(written), catalogue=catalogue).environment == experiment.environment
    assert as_told(experiment) is experiment


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("!!python/tuple [3]", "found the tag '!!python/tuple'; no tag is allowed but !tuple; a tuple is written"),
        ("!tuple 3", "found the tag '!tuple' before the text '3'; it stands before a list: !tuple [3, 4]"),
        ("!tuple {a: 3}", "found the tag '!tuple' before a map; it stands before a list"),
        ("!list [3]", "found the tag '!list'; no tag is allowed but !tuple"),
    ],
)
def test_other_tags_are_refused(problems_of: Callable[..., list[str]], value: str, said: str) -> None:
    (line,) = problems_of(with_lines(environment(f"{{shape: {value}}}")))
    assert line.startswith("toy.yaml:3:59: ") and said in line


def test_it_stands_in_plain_data_only(problems_of: Callable[..., list[str]]) -> None:
    assert problems_of(with_lines(), ["network.hidden=!tuple [8]"]) == [
        "--set network.hidden=!tuple [8]: found a tuple; allowed: list of int"
    ]
