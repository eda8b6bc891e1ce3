"""The fleet as arrays (警力数组): one row per unit, sorted by unit id, updated in place.

The board owns one; rules and scorers read it. A row's index is the unit's rank by id, so that
ties break by id without looking at strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError

OFF_DUTY: Final = 0
NOT_AVAILABLE: Final = 1
STANDBY: Final = 2
AT_POST: Final = 3
PATROLLING: Final = 4
RETURNING: Final = 5
ASSIGNED: Final = 6
EN_ROUTE: Final = 7
ON_SCENE: Final = 8
"""States of a row (警力状态码); STANDBY to RETURNING may be sent."""

FIRST_AVAILABLE: Final = STANDBY
LAST_AVAILABLE: Final = RETURNING

PATROL_LINE: Final = 0
STATION_LINE: Final = 1
TRAFFIC_LINE: Final = 2
"""Whose unit it is (警力归属): patrol goes first, the station is the second line."""

LINES: Final = {"patrol": PATROL_LINE, "station": STATION_LINE, "traffic": TRAFFIC_LINE}

SKILLS: Final = (
    "patrol", "traffic", "mediation", "female_officer", "armed", "forensics", "interpreter",
    "minors",
    "first_aid",
    "inspection",
)  # fmt: skip
"""Skills in the order of their bits (技能)."""


TRAFFIC_BIT: Final = 1 << SKILLS.index("traffic")


class FleetRow(msgspec.Struct, frozen=True):
    """What never changes of a unit during a run (警力档案)."""

    unit_id: str
    line: str
    skills: tuple[str, ...]


def skill_mask(skills: Sequence[str]) -> int:
    """Bits of some skills; raises BadInputError naming an unknown one."""
    mask = 0
    for skill in skills:
        if skill not in SKILLS:
            raise BadInputError(f"skill {skill!r} is unknown; known are {', '.join(SKILLS)}")
        mask |= 1 << SKILLS.index(skill)
    return mask


def _line_code(row: FleetRow) -> int:
    if row.line not in LINES:
        raise BadInputError(f"unit {row.unit_id}: line {row.line!r} is unknown; use {[*LINES]}")
    return LINES[row.line]


class Fleet:
    """All units of a city (警力).

    state int8, line int8, skills int32, n_crew int16, arc and fraction_ppm int32 (arc -1: no
    position yet), uncertainty_m int32 (0 for a fix of the satellites, else how far the unit may be
    from where it was last said to be), fix_at_ms int64, lat and lon float64, speed_mps float32,
    heading_deg int16; dest_lat and dest_lon float64: the place of the open order, nan without one;
    eta_due_at_ms int64: when the time of arrival is worked out anew at the earliest.
    """

    def __init__(self, rows: Sequence[FleetRow]) -> None:
        rows = sorted(rows, key=lambda row: row.unit_id)
        n_units = len(rows)
        self.unit_ids = tuple(row.unit_id for row in rows)
        self.index = {unit_id: i for i, unit_id in enumerate(self.unit_ids)}
        if len(self.index) != n_units:
            raise BadInputError("two units have the same id; unit ids must differ")
        self.line = np.array([_line_code(row) for row in rows], np.int8)
        self.skills = np.array([skill_mask(row.skills) for row in rows], np.int32)
        self.state = np.zeros(n_units, np.int8)
        self.n_crew = np.zeros(n_units, np.int16)
        self.arc = np.full(n_units, -1, np.int32)
        self.fraction_ppm = np.zeros(n_units, np.int32)
        self.uncertainty_m = np.zeros(n_units, np.int32)
        self.fix_at_ms = np.zeros(n_units, np.int64)
        self.lat = np.full(n_units, np.nan)
        self.lon = np.full(n_units, np.nan)
        self.speed_mps = np.zeros(n_units, np.float32)
        self.dest_lat = np.full(n_units, np.nan)
        self.dest_lon = np.full(n_units, np.nan)
        self.heading_deg = np.full(n_units, -1, np.int16)
        self.eta_due_at_ms = np.zeros(n_units, np.int64)

    def __len__(self) -> int:
        return len(self.unit_ids)

    def available(self) -> NDArray[np.bool_]:
        """Which units may be sent now. O(n), vectorized."""
        free: NDArray[np.bool_] = (self.state >= FIRST_AVAILABLE) & (self.state <= LAST_AVAILABLE)
        return free
