"""What is wrong with a study file is told at its place; what is right is understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlkit.experiment.errors import ExperimentError
from rlkit.studies.folder import StudyFolder
from rlkit.studies.plan import plan_of
from rlkit.studies.plan_in_words import dry_run
from rlkit.studies.reading import read_study

PARTS = (("bootstrap", "name"), ("head", "dueling"), ("agent", "n_step"))
HEAD = "base: cartpole_dqn_compiled\nseeds: 2\n"


def study(folder: Path, text: str, head: str = HEAD) -> Path:
    path = folder / "toy.yaml"
    path.write_text(head + text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("varients: {a: {}}", "toy.yaml:3:1: varients: found the key 'varients'; did you mean 'variants'?"),
        ("variants: {a: {agent.gama: 0.9}}", "agent.gama: 'dqn' has no parameter 'gama'; did you mean 'gamma'?"),
        ("variants: {a: {agent.gamma: 2}}", "toy.yaml:3:29: agent.gamma: found 2; allowed: at least 0 and at most 1"),
        ("variants: {a b: {agent.gamma: 0.5}}", "toy.yaml:3:12: variants.a b: found the name 'a b'; allowed: up to"),
        ("variants: {a: [1]}", "variants.a: found a list; allowed: a map such as {agent.gamma: 0.99}"),
        ("variants: {a: {}, b: {}}", "toy.yaml:3:19: variants.b: is the very experiment that 'a' is"),
        (
            "variants: {a: {exploration.decay: 0.9, exploration: boltzmann}}",
            "toy.yaml:3:16: variants.a.exploration.decay: is lost in 'exploration', which is written whole after it",
        ),
        ("variants: {}", "variants: found an empty map; allowed: a map of names"),
        ("variants: {a: {}, plan.json: {agent.gamma: 0.5}}", "toy.yaml:3:19: variants.plan.json: found the name of a"),
        (
            f"grid: {{{', '.join(f'agent.x{i}: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]' for i in range(4))}}}",
            "makes 10,000 variants; allowed",
        ),
        ("variants: {a: nowhere.yaml}", "toy.yaml:3:12: found 'nowhere.yaml': no such file"),
        ("grid: {agent.gamma: 0.9}", "toy.yaml:3:8: grid.agent.gamma: found 0.9; allowed: a list of values"),
        ("grid: {agent.gamma: [0.9, 0.9]}", "makes the variant 'gamma-0.9' twice"),
        ("ablate: {parts: {}}", "ablate.parts: allowed: a map of parts"),
        ("ablate: {parts: {d: {bootstrap: double}}}", "ablate.parts.d: allowed: a map with on"),
        ("ablate: {leave_one_out: true, parts: {d: {on: {}}}}", "found 'leave_one_out'; did you mean 'leave_out'?"),
        ("environments: [CartPole-v9]", "CartPole-v9"),
        ("environments: [CartPole-v1, CartPole-v1]", "found 'CartPole-v1' twice"),
        ("environments: 3", "environments: found 3; allowed: a list of ids, or a map of names"),
        ("study: a/b", "toy.yaml:3:8: study: found 'a/b'; allowed: up to 80 letters"),
        ("compare: mean", "compare: found the text 'mean'; allowed: a map such as {measure: final}"),
        ("experiments: []", "base: stands beside experiments, which are written out whole"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        plan_of(read_study(str(study(tmp_path, text))))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("seeds", "told"),
    [
        ("0", "found 0 seeds"),
        ("[1, 1]", "found the seed 1 twice"),
        ("5-2", "found '5-2' in the seeds '5-2', which ends before it begins"),
        ("{a: 1}", "seeds: found a map; allowed: how many (10), which (0-9), or a list"),
        ("true", "seeds: found true; allowed: how many (10), which (0-9), or a list"),
    ],
)
def test_seeds_that_make_no_sense_are_refused(tmp_path: Path, seeds: str, told: str) -> None:
    path = study(tmp_path, f"seeds: {seeds}\n", head="base: cartpole_dqn_compiled\n")
    with pytest.raises(ExperimentError) as caught:
        read_study(str(path))
    assert told in str(caught.value)


def test_a_study_without_base_or_seeds_says_both(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError) as caught:
        read_study(str(study(tmp_path, "variants: {a: {}}\n", head="")))
    assert "seeds: is missing" in str(caught.value) and "base: is missing" in str(caught.value)


def test_a_file_that_is_not_there_is_answered_with_the_nearest() -> None:
    with pytest.raises(ExperimentError, match="did you mean 'exploration'"):
        read_study("explorations")


def test_one_wrong_value_in_what_all_variants_have_is_told_once(tmp_path: Path) -> None:
    path = study(tmp_path, "set: {agent.gamma: 7}\nvariants: {a: {}, b: {exploration: greedy}}\n")
    with pytest.raises(ExperimentError) as caught:
        plan_of(read_study(str(path)))
    assert str(caught.value).count("found 7") == 1


def test_a_conflict_with_the_base_names_the_variant_that_has_it(tmp_path: Path) -> None:
    path = study(tmp_path, "variants: {plain: {}, atoms: {head: c51}}\n", "base: acrobot_dqn\nseeds: 2\n")
    with pytest.raises(ExperimentError) as caught:
        plan_of(read_study(str(path)))
    told = str(caught.value)
    assert "acrobot_dqn.yaml:" in told and "beside the head c51" in told, told
    assert "so it is in the variant 'atoms' (" in told and "toy.yaml:3:23)" in told, told


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("base: 3\n", "toy.yaml:1:7: base: found 3; allowed: an experiment file"),
        ("base: null\n", "toy.yaml:1:7: base: found nothing (null); allowed: an experiment file"),
        ("base: nowhere.yaml\n", "toy.yaml:1:7: found 'nowhere.yaml': no such file"),
        ("study: toy\n", "base: is missing; name the experiment that variants start from"),
    ],
)
def test_a_base_that_is_none_is_told_once_at_its_place(tmp_path: Path, head: str, told: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        plan_of(read_study(str(study(tmp_path, "seeds: 2\n", head))))
    assert told in str(caught.value)
    assert len(caught.value.problems) == 1, str(caught.value)


def test_a_folder_that_holds_no_study_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match=r"is a folder without a study\.yaml"):
        read_study(str(tmp_path))


def test_grids_multiply_variants_and_name_what_they_change(tmp_path: Path) -> None:
    path = study(
        tmp_path,
        "variants: {a: {}, b: {exploration: greedy}}\n"
        "grid: {agent.gamma: [0.9, 0.99], optimizer: [sgd, {name: adam, learning_rate: 0.01}]}\n",
    )
    plan = plan_of(read_study(str(path)))
    assert plan.variants[:4] == (
        "a-gamma-0.9-optimizer-sgd",
        "a-gamma-0.9-optimizer-adam",
        "a-gamma-0.99-optimizer-sgd",
        "a-gamma-0.99-optimizer-adam",
    )
    assert len(plan.variants) == 8 and len(list(plan.runs())) == 16
    last = plan.cells[-1].experiment.resolved
    assert (last["agent"]["gamma"], last["optimizer"]["learning_rate"], last["exploration"]["name"]) == (
        0.99,
        0.01,
        "greedy",
    )


def test_parts_are_left_out_and_added_one_by_one(tmp_path: Path) -> None:
    path = study(
        tmp_path,
        "ablate:\n"
        "  parts:\n"
        "    double: {on: {bootstrap: double}, off: {bootstrap: max}}\n"
        "    dueling: {on: {head.dueling: true}}\n"
        "    steps: {on: {agent.n_step: 3}}\n"
        "  add_in: true\n",
    )
    cells = plan_of(read_study(str(path))).cells
    told = {cell.variant: tuple(cell.experiment.resolved[key][name] for key, name in PARTS) for cell in cells}
    assert told == {
        "full": ("double", True, 3),
        "without-double": ("max", True, 3),
        "without-dueling": ("double", False, 3),
        "without-steps": ("double", True, 1),
        "plain": ("max", False, 1),
        "with-double": ("double", False, 1),
        "with-dueling": ("max", True, 1),
        "with-steps": ("max", False, 3),
    }


def test_the_dry_run_tells_what_is_left_out(tmp_path: Path) -> None:
    double, steps, gamma = (
        "double: {on: {bootstrap: double}}",
        "steps: {on: {agent.n_step: 3}}",
        "g: {on: {agent.gamma: 1}}",
    )
    text = f"ablate: {{add_in: true, parts: {{{double}, {steps}, {gamma}}}}}\n"
    lines = dry_run(plan_of(read_study(str(study(tmp_path, text)))), StudyFolder(tmp_path / "toy"), "toy", {}, 1)
    told = {line.split()[0]: line.split("not tried")[1].strip() for line in lines.splitlines() if "not tried" in line}
    assert told["full"] == "bootstrap=double, agent.n_step=3, agent.gamma=1"
    assert (told["without-steps"], told["with-steps"]) == ("agent.n_step as in the base", "agent.n_step=3")
    assert told["plain"] == "-"


def test_of_two_parts_one_added_is_the_other_left_out_and_made_once(tmp_path: Path) -> None:
    parts = "{double: {on: {bootstrap: double}, off: {bootstrap: max}}, dueling: {on: {head.dueling: true}}}"
    path = study(tmp_path, f"ablate: {{parts: {parts}, add_in: true}}\n")
    assert plan_of(read_study(str(path))).variants == ("full", "without-double", "without-dueling", "plain")


def test_environments_by_id_and_by_changes(tmp_path: Path) -> None:
    path = study(tmp_path, "environments: [CartPole-v1, Acrobot-v1]\n")
    assert plan_of(read_study(str(path))).environments == ("CartPole-v1", "Acrobot-v1")
    path = study(tmp_path, "environments: {short: {limits.steps: 100}, long: {limits.steps: 200}}\n")
    cells = plan_of(read_study(str(path))).cells
    assert [(cell.environment, cell.experiment.limits.steps) for cell in cells] == [("short", 100), ("long", 200)]
    assert len({cell.experiment.name for cell in cells}) == 2


def test_a_variant_may_be_an_experiment_of_its_own(tmp_path: Path) -> None:
    path = study(tmp_path, "variants: {dqn: cartpole_dqn_compiled, pqn: cartpole_pqn_compiled}\n", head="seeds: 1\n")
    assert [cell.experiment.resolved["agent"]["name"] for cell in plan_of(read_study(str(path))).cells] == [
        "dqn",
        "pqn",
    ]


def test_every_shipped_study_can_be_planned() -> None:
    from rlkit.studies.shipped import shipped_studies

    assert shipped_studies()
    for path in shipped_studies().values():
        assert len(plan_of(read_study(str(path))).cells) > 1
