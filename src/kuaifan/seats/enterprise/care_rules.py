"""What is done for a firm (一警三派、回访): read by three, called back, closed by a leader."""

from __future__ import annotations

from typing import Final, get_args

import msgspec

from kuaifan.board.asking import is_same_person, need_name, need_reason
from kuaifan.board.items import close_item, find_item, move_item, open_item
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.enterprise import words
from kuaifan.seats.enterprise.kinds import CALL_BACK, NOTICE, UNRESOLVED
from kuaifan.seats.enterprise.match_rules import get_firm_case
from kuaifan.seats.enterprise.papers import NEXT_RANK, SEAT_ID, FirmCase, Rank, Terms
from kuaifan.seats.enterprise.register_rules import slice_of
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary.alarm import AlarmRaised
from kuaifan.vocabulary.item import Owner

MAX_TRIES: Final = 5
"""So often a call-back may be in vain before somebody goes there, or says why not."""


def read_notice(board: Board, command: words.ReadNotice, _now_ms: int) -> list[Event]:
    """A receipt; each of the three gives one, or whoever it has been passed on to."""
    case, rank = _get_notice(board, command.notice_id)
    need_name(command.by)
    item = find_item(board, NOTICE, command.notice_id)
    if item is None:
        raise Refused(
            "read_already",
            f"派发 {command.notice_id} 已签收",
            f"notice {command.notice_id} is read already",
        )
    known = [getattr(case, rank)]
    if item.owner.kind == "person":
        known.append(item.owner.owner_id)
    if not any(is_same_person(command.by, each) for each in known):
        raise Refused(
            "not_your_notice",
            f"派发 {command.notice_id} 须由 {'或'.join(dict.fromkeys(known))} 本人签收",
            f"notice {command.notice_id} is read by {' or '.join(dict.fromkeys(known))}, "
            "and by nobody else in that name",
        )
    read = words.NoticeRead(incident_id=case.incident_id, rank=rank, by=command.by)
    return [read, close_item(NOTICE, item, "read", by=command.by)]


def pass_up(board: Board, command: words.PassUpNotice, now_ms: int) -> list[Event]:
    """The next one up has it; its clock runs on, so that nobody gains time by not reading."""
    case, rank = _get_notice(board, command.notice_id)
    item = find_item(board, NOTICE, command.notice_id)
    up = NEXT_RANK.get(_holder(case, rank))
    if item is None or up is None or now_ms < item.due_at_ms:
        raise Refused(
            "nothing_to_pass",
            f"派发 {command.notice_id} 无须上报",
            f"notice {command.notice_id} goes no further up",
        )
    return [
        words.NoticePassedUp(incident_id=case.incident_id, rank=rank, to=up),
        items.ItemHandedOn(
            item_id=item.item_id,
            owner=Owner("person", getattr(case, up)),
            by=SEAT_ID,
            incident_id=item.incident_id,
        ),
    ]


def _holder(case: FirmCase, rank: Rank) -> Rank:
    """Who has a notice now: the one it was for, or the next up that it was passed on to."""
    return next((each for each in get_args(Rank) if each == case.told_up.get(rank)), rank)


def on_alarm(board: Board, event: AlarmRaised, _now_ms: int) -> list[Follow]:
    """Each time that the clock of an unread notice rings, one more is told."""
    item = board.items.get(event.subject_id) if event.kind == "item" else None
    if item is None or (item.seat_id, item.kind) != (SEAT_ID, NOTICE.kind):
        return []
    incident_id, _, rank = item.subject_id.rpartition("/")
    case = slice_of(board).cases.get(incident_id)
    known = next((each for each in get_args(Rank) if each == rank), None)
    if case is None or known is None or _holder(case, known) not in NEXT_RANK:
        return []
    return [words.PassUpNotice(notice_id=item.subject_id)]


