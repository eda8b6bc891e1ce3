"""Whose incident it is (涉企匹配): by telephone or place, beside its type and never instead of it.

A match changes neither priority nor ranking. Restricted records, tips and complaints are matched to
nobody, and what somebody tells against a firm is not told to those who look after it.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.entities import Incident
from kuaifan.board.items import close_item, list_items, open_item
from kuaifan.board.lookup import get_incident, get_open_incident
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.personal import is_erased
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.enterprise import words
from kuaifan.seats.enterprise.kinds import CALL_BACK, KINDS, NOTICE
from kuaifan.seats.enterprise.papers import (
    OVERLAY,
    RANKS,
    SEAT_ID,
    Firm,
    FirmCase,
    MatchedBy,
    cell_of,
)
from kuaifan.seats.enterprise.register_rules import clean_phone, get_firm, slice_of
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.item import Owner
from kuaifan.vocabulary.overlay import MarkOverlay

NEVER: Final = frozenset({"tip", "complaint", "invalid", "enquiry"})
"""Classes that are matched to no firm: who tells on one is not told on to it."""
AGAINST_BY_PLACE: Final = frozenset(
    {"wage_dispute", "consumer_dispute", "gov_service_request", "hazard_report"}
)
"""Types in which whoever rings from the place complains of the firm there, unless it is the firm
itself that rings."""
SEAT: Final = Owner("seat", SEAT_ID)
BY: Final = "护企专席"
KIND_OF: Final = {kind.kind: kind for kind in KINDS}


def find_firm(board: Board, incident: Incident, now_ms: int) -> tuple[Firm, MatchedBy] | None:
    """Whose it is: of whoever rings, else of where it is, the nearest where there are more.

    Cost: the firms of one number and of one cell.
    """
    incident_type = board.reference.types.get(incident.type_code)
    if incident.record_class != "ordinary" or incident_type is None:
        return None
    if incident_type.class_key in NEVER or incident.incident_id in slice_of(board).against:
        return None
    by_phone = _find_by_phone(board, incident, now_ms)
    if by_phone is not None:
        return by_phone, "phone"
    if incident_type.key in AGAINST_BY_PLACE or not incident.is_placed:
        return None
    by_place = _find_by_place(board, incident, now_ms)
    return None if by_place is None else (by_place, "place")


def _find_by_phone(board: Board, incident: Incident, now_ms: int) -> Firm | None:
    mine = slice_of(board)
    for call_id in incident.call_ids:
        call = board.calls.get(call_id)
        if call is None or is_erased(call.caller_number):
            continue
        for firm_id in mine.by_phone.get(clean_phone(call.caller_number), ()):
            if mine.firms[firm_id].is_valid(now_ms):
                return mine.firms[firm_id]
    return None


def _find_by_place(board: Board, incident: Incident, now_ms: int) -> Firm | None:
    mine = slice_of(board)
    near = []
    for firm_id in mine.by_cell.get(cell_of(incident.lat, incident.lon), ()):
        firm = mine.firms[firm_id]
        metres = firm.distance_m(incident.lat, incident.lon) if firm.is_valid(now_ms) else None
        if metres is not None:
            near.append((metres, firm_id))
    return mine.firms[min(near)[1]] if near else None


def match_firm(board: Board, command: words.MatchFirm, now_ms: int) -> list[Event]:
    """Its three are told at once, and it will be called back."""
    incident = get_open_incident(board, command.incident_id)
    firm = get_firm(board, command.firm_id)
    mine = slice_of(board)
    if incident.incident_id in mine.cases:
        raise Refused(
            "matched_already",
            f"警情 {incident.incident_id} 已匹配 {mine.cases[incident.incident_id].firm_name}",
            f"incident {incident.incident_id} is a firm's already",
        )
    _refuse_against(board, incident)
    if not firm.is_valid(now_ms):
        raise Refused(
            "firm_not_valid",
            f"企业 {firm.firm_id} {firm.name} 不在有效期内",
            f"firm {firm.firm_id} is not looked after now",
        )
    matched = words.FirmMatched(
        incident_id=incident.incident_id,
        firm_id=firm.firm_id,
        matched_by=_matched_by(board, command, incident, now_ms),
        desk_id=incident.desk_id,
        by=command.by,
    )
    read_ms, call_ms = now_ms + mine.terms.read_ms, now_ms + mine.terms.call_back_ms
    notices = [
        open_item(
            board,
            NOTICE,
            owner=Owner("person", firm.person(rank)),
            due_at_ms=read_ms,
            incident_id=incident.incident_id,
            subject_id=f"{incident.incident_id}/{rank}",
            nth=nth,
        )
        for nth, rank in enumerate(RANKS, 1)
    ]
    call_back = open_item(
        board,
        CALL_BACK,
        owner=SEAT,
        due_at_ms=call_ms,
        incident_id=incident.incident_id,
        subject_id=incident.incident_id,
        nth=len(RANKS) + 1,
    )
    return [matched, *notices, call_back]


def _refuse_against(board: Board, incident: Incident) -> None:
    """Refuse: not_for_firms, against_firm."""
    incident_type = board.reference.types.get(incident.type_code)
    is_never = incident_type is None or incident_type.class_key in NEVER
    if incident.record_class != "ordinary" or is_never:
        raise Refused(
            "not_for_firms",
            f"警情 {incident.incident_id} 属受限或举报投诉类，不派发企业包保人员",
            f"incident {incident.incident_id} is restricted, a tip or a complaint: no firm's",
        )
    if incident.incident_id in slice_of(board).against:
        raise Refused(
            "against_firm",
            f"警情 {incident.incident_id} 是反映企业问题，不派发",
            f"in {incident.incident_id} somebody complains of the firm",
        )


def _matched_by(
    board: Board, command: words.MatchFirm, incident: Incident, now_ms: int
) -> MatchedBy:
    found = find_firm(board, incident, now_ms)
    if command.by or found is None or found[0].firm_id != command.firm_id:
        return "person"
    return found[1]


def lift_match(board: Board, command: words.LiftMatch, _now_ms: int) -> list[Event]:
    """Nothing is owed for it any more; why, stands in the record."""
    case = get_firm_case(board, command.incident_id)
    need_name(command.by)
    if command.why == "wrong_match":
        need_reason(command.reason)
    lifted = words.MatchLifted(
        incident_id=case.incident_id,
        firm_id=case.firm_id,
        why=command.why,
        reason=command.reason,
        by=command.by,
    )
    return [*drop_owed(board, case.incident_id, by=command.by), lifted]


def drop_owed(board: Board, incident_id: str, *, by: str) -> list[Event]:
    """The end of all that is owed for a match."""
    subjects = (incident_id, *(f"{incident_id}/{rank}" for rank in RANKS))
    return [
        close_item(KIND_OF[item.kind], item, "dropped", by=by)
        for subject in subjects
        for item in list_items(board, SEAT_ID, subject)
    ]


def say_against(board: Board, command: words.SayAgainst, _now_ms: int) -> list[Event]:
    """It is said of the incident, and a match that stands is lifted."""
    incident = get_open_incident(board, command.incident_id)
    need_name(command.by)
    if incident.incident_id in slice_of(board).against:
        raise Refused(
            "said_already",
            f"警情 {incident.incident_id} 已说明是反映企业问题",
            f"it is said of {incident.incident_id} already",
        )
    return [words.AgainstFirmSaid(incident_id=incident.incident_id, by=command.by)]


def get_firm_case(board: Board, incident_id: str) -> FirmCase:
    """Return an incident's match, or refuse: no_match, unknown_incident."""
    case = slice_of(board).cases.get(incident_id)
    if case is None:
        get_incident(board, incident_id)
        raise Refused(
            "no_match",
            f"警情 {incident_id} 没有匹配企业",
            f"incident {incident_id} is no firm's",
        )
    return case


