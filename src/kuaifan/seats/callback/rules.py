"""Who is called back, and what came of it (回访规则).

All incidents of firms, every restricted record whose person agreed, and a sample of the rest. A
restricted record gets no ring but at the number and in the hours that were agreed.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name
from kuaifan.board.day_tally import CITY_OFFSET_MS, day_of
from kuaifan.board.entities import Incident
from kuaifan.board.items import HOUR_MS, ItemKind, close_item, get_item, move_item, open_item
from kuaifan.board.lookup import get_incident
from kuaifan.board.progress import DONE_STATES
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.seat_terms import check_term
from kuaifan.board.silence import can_ring, has_number
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.personal import is_erased
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.callback import tracking, words
from kuaifan.seats.callback.kinds import CALL, GRIEVANCE, HELD_CALL
from kuaifan.seats.callback.papers import OTHER_SEAT, SEAT_ID, TERMS, Due, slice_of
from kuaifan.seats.callback.sample import is_sampled
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order, overlay
from kuaifan.vocabulary.item import ItemOpened, Owner
from kuaifan.vocabulary.kinship import ReopenIncident

ENTERPRISE: Final = "enterprise"
DAY_MINUTES: Final = 24 * 60
OTHERS_KIND: Final = "call_back"
"""What another seat calls an item by which it calls back for its own incidents."""
TEAM: Final = Owner("seat", SEAT_ID)


def owe(board: Board, command: words.OweCallBack, now_ms: int) -> list[Event]:
    """An incident is called back (列入回访): once; what stands in the way is counted."""
    incident, mine = get_incident(board, command.incident_id), slice_of(board)
    if incident.incident_id in mine.asked:
        return []
    here = (board.items[each] for each in incident.item_ids)
    if any(each.kind == OTHERS_KIND and each.seat_id != SEAT_ID for each in here):
        return [words.CallBackLeftOut(incident_id=incident.incident_id, reason=OTHER_SEAT)]
    agreed = mine.agreements.get(incident.incident_id)
    if incident.record_class == "restricted" and agreed is None:
        return [words.CallBackLeftOut(incident_id=incident.incident_id, reason="not_agreed")]
    number = agreed.number if agreed else _number_of(board, incident)
    if not number:
        return [words.CallBackLeftOut(incident_id=incident.incident_id, reason="no_number")]
    kind = HELD_CALL if command.why == ENTERPRISE else CALL
    opened = _opened(board, kind, incident, now_ms + mine.terms.due_h * HOUR_MS)
    known = board.reference.types.get(incident.type_code)
    orders = board.active_orders(incident)
    due = words.CallBackDue(
        incident_id=incident.incident_id,
        item_id=opened.item_id,
        why=command.why,
        number=number,
        unit_id=orders[-1].unit_id if orders else "",
        desk_id=incident.desk_id,
        record_class=opened.record_class,
        class_key=known.class_key if known else "",
    )
    return [due, opened]


def leave(board: Board, command: words.LeaveCallBack, _now_ms: int) -> list[Event]:
    """Nobody is called twice (由他席回访): the seat of firms calls its own."""
    get_incident(board, command.incident_id)
    if command.incident_id in slice_of(board).asked:
        return []
    return [words.CallBackLeftOut(incident_id=command.incident_id, reason=OTHER_SEAT)]


def on_item(_board: Board, event: ItemOpened, _now_ms: int) -> list[Follow]:
    """Another seat owes the call."""
    if event.kind != OTHERS_KIND or event.seat_id == SEAT_ID or not event.incident_id:
        return []
    return [words.LeaveCallBack(incident_id=event.incident_id)]


def _number_of(board: Board, incident: Incident) -> str:
    """The number of its first call that may be rung."""
    calls = (board.calls[each] for each in incident.call_ids if each in board.calls)
    return next((c.caller_number for c in calls if has_number(c) and can_ring(c)), "")


def _opened(board: Board, kind: ItemKind, incident: Incident, due_at_ms: int) -> ItemOpened:
    about = incident.incident_id
    return open_item(board, kind, owner=TEAM, due_at_ms=due_at_ms, incident_id=about)


def agree(board: Board, command: words.AgreeCallBack, _now_ms: int) -> list[Event]:
    """A person agrees to be rung (约定回访): with a number and hours, or it is no agreement."""
    incident = get_incident(board, command.incident_id)
    need_name(command.by)
    if not command.number.strip() or command.from_min == command.to_min:
        raise Refused(
            "agreement_incomplete",
            "须填写号码和可联系时段",
            "an agreement names a number and the hours of the day",
        )
    return [
        words.CallBackAgreed(
            incident_id=incident.incident_id,
            number=command.number.strip(),
            from_min=command.from_min,
            to_min=command.to_min,
            by=command.by,
        )
    ]


def record(board: Board, command: words.RecordCallBackAnswer, now_ms: int) -> list[Event]:
    """What came of a call (登记回访结果): tried at other hours, and closed in the end."""
    item = get_item(board, command.item_id)
    owed = slice_of(board).due.get(item.item_id)
    if owed is None:
        raise Refused(
            "other_kind", f"事项 {item.item_id} 不是回访", f"item {item.item_id} is no call-back"
        )
    kind = HELD_CALL if item.kind == HELD_CALL.kind else CALL
    need_name(command.by)
    _refuse_unagreed(board, owed, command.number, now_ms)
    if command.reached != "not_reached":
        _check_answers(command)
        answered = words.CallBackAnswered(
            incident_id=owed.incident_id,
            item_id=item.item_id,
            satisfaction=command.satisfaction,
            resolved=command.resolved,
            said=command.said,
            by=command.by,
        )
        return [answered, close_item(kind, item, command.reached, by=command.by)]
    terms = slice_of(board).terms
    if owed.tries_at_ms and now_ms - owed.tries_at_ms[-1] < terms.gap_h * HOUR_MS:
        raise Refused(
            "too_soon",
            f"距上次拨打不足 {terms.gap_h} 小时，请换个时段",
            f"the last try was less than {terms.gap_h} hours ago: try at other hours",
        )
    is_last = len(owed.tries_at_ms) + 1 >= terms.n_tries
    tried = words.CallBackTried(
        incident_id=owed.incident_id, item_id=item.item_id, is_last=is_last, by=command.by
    )
    if is_last:
        return [tried, close_item(kind, item, "not_reached", by=command.by)]
    again_ms = now_ms + max(terms.due_h, terms.gap_h) * HOUR_MS
    return [tried, move_item(kind, item, "again", by=command.by, due_at_ms=again_ms)]


def _refuse_unagreed(board: Board, owed: Due, number: str, now_ms: int) -> None:
    """Refuse: no_agreement, other_number, outside_hours."""
    mine = slice_of(board)
    agreed = mine.agreements.get(owed.incident_id)
    incident = board.incidents.get(owed.incident_id)
    restricted = owed.record_class != "ordinary" or (
        incident is not None and incident.record_class == "restricted"
    )
    if restricted and (agreed is None or is_erased(agreed.number)):
        raise Refused(
            "no_agreement",
            "限制记录未约定号码和时段，不得回访",
            "a restricted record is rung only at a number and in hours that were agreed",
        )
    if number.strip() != (agreed.number if agreed else owed.number):
        raise Refused("other_number", "不是登记的号码", "this is not the number to be rung")
    start = agreed.from_min if agreed else mine.terms.from_min
    end = agreed.to_min if agreed else mine.terms.to_min
    minute = (now_ms + CITY_OFFSET_MS) // MINUTE_MS % DAY_MINUTES
    inside = start <= minute < end if start < end else minute >= start or minute < end
    if not inside:
        raise Refused("outside_hours", "不在可拨打时段内", "nobody is rung at this hour")


def _check_answers(command: words.RecordCallBackAnswer) -> None:
    """Refuse: answers_missing, answers_declined."""
    if command.reached == "answered" and not (command.satisfaction and command.resolved):
        raise Refused(
            "answers_missing",
            "须填写是否解决和满意度",
            "say whether it was dealt with, and how satisfied the person is",
        )
    if command.reached == "declined" and (command.satisfaction or command.resolved):
        raise Refused("answers_declined", "不愿受访者没有答案", "who declines has given no answers")


def on_answered(board: Board, event: words.CallBackAnswered, _now_ms: int) -> list[Follow]:
    """Not dealt with: it goes on. Not satisfied, or too late for that: its leader looks at it."""
    unresolved = event.resolved == "no"
    if not unresolved and event.satisfaction != "dissatisfied":
        return []
    incident = board.incidents.get(event.incident_id)
    if unresolved and incident is not None and incident.state in DONE_STATES - {"merged"}:
        reason = "回访：未解决 · called back: not dealt with"
        return [ReopenIncident(incident_id=event.incident_id, reason=reason)]
    answer = slice_of(board).answers[event.incident_id]
    orders = board.active_orders(incident) if incident else []
    unit_id = orders[-1].unit_id if orders else ""
    return [
        words.OpenGrievance(incident_id=event.incident_id, unit_id=unit_id, desk_id=answer.desk_id)
    ]


def open_grievance(board: Board, command: words.OpenGrievance, now_ms: int) -> list[Event]:
    """The unit's leader looks at it (不满意核查); never a unit that is complained of."""
    incident = board.incidents.get(command.incident_id)
    if incident is None and command.incident_id not in slice_of(board).answers:
        get_incident(board, command.incident_id)
    kept_out = incident.complained_of if incident else ()
    is_units = command.unit_id in board.units and command.unit_id not in kept_out
    owner = Owner("unit", command.unit_id) if is_units else Owner("desk", command.desk_id)
    if owner.kind == "desk" and command.desk_id not in board.reference.desks:
        owner = TEAM
    return [
        open_item(
            board,
            GRIEVANCE,
            owner=owner,
            due_at_ms=now_ms + slice_of(board).terms.grievance_h * HOUR_MS,
            incident_id=command.incident_id,
            desk_id=command.desk_id,
        )
    ]


