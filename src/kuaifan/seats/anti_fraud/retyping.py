"""The facts show another kind of fraud (更正案件类别): for a reason, and nobody gains time by it.

Clocks run on from the report: what the new kind owes beside is due as if it had been so from the
beginning, and a request to stop payment that is owed stays owed until it is sent or waived. The
ledger is not touched; once money was told, it is no case of dissuasion any more.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.items import find_item
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.anti_fraud import words_kind
from kuaifan.seats.anti_fraud.case_rules import KIND_OF_TYPE, is_on_the_phone, kind_of
from kuaifan.seats.anti_fraud.finding import (
    accounts_of,
    close_owed,
    get_open_case,
    living_incident,
    open_owed,
    slice_of,
)
from kuaifan.seats.anti_fraud.kinds import DISSUASION, FILING, ON_THE_PHONE, STOP_REQUEST
from kuaifan.seats.anti_fraud.papers import CaseKind, FraudCase
from kuaifan.vocabulary import incident as incidents

KIND_WORDS: Final[dict[CaseKind, tuple[str, str]]] = {
    "payable": ("可止付", "money that may still be stopped"),
    "cold": ("不可止付", "money long gone"),
    "dissuasion": ("劝阻", "dissuasion"),
}
BY_TYPE: Final = "警情类别更改"


def retype(board: Board, command: words_kind.RetypeFraudCase, now_ms: int) -> list[Event]:
    """Another kind (更正案件类别); refuses: same_kind, money_told, filed_already."""
    case = get_open_case(board, command.incident_id)
    need_name(command.by)
    need_reason(command.reason)
    if command.kind == case.kind:
        zh, en = KIND_WORDS[case.kind]
        raise Refused(
            "same_kind",
            f"案件 {case.incident_id} 已是“{zh}”",
            f"case {case.incident_id} is one of {en} already",
        )
    changed = words_kind.FraudKindChanged(
        incident_id=case.incident_id,
        was=case.kind,
        kind=command.kind,
        reason=command.reason,
        by=command.by,
    )
    if command.kind == "dissuasion":
        return [changed, *_to_dissuasion(board, case, command.by, now_ms)]
    return [changed, *_to_money(board, case, command, now_ms)]


def _to_dissuasion(board: Board, case: FraudCase, by: str, now_ms: int) -> list[Event]:
    if case.account_ids:
        raise Refused(
            "money_told",
            f"案件 {case.incident_id} 已登记转账，不再是劝阻",
            f"case {case.incident_id} has transfers: it is too late for dissuasion",
        )
    if case.file_no:
        raise Refused(
            "filed_already",
            f"案件 {case.incident_id} 已立案（{case.file_no}）",
            f"case {case.incident_id} is filed already as {case.file_no}",
        )
    terms, since_ms = slice_of(board).terms, case.reported_at_ms
    incident = living_incident(board, case.incident_id)
    talking = incident is not None and is_on_the_phone(board, incident)
    line_ms = terms.talk_ms if talking else terms.call_again_ms
    return [
        *close_owed(board, STOP_REQUEST, case.incident_id, "dropped", by=by),
        *close_owed(board, FILING, case.incident_id, "dropped", by=by),
        open_owed(board, DISSUASION, case, max(now_ms + 1, since_ms + terms.send_ms)),
        open_owed(board, ON_THE_PHONE, case, now_ms + line_ms, nth=2),
    ]


def _to_money(
    board: Board, case: FraudCase, command: words_kind.RetypeFraudCase, now_ms: int
) -> list[Event]:
    """Filing is owed in any case; the bank, where money may still be there and it was not asked."""
    terms, about = slice_of(board).terms, case.incident_id
    events: list[Event] = []
    for kind in (DISSUASION, ON_THE_PHONE):
        events += close_owed(board, kind, about, "dropped", by=command.by)
    opened = 0
    if not case.file_no and find_item(board, FILING, about) is None:
        due_ms = max(now_ms + 1, case.reported_at_ms + terms.file_ms)
        events.append(open_owed(board, FILING, case, due_ms))
        opened += 1
    was_asked = any(each.n_requests for each in accounts_of(board, case))
    is_owed = find_item(board, STOP_REQUEST, about) is not None
    if command.kind == "payable" and not was_asked and not is_owed:
        due_ms = max(now_ms + 1, case.reported_at_ms + terms.request_ms)
        events.append(open_owed(board, STOP_REQUEST, case, due_ms, nth=1 + opened))
    return events


def on_type_changed(board: Board, event: incidents.IncidentUpdated, _now_ms: int) -> list[Follow]:
    """The desk gave the incident another type of fraud: its case is of that kind, too."""
    case, incident = (
        slice_of(board).cases.get(event.incident_id),
        board.incidents[event.incident_id],
    )
    kind = kind_of(board, incident)
    if case is None or not case.is_open or kind in {None, case.kind, case.typed_as}:
        return []
    assert kind is not None  # noqa: S101 - seen just now
    return [
        words_kind.RetypeFraudCase(
            incident_id=event.incident_id, kind=kind, reason=BY_TYPE, by=BY_TYPE
        )
    ]


def on_retyped(board: Board, event: words_kind.FraudKindChanged, _now_ms: int) -> list[Follow]:
    """The incident is of the type that its case is, until it is reviewed."""
    incident = board.incidents.get(event.incident_id)
    if incident is None or incident.is_over or incident.state == "reviewed":
        return []
    if kind_of(board, incident) in {event.kind, None}:
        return []
    key = next(key for key, kind in KIND_OF_TYPE.items() if kind == event.kind)
    known = board.reference.types_by_key.get(key)
    if known is None:
        return []
    return [incidents.UpdateIncident(incident_id=event.incident_id, type_code=known.code)]
