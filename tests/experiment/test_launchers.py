"""What `--launcher` may say."""

from __future__ import annotations

import pytest

from rlkit import ExperimentError
from rlkit.experiment.launchers import launcher_from
from rlkit_launchers.local import LocalProcesses


@pytest.mark.parametrize("text", ["local", "{name: local}", "rlkit-framework:local"])
def test_a_launcher_is_named_as_any_part_is(text: str) -> None:
    assert launcher_from(text) == LocalProcesses()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lcal", "--launcher: found launcher 'lcal'; did you mean 'local'?"),
        ("", "--launcher: found nothing (null); allowed: a component's name (local"),
        ("3", "--launcher: found 3; allowed: a component's name (local"),
        ("[local]", "--launcher: found a list; allowed: a component's name (local"),
        ("{nam: local}", "--launcher: found a map without 'name'; allowed: a component's name (local"),
        ("{name: local, cores: 3}", "--launcher: cores: 'local' has no parameter 'cores'; it has none"),
        ("{name: local", "--launcher: not valid YAML: did not find expected"),
    ],
)
def test_what_is_wrong_is_told_with_the_option_as_its_place(text: str, said: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        launcher_from(text)
    assert str(caught.value).startswith(said)