def answer_grievance(board: Board, command: words.AnswerGrievance, _now_ms: int) -> list[Event]:
    """What was found, and done (不满意核查结果)."""
    item = get_item(board, command.item_id, GRIEVANCE)
    need_name(command.by)
    if not command.found.strip():
        raise Refused("no_text", "须填写核查情况", "write what was found")
    return [
        words.GrievanceAnswered(
            incident_id=item.incident_id,
            outcome=command.outcome,
            found=command.found,
            by=command.by,
        ),
        close_item(GRIEVANCE, item, command.outcome, by=command.by),
    ]


def set_term(board: Board, command: words.SetCallBackTerm, _now_ms: int) -> list[Event]:
    """Another number (调整回访参数), within its bounds."""
    need_name(command.by)
    check_term(TERMS, command.name, command.value, getattr(slice_of(board).terms, command.name))
    return [words.CallBackTermSet(name=command.name, value=command.value, by=command.by)]


def on_handled(
    board: Board, event: order.FeedbackGiven | incidents.IncidentSettled, _now_ms: int
) -> list[Follow]:
    """A firm is called back before its incident can be closed."""
    return _of_firm(board, event.incident_id)


def on_overlay(board: Board, event: overlay.OverlayMarked, _now_ms: int) -> list[Follow]:
    """It turned out to be a firm's when it was handled already."""
    if board.incidents[event.incident_id].state not in DONE_STATES:
        return []
    return _of_firm(board, event.incident_id)


