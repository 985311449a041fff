from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rlkit.experiment.errors import MOST_PROBLEMS
from rlkit.experiment.source import LARGEST
from tests.experiment.toy_file import TOY, with_lines

Problems = Callable[..., list[str]]


def table(name: str) -> list[tuple[tuple[str, ...], list[str]]]:
    """What is written (lines at the margin) and what is said of it (indented lines), from a file beside this one."""
    blocks = Path(__file__).with_name(name).read_text().split("\n\n")[1:]
    cases = []
    for block in blocks:
        lines = block.strip("\n").split("\n")
        written = tuple(line for line in lines if not line.startswith("    "))
        cases.append((written, [line.removeprefix("    ") for line in lines if line.startswith("    ")]))
    return cases


FILES = table("broken_files.txt")
OVERRIDES = table("broken_overrides.txt")


def test_the_tables_hold_what_they_seem_to() -> None:
    assert len(FILES) >= 90
    assert len(OVERRIDES) >= 40
    assert all(written and said for written, said in FILES + OVERRIDES)


@pytest.mark.parametrize(("written", "said"), FILES, ids=[case[0][0] for case in FILES])
def test_each_broken_file_is_told_by_line_and_column(
    written: tuple[str, ...], said: list[str], problems_of: Problems
) -> None:
    assert problems_of(with_lines(*written)) == [f"toy.yaml:{line}" for line in said]


@pytest.mark.parametrize(("written", "said"), OVERRIDES, ids=[" ".join(case[0]) for case in OVERRIDES])
def test_each_broken_override_is_told_by_what_was_typed(
    written: tuple[str, ...], said: list[str], problems_of: Problems
) -> None:
    assert problems_of(TOY, written) == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "1:1: holds nothing; an experiment has keys such as name, environment and agent"),
        (b"# only a comment\n", "1:1: holds nothing; an experiment has keys such as name, environment and agent"),
        (b"null\n", "1:1: holds nothing; an experiment has keys such as name, environment and agent"),
        (b"- a\n", "1:1: found a list; an experiment is a map"),
        (b"hello\n", "1:1: found the text 'hello'; an experiment is a map"),
        (b"\xff\xfea\x00", "1:1: found UTF-16; an experiment file is UTF-8"),
        (b"name: caf\xe9\n", "1:10: found the byte 0xe9, which is not UTF-8"),
        (b"a: 1\nb: \xc3\xa9 \xe9\n", "2:6: found the byte 0xe9, which is not UTF-8"),
        (b"\xef\xbb\xbfname: \xff\n", "1:7: found the byte 0xff, which is not UTF-8"),
        (b"a: \x00\n", "1:4: found the character '\\x00', which YAML does not allow"),
        (b"a: 1\nbc: x\x07\n", "2:6: found the character '\\x07', which YAML does not allow"),
        (b"a:\n\t- b\n", "2:1: not valid YAML: found a tab where YAML wants spaces"),
        (b"a: 1\n---\nb: 1\n", "2:1: found a second document; a file holds one experiment"),
        (b"a: 1\n...\nb: 1\n", "3:1: not valid YAML: did not find expected <document start>"),
        (b"? {a: 1}\n: 2\n", "1:3: found a map as a key; keys are text"),
        (b"%YAML 3.0\n---\na: 1\n", "1:1: not valid YAML: found incompatible YAML document"),
    ],
)
def test_what_is_no_experiment_file_at_all(content: bytes, said: str, problems_of: Problems) -> None:
    assert f"toy.yaml:{said}" in problems_of(content)


def test_a_file_too_large_is_not_parsed(problems_of: Problems) -> None:
    said = "toy.yaml: is larger than 1 MiB; an experiment file is a page of text"
    assert problems_of(b"[" * (LARGEST + 1)) == [said]


def test_a_file_of_nothing_but_brackets_is_refused_where_it_gets_too_deep(problems_of: Problems) -> None:
    (problem,) = problems_of("[" * LARGEST)
    # Newer parsers look ahead, and have a limit of their own.
    assert problem in (
        "toy.yaml:1:33: found lists and maps nested more than 32 deep",
        "toy.yaml:1:1001: not valid YAML: exceeded maximum nesting depth (while increasing flow level)",
    )


