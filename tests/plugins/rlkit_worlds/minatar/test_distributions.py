"""Whole episodes under random play are distributed as the package's."""

import pytest
from scipy import stats

from rlkit_worlds import rlkit_compiled_environments
from tests.plugins.rlkit_worlds.minatar.playing import originals, twins

_WORLDS = {name: world for name, world in rlkit_compiled_environments().items() if name.startswith("MinAtar/")}


@pytest.mark.slow
@pytest.mark.parametrize("identity", _WORLDS)
def test_returns_and_lengths_are_distributed_as_the_packages(identity):
    episodes = 200 if "Freeway" in identity else 2000
    theirs, ours = originals(identity, episodes, seed=1), twins(_WORLDS[identity](), episodes, seed=2)
    for which, name in enumerate(("return", "length")):
        result = stats.ks_2samp(theirs[:, which], ours[:, which])
        print(
            f"{identity} {name}: mean {theirs[:, which].mean():.3f} and {ours[:, which].mean():.3f}, "
            f"KS {result.statistic:.3f}, p {result.pvalue:.3f}, {episodes} episodes each"
        )
        assert result.pvalue > 0.001
