from __future__ import annotations

import pytest

from rlkit.catalogue.catalogue import UnknownKind
from rlkit.catalogue.kinds import snake_case


@pytest.mark.parametrize(
    ("name", "expected"),
    [("TargetUpdate", "target_update"), ("Stop", "stop"), ("RNNCore", "rnn_core"), ("Top2Policy", "top2_policy")],
)
def test_a_kind_is_called_its_contract_in_snake_case(name, expected):
    assert snake_case(name) == expected


def test_a_kind_answers_to_its_singular_and_its_plural(plugin_site):
    catalogue = plugin_site.discover()
    for name in ("target_update", "target_updates", "target-updates"):
        assert catalogue.kind(name).name == "target_update"


def test_an_unknown_kind_is_answered_with_the_nearest_and_all(plugin_site):
    catalogue = plugin_site.discover()
    with pytest.raises(UnknownKind) as caught:
        catalogue.kind("optimiser")
    assert str(caught.value).startswith("found the kind 'optimiser'; did you mean 'optimizer'? kinds: agents, bonuses")
    with pytest.raises(UnknownKind, match=r"^found the kind 'zork'; kinds: agents, "):
        catalogue.entries("zork")
