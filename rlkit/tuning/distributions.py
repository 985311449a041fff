"""A search's dimensions as Optuna has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rlkit.tuning.tuning_file import Choice, Dimension, Value

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution


def suggested(handle: optuna.Trial, one: Dimension) -> Value:
    """Sampled; or what was, in a trial that is gone on with."""
    from optuna.distributions import CategoricalDistribution, IntDistribution

    distribution = distribution_of(one)
    if isinstance(distribution, CategoricalDistribution):
        return str(handle.suggest_categorical(one.key, distribution.choices))
    low, high, log = distribution.low, distribution.high, distribution.log
    value: Value
    if isinstance(distribution, IntDistribution):
        value = handle.suggest_int(one.key, int(low), int(high), step=distribution.step, log=log)
    else:
        value = handle.suggest_float(one.key, low, high, step=distribution.step, log=log)
    return value


def distribution_of(one: Dimension) -> CategoricalDistribution | IntDistribution | FloatDistribution:
    """A dimension as Optuna has it."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(one, Choice):
        return CategoricalDistribution(tuple(one.choices))
    low, high = one.low.value, one.high.value
    assert isinstance(low, (int, float)) and isinstance(high, (int, float))
    if one.whole:
        return IntDistribution(int(low), int(high), log=one.log, step=int(one.step or 1))
    return FloatDistribution(float(low), float(high), log=one.log, step=one.step)