def test_aliases_do_not_multiply_without_end(problems_of: Problems) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for name, before in zip("bcdefgh", "abcdefg", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")
    said = "found more than 20,000 values, those that aliases stand for among them"
    assert problems_of("\n".join(lines)) == [f"toy.yaml:5:8: {said}"]


def test_aliases_do_not_nest_deeper_than_a_file_may(problems_of: Problems) -> None:
    nested = "[" * 15
    content = f"a: &a {nested}1{']' * 15}\nb: &b {nested}*a{']' * 15}\nc: [*b]\n"
    assert problems_of(content) == ["toy.yaml:3:5: found lists and maps nested more than 32 deep"]


def test_one_pass_tells_everything_in_the_order_of_the_file(problems_of: Problems) -> None:
    content = with_lines(
        "seed: 1.5",
        "environment: {name: corridor, length: 5, options: {a: .nan}}",
        "agent: {name: toy, gama: 0.9, batch_size: 0}",
        "network: dens",
        "buffer: {name: ring, capacity: 1, capacity: 2}",
        "stop: {name: after}",
        "limits: {steps: no}",
        "recorders: [silent, quiet]",
        "loss: huber",
    )
    assert [line.partition(": ")[0] for line in problems_of(content, ["evaluation.episodes=x"])] == [
        "toy.yaml:2:7",
        "toy.yaml:3:55",
        "toy.yaml:4:20",
        "toy.yaml:4:43",
        "toy.yaml:5:10",
        "toy.yaml:6:35",
        "toy.yaml:8:1",
        "toy.yaml:9:17",
        "toy.yaml:11:21",
        "toy.yaml:12:1",
        "--set evaluation.episodes=x",
    ]


def test_without_an_agent_the_other_parts_are_still_checked(problems_of: Problems) -> None:
    said = problems_of(with_lines("agent: tyo", "network: dens", "buffer: {name: ring, capacity: 0}", "limts: 3"))
    assert said == [
        "toy.yaml:4:8: agent: found agent 'tyo'; did you mean 'toy'? installed: clashing, lone, toy",
        "toy.yaml:5:10: network: found network 'dens'; did you mean 'dense'? installed: dense, picky, wrapped",
        "toy.yaml:6:32: buffer.capacity: found 0; allowed: at least 1 and at most 100000",
        "toy.yaml:12:1: limts: found the key 'limts'; did you mean 'limits'? "
        "keys: name, seed, environment, agent, stop, limits, evaluation, recorders, data, collects, save_rows",
    ]


def test_keys_that_every_experiment_needs_are_missed(problems_of: Problems) -> None:
    missing = "is missing; every experiment has this top-level key"
    assert problems_of("seed: 1\n") == [
        f"toy.yaml:1:1: name: {missing}",
        f"toy.yaml:1:1: environment: {missing}",
        f"toy.yaml:1:1: agent: {missing}",
        "toy.yaml:1:1: limits: found nothing that could end the run; "
        "add stop, or one of limits.episodes, limits.steps, limits.updates, limits.seconds",
    ]


def test_an_endless_key_is_cut(problems_of: Problems) -> None:
    (problem,) = problems_of(TOY + f"? {'na' * 1000}\n: 1\n")
    assert len(problem) < 300


def test_an_endless_list_of_problems_is_cut(problems_of: Problems) -> None:
    content = TOY + "".join(f"key_{number}: 1\n" for number in range(3 * MOST_PROBLEMS))
    said = problems_of(content)
    assert len(said) == MOST_PROBLEMS + 1
    assert said[-1] == "toy.yaml: more problems were left out"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("exploration: crashing", "7:14: exploration: its own code failed: ZeroDivisionError: made badly at"),
        (
            "exploration: {name: crashing, on_check: true}",
            "7:1: exploration: its own code failed: KeyError: 'checked badly' at",
        ),
        (
            "environment: {name: corridor, length: 5, options: {explode: 1}}",
            "3:1: environment: its own code failed: RuntimeError: boom at",
        ),
        (
            "environment: {name: corridor, length: 5, options: {exit: 1}}",
            "3:1: environment: its own code failed: it exits the interpreter (SystemExit: 3) at",
        ),
    ],
)
def test_a_plugin_that_fails_is_a_problem_of_its_part(line: str, said: str, problems_of: Problems) -> None:
    (problem,) = problems_of(with_lines(line))
    assert problem.startswith(f"toy.yaml:{said} ")
    assert "toy_plugin.py:" in problem


def test_an_agent_whose_part_takes_an_own_key_is_refused(problems_of: Problems) -> None:
    (problem,) = problems_of(with_lines("agent: clashing"))
    assert problem == (
        "toy.yaml:4:8: agent: 'clashing' has a part with the name of a key that every experiment has; rename it"
    )


def test_a_default_that_no_file_can_hold_is_refused(problems_of: Problems) -> None:
    (problem,) = problems_of(with_lines("recorders: unwritable"))
    assert problem.startswith("toy.yaml:11:12: recorders.step: its default is float64")
