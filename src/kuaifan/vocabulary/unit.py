"""The unit (警力单元): a crew with a vehicle, its shift, its status and its position.

A status is what the unit does when it has no order; what it does for an order follows from the
order. Codes outward follow the fire code set GA/T 974.39 where it has one.
"""

from __future__ import annotations

from math import isnan
from operator import ge, le
from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.message import Command, Event, Observation
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold
from kuaifan.vocabulary.incident import Reason
from kuaifan.vocabulary.position import MARKS

UnitStatus = Literal[
    "off_duty", "standby", "at_post", "patrolling", "returning", "meal", "training", "elsewhere"
]
"""What a unit does without an order (警力状态)."""

AVAILABLE_STATUSES: tuple[UnitStatus, ...] = ("standby", "at_post", "patrolling", "returning")

GAT974_CODES: dict[UnitStatus, str] = {
    "standby": "10",
    "returning": "25",
    "elsewhere": "26",
    "training": "30",
}
"""The codes that GA/T 974.39 has for these; the rest are ours."""

ShiftSkills = Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=16)]
CrewCount = Annotated[int, msgspec.Meta(ge=0, le=60)]
MAX_FIXES = 20_000
FIX_RANGES: tuple[tuple[str, float, float], ...] = (
    ("fix_at_ms", 0, 2**53),
    ("lat", -90, 90),
    ("lon", -180, 180),
    ("arc", 0, 2**31 - 1),
    ("fraction_ppm", 0, 1_000_000),
    ("speed_mps", 0, 1_000),
    ("heading_deg", -1, 360),
    ("doubt", 0, len(MARKS) - 1),
)
"""What cannot be written into the fleet's columns is refused before it is written down."""
_LOWEST: Final = tuple(low for _, low, _ in FIX_RANGES)
_HIGHEST: Final = tuple(high for _, _, high in FIX_RANGES)


class StartShift(Command, frozen=True):
    """A crew takes over a unit (上勤).

    vehicle: the car it takes, by its plate or fleet number. skills: what this crew can do beyond
    the unit's own skills, until the shift ends.
    """

    unit_id: Id
    n_officers: CrewCount
    n_auxiliaries: CrewCount = 0
    status: UnitStatus = "at_post"
    crew_name: ShortText = ""
    vehicle: ShortText = ""
    skills: ShiftSkills = ()


class EndShift(Command, frozen=True):
    """The crew goes off duty; refused while an order is open (下勤)."""

    unit_id: Id


class SetUnitStatus(Command, frozen=True):
    """The crew or the desk says what the unit does (设置警力状态)."""

    unit_id: Id
    status: UnitStatus


class HandOverShift(Command, frozen=True):
    """One crew hands a unit to the next (警组交接班); both are named, open papers go along.

    Refused on the way to an incident; on scene it is a relief, with the supervisor's name.
    """

    unit_id: Id
    n_officers: CrewCount
    handed_by: ShortText
    taken_by: ShortText
    n_auxiliaries: CrewCount = 0
    notes: IncidentReason = ""
    approved_by: ShortText = ""


class SuggestMoveUp(Command, frozen=True):
    """Look whether a circle left empty can be held by another unit (补位建议); a reaction asks.

    unit_id: who has left; empty: look at every circle that is empty now.
    """

    unit_id: Id = ""


class MoveUp(Command, frozen=True):
    """Send a free unit to stand at another post (补位); it stays available."""

    unit_id: Id
    post_id: Id
    reason: ShortText = ""


class DeclineMoveUp(Command, frozen=True):
    """The desk does not follow a suggestion (不采纳补位)."""

    unit_id: Id
    post_id: Id
    by: ShortText
    reason: ShortText = ""


class ShiftStarted(Event, frozen=True):
    """A unit is on duty (已上勤)."""

    unit_id: str
    n_officers: int
    n_auxiliaries: int
    status: UnitStatus
    crew_name: str = ""
    vehicle: str = ""
    skills: tuple[str, ...] = ()


