from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rlkit import Array, Discrete, Spaces
from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.discovery import discover
from rlkit.catalogue.parameters import REQUIRED, Parameter, parameters_of
from rlkit.experiment.annotations import accepts
from rlkit.experiment.errors import ExperimentError
from rlkit.experiment.loading import load
from rlkit.experiment.resolved import to_yaml
from rlkit.experiment.shipped import shipped
from tests.replay.test_saved_rows import filled, saved

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXT.filter(lambda key: key != "<<"), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_experiment_equals_its_resolved_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pole, recorded = Spaces(Array((4,), "float32"), Discrete(2)), tmp_path / "runs" / "cartpole_record"
    recorded.mkdir(parents=True)
    saved(filled(pole, 100, 80), pole, recorded)  # what some learn from
    monkeypatch.chdir(tmp_path)
    experiment = load(name)
    path = tmp_path / "resolved.yaml"
    path.write_text(to_yaml(experiment.resolved))
    again = load(str(path))
    for field in (
        "name",
        "seed",
        "environment",
        "agent",
        "stop",
        "limits",
        "evaluation",
        "recorders",
        "data",
        "resolved",
    ):
        assert getattr(again, field) == getattr(experiment, field)
    assert set(again.entries) == set(experiment.entries)


def test_every_default_is_written_out(toy) -> None:
    assert (
        to_yaml(toy("exploration: noisy", "recorders: []").resolved)
        == """\
name: toy
seed: 0
environment: {name: corridor, length: 5, options: null, name_of_goal: goal}
agent: {name: toy, gamma: 0.9, batch_size: 4, clip: 0.2}
network: {name: dense, hidden: [8, 8], activation: relu, bias: true, seed_name: null}
buffer: {name: ring, capacity: 100}
exploration: {name: noisy, scale: 1.0, clip: null}
critic: null
stop: [{name: after, episodes: 3, threshold: 0.5}]
limits: {episodes: null, steps: 1000, updates: null, seconds: null, steps_per_episode: null}
evaluation: {episodes: 1, every: null}
recorders: []
data: null
collects: true
save_rows: false
"""
    )


def test_a_long_list_of_parts_takes_a_line_a_part() -> None:
    parts = [{"name": "mean_return", "window": 50, "threshold": 225.0}] * 3
    assert to_yaml({"stop": parts}).count("\n  - {name: mean_return, window: 50, threshold: 225.0}") == 3


def test_a_name_that_two_packages_offer_is_written_with_its_package(toy, catalogue: Catalogue) -> None:
    from dataclasses import replace

    ring = catalogue.find("buffer", "ring")
    entries = [entry for kind in catalogue.kinds for entry in catalogue.entries(kind)]
    mine = [replace(e, plugin=replace(e.plugin, distribution="mine", name="one")) for e in entries]
    other = replace(ring, plugin=replace(ring.plugin, distribution="other", name="two"))
    both = Catalogue(catalogue.kinds, [*mine, other])
    experiment = load(toy().source, ["buffer={name: 'other:ring', capacity: 9}"], catalogue=both)
    assert experiment.resolved["buffer"]["name"] in ("mine:ring", "other:ring")
    Path("again.yaml").write_text(to_yaml(experiment.resolved))
    assert load("again.yaml", catalogue=both).resolved == experiment.resolved


@given(value=PLAIN)
def test_plain_data_is_read_back_exactly(value: object) -> None:
    from rlkit.experiment.errors import Problems
    from rlkit.experiment.nodes import Mark, plain
    from rlkit.experiment.reading import read

    text = to_yaml({"key": value})
    problems = Problems()
    node = read(text, Mark("a", 1, 1), problems)
    problems.raise_any()
    assert node is not None
    assert repr(plain(node)) == repr({"key": value})


@given(value=st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1) | st.booleans() | TEXT)
def test_other_yaml_readers_understand_what_is_written(value: object) -> None:
    assert repr(yaml.safe_load(to_yaml({"key": value}))) == repr({"key": value})


def parameter_values(parameter: Parameter, catalogue: Catalogue, depth: int) -> st.SearchStrategy[Any]:
    """Values that a file may give to a parameter, in its range."""
    return annotated(parameter.annotation, parameter, catalogue, depth)


