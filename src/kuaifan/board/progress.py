"""How far an incident has come (警情进度): from its orders to its state and the waiting queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kuaifan.board.entities import Incident, Order, Unit
from kuaifan.board.shortfall import is_short
from kuaifan.board.state import ORDER_ROWS, STATUS_ROWS, Board
from kuaifan.policy.fleet import NOT_AVAILABLE
from kuaifan.vocabulary.incident import IncidentState

RANKS: Final[tuple[IncidentState, ...]] = (
    "dispatched", "acknowledged", "en_route", "on_scene", "handled", "fed_back"
)  # fmt: skip
RANK_OF: Final[Mapping[str, int]] = {state: rank for rank, state in enumerate(RANKS)}
ON_SCENE: Final = RANK_OF["on_scene"]
NOWHERE: Final = float("nan")
FINAL_STATES: Final = frozenset({"reviewed", "closed", "merged"})
DONE_STATES: Final = frozenset({"handled", "fed_back", *FINAL_STATES})
NOT_WAITING: Final = DONE_STATES | {"scheduled"}


def refresh_incident(board: Board, incident: Incident) -> None:
    """Work out state and waiting anew; every fold that touches an order or plan ends here."""
    incident.seq = board.seq
    sent = board.active_orders(incident)
    if incident.state not in FINAL_STATES:
        incident.state = _state(incident, sent)
    # Units or hard skills are missing ("1 of 3", "no armed unit yet"), and may be sent now.
    may_wait = incident.state not in NOT_WAITING and incident.arc >= 0
    if may_wait and is_short(board, incident, sent):
        board.waiting.setdefault(incident.incident_id, None)
    else:
        board.waiting.pop(incident.incident_id, None)


def note_owing(board: Board, order: Order) -> None:
    """Keep in mind what a crew still owes: a shift asks for it, and must not look at all orders."""
    if order.is_owing:
        board.owing_order_ids[order.order_id] = None
    else:
        board.owing_order_ids.pop(order.order_id, None)


def refresh_unit(board: Board, unit: Unit) -> None:
    """Write the unit's state into its row of the fleet; without a place it heads nowhere."""
    fleet = board.fleet
    unit_i = fleet.index[unit.unit_id]
    order = board.orders.get(unit.order_id)
    lat = lon = NOWHERE
    if order is None:
        state = NOT_AVAILABLE if unit.emergency_id else STATUS_ROWS[unit.status]
    else:
        state = ORDER_ROWS[order.state]
        incident = board.incidents[order.incident_id]
        if incident.arc >= 0:
            lat, lon = incident.lat, incident.lon
    fleet.n_crew[unit_i] = unit.n_officers + unit.n_auxiliaries
    fleet.state[unit_i] = state
    fleet.dest_lat[unit_i], fleet.dest_lon[unit_i] = lat, lon


def _state(incident: Incident, sent: list[Order]) -> IncidentState:
    """Most advanced order, but handled and fed back only when every order is."""
    ranks = [RANK_OF[order.state] for order in sent]
    if not ranks:
        if incident.settled:
            return "handled"
        if incident.scheduled_at_ms:
            return "scheduled"
        return "queued" if incident.n_needed and incident.is_placed else "registered"
    least = min(ranks)
    if least > ON_SCENE:
        return _reopened_state(incident, len(ranks)) or RANKS[least]
    if incident.n_reopened:
        # What was done before it was opened again says nothing of where the new crew is.
        ranks = [rank for rank in ranks if rank <= ON_SCENE]
    return RANKS[min(max(ranks), ON_SCENE)]


def _reopened_state(incident: Incident, n_orders: int) -> IncidentState | None:
    """Every order is done, but it was opened again: it waits, unless the desk settles it."""
    if not incident.n_reopened or n_orders >= incident.n_needed:
        return None
    if incident.settled:
        return "handled"
    return "queued" if incident.is_placed else "registered"
