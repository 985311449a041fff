"""Whatever is done to a valid file, the answer is an experiment or an ExperimentError, in lines for people."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rlkit.catalogue.catalogue import Catalogue
from rlkit.experiment.errors import ExperimentError
from rlkit.experiment.loading import load
from rlkit.experiment.resolved import to_yaml
from tests.experiment.toy_file import TOY

_WORDS = (
    "{ } [ ] , : - ? & * ! | > ' \" % @ ` # ~ null true yes 010 -1 1.5 1e9 1e999 .inf .nan 99999999999999999999 "
    "&a *a !!python/name:os.system <<: --- ... \\ \t \n \r \x85 \u2028 é 😀 \x00 \ufeff "
    "name seed agent buffer ring capacity: {name: {name:dense} [dense,dense] noisy ramp {name:ramp,start:1} picky "
    "wrapped crashing critic: inner: options: {explode:1} length: 5000 limits: null"
)
snippet = st.one_of(st.sampled_from(_WORDS.split(" ")), st.text(max_size=6))
edit = st.tuples(st.integers(0, len(TOY)), st.integers(0, 20), snippet)
keys = st.sampled_from(["seed", "agent", "buffer", "stop", "network", "exploration", "limits", "environment.options"])
paths = st.lists(st.one_of(keys, snippet), min_size=1, max_size=4).map(".".join)
value = st.lists(snippet, max_size=4).map(" ".join)
overrides = st.lists(st.one_of(st.tuples(paths, value).map("=".join), st.text(max_size=10)), max_size=3)
bounded = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answer(path: Path, overrides: list[str], catalogue: Catalogue) -> None:
    """Load; what loads must load again from its resolved file."""
    try:
        experiment = load(str(path), overrides, catalogue=catalogue)
    except ExperimentError as error:
        assert error.problems
        assert len(str(error).splitlines()) == len(error.problems)
        return
    path.write_text(to_yaml(experiment.resolved))
    assert load(str(path), catalogue=catalogue).resolved == experiment.resolved


@bounded
@given(edits=st.lists(edit, min_size=1, max_size=5))
def test_a_mutated_file_gives_an_experiment_or_its_problems(edits, tmp_path: Path, catalogue: Catalogue) -> None:
    text = TOY
    for start, length, inserted in edits:
        text = text[:start] + inserted + text[start + length :]
    path = tmp_path / "mutated.yaml"
    path.write_bytes(text.encode(errors="surrogatepass"))
    answer(path, [], catalogue)


@bounded
@given(assignments=overrides)
def test_any_override_gives_an_experiment_or_its_problems(assignments, tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "toy.yaml"
    path.write_text(TOY)
    answer(path, assignments, catalogue)


@pytest.mark.parametrize("size", [1, 100, 5000])
@pytest.mark.parametrize(
    "token", ["[", "{", "- ", "? ", "a: ", "&a ", "*a ", "!a ", '"', "|\n", "\\", "%", "[a, ", "{a: "]
)
def test_a_token_over_and_over_gives_problems(token: str, size: int, problems_of) -> None:
    assert problems_of(token * size)