class ShiftEnded(Event, frozen=True):
    """A unit is off duty (已下勤); order_ids: handled, their feedback still to be written."""

    unit_id: str
    order_ids: tuple[str, ...] = ()


class UnitStatusSet(Event, frozen=True):
    """A unit does something else (警力状态已变); was: what it did before, where that is told."""

    unit_id: str
    status: UnitStatus
    was: UnitStatus | None = None


class ShiftHandedOver(Event, frozen=True):
    """The next crew has the unit (警组已交接): open orders and unwritten feedback are theirs."""

    unit_id: str
    n_officers: int
    n_auxiliaries: int
    handed_by: str
    taken_by: str
    order_ids: tuple[str, ...]
    notes: IncidentReasonTold
    approved_by: str


class MoveUpSuggested(Event, frozen=True):
    """Another unit could hold a circle left empty (已建议补位); a person decides.

    reasons: what becomes of which circles.
    """

    unit_id: str
    post_id: str
    travel_ms: int
    n_lost_before: int
    n_lost_after: int
    reasons: tuple[Reason, ...] = ()


class MoveUpDeclined(Event, frozen=True):
    """A suggestion is not followed (补位建议未采纳)."""

    unit_id: str
    post_id: str
    by: str
    reason: str


class UnitMovedUp(Event, frozen=True):
    """A unit is to stand at another post (已补位)."""

    unit_id: str
    post_id: str
    from_post_id: str
    reason: str


class FixBatch(Observation, frozen=True, omit_defaults=True):
    """Positions of several units, already on the roads (定位批次).

    All tuples run in parallel, one entry per fix: the time of the fix, WGS-84 position, road
    position, speed and heading (-1 unknown). doubt: index into MARKS, 0 where it is believed;
    empty where all are. A fix in doubt is kept in the tracks and moves no marker.
    """

    unit_ids: tuple[str, ...]
    fix_at_ms: tuple[int, ...]
    lat: tuple[float, ...]
    lon: tuple[float, ...]
    arc: tuple[int, ...]
    fraction_ppm: tuple[int, ...]
    speed_mps: tuple[float, ...]
    heading_deg: tuple[int, ...]
    doubt: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        n_fixes, columns = len(self.unit_ids), self._columns()
        if n_fixes > MAX_FIXES or set(map(len, columns)) != {n_fixes}:
            raise ValueError(f"a batch has parallel columns of at most {MAX_FIXES} fixes")
        if not n_fixes:
            return
        # Every word of every radio passes here, so the columns are looked through in C. Least and
        # greatest may step over a nan; a sum never does.
        low_enough = all(map(ge, _HIGHEST, map(max, columns)))
        if not (low_enough and all(map(le, _LOWEST, map(min, columns)))) or isnan(
            sum(self.lat) + sum(self.lon) + sum(self.speed_mps)
        ):
            self._complain()

    def _columns(self) -> tuple[tuple[float, ...], ...]:
        """In the order of FIX_RANGES; without doubts where there are none."""
        columns = (
            self.fix_at_ms,
            self.lat,
            self.lon,
            self.arc,
            self.fraction_ppm,
            self.speed_mps,
            self.heading_deg,
        )
        return (*columns, self.doubt) if self.doubt else columns

    def _complain(self) -> None:
        for name, low, high in FIX_RANGES:
            # No comparison holds for a nan.
            if not all(low <= value <= high for value in getattr(self, name)):
                raise ValueError(f"a fix has {name} outside {low} to {high}")


COMMANDS = (
    StartShift,
    EndShift,
    SetUnitStatus,
    HandOverShift,
    SuggestMoveUp,
    MoveUp,
    DeclineMoveUp,
)
EVENTS = (
    ShiftStarted,
    ShiftEnded,
    UnitStatusSet,
    ShiftHandedOver,
    MoveUpSuggested,
    UnitMovedUp,
    MoveUpDeclined,
)
OBSERVATIONS = (FixBatch,)
