"""A dispute goes to mediation (立案与预约): what bars it, who wants it, where and when."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.entities import Incident
from kuaifan.board.items import move_item, open_item
from kuaifan.board.lookup import get_open_incident
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.seats.mediation import words
from kuaifan.seats.mediation.clauses import RULE, check_basis, refuse_barred, refuse_told
from kuaifan.seats.mediation.kinds import CASE
from kuaifan.seats.mediation.lookup import (
    find_earlier,
    get_mediation,
    get_mediator,
    get_room,
    get_running,
    get_willing,
    slice_of,
)
from kuaifan.seats.mediation.outcome import ended
from kuaifan.seats.mediation.papers import SEAT_ID, Booking, Mediation
from kuaifan.vocabulary.item import Owner

SIDES: Final = ("a", "b")


def open_mediation(board: Board, command: words.OpenMediation, now_ms: int) -> list[Event]:
    """A dispute goes to mediation (立调解案); what is barred is refused with its clause."""
    incident = get_open_incident(board, command.incident_id)
    need_name(command.by)
    need_name(
        command.party_a,
        command.party_b,
        command.partner,
        zh="须填写双方当事人和联调单位",
        en="name both parties and the partner",
    )
    refuse_barred(board, incident)
    refuse_told(command)
    check_basis(board, incident, command.basis)
    _refuse_again(board, incident)
    terms = slice_of(board).terms
    opened = open_item(
        board,
        CASE,
        owner=Owner("seat", SEAT_ID),
        due_at_ms=now_ms + terms.consent_ms,
        incident_id=incident.incident_id,
        subject_id=f"M{slice_of(board).n_cases + 1}",
    )
    told = words.MediationOpened(
        mediation_id=opened.subject_id,
        item_id=opened.item_id,
        incident_id=incident.incident_id,
        desk_id=incident.desk_id,
        record_class=opened.record_class,
        basis=command.basis,
        partner_kind=command.partner_kind,
        partner=command.partner,
        party_a=command.party_a,
        party_b=command.party_b,
        a_is_minor=command.a_is_minor,
        b_is_minor=command.b_is_minor,
        earlier_mediation_id=command.earlier_mediation_id,
        is_repeat=_is_repeat(board, command.earlier_mediation_id, now_ms),
    )
    return [told, opened]


def record_consent(board: Board, command: words.RecordMediationConsent, now_ms: int) -> list[Event]:
    """Yes or no (登记调解意愿); a no ends it, for nobody is reconciled against their will."""
    paper, item = get_running(board, command.mediation_id)
    need_name(command.by, command.how)
    if command.side in paper.consents:
        raise Refused(
            "consent_recorded",
            f"调解案 {paper.mediation_id} 该方意愿已登记",
            f"mediation {paper.mediation_id} has the answer of party {command.side} already",
        )
    said = words.MediationConsentRecorded(
        mediation_id=paper.mediation_id,
        incident_id=paper.incident_id,
        side=command.side,
        consents=command.consents,
        how=command.how,
    )
    if not command.consents:
        return [said, *ended(board, paper, "refused", by=command.by, now_ms=now_ms)]
    if len(paper.consents) + 1 < len(SIDES):
        return [said]
    due_at_ms = now_ms + slice_of(board).terms.first_ms
    return [said, move_item(CASE, item, "ready", by=command.by, due_at_ms=due_at_ms)]


def book(board: Board, command: words.BookMediation, now_ms: int) -> list[Event]:
    """A room and a mediator (预约调解), neither of them taken for that hour."""
    paper, item = get_willing(board, command.mediation_id)
    need_name(command.by)
    room, mediator = get_room(board, command.room_id), get_mediator(board, command.mediator_id)
    until_ms = command.from_ms + command.n_minutes * MINUTE_MS
    _check_hour(paper, command.from_ms, until_ms, now_ms)
    for each in slice_of(board).cases.values():
        taken = each.booking
        if taken is None or not (taken.from_ms < until_ms and command.from_ms < taken.until_ms):
            continue
        if room.room_id == taken.room_id or mediator.mediator_id == taken.mediator_id:
            what = room.name if room.room_id == taken.room_id else mediator.name
            raise Refused(
                "hour_taken",
                f"{what} 该时段已约给调解案 {each.mediation_id}",
                f"{what} is taken at that hour by mediation {each.mediation_id}",
            )
    stage = "booked_again" if paper.second_by_ms else "booked"
    grace_ms = min(until_ms + 60 * MINUTE_MS, paper.second_by_ms or until_ms + 60 * MINUTE_MS)
    return [
        words.MediationBooked(
            mediation_id=paper.mediation_id,
            incident_id=paper.incident_id,
            room_id=room.room_id,
            mediator_id=mediator.mediator_id,
            from_ms=command.from_ms,
            until_ms=until_ms,
        ),
        move_item(CASE, item, stage, by=command.by, due_at_ms=grace_ms),
    ]


def cancel_booking(board: Board, command: words.CancelMediationBooking, now_ms: int) -> list[Event]:
    """The hour is free again (取消预约); another one is due as before."""
    paper, item = get_running(board, command.mediation_id)
    need_name(command.by)
    need_reason(command.reason)
    need_booking(paper)
    stage = "again" if paper.second_by_ms else "ready"
    due_at_ms = paper.second_by_ms or now_ms + slice_of(board).terms.first_ms
    return [
        words.MediationBookingCancelled(
            mediation_id=paper.mediation_id, incident_id=paper.incident_id, reason=command.reason
        ),
        move_item(CASE, item, stage, by=command.by, due_at_ms=due_at_ms),
    ]


def need_booking(paper: Mediation) -> Booking:
    """Return the booking of a case, or refuse: no_booking."""
    if paper.booking is None:
        raise Refused(
            "no_booking",
            f"调解案 {paper.mediation_id} 没有预约",
            f"mediation {paper.mediation_id} has no booking",
        )
    return paper.booking


def _refuse_again(board: Board, incident: Incident) -> None:
    """Refuse: mediation_open, mediated_twice, mediated_already, in_case_work."""
    before = slice_of(board).cases.get(slice_of(board).by_incident.get(incident.incident_id, ""))
    if before is None:
        return
    named_zh = f"警情 {incident.incident_id} 的调解案 {before.mediation_id}"
    named_en = f"mediation {before.mediation_id} of incident {incident.incident_id}"
    if before.outcome in {"", "agreed"}:
        raise Refused("mediation_open", f"{named_zh} 尚在办理", f"{named_en} still runs")
    if before.n_held > 1:
        raise Refused(
            "mediated_twice",
            f"{named_zh} 已调解两次，{RULE}第183条不得再次调解",
            f"{named_en} had two attempts: clause 183 allows no more",
        )
    if before.n_held:
        raise Refused(
            "mediated_already",
            f"{named_zh} 已终结，再次调解须在首次后七个工作日内、于原案进行（{RULE}第183条）",
            f"{named_en} is over: a second attempt belongs to it and to the seven working days "
            "after the first (clause 183)",
        )
    if before.case_no:
        raise Refused(
            "in_case_work",
            f"{named_zh} 已移送办案 {before.case_no}",
            f"{named_en} has gone to case {before.case_no}",
        )


def _is_repeat(board: Board, earlier_id: str, now_ms: int) -> bool:
    """Whether the same parties are back within the days, by the case that a person named."""
    if not earlier_id:
        return False
    earlier = find_earlier(slice_of(board), earlier_id) or get_mediation(board, earlier_id)
    if isinstance(earlier, Mediation) and earlier.outcome in {"", "agreed"}:
        raise Refused(
            "mediation_open",
            f"调解案 {earlier_id} 尚在办理，不是前案",
            f"mediation {earlier_id} still runs: it is no earlier case",
        )
    return now_ms - earlier.ended_at_ms <= slice_of(board).terms.repeat_days * DAY_MS


def _check_hour(paper: Mediation, from_ms: int, until_ms: int, now_ms: int) -> None:
    """Refuse: no_due_time, second_too_late, already_agreed."""
    if not now_ms < from_ms <= now_ms + 400 * DAY_MS:
        raise Refused(
            "no_due_time",
            "预约时间须晚于现在，且不超过 400 天",
            "the hour must lie ahead, by 400 days at most",
        )
    if paper.second_by_ms and until_ms > paper.second_by_ms:
        refuse_too_late(paper)


def refuse_too_late(paper: Mediation) -> None:
    """Refuse: second_too_late."""
    raise Refused(
        "second_too_late",
        f"调解案 {paper.mediation_id} 再次调解须在首次后七个工作日内完成（{RULE}第183条）",
        f"the second attempt of mediation {paper.mediation_id} has to be over within the working "
        "days after the first (clause 183)",
    )
