"""Optuna's samplers and pruners by name, with their own parameters checked before anything runs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rlkit.catalogue.nearest import did_you_mean
from rlkit.experiment.errors import Problems
from rlkit.experiment.nodes import Scalar
from rlkit.experiment.words import found, quoted
from rlkit.tuning.quiet import quiet_optuna
from rlkit.tuning.tuning_file import Choice, Dimension, Named, Range

if TYPE_CHECKING:
    from optuna.pruners import BasePruner
    from optuna.samplers import BaseSampler

SAMPLERS = {
    "tpe": "TPESampler",
    "random": "RandomSampler",
    "gp": "GPSampler",
    "cmaes": "CmaEsSampler",
    "qmc": "QMCSampler",
    "grid": "GridSampler",
    "brute_force": "BruteForceSampler",
    "nsgaii": "NSGAIISampler",
}
PRUNERS = {
    "none": "NopPruner",
    "wilcoxon": "WilcoxonPruner",
    "median": "MedianPruner",
    "percentile": "PercentilePruner",
    "hyperband": "HyperbandPruner",
    "successive_halving": "SuccessiveHalvingPruner",
    "threshold": "ThresholdPruner",
}
_ONE_ORDER = frozenset({"grid", "qmc", "brute_force"})
"""Go through their points in an order that the seed decides: it must be the same for every trial."""
_OURS = frozenset({"search_space", "warn_independent_sampling", "warn_asynchronous_seeding"})
_ANY = frozenset({"lower", "upper"})
"""Of a pruner by a threshold: any number."""
_WHOLE, _NUMBER = frozenset({"int"}), frozenset({"int", "float"})


def make_sampler(named: Named, space: Sequence[Dimension], number: int) -> BaseSampler:
    """The sampler of one trial.

    What it draws follows from its seed and the trial's number alone, so that a search that was stopped and gone on with
    draws what one that ran through would have drawn.

    Raises:
        ImportError: it needs a package that is not installed.
        ValueError: of Optuna, for parameters that make no sense.
    """
    import optuna

    values: dict[str, Any] = {key: node.value for key, node in named.parameters.items()}
    seed = values.pop("seed", 0)
    assert isinstance(seed, int)
    values["seed"] = seed if named.name in _ONE_ORDER else (seed * 1_000_003 + number) % 2**32
    if named.name == "grid":
        values |= {"search_space": {one.key: points(one) for one in space}}
    with quiet_optuna():
        sampler: BaseSampler = getattr(optuna.samplers, SAMPLERS[named.name])(**values)
    return sampler


def make_pruner(named: Named) -> BasePruner:
    """The pruner. Raises as `make_sampler` does."""
    import optuna

    with quiet_optuna():
        pruner: BasePruner = getattr(optuna.pruners, PRUNERS[named.name])(
            **{key: node.value for key, node in named.parameters.items()}
        )
    return pruner


def points(dimension: Dimension) -> list[Any]:
    """All values of a dimension that has finitely many; empty for others."""
    if isinstance(dimension, Choice):
        return list(dimension.choices)
    low, high = dimension.low.value, dimension.high.value
    step = dimension.step if dimension.step is not None else (1 if dimension.whole and not dimension.log else None)
    if step is None or not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return []
    count = round((high - low) / step) + 1
    return [low + place * step for place in range(count)]


def check_strategies(sampler: Named, pruner: Named, space: Sequence[Dimension], problems: Problems) -> None:
    """Note what is wrong with a sampler's or a pruner's parameters, or keeps it from working here."""
    import optuna

    for key, named, known, classes in (
        ("sampler", sampler, SAMPLERS, optuna.samplers),
        ("pruner", pruner, PRUNERS, optuna.pruners),
    ):
        if named.name not in known:
            nearest = did_you_mean(named.name, known) or ";"
            problems.add(named.mark, key, f"found {quoted(named.name)}{nearest} allowed: {', '.join(known)}")
        elif _check_parameters(key, named, getattr(classes, known[named.name]), problems):
            _try(key, named, space, problems)
    if sampler.name in ("grid", "brute_force"):
        for one in space:
            if isinstance(one, Range) and not points(one):
                message = f"the sampler {sampler.name} tries every point; give a step, or choose"
                problems.add(one.mark, f"space.{one.key}", message)


def _check_parameters(key: str, named: Named, cls: type, problems: Problems) -> bool:
    allowed = _plain_parameters(cls)
    before = len(problems)
    for name, node in named.parameters.items():
        if name not in allowed:
            nearest = did_you_mean(name, allowed) or ";"
            told = f"its parameters are {', '.join(allowed)}" if allowed else "it has no parameters"
            message = f"{key} '{named.name}' has no parameter {quoted(name)}{nearest} {told}"
            problems.add(node.mark, f"{key}.{name}", message)
        elif not _fits(node, allowed[name]):
            problems.add(node.mark, f"{key}.{name}", f"found {found(node)}; allowed: {' or '.join(allowed[name])}")
        elif isinstance(node.value, int) and not isinstance(node.value, bool) and node.value < (least := _least(name)):
            problems.add(node.mark, f"{key}.{name}", f"found {node.value}; allowed: at least {least}")
    missing = [
        name
        for name, parameter in inspect.signature(cls).parameters.items()
        if name in allowed and parameter.default is parameter.empty and name not in named.parameters
    ]
    for name in missing:
        problems.add(named.mark, key, f"{key} '{named.name}' needs {quoted(name)} ({' or '.join(allowed[name])})")
    return len(problems) == before


def _least(name: str) -> int:
    """Of a whole number, or a number written without a point, that Optuna itself would refuse in the middle only."""
    return {"n_ei_candidates": 1, "popsize": 2, "population_size": 2}.get(name, -(10**9) if name in _ANY else 0)


def _plain_parameters(cls: type) -> Mapping[str, tuple[str, ...]]:
    """The parameters that a file can give, each with the types that it takes."""
    found: dict[str, tuple[str, ...]] = {}
    for name, parameter in inspect.signature(cls).parameters.items():
        annotation = parameter.annotation
        text = annotation.__name__ if isinstance(annotation, type) else str(annotation).strip("'\"")
        types = tuple(part for part in re.split(r"\s*\|\s*", text) if part != "None")
        if name not in _OURS and types and set(types) <= {"int", "float", "bool", "str"}:
            found[name] = types
    return found


def _fits(node: Scalar, types: Iterable[str]) -> bool:
    kinds = set(types)
    match node.value:
        case bool():
            return "bool" in kinds
        case int():
            return bool(kinds & _NUMBER)
        case float():
            return "float" in kinds
        case str():
            return "str" in kinds
    return False


def _try(key: str, named: Named, space: Sequence[Dimension], problems: Problems) -> None:
    try:
        if key == "sampler":
            make_sampler(named, space, 0)
            _need(named)
        else:
            make_pruner(named)
            _need(named)
    except ImportError as error:
        package = error.name or "a package that is not installed"
        problems.add(named.mark, key, f"{key} '{named.name}' needs {package}: pip install {package}")
    except (ValueError, TypeError) as error:
        problems.add(named.mark, key, f"{key} '{named.name}': {error}")


def _need(named: Named) -> None:
    """Raise ImportError for what Optuna would ask for at the first trial only."""
    for package in {"cmaes": ("cmaes",), "gp": ("torch", "scipy"), "wilcoxon": ("scipy",), "qmc": ("scipy",)}.get(
        named.name, ()
    ):
        if _missing(package):
            raise ImportError(f"No module named '{package}'", name=package)


def _missing(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is None