def _of_firm(board: Board, incident_id: str) -> list[Follow]:
    incident = board.incidents[incident_id]
    if ENTERPRISE not in incident.overlays or incident_id in slice_of(board).asked:
        return []
    return [words.OweCallBack(incident_id=incident_id, why="enterprise")]


def on_closed(board: Board, event: incidents.IncidentClosed, now_ms: int) -> list[Follow]:
    """Agreed ones all, of the others the sample of the day."""
    mine, about = slice_of(board), event.incident_id
    if about in mine.asked:
        return []
    if about in mine.agreements:
        return [words.OweCallBack(incident_id=about, why="agreed")]
    if board.incidents[about].record_class == "restricted":
        return []
    if not is_sampled(mine.key, day_of(now_ms), about, mine.terms.sample_permille):
        return []
    return [words.OweCallBack(incident_id=about, why="sample")]


DECIDERS: Final = {
    words.OweCallBack: owe,
    words.LeaveCallBack: leave,
    words.AgreeCallBack: agree,
    words.RecordCallBackAnswer: record,
    words.OpenGrievance: open_grievance,
    words.AnswerGrievance: answer_grievance,
    words.SetCallBackTerm: set_term,
    **tracking.DECIDERS,
}
REACTIONS: Final = {
    order.FeedbackGiven: [on_handled],
    incidents.IncidentSettled: [on_handled],
    overlay.OverlayMarked: [on_overlay],
    ItemOpened: [on_item],
    incidents.IncidentClosed: [on_closed, tracking.on_closed],
    words.CallBackAnswered: [on_answered],
    words.TrackLinkSent: [tracking.on_link],
}