def on_intake(
    board: Board,
    event: incidents.IncidentOpened
    | incidents.IncidentPlaced
    | incidents.IncidentUpdated
    | calls.CallAttached,
    now_ms: int,
) -> list[Follow]:
    """As soon as number, place or type say so; a match that turned out wrong is not made again."""
    incident = board.incidents.get(event.incident_id)
    mine = slice_of(board)
    if incident is None or incident.is_over or incident.incident_id in mine.cases:
        return []
    # An overlay that came with a merged call is that call's match, which goes on.
    if incident.incident_id in mine.lifted or OVERLAY in incident.overlays:
        return []
    found = find_firm(board, incident, now_ms)
    if found is None:
        return []
    return [words.MatchFirm(incident_id=incident.incident_id, firm_id=found[0].firm_id)]


def on_updated(board: Board, event: incidents.IncidentUpdated, now_ms: int) -> list[Follow]:
    """An incident that became restricted, or a complaint, is told to nobody any more."""
    incident, case = (
        board.incidents[event.incident_id],
        slice_of(board).cases.get(event.incident_id),
    )
    incident_type = board.reference.types.get(incident.type_code)
    is_never = incident_type is None or incident_type.class_key in NEVER
    if case is not None and (incident.record_class != "ordinary" or is_never):
        return [words.LiftMatch(incident_id=event.incident_id, why="against", by=BY)]
    return on_intake(board, event, now_ms)


def on_matched(_board: Board, event: words.FirmMatched, _now_ms: int) -> list[Follow]:
    """Everybody sees it beside the type."""
    return [MarkOverlay(incident_id=event.incident_id, overlay=OVERLAY, by=event.by or BY)]


def on_lifted(board: Board, event: words.MatchLifted, _now_ms: int) -> list[Follow]:
    """Nobody does any more."""
    incident = board.incidents.get(event.incident_id)
    if incident is None or incident.is_over or OVERLAY not in incident.overlays:
        return []
    return [
        MarkOverlay(
            incident_id=event.incident_id,
            overlay=OVERLAY,
            by=event.by,
            lifted=True,
            reason=event.reason or "反映企业问题",
        )
    ]


def on_against(board: Board, event: words.AgainstFirmSaid, _now_ms: int) -> list[Follow]:
    """What was matched is lifted."""
    if event.incident_id not in slice_of(board).cases:
        return []
    return [words.LiftMatch(incident_id=event.incident_id, why="against", by=event.by)]


def on_merged(board: Board, event: incidents.IncidentMerged, _now_ms: int) -> list[Follow]:
    """Two calls about one thing are one match: its three are told of it once."""
    cases = slice_of(board).cases
    if event.incident_id not in cases or event.into_incident_id not in cases:
        return []
    return [words.LiftMatch(incident_id=event.incident_id, why="merged", by=BY)]