def annotated(annotation: Any, parameter: Parameter, catalogue: Catalogue, depth: int) -> st.SearchStrategy[Any]:
    form = accepts(annotation, catalogue.kinds)
    info = parameter.info
    low = next((bound for bound in (info.at_least, info.above) if bound is not None), None)
    high = next((bound for bound in (info.at_most, info.below) if bound is not None), None)
    whole = st.integers(int(low or 0), int(high) if high is not None else 2**40)
    choices: list[st.SearchStrategy[Any]] = [st.just(literal) for literal in form.literals]
    if type(None) in form.scalars:
        choices.append(st.none())
    if bool in form.scalars:
        choices.append(st.booleans())
    if int in form.scalars:
        choices.append(whole)
    if float in form.scalars:
        choices.append(st.floats(low, high, allow_nan=False, allow_infinity=False) | whole)
    if str in form.scalars:
        choices.append(
            st.sampled_from(["CartPole-v1", "Acrobot-v1", "MountainCar-v0"]) if parameter.name == "id" else TEXT
        )
    if form.item is not None:
        item = annotated(form.item, parameter, catalogue, depth - 1)
        choices.append(st.just([]) if item.is_empty else st.lists(item, max_size=3))
    if form.map:
        choices.append(st.just({}))
    if depth > 0:
        choices += [parts(kind.name, catalogue, depth - 1) for kind in form.kinds]
    return st.one_of(choices).filter(lambda value: info.problem(value) is None) if choices else st.nothing()


def parts(kind: str, catalogue: Catalogue, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    """Any component of a kind, some of its parameters given."""
    return st.one_of([part(entry.name, entry.component, catalogue, depth) for entry in catalogue.entries(kind)])


def part(name: str, cls: type, catalogue: Catalogue, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    values = {p.name: parameter_values(p, catalogue, depth) for p in parameters_of(cls, catalogue)}
    required = {p.name for p in parameters_of(cls, catalogue) if p.default is REQUIRED}
    chosen = {key: value for key, value in values.items() if key in required}
    optional = {key: value for key, value in values.items() if key not in required}
    return st.fixed_dictionaries({"name": st.just(name), **chosen}, optional=optional)


@cache
def experiments(catalogue: Catalogue) -> st.SearchStrategy[dict[str, Any]]:
    slots = (
        "network",
        "optimizer",
        "buffer",
        "exploration",
        "target_update",
        "head",
        "bootstrap",
        "loss",
        "regularizer",
        "bonus",
        "returns",
    )
    return st.fixed_dictionaries(
        {
            "name": st.just("any"),
            "environment": parts("environment", catalogue, 1),
            "agent": parts("agent", catalogue, 0).map(lambda agent: {k: v for k, v in agent.items() if k not in slots}),
            "limits": st.just({"steps": 10}),
        },
        optional={slot: parts(slot, catalogue, 2) for slot in slots}
        | {"stop": st.lists(parts("stop", catalogue, 1), max_size=2)},
    )


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_experiment_of_the_default_parts_equals_its_resolved_file(data: st.DataObject, tmp_path: Path) -> None:
    written: Mapping[str, Any] = data.draw(experiments(discover()))
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text(to_yaml(written))
    try:
        experiment = load(str(first))
    except ExperimentError:
        assume(False)
        raise
    second.write_text(to_yaml(experiment.resolved))
    again = load(str(second))
    assert (again.environment, again.agent, again.stop) == (experiment.environment, experiment.agent, experiment.stop)
    assert again.resolved == experiment.resolved
    assert holds(experiment.resolved, written)


def holds(resolved: Any, written: Any) -> bool:
    """Whether all that was written stands in the resolved data, whatever defaults stand beside it."""
    if isinstance(written, dict):
        return all(key in resolved and holds(resolved[key], value) for key, value in written.items())
    if isinstance(written, list):
        return len(resolved) == len(written) and all(map(holds, resolved, written))
    # null may stand for what follows from other parts, and is written out then.
    return written is None or bool(resolved == written)
