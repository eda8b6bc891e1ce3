"""The incident types (警情类别): 123 types in 14 classes, each with its plan and its seat.

The table is a text (incident_types.csv); a city may edit its own copy. This module reads text,
never files.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import msgspec

from kuaifan.kernel.errors import BadInputError

COLUMNS = [
    "code",
    "l1_cn",
    "l1_key",
    "l2_cn",
    "l2_key",
    "name_cn",
    "key",
    "priority",
    "plan",
    "min_units",
    "seat",
    "route",
    "agencies",
    "priority_rule",
    "followup",
    "sim_weight_permille",
    "service_median_min",
    "note",
]

ROUTES = frozenset(
    [
        "appointment",
        "desk_first",
        "dispatch",
        "internal",
        "merge",
        "none",
        "phone_first",
        "refer",
        "transfer_conf",
    ]
)
DISPATCH_ROUTES = frozenset({"dispatch", "transfer_conf"})
"""Routes on which units are sent at once; on the others the desk tries without first."""

PRIORITIES = range(1, 6)
TRAFFIC_CLASS = "road_traffic"


class IncidentType(msgspec.Struct, frozen=True, kw_only=True):
    """One type with what the desk does about it (警情类别)."""

    code: str
    class_key: str
    class_cn: str
    group_key: str
    name_cn: str
    key: str
    priority: int
    plan: str
    min_units: int
    seat: str
    route: str
    agencies: tuple[str, ...]
    followups: tuple[str, ...]
    restricted: bool
    weight_permille: float
    service_median_min: float

    @property
    def needs_units(self) -> bool:
        """Whether the plan sends units at once."""
        return self.route in DISPATCH_ROUTES and self.min_units > 0


class IncidentTypesError(BadInputError):
    """The table of types cannot be used; names the line and the cure."""


def read_incident_types(text: str) -> Mapping[str, IncidentType]:
    """Read the table; raises IncidentTypesError for a missing column, a bad or doubled code."""
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise IncidentTypesError(f"types.csv has no column {', '.join(missing)}; take a fresh copy")
    types: dict[str, IncidentType] = {}
    for row in reader:
        line_no = reader.line_num
        try:
            incident_type = _read_row(row)
        except (ValueError, TypeError, AttributeError) as error:
            raise IncidentTypesError(f"types.csv line {line_no} cannot be read: {error}") from error
        if incident_type.code in types:
            raise IncidentTypesError(
                f"types.csv line {line_no}: code {incident_type.code} is there twice; remove one"
            )
        types[incident_type.code] = incident_type
    return types


def _read_row(row: Mapping[str, str]) -> IncidentType:
    if row["route"] not in ROUTES:
        raise ValueError(f"route {row['route']!r} is not one of {', '.join(sorted(ROUTES))}")
    if not row["code"] or int(row["priority"]) not in PRIORITIES or int(row["min_units"]) < 0:
        raise ValueError("a type has a code, a priority of 1 to 5 and no fewer than 0 units")
    return IncidentType(
        code=row["code"],
        class_key=row["l1_key"],
        class_cn=row["l1_cn"],
        group_key=row["l2_key"],
        name_cn=row["name_cn"],
        key=row["key"],
        priority=int(row["priority"]),
        plan=row["plan"],
        min_units=int(row["min_units"]),
        seat=row["seat"],
        route=row["route"],
        agencies=_split(row["agencies"]),
        followups=_split(row["followup"]),
        restricted="restricted record" in row["note"]
        or row["seat"] == "dv"
        or row["l1_key"] == "complaint",
        weight_permille=float(row["sim_weight_permille"] or 0),
        service_median_min=float(row["service_median_min"] or 0),
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part and part != "none")
