"""What recorded data may say of itself."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from rlkit import Array, Discrete, Spaces
from rlkit.experiment.plain_data.recordings import opened

SPACES = Spaces(Array((2,), "float32"), Discrete(2))
SOUND = {"rows": 6, "environments": 2, "facts": {"file": "x"}, "read": None}


class Data:
    def __init__(self, recording):
        self.recording = recording

    def open(self, spaces):
        return self.recording


def test_a_sound_recording_is_handed_on():
    recording = SimpleNamespace(**SOUND)
    assert opened(Data(recording), SPACES) is recording


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"rows": 100.0}, "Data.open: rows is float 100.0; allowed: a multiple of environments"),
        ({"rows": True}, "rows is bool True"),
        ({"rows": -5}, "rows is int -5"),
        ({"rows": 0}, "rows is int 0"),
        ({"rows": 7}, "rows is int 7"),
        ({"environments": 0}, "environments is int 0; allowed: an int of at least 1"),
        ({"facts": {"what": object()}}, "facts is dict .*; allowed: a map of plain data"),
        ({"facts": {"what": float("nan")}}, "facts is dict .*; allowed: a map of plain data"),
        ({"facts": None}, "facts is None .*; allowed: a map of plain data"),
    ],
)
def test_what_the_contract_does_not_allow_is_told_with_the_component(said, message):
    with pytest.raises(ValueError, match=message):
        opened(Data(SimpleNamespace(**{**SOUND, **said})), SPACES)


def test_nothing_in_place_of_a_recording_is_told():
    with pytest.raises(ValueError, match=r"Data.open returned None .*; allowed: an rlkit.Recording, which has 'rows'"):
        opened(Data(None), SPACES)
