"""What a buffer says of itself is held to its contract before anything is built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rlkit import component, parameter
from rlkit.cli.main import main
from rlkit.experiment.plain_data.buffers import check_buffer
from rlkit.faults.part_error import PartError
from tests.conftest import PluginSite


@component
class Buffer:
    capacity: Any = parameter(default=100, doc="what it says")
    where: Any = parameter(default="memory", doc="what it says")

    @property
    def storage(self) -> Any:
        return self.where

    def build(self, storage: Any) -> Any:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("capacity", "message"),
    [
        (0, "int 0; allowed: an int of at least 2, a step of each of 2 environments"),
        (-3, "int -3; allowed: an int of at least 2, a step of each of 2 environments"),
        (100.5, "float 100.5; allowed: an int of at least 2, a step of each of 2 environments"),
        (True, "bool True; allowed: an int of at least 2, a step of each of 2 environments"),
        ("100", "str '100'; allowed: an int of at least 2, a step of each of 2 environments"),
    ],
)
def test_a_capacity_is_a_count(capacity: Any, message: str) -> None:
    with pytest.raises(PartError) as caught:
        check_buffer(Buffer(capacity=capacity), 2)
    assert str(caught.value).endswith(f"{Path(__file__).name}:18): returned {message}")


@pytest.mark.parametrize("storage", ["ssd", None, b"disk"])
def test_a_storage_is_memory_or_disk(storage: Any) -> None:
    with pytest.raises(PartError, match=r"^buffer Buffer, storage \(.*:23\): returned .* 'memory' or 'disk'$"):
        check_buffer(Buffer(where=storage), 1)


def test_integers_of_numpy_and_buffers_without_a_storage_pass() -> None:
    class Plain:
        capacity = np.int64(10)

    check_buffer(Plain(), 1)  # type: ignore[arg-type]
    check_buffer(Buffer(where="disk"), 1)


PLUGIN = """
from rlkit import component, hookimpl


@component
class Odd:
    capacity: int = 500
    storage = "ssd"

    def build(self, storage):
        pass


@hookimpl
def rlkit_buffers():
    return {"odd": Odd}
"""


def test_check_tells_it_at_its_place_in_the_file(plugin_site: PluginSite, capsys: pytest.CaptureFixture[str]) -> None:
    file = plugin_site.install("odd_buffers", PLUGIN) / "__init__.py"
    plugin_site.discover()
    assert main(["check", "cartpole_dqn", "--set", "buffer=odd"]) == 2
    said = f"--set buffer=odd: buffer 'odd', storage ({file}:5): returned str 'ssd'; allowed: 'memory' or 'disk'"
    assert capsys.readouterr().err.strip() == said
