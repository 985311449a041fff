"""What a person should know of a run that went through: it learned nothing, or stood still, or mostly evaluated."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from rlkit.contracts.data import Progress

_SECONDS = 5.0
"""An evaluation that takes less is nobody's trouble."""
_EPISODES = 20
"""After which a report that should change has changed."""


def noticed(
    progress: Progress,
    reports: Mapping[str, Collection[float]],
    seconds: Mapping[str, float],
    exploration: object,
    steps_per_episode: int | None,
) -> Iterator[str]:
    """Sentences.

    Args:
        progress: what was completed.
        reports: by name, different values of episodes, two of them at most.
        seconds: as run.json has them.
        exploration: as the resolved experiment has it.
        steps_per_episode: the experiment's limit.
    """
    step, episode, update, _ = progress
    if step and not update:
        yield f"nothing was learned: no learning step came due within {step:,} steps (rlkit check tells when one does)"
    if step and not episode:
        cure = "" if steps_per_episode else "; limits.steps_per_episode would cut long ones"
        yield f"no episode ended within {step:,} steps, so whatever changes by episode stayed as it began{cure}"
    for name, values in reports.items():
        if episode >= _EPISODES and len(values) == 1 and _may_change(exploration):
            yield f"{name} stayed {next(iter(values)):g} in all {episode:,} episodes"
    evaluation, training = seconds["evaluation"], seconds["training"]
    if evaluation > max(training, _SECONDS):
        yield (
            f"evaluation took {evaluation:.0f} of the {evaluation + training:.0f} seconds (evaluation.episodes, "
            "evaluation.every and limits.steps_per_episode make it shorter)"
        )


def _may_change(part: object) -> bool:
    """Whether an exploration or a schedule, as it stands in a resolved experiment, has an end that is not its start."""
    if not isinstance(part, Mapping):
        return False
    schedules = [inner for inner in part.values() if isinstance(inner, Mapping)]
    if schedules:
        return any(map(_may_change, schedules))
    return "start" in part and part["start"] != part.get("end") and part.get("decay") != 1
