"""Classes of records (记录类别): what an incident is, as far as it limits who may read it.

The board keeps only that a record is restricted, for good; which kind it is follows from its type.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from kuaifan.vocabulary.incident_types import IncidentType

RecordClass = Literal[
    "ordinary", "domestic_violence", "sexual", "minor", "suicide", "tip", "restricted"
]
RECORD_CLASSES: Final[tuple[RecordClass, ...]] = get_args(RecordClass)
RESTRICTED_CLASSES: Final = frozenset(RECORD_CLASSES) - {"ordinary"}
SEXUAL_KEYS: Final = frozenset({"sexual_assault", "indecency_voyeurism"})
SEAT_CLASSES: Final[dict[str, RecordClass]] = {"dv": "domestic_violence", "minors": "minor"}


def record_class_of_type(incident_type: IncidentType | None) -> RecordClass:
    """Which kind of restricted record incidents of a type are; `restricted` where it says none."""
    if incident_type is None:
        return "restricted"
    if incident_type.key in SEXUAL_KEYS:
        return "sexual"
    if incident_type.class_key == "tip":
        return "tip"
    if incident_type.key.startswith("suicide"):
        return "suicide"
    return SEAT_CLASSES.get(incident_type.seat, "restricted")
