from __future__ import annotations

import os
from pathlib import Path

import pytest

from rlkit.experiment.errors import ExperimentError
from rlkit.experiment.shipped import shipped
from rlkit.experiment.source import find, read_text
from tests.experiment.toy_file import TOY


def message(source: str) -> str:
    with pytest.raises(ExperimentError) as caught:
        read_text(find(source), source)
    return str(caught.value)


def test_every_experiment_of_the_repository_is_shipped() -> None:
    folder = Path(__file__).parents[2] / "experiments"
    assert dict(shipped()) == {path.stem: path for path in folder.glob("*.yaml")}
    assert "cartpole_dqn" in shipped()


def test_a_shipped_experiment_is_found_by_its_name() -> None:
    assert find("cartpole_dqn").name == "cartpole_dqn.yaml"


def test_a_name_means_the_shipped_experiment_and_a_path_the_file(write) -> None:
    write(TOY)
    Path("cartpole_dqn").write_text("mine")
    assert find("cartpole_dqn") == shipped()["cartpole_dqn"]
    assert find("./cartpole_dqn") == Path("cartpole_dqn")
    assert find("toy.yaml") == Path("toy.yaml")


def test_a_file_without_a_suffix_is_found_where_no_experiment_has_its_name(write) -> None:
    write(TOY)
    Path("toy.yaml").rename("toy")
    assert find("toy") == Path("toy")


def test_a_missing_file_is_answered_with_the_nearest_there_is(write) -> None:
    write(TOY)
    known = f"experiments that come with rlkit: {', '.join(shipped())}"
    assert message("tyo.yaml") == f"tyo.yaml: no such file; did you mean 'toy.yaml'? {known}"
    assert message("cartpole_dqm") == f"cartpole_dqm: no such file; did you mean 'cartpole_dqn'? {known}"
    assert message("lost/cartpole_dqn.yaml") == (
        f"lost/cartpole_dqn.yaml: no such file; did you mean 'cartpole_dqn'? {known}"
    )
    assert message("quite_another") == f"quite_another: no such file; {known}"
    assert message("") == f"'': no such file; {known}"


def test_a_folder_is_no_file(write) -> None:
    write(TOY)
    Path("some.yaml").mkdir()
    assert message("some.yaml") == "some.yaml: cannot be read: it is a folder; name the file in it"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(write) -> None:
    write(TOY)
    Path("toy.yaml").chmod(0)
    assert message("toy.yaml") == "toy.yaml: cannot be read: Permission denied"


def test_names_that_no_system_takes_are_told_in_one_line() -> None:
    assert message("a" * 5000 + ".yaml").endswith("cannot be read: File name too long")
    assert "\n" not in message("two\nlines.yaml")


def test_a_pipe_is_read_like_a_file(write) -> None:
    read_end, write_end = os.pipe()
    os.write(write_end, TOY.encode())
    os.close(write_end)
    assert read_text(find(f"/dev/fd/{read_end}"), "pipe") == TOY
    os.close(read_end)
