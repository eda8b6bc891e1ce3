"""How a mediation goes and what follows (调解经过与后续): attempts, agreement, check, routes."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.item_papers import Item
from kuaifan.board.items import close_item, get_item, move_item, open_item
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.seats.mediation import words
from kuaifan.seats.mediation.clauses import RULE
from kuaifan.seats.mediation.kinds import CASE, CASE_ROUTE, CIVIL_ROUTE, PERFORMANCE
from kuaifan.seats.mediation.lookup import get_mediation, get_running, get_willing, slice_of
from kuaifan.seats.mediation.papers import SEAT_ID, Mediation
from kuaifan.vocabulary.item import Owner

MAX_AHEAD_DAYS: Final = 366
"""Longer than a year nobody waits for what was agreed."""
TO_COURT: Final = frozenset({"failed", "refused", "offended_again", "fled"})
"""After these both parties are told of the court; a public-order case goes on after every end."""


def hold(board: Board, command: words.HoldMediation, now_ms: int) -> list[Event]:
    """How an attempt went (登记调解经过): agreed, failed, or somebody stayed away."""
    paper, item = get_willing(board, command.mediation_id)
    need_name(command.by, command.mediator, command.where)
    _check_attempt(paper, item, command, now_ms)
    fails_first = command.outcome == "failed" and paper.n_held == 0
    terms = slice_of(board).terms
    by_ms = terms.days.end_after(now_ms, terms.second_working_days) if fails_first else 0
    held = words.MediationHeld(
        mediation_id=paper.mediation_id,
        incident_id=paper.incident_id,
        outcome=command.outcome,
        where=command.where,
        mediator=command.mediator,
        guardian_present=command.guardian_present,
        second_by_ms=by_ms,
        note=command.note,
    )
    return [held, *_after_attempt(board, paper, command, by_ms, now_ms)]


def sign(board: Board, command: words.SignMediation, now_ms: int) -> list[Event]:
    """The agreement with its signatures (签订调解协议); its check is opened with it."""
    paper, item = get_running(board, command.mediation_id)
    need_name(command.by)
    _check_agreement(paper, item, command, now_ms)
    opened = open_item(
        board,
        PERFORMANCE,
        owner=Owner("seat", SEAT_ID),
        due_at_ms=command.perform_by_ms + slice_of(board).terms.check_ms,
        incident_id=item.incident_id,
        subject_id=paper.mediation_id,
    )
    signed = words.MediationSigned(
        mediation_id=paper.mediation_id,
        incident_id=paper.incident_id,
        item_id="" if command.performed_at_once else opened.item_id,
        terms=command.terms,
        perform_by_ms=command.perform_by_ms,
    )
    closed = close_item(CASE, item, "agreed", by=command.by)
    if command.performed_at_once:
        return [signed, closed, _checked(paper, performed=True, note="")]
    return [signed, closed, opened]


def check_performance(board: Board, command: words.CheckPerformance, now_ms: int) -> list[Event]:
    """Done as agreed (核查协议履行): then nothing is punished; or else the case goes on."""
    paper = get_mediation(board, command.mediation_id)
    need_name(command.by)
    if paper.outcome != "agreed":
        raise Refused(
            "not_awaiting",
            f"调解案 {paper.mediation_id} 没有待核查的协议",
            f"mediation {paper.mediation_id} has no agreement to be checked",
        )
    if not command.performed and now_ms < paper.perform_by_ms:
        raise Refused(
            "not_yet_due",
            f"调解案 {paper.mediation_id} 履行期限未到，不能认定未履行",
            f"what was agreed in {paper.mediation_id} is not due yet: nobody has failed to do it",
        )
    item = get_item(board, paper.item_id, PERFORMANCE)
    outcome = "performed" if command.performed else "not_performed"
    events: list[Event] = [
        _checked(paper, performed=command.performed, note=command.note),
        close_item(PERFORMANCE, item, outcome, by=command.by, note=command.note),
    ]
    if not command.performed:
        events += _routes(board, paper, item.incident_id, to_court=True, now_ms=now_ms)
    return events


def end(board: Board, command: words.EndMediation, now_ms: int) -> list[Event]:
    """It comes to nothing (终止调解)."""
    paper = get_mediation(board, command.mediation_id)
    need_name(command.by)
    if paper.outcome == "agreed" and command.why == "barred":
        need_reason(command.note)
        return ended(board, paper, "barred", by=command.by, now_ms=now_ms, note=command.note)
    get_running(board, command.mediation_id)
    if command.why != "failed":
        need_reason(command.note)
    elif not paper.n_held:
        raise Refused(
            "no_attempt",
            f"调解案 {paper.mediation_id} 尚未调解，不能认定调解不成",
            f"mediation {paper.mediation_id} had no attempt that could have failed",
        )
    return ended(board, paper, command.why, by=command.by, now_ms=now_ms, note=command.note)


def take_to_case(board: Board, command: words.TakeMediationToCase, _now_ms: int) -> list[Event]:
    """The public-order case goes on (移送办案) under its number."""
    paper = get_mediation(board, command.mediation_id)
    need_name(command.by)
    need_name(command.case_no, zh="须填写案件编号", en="give the number of the case")
    item = _get_route(board, paper, paper.case_item_id, "case_route")
    return [
        words.MediationTakenToCase(
            mediation_id=paper.mediation_id,
            incident_id=paper.incident_id,
            case_no=command.case_no,
        ),
        close_item(CASE_ROUTE, item, "taken", by=command.by),
    ]


def tell_civil_route(board: Board, command: words.TellCivilRoute, _now_ms: int) -> list[Event]:
    """Both know of the court (告知民事途径)."""
    paper = get_mediation(board, command.mediation_id)
    need_name(command.by, command.how)
    item = _get_route(board, paper, paper.civil_item_id, "civil_route")
    return [
        words.CivilRouteTold(
            mediation_id=paper.mediation_id, incident_id=paper.incident_id, how=command.how
        ),
        close_item(CIVIL_ROUTE, item, "told", by=command.by),
    ]


def ended(
    board: Board,
    paper: Mediation,
    why: words.EndReason,
    *,
    by: str,
    now_ms: int,
    note: str = "",
) -> list[Event]:
    """The events of an end: the case closed, and what follows by law opened."""
    item = get_item(board, paper.item_id)
    kind = PERFORMANCE if paper.outcome == "agreed" else CASE
    return [
        words.MediationEnded(
            mediation_id=paper.mediation_id, incident_id=paper.incident_id, why=why, note=note
        ),
        close_item(kind, item, why, by=by, note=note),
        *_routes(board, paper, item.incident_id, to_court=why in TO_COURT, now_ms=now_ms),
    ]


def _after_attempt(
    board: Board, paper: Mediation, command: words.HoldMediation, by_ms: int, now_ms: int
) -> list[Event]:
    """Where the case stands after an attempt."""
    terms, item = slice_of(board).terms, board.items[paper.item_id]
    if command.outcome == "agreed":
        due_at_ms = now_ms + terms.sign_ms
        return [move_item(CASE, item, "signing", by=command.by, due_at_ms=due_at_ms)]
    if command.outcome == "failed" and not by_ms:
        return ended(board, paper, "failed", by=command.by, now_ms=now_ms)
    if command.outcome == "no_show" and paper.n_no_shows + 1 >= terms.n_no_shows:
        return ended(board, paper, "refused", by=command.by, now_ms=now_ms)
    second_by_ms = by_ms or paper.second_by_ms
    stage = "again" if second_by_ms else "ready"
    due_at_ms = second_by_ms or now_ms + terms.first_ms
    return [move_item(CASE, item, stage, by=command.by, due_at_ms=due_at_ms)]


def _routes(
    board: Board, paper: Mediation, incident_id: str, *, to_court: bool, now_ms: int
) -> list[Event]:
    """Items of what follows: the case goes on, and both are told of the court (§186)."""
    kinds = [CASE_ROUTE] if paper.basis == "public_order" else []
    kinds += [CIVIL_ROUTE] if to_court else []
    if not kinds:
        return []
    due_at_ms = now_ms + slice_of(board).terms.route_ms
    opened = [
        open_item(
            board,
            kind,
            owner=Owner("desk", paper.desk_id),
            due_at_ms=due_at_ms,
            incident_id=incident_id,
            subject_id=paper.mediation_id,
            nth=nth,
        )
        for nth, kind in enumerate(kinds, start=1)
    ]
    ids = {each.kind: each.item_id for each in opened}
    routed = words.MediationRouted(
        mediation_id=paper.mediation_id,
        incident_id=paper.incident_id,
        case_item_id=ids.get(CASE_ROUTE.kind, ""),
        civil_item_id=ids.get(CIVIL_ROUTE.kind, ""),
    )
    return [routed, *opened]


def _check_attempt(paper: Mediation, item: Item, command: words.HoldMediation, now_ms: int) -> None:
    """Refuse: already_agreed, second_too_late, before_booking, no_booking, guardian_needed."""
    if item.stage == "signing":
        raise Refused(
            "already_agreed",
            f"调解案 {paper.mediation_id} 已达成协议，待签订",
            f"mediation {paper.mediation_id} has an agreement that waits to be signed",
        )
    if paper.second_by_ms and now_ms > paper.second_by_ms:
        raise Refused(
            "second_too_late",
            f"调解案 {paper.mediation_id} 已过再次调解期限（首次后七个工作日，{RULE}第183条）",
            f"the working days for a second attempt of {paper.mediation_id} are over (clause 183)",
        )
    if paper.booking is not None and now_ms < paper.booking.from_ms:
        raise Refused(
            "before_booking",
            f"调解案 {paper.mediation_id} 预约时间未到，可先取消预约",
            f"the hour of mediation {paper.mediation_id} has not come; cancel the booking first",
        )
    if command.outcome == "no_show":
        if paper.booking is None:
            raise Refused(
                "no_booking",
                f"调解案 {paper.mediation_id} 没有预约，无从缺席",
                f"mediation {paper.mediation_id} has no booking that could be missed",
            )
        return
    if paper.has_minor and not command.guardian_present:
        raise Refused(
            "guardian_needed",
            f"当事人为未成年人，调解须其监护人到场（{RULE}第181条）",
            "a party is a minor: a guardian has to be there (clause 181)",
        )


def _check_agreement(
    paper: Mediation, item: Item, command: words.SignMediation, now_ms: int
) -> None:
    """Refuse: not_agreed, no_terms, missing_signature, no_due_time."""
    if item.stage != "signing":
        raise Refused(
            "not_agreed",
            f"调解案 {paper.mediation_id} 尚未调解成功，不能签订协议",
            f"mediation {paper.mediation_id} has come to no agreement yet",
        )
    need_name(command.terms, zh="须填写协议内容", en="write down what was agreed")
    signed = {
        ("甲方", "party a"): command.signed_a,
        ("乙方", "party b"): command.signed_b,
        ("主持人", "the mediator"): command.signed_mediator,
    }
    missing = [who for who, has_signed in signed.items() if not has_signed]
    if missing:
        raise Refused(
            "missing_signature",
            f"协议书尚缺签名：{'、'.join(zh for zh, _ in missing)}（{RULE}第184条）",
            f"the agreement is not signed by {', '.join(en for _, en in missing)} (clause 184)",
        )
    latest_ms = now_ms + MAX_AHEAD_DAYS * DAY_MS
    if not command.performed_at_once and not now_ms < command.perform_by_ms <= latest_ms:
        raise Refused(
            "no_due_time",
            "履行期限须晚于现在，且不超过一年",
            "the date of performance must lie ahead, by a year at most",
        )


def _get_route(board: Board, paper: Mediation, item_id: str, name: str) -> Item:
    """Return the open item of a route, or refuse: no_route."""
    if item_id not in board.items:
        what = CASE_ROUTE if name == CASE_ROUTE.kind else CIVIL_ROUTE
        raise Refused(
            "no_route",
            f"调解案 {paper.mediation_id} 没有待办的“{what.title_zh}”",
            f"mediation {paper.mediation_id} has nothing open of: {what.title_en}",
        )
    return board.items[item_id]


def _checked(paper: Mediation, *, performed: bool, note: str) -> words.PerformanceChecked:
    return words.PerformanceChecked(
        mediation_id=paper.mediation_id,
        incident_id=paper.incident_id,
        performed=performed,
        note=note,
    )
