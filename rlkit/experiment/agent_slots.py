"""The agent, and the keys of the document that are its slots."""

from __future__ import annotations

from typing import Any

from rlkit.catalogue.nearest import did_you_mean
from rlkit.catalogue.parameters import parameters_of
from rlkit.experiment.annotations import is_slot
from rlkit.experiment.building import INVALID, Builder
from rlkit.experiment.own_keys import MISSING, own
from rlkit.experiment.telling import OWN_KEYS
from rlkit.experiment.words import quoted


def agent_of(builder: Builder) -> Any:
    """The agent with its slots filled, or INVALID; what is written for its slots is checked in any case."""
    document, catalogue = builder.document, builder.catalogue
    written = document.entries.get("agent")
    others = [key for key in document.entries if key not in OWN_KEYS]
    if written is None:
        builder.note("agent", MISSING)
    entry = None if written is None else builder.entry(written.value, (catalogue.kind("agent"),), "agent")
    if written is None or entry is None:
        # Without its agent a slot is known only by the kind whose name it bears.
        for key in others:
            if key in catalogue.kinds:
                own(builder, key, catalogue.kinds[key].contract)
            elif close := did_you_mean(key, OWN_KEYS):
                message = f"found the key {quoted(key)}{close} keys: {', '.join(OWN_KEYS)}"
                builder.problems.add(document.entries[key].key, key, message)
        return INVALID
    parameters = parameters_of(entry.component, catalogue)
    slots = [p.name for p in parameters if is_slot(p.annotation, catalogue.kinds)]
    builder.slots = frozenset(slots)
    if builder.slots & set(OWN_KEYS):
        builder.note("agent", f"'{entry.name}' has a part with the name of a key that every experiment has; rename it")
        return INVALID
    for key in others:
        if key not in builder.slots:
            # The name of a kind is a part of some other agent, and no misspelt key.
            known = slots if key in catalogue.kinds else (*slots, *OWN_KEYS)
            message = f"agent '{entry.name}' has no part {quoted(key)}{did_you_mean(key, known) or ';'} "
            message += f"its parts are {', '.join(slots)}" if slots else "it has no parts"
            if key in {p.name for p in parameters}:
                message = f"{quoted(key)} is a parameter of the agent; write it under agent"
            builder.problems.add(document.entries[key].key, key, message)
    return builder.part(written.value, (entry.kind,), "agent")
