from __future__ import annotations

import json
from importlib.metadata import version

import pytest

from rlkit.cli.main import main

UCB = """
    from __future__ import annotations
    from rlkit import Schedule, component, hookimpl, parameter

    @component
    class Ucb:
        '''Upper confidence bounds (Auer et al., 2002).

        The action of greatest q + width · sqrt(ln t / n), t being the number of steps so far and n the number of times
        that the action was taken.
        '''

        width: float = parameter(default=2.0, doc="of the bound", above=0, at_most=10, source="Auer et al., 2002")
        name_of_counts: str = parameter(doc="of the table")
        rate: float | Schedule | None = None

        def select(self, values, seen, call):
            return values

    @hookimpl
    def rlkit_explorations():
        return {"ucb": Ucb, "odd": 3}
"""


@pytest.fixture
def shown(plugin_site, capsys, monkeypatch):
    """What `rlkit plugins …` prints, with a third party's plugin installed beside the default ones."""
    monkeypatch.setenv("COLUMNS", "80")
    plugin_site.install("acme_rl", UCB, version="0.3.1")
    plugin_site.install("gone_rl", "import torchfoo")
    plugin_site.discover()
    capsys.readouterr()

    def run(*argv: str) -> str:
        assert main(["plugins", *argv]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out

    return run


def test_everything_is_listed_by_kind_with_strangers_marked_by_their_package(shown):
    lines = shown().splitlines()
    start = lines.index("explorations: Policies that try actions: from action values to an action")
    assert [line[:33].rstrip() for line in lines[start + 1 : start + 8]] == [
        "  boltzmann",
        "  bootstrapped",
        "  count_ucb",
        "  ensemble_ucb",
        "  epsilon_greedy",
        "  ez_greedy",
        "  greedy",
    ]
    assert lines[start + 8] == "  ucb             acme-rl 0.3.1  Upper confidence bounds (Auer et al., 2002)"
    assert lines[start + 9].startswith("  vdbe ") and lines[start + 10] == ""
    assert "losses: How much a TD error costs" in lines
    assert f"Components without a package's name come with rlkit-framework {version('rlkit-framework')}." in lines


def test_broken_plugins_are_listed_at_the_end_with_their_errors(shown):
    _, broken = shown().split("Broken plugins ('rlkit plugins broken' shows their tracebacks)\n")
    words = " ".join(broken.split())
    assert words.startswith(
        "acme_rl (acme-rl 0.3.1): exploration 'odd': found 3 (int), expected a class "
        "gone_rl (gone-rl 1.0): it needs the package 'torchfoo', which is not installed"
    )


def test_the_tracebacks_of_broken_plugins_can_be_seen(shown):
    assert "ModuleNotFoundError: No module named 'torchfoo'\n" in shown("broken")
    only = shown("broken", "acme_rl")
    assert "gone_rl" not in only
    assert only == "acme_rl (acme-rl 0.3.1): exploration 'odd': found 3 (int), expected a class\n"
    assert shown("broken", "rlkit_dqn") == "No plugin called rlkit_dqn is broken.\n"


@pytest.mark.parametrize("argv", [[], ["explorations"], ["exploration", "ucb"], ["agent", "dqn"], ["buffer"]])
@pytest.mark.parametrize("columns", [60, 80, 130])
def test_lines_fit_the_terminal(shown, monkeypatch, argv, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    prose, _, _ = shown(*argv).partition("\nYAML\n")
    too_long = [line for line in prose.splitlines() if len(line) > columns]
    assert not [line for line in too_long if " " in line.strip()]


def test_a_kind_is_explained_by_its_contract(shown):
    page = shown("exploration")
    assert page == shown("explorations")
    assert page.startswith("exploration: Policies that try actions: from action values to an action.\n")
    assert "by the hook rlkit_explorations." in " ".join(page.split())
    assert "  select(self, values: Tensor, seen: Seen, call: Call) -> Tensor\n" in page
    assert "      Action values (B, n) float32 to (B,) int32 actions that" in page
    assert "\n  ucb             acme-rl 0.3.1  Upper" in page
    assert "Taken by agent dqn: exploration; agent pqn: exploration; agent r2d2:\nexploration." in page


def test_a_property_of_a_contract_is_shown_as_one(shown):
    assert "\n  capacity: int\n" in shown("buffers")


def test_a_component_is_explained_with_its_parameters_and_yaml_to_paste(shown):
    assert shown("exploration", "ucb") == (
        "exploration ucb, of plugin acme_rl (acme-rl 0.3.1): acme_rl.Ucb\n"
        "\n"
        "Upper confidence bounds (Auer et al., 2002).\n"
        "\n"
        "The action of greatest q + width · sqrt(ln t / n), t being the number of steps\n"
        "so far and n the number of times that the action was taken.\n"
        "\n"
        "Parameters\n"
        "  width: float, default 2.0, above 0 and at most 10\n"
        "      of the bound\n"
        "      source: Auer et al., 2002\n"
        "  name_of_counts: str, required\n"
        "      of the table\n"
        "  rate: float or schedule or null, default null\n"
        "\n"
        "YAML\n"
        "  exploration:\n"
        "    name: ucb\n"
        "    width: 2.0\n"
        "    name_of_counts: …  # required; replace this example\n"
        "    rate: null\n"
    )


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["explorer"], "found the kind 'explorer'; did you mean 'exploration'? kinds: agents, bonuses, "),
        (["exploration", "greddy"], "found exploration 'greddy'; did you mean 'greedy'? installed: boltzmann, "),
        (["exploration", "odd"], "exploration 'odd' cannot be used; plugin acme_rl (acme-rl 0.3.1) is broken: "),
        (["explorer", "greedy"], "found the kind 'explorer'"),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_an_unknown_kind_or_name_is_an_error_of_the_person(shown, capsys, argv, message, form):
    assert main(["plugins", *argv, *form]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"rlkit: error: {message}")


def test_json_of_everything(shown):
    data = json.loads(shown("--json"))
    assert data["format"] == 1
    kinds = {kind["name"]: kind for kind in data["kinds"]}
    assert kinds["exploration"]["hook"] == "rlkit_explorations"
    assert [component["name"] for component in kinds["exploration"]["components"]] == [
        "boltzmann",
        "bootstrapped",
        "count_ucb",
        "ensemble_ucb",
        "epsilon_greedy",
        "ez_greedy",
        "greedy",
        "ucb",
        "vdbe",
    ]
    plugin = next(plugin for plugin in data["plugins"] if plugin["name"] == "acme_rl")
    assert (plugin["distribution"], plugin["version"], plugin["loads_tensorflow"]) == ("acme-rl", "0.3.1", False)
    assert len(bytes.fromhex(plugin["digest"])) == 32
    assert [(broken["name"], broken["component"]) for broken in data["broken"]] == [("acme_rl", "odd"), ("gone_rl", "")]
    assert all(broken["error"] and broken["details"] for broken in data["broken"])


def test_json_of_a_kind_and_of_a_component(shown):
    kind = json.loads(shown("exploration", "--json"))
    assert kind["taken_by"] == ["agent dqn: exploration", "agent pqn: exploration", "agent r2d2: exploration"]
    assert kind["members"][0]["name"] == "select"
    component = json.loads(shown("exploration", "acme-rl:ucb", "--json"))
    assert component["qualified"] == "acme-rl:ucb"
    assert component["yaml"].startswith("exploration:\n  name: ucb\n")
    assert component["parameters"][0] == {
        "name": "width",
        "type": "float",
        "required": False,
        "default": 2.0,
        "kinds": [],
        "many": False,
        "doc": "of the bound",
        "source": "Auer et al., 2002",
        "at_least": None,
        "above": 0,
        "at_most": 10,
        "below": None,
        "choices": [],
        "range": "above 0 and at most 10",
    }
    assert component["parameters"][1]["required"] is True
    assert component["parameters"][2]["kinds"] == ["schedule"]


def test_a_default_that_is_a_component_is_written_as_an_experiment_file_would(shown):
    parameters = {p["name"]: p for p in json.loads(shown("agent", "dqn", "--json"))["parameters"]}
    assert parameters["buffer"]["default"] == {"name": "uniform", "capacity": 50_000, "storage": "memory"}


def test_a_component_without_a_docstring_is_described_by_its_module(plugin_site, capsys):
    plugin_site.install("acme_rl", '"""Best guesses."""\nfrom acme_rl.part import rlkit_explorations\n')
    plugin_site.write(
        "acme_rl/part.py",
        '''
        """Thompson sampling."""
        from rlkit import component, hookimpl

        @component
        class Thompson:
            draws: int = 1
            def select(self, values, seen, call): ...

        @hookimpl
        def rlkit_explorations():
            return {"thompson": Thompson}
        ''',
    )
    plugin_site.discover()
    assert main(["plugins", "explorations"]) == 0
    assert "  thompson        acme-rl 1.0  Thompson sampling\n" in capsys.readouterr().out


def test_what_a_plugin_that_loads_tensorflow_costs_is_told(plugin_site):
    plugin_site.write("tensorflow/__init__.py", "class Module: ...")
    plugin_site.write("keras/__init__.py", "")
    folder = plugin_site.install("acme_rl", "import tensorflow as tf\nclass Mine(tf.Module): ...")
    listed = plugin_site.python("-m", "rlkit", "plugins")
    assert listed.returncode == 0
    words = " ".join(listed.stdout.split())
    assert "Plugin acme_rl (acme-rl 1.0) takes 0." in words
    assert f"because it imports TensorFlow when it is imported: {folder}/__init__.py:2." in words
