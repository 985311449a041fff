"""study.yaml of a study's folder: the study with every value written out."""

from __future__ import annotations

from typing import Any

from rlkit.experiment.nodes import plain
from rlkit.experiment.resolved import to_yaml
from rlkit.studies.plan import Plan


def study_yaml(plan: Plan) -> str:
    """The study with every value written out; running it again gives the same."""
    study: dict[str, Any] = {"study": plan.study.name, "seeds": list(plan.seeds)}
    if plan.study.compare:
        study["compare"] = plain(plan.study.compare)
    if plan.study.launcher:
        study["launcher"] = plain(plan.study.launcher)
    head = "# Every experiment of the study, with every value. `rlkit study` of this file runs the same again.\n"
    lines = ["experiments:"]
    for cell in plan.cells:
        lines.append(f"  - variant: {cell.variant}")
        lines.append(f"    environment: {cell.environment}")
        lines.append("    experiment:")
        lines += [f"      {line}" for line in to_yaml({**cell.experiment.resolved, "seed": 0}).splitlines()]
    return head + to_yaml(study) + "\n".join(lines) + "\n"
