from __future__ import annotations

import pytest

from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import MapNode, Mark, lookup, plain
from rlkit.experiment.reading import read
from rlkit.experiment.scalars import ScalarError, resolve
from tests.experiment.toy_file import TOY


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001), ("5e3", 5000.0), ("1E+2", 100.0), (".5", 0.5), ("-1.", -1.0), ("1_000.5", 1000.5),
        ("0", 0), ("-0", 0), ("+7", 7), ("50_000", 50_000), ("0x1F", 31), ("0o17", 15),
        ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)),
        ("true", True), ("False", False), ("", None), ("~", None), ("null", None), ("NULL", None),
    ],
)  # fmt: skip
def test_unquoted_scalars_are_read_by_yaml_1_2(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "yes", "no", "on", "Off", "y", "010", "-012", "00.5", "1__0", "_1", "1_", "22:22:22", "190:20:30.15", "0b11",
        "2024-01-01", "1e", "e5", ".", "-", "1.2.3", "inf", "nan", "none", "None", "tRUE", "0x", "١٢",
    ],
)  # fmt: skip
def test_what_other_readers_would_convert_stays_text(text: str) -> None:
    assert resolve(text) == text


@pytest.mark.parametrize("text", [".inf", "-.Inf", "+.INF", ".nan", "1e999", "-1e999", str(2**63), "9" * 5000])
def test_numbers_that_cannot_be_kept_are_refused(text: str) -> None:
    with pytest.raises(ScalarError, match=r"must (be finite|fit 64 bits)"):
        resolve(text)


def tree(text: str) -> MapNode:
    problems = Problems()
    node = read(text, Mark("a.yaml", 1, 1), problems)
    problems.raise_any()
    assert isinstance(node, MapNode)
    return node


def test_quoted_scalars_are_text() -> None:
    node = tree("a: '1'\nb: \"true\"\nc: |\n  12\nd: >-\n  null\n")
    assert plain(node) == {"a": "1", "b": "true", "c": "12\n", "d": "null"}


def test_every_key_and_value_keeps_its_place() -> None:
    node = tree("a: 1\nb: [x, {c: 2}]\nd:\n  é: {f: 3}\n")
    assert str(lookup(node, "a")[1]) == "a.yaml:1:4"
    assert str(lookup(node, "b")[1]) == "a.yaml:2:1"
    assert str(lookup(node, "b.1.c")[1]) == "a.yaml:2:12"
    assert str(lookup(node, "d.é.f")[1]) == "a.yaml:4:10"


def test_a_path_that_is_not_there_is_shown_by_the_deepest_part_that_is() -> None:
    node = tree("b: [x, {c: 2}]\nd: {e: 1}\n")
    assert lookup(node, "d.f.g") == (None, Mark("a.yaml", 2, 1))
    assert lookup(node, "b.7") == (None, Mark("a.yaml", 1, 1))
    assert lookup(node, "d.e.f") == (None, Mark("a.yaml", 2, 8))


def test_an_alias_stands_for_its_anchor() -> None:
    assert plain(tree("a: &x {b: [1, 2]}\nc: *x\nd: [*x, *x]\n")) == {
        "a": {"b": [1, 2]},
        "c": {"b": [1, 2]},
        "d": [{"b": [1, 2]}, {"b": [1, 2]}],
    }


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(write, catalogue) -> None:
    from rlkit.experiment.loading import load

    plain_file = load(write(TOY), catalogue=catalogue)
    assert load(write(TOY.replace("\n", "\r\n")), catalogue=catalogue) == plain_file
    assert load(write(b"\xef\xbb\xbf" + TOY.encode()), catalogue=catalogue) == plain_file


def test_thirty_two_levels_are_not_too_deep() -> None:
    assert "a" in tree("a: " + "[" * 31 + "]" * 31).entries


def test_the_parser_in_python_says_the_same_where_the_one_in_c_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    from rlkit.experiment import reading

    monkeypatch.setattr(reading, "_LOADER", yaml.SafeLoader)
    node = tree(TOY)
    monkeypatch.undo()
    assert node == tree(TOY)