def record_call_back(board: Board, command: words.RecordFirmCallBack, now_ms: int) -> list[Event]:
    """Whoever answers says whether it is settled; where nobody answers, it is tried again."""
    case = get_firm_case(board, command.incident_id)
    need_name(command.by)
    item = find_item(board, CALL_BACK, case.incident_id)
    if item is None:
        raise Refused(
            "called_already",
            f"警情 {case.incident_id} 已回访",
            f"the firm of {case.incident_id} was called back already",
        )
    told = words.FirmCalledBack(
        incident_id=case.incident_id,
        answer=command.answer,
        resolved=not command.unresolved,
        note=command.note,
        by=command.by,
    )
    if command.answer == "no_answer":
        if case.n_tries >= MAX_TRIES:
            raise Refused(
                "tried_enough",
                f"警情 {case.incident_id} 已回访 {case.n_tries} 次未接通，请上门或转交他人",
                f"nobody answered {case.n_tries} times: go there, or hand the item on",
            )
        due_ms = now_ms + slice_of(board).terms.again_ms
        return [told, move_item(CALL_BACK, item, "due", by=command.by, due_at_ms=due_ms)]
    events: list[Event] = [told, close_item(CALL_BACK, item, "called", by=command.by)]
    if command.unresolved and not _is_with_leader(board, case):
        events += _to_leader(board, case, command.note, command.by, now_ms)
    return events


def report_unresolved(board: Board, command: words.ReportUnresolved, now_ms: int) -> list[Event]:
    """Not settled on the spot: it is the leader's until the leader closes it."""
    case = get_firm_case(board, command.incident_id)
    need_name(command.by)
    need_reason(command.reason)
    if _is_with_leader(board, case):
        raise Refused(
            "with_leader",
            f"警情 {case.incident_id} 已报 {case.leader}，待其办结",
            f"{case.incident_id} is with {case.leader} already",
        )
    return _to_leader(board, case, command.reason, command.by, now_ms)


def _is_with_leader(board: Board, case: FirmCase) -> bool:
    return find_item(board, UNRESOLVED, case.incident_id) is not None


def _to_leader(board: Board, case: FirmCase, reason: str, by: str, now_ms: int) -> list[Event]:
    """An item of the leader's own; an incident that is closed already does not wait for it."""
    incident = board.incidents.get(case.incident_id)
    while incident is not None and incident.merged_into:
        incident = board.incidents.get(incident.merged_into)
    is_open = incident is not None and not incident.is_over
    reported = words.UnresolvedReported(
        incident_id=case.incident_id, leader=case.leader, reason=reason, by=by
    )
    owed = open_item(
        board,
        UNRESOLVED,
        owner=Owner("person", case.leader),
        due_at_ms=now_ms + slice_of(board).terms.leader_ms,
        incident_id=incident.incident_id if incident and is_open else "",
        subject_id=case.incident_id,
        desk_id=incident.desk_id if incident else case.desk_id,
    )
    return [reported, owed]


def resolve(board: Board, command: words.ResolveFirmCase, _now_ms: int) -> list[Event]:
    """Closed by the leader who answers for the firm, and by nobody else."""
    case = get_firm_case(board, command.incident_id)
    need_name(command.by)
    item = find_item(board, UNRESOLVED, case.incident_id)
    if item is None:
        raise Refused(
            "nothing_unresolved",
            f"警情 {case.incident_id} 没有待局领导办结的事项",
            f"nothing of {case.incident_id} is with the leader",
        )
    leader = item.owner.owner_id
    if not is_same_person(command.by, leader):
        raise Refused(
            "leader_closes",
            f"须由 {leader} 本人办结；本人不在时请先转交",
            f"only {leader} closes it; where {leader} is away, hand it on first",
        )
    need_reason(command.result)
    return [
        words.FirmCaseResolved(incident_id=case.incident_id, result=command.result, by=command.by),
        close_item(UNRESOLVED, item, "resolved", by=command.by),
    ]


def set_terms(board: Board, command: words.SetEnterpriseTerms, _now_ms: int) -> list[Event]:
    """Other clocks; what runs already keeps the due time it has."""
    need_name(command.by)
    told = {
        name: value
        for name in Terms.__struct_fields__
        if (value := getattr(command, name)) is not None
    }
    terms = msgspec.structs.replace(slice_of(board).terms, **told)
    if terms == slice_of(board).terms:
        raise Refused("nothing_new", "没有改动任何时限", "nothing is changed by this")
    return [words.EnterpriseTermsSet(terms=terms, by=command.by)]


def _get_notice(board: Board, notice_id: str) -> tuple[FirmCase, Rank]:
    """The match and rank of a notice, or refuse: unknown_notice."""
    incident_id, _, rank = notice_id.rpartition("/")
    case = slice_of(board).cases.get(incident_id)
    for each in get_args(Rank):
        if case is not None and each == rank:
            return case, each
    raise Refused(
        "unknown_notice",
        f"没有派发 {notice_id}",
        f"there is no notice {notice_id}",
    )
