"""The board (态势): everything that is true now, folded from the log and from positions."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import numpy as np

from kuaifan.board.entities import Call, Incident, Order, Undoable, Unit
from kuaifan.board.reference import Reference
from kuaifan.policy import fleet as rows
from kuaifan.policy.coverage import Coverage
from kuaifan.policy.fleet import Fleet, FleetRow

SNAPSHOT_VERSION: Final = 1
COLUMNS: Final = (
    "state", "n_crew", "arc", "fraction_ppm", "fix_at_ms", "lat", "lon", "speed_mps",
    "heading_deg", "dest_lat", "dest_lon",
)  # fmt: skip


class BoardSnapshot(msgspec.Struct, frozen=True):
    """The board in a form that can be stored (态势快照); columns: the fleet's arrays as bytes."""

    version: int
    seq: int
    n_calls: int
    n_incidents: int
    calls: list[Call]
    incidents: list[Incident]
    orders: list[Order]
    units: list[Unit]
    waiting: list[str]
    undoable: list[Undoable]
    columns: dict[str, bytes]


class Board:
    """The city now (态势).

    seq: of the record being decided or folded. waiting: placed incidents short of their plan.
    ringing: calls nobody has answered, oldest first. seats: the slices of the plug-ins.
    """

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.seq = 0
        self.n_calls = 0
        self.n_incidents = 0
        self.calls: dict[str, Call] = {}
        self.incidents: dict[str, Incident] = {}
        self.orders: dict[str, Order] = {}
        self.units = {unit_id: _new_unit(reference, unit_id) for unit_id in reference.units}
        self.waiting: dict[str, None] = {}
        self.ringing: dict[str, None] = {}
        self.seats: dict[str, Any] = {}
        self.undoable: dict[int, Undoable] = {}
        self.fleet = Fleet([FleetRow(u.unit_id, u.line, u.skills) for u in self.units.values()])
        circle_ids = tuple(post.post_id for post in reference.circle_posts)
        self.coverage = Coverage(circle_ids, len(self.fleet))

    def snapshot(self) -> BoardSnapshot:
        """Copy the board into a storable form."""
        return BoardSnapshot(
            version=SNAPSHOT_VERSION,
            seq=self.seq,
            n_calls=self.n_calls,
            n_incidents=self.n_incidents,
            calls=list(self.calls.values()),
            incidents=list(self.incidents.values()),
            orders=list(self.orders.values()),
            units=list(self.units.values()),
            waiting=list(self.waiting),
            undoable=list(self.undoable.values()),
            columns={name: getattr(self.fleet, name).tobytes() for name in COLUMNS},
        )

    def load(self, snapshot: BoardSnapshot) -> None:
        """Become what a snapshot says; raises ValueError for one of another shape."""
        if snapshot.version != SNAPSHOT_VERSION:
            raise ValueError(f"snapshot version {snapshot.version} is not {SNAPSHOT_VERSION}")
        if {unit.unit_id for unit in snapshot.units} != self.units.keys():
            raise ValueError("the snapshot has other units than this city; fold the log instead")
        self.seq, self.n_calls = snapshot.seq, snapshot.n_calls
        self.n_incidents = snapshot.n_incidents
        self.calls = {call.call_id: call for call in snapshot.calls}
        self.incidents = {incident.incident_id: incident for incident in snapshot.incidents}
        self.orders = {order.order_id: order for order in snapshot.orders}
        self.units = {unit.unit_id: unit for unit in snapshot.units}
        self.waiting = dict.fromkeys(snapshot.waiting)
        self.undoable = {action.seq: action for action in snapshot.undoable}
        self.ringing = {c.call_id: None for c in snapshot.calls if c.state == "ringing"}
        for name in COLUMNS:
            column = getattr(self.fleet, name)
            column[:] = np.frombuffer(snapshot.columns[name], column.dtype)
        self.coverage.within[:] = False
        self.refresh_coverage(np.flatnonzero(self.fleet.arc >= 0))

    def refresh_coverage(self, unit_i: np.ndarray[Any, Any]) -> None:
        """Work out anew which circles some units hold, from where they are. O(units x circles)."""
        if len(unit_i) and self.coverage.circle_ids:
            reach = self.reference.reach
            self.coverage.within[unit_i] = reach.within(
                self.fleet.arc[unit_i], self.fleet.fraction_ppm[unit_i]
            )

    def active_orders(self, incident: Incident) -> list[Order]:
        """Orders of an incident that were not withdrawn, oldest first."""
        orders = (self.orders[order_id] for order_id in incident.order_ids)
        return [order for order in orders if order.state != "withdrawn"]


STATUS_ROWS: Final = {
    "off_duty": rows.OFF_DUTY,
    "standby": rows.STANDBY,
    "at_post": rows.AT_POST,
    "patrolling": rows.PATROLLING,
    "returning": rows.RETURNING,
    "meal": rows.NOT_AVAILABLE,
    "training": rows.NOT_AVAILABLE,
    "elsewhere": rows.NOT_AVAILABLE,
}
ORDER_ROWS: Final = {
    "dispatched": rows.ASSIGNED,
    "acknowledged": rows.ASSIGNED,
    "en_route": rows.EN_ROUTE,
    "on_scene": rows.ON_SCENE,
}


def _new_unit(reference: Reference, unit_id: str) -> Unit:
    profile = reference.units[unit_id]
    return Unit(
        unit_id=unit_id,
        call_sign=profile.call_sign,
        kind=profile.kind,
        line=profile.line,
        home_post_id=profile.home_post_id,
        skills=profile.skills,
    )
