"""Whom an incident asks (分局主战、派出所主防): investigation to the branches, by type."""

from __future__ import annotations

from typing import Final

from kuaifan.vocabulary.incident_types import IncidentType

from .words import Branch

BY_WORD: Final[tuple[tuple[str, tuple[Branch, ...]], ...]] = (
    ("fraud", ("criminal", "cyber", "economic")),
    ("drug", ("drugs", "criminal")),
    ("environment", ("food_drug_environment",)),
    ("food", ("food_drug_environment",)),
    ("hit_and_run", ("traffic", "criminal")),
)
"""What a type's key says of it comes before its class."""
BY_CLASS: Final[dict[str, tuple[Branch, ...]]] = {
    "criminal": ("criminal",),
    "public_order": ("public_order",),
    "road_traffic": ("traffic",),
    "major_public_safety": ("command", "public_order"),
    "fire_disaster": ("command", "forensics"),
}


def suggest(incident_type: IncidentType) -> tuple[Branch, ...]:
    """Branches that the type of an incident asks; none where its station does it alone."""
    found: list[Branch] = []
    for word, branches in BY_WORD:
        if word in incident_type.key:
            found += branches
    found = found or [*BY_CLASS.get(incident_type.class_key, ())]
    if "scene" in incident_type.followups:
        found.append("forensics")
    return tuple(dict.fromkeys(found))
