"""Complaints are taken (投诉受理): the units they are about are named, and kept out of them."""

from __future__ import annotations

from kuaifan.board.lookup import get_open_incident, get_type, get_unit
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import complaint


def name_complained_of(
    board: Board, command: complaint.NameComplainedOf, _now_ms: int
) -> list[Event]:
    """Whom a complaint is about (登记被投诉警组); only of a complaint, never of the case itself."""
    incident = get_open_incident(board, command.incident_id)
    if get_type(board, incident.type_code).class_key != "complaint":
        raise Refused(
            "no_complaint",
            f"警情 {incident.incident_id} 不是投诉监督类，请另立投诉警情",
            f"incident {incident.incident_id} is no complaint: open one of its own",
        )
    units = [get_unit(board, each).unit_id for each in dict.fromkeys(command.unit_ids)]
    sent = {order.unit_id for order in board.active_orders(incident)}
    here = next((each for each in units if each in sent), None)
    if here is not None:
        raise Refused(
            "unit_is_sent",
            f"{here} 正在处置此投诉，请先撤回",
            f"unit {here} is out for this complaint: call it back first",
        )
    return [complaint.ComplainedOfNamed(incident_id=incident.incident_id, unit_ids=tuple(units))]


RULES = Rules[Board](deciders={complaint.NameComplainedOf: name_complained_of})
