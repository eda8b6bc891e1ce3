"""The victim (劝阻): kept on the phone, the nearest unit sent, and what came of it.

Also the terms of the seat, which a supervisor sets.
"""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.asking import need_name
from kuaifan.board.entities import Order
from kuaifan.board.items import find_item, move_item
from kuaifan.board.lookup import get_open_incident
from kuaifan.board.recommend import recommendation_of
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.anti_fraud import words
from kuaifan.seats.anti_fraud.finding import (
    close_owed,
    get_open_case,
    open_owed,
    slice_of,
)
from kuaifan.seats.anti_fraud.kinds import DISSUASION, FILING, ON_THE_PHONE, STOP_REQUEST
from kuaifan.seats.anti_fraud.papers import SEAT_ID, FraudCase, Terms
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.incident import Candidate
from kuaifan.work.dispatch import assign_unit

STATES_OF: Final[dict[words.UnitStep, frozenset[str]]] = {
    "sent": frozenset({"dispatched", "acknowledged", "en_route"}),
    "there": frozenset({"on_scene"}),
    "back": frozenset({"withdrawn"}),
}
ARRIVAL_SLACK_MS: Final = 300_000
"""So much later than its road time a unit on the way is late."""


def send_to_victim(board: Board, command: words.SendToVictim, now_ms: int) -> list[Event]:
    """The unit that is there first, by the ranking of the moment; an order like every other."""
    case = _get_dissuasion(board, command.incident_id)
    need_name(command.by)
    incident = get_open_incident(board, case.incident_id)
    if not incident.is_placed:
        raise Refused(
            "no_place",
            f"警情 {incident.incident_id} 尚未定位，请先定位受害人所在地点",
            f"incident {incident.incident_id} has no place; place it where the victim is",
        )
    item = find_item(board, DISSUASION, case.incident_id)
    if item is not None and item.stage != "to_send":
        raise Refused(
            "sent_already",
            f"警情 {incident.incident_id} 已派 {case.unit_id} 上门",
            f"unit {case.unit_id} is sent to the victim of {incident.incident_id} already",
        )
    nearest = _find_nearest(recommendation_of(board, incident, now_ms).candidates)
    if nearest is None:
        raise Refused(
            "nobody_free",
            "暂无可派警力，请通知辖区派出所或请求增援",
            "no unit can go now; tell the station of the area, or ask for backup",
        )
    assign = orders.AssignUnit(
        incident_id=incident.incident_id,
        unit_id=nearest.unit_id,
        painted_seq=incident.recommended_seq,
        by=command.by,
    )
    return assign_unit(board, assign, now_ms)


def follow_unit(board: Board, command: words.FollowUnit, now_ms: int) -> list[Event]:
    """On the way, there, or called back; there, nobody has to be kept on the phone any more."""
    case = _get_dissuasion(board, command.incident_id)
    item = find_item(board, DISSUASION, case.incident_id)
    _check_order(board, command)
    stage = {"sent": "on_the_way", "there": "with_victim", "back": "to_send"}[command.step]
    if item is None or item.stage == stage:
        return []
    noted = words.VictimUnitNoted(
        incident_id=case.incident_id,
        step=command.step,
        order_id=command.order_id,
        unit_id=command.unit_id,
    )
    due_ms = now_ms + _time_ms(board, command)
    told: list[Event] = [
        noted,
        move_item(DISSUASION, item, stage, by=command.unit_id or SEAT_ID, due_at_ms=due_ms),
    ]
    if command.step == "there":
        told += close_owed(board, ON_THE_PHONE, case.incident_id, "with_unit", by=command.unit_id)
    return told


def _check_order(board: Board, command: words.FollowUnit) -> None:
    """What is said of a unit is what its order says: refuse other_order."""
    order = board.orders.get(command.order_id)
    if order is not None and order.state in STATES_OF[command.step]:
        return
    raise Refused(
        "other_order",
        f"派警单 {command.order_id} 的状态不符",
        f"order {command.order_id} says otherwise",
    )


def _time_ms(board: Board, command: words.FollowUnit) -> int:
    terms = slice_of(board).terms
    if command.step == "there":
        return terms.talk_ms
    if command.step == "back":
        return terms.send_ms
    order = board.orders.get(command.order_id)
    return ARRIVAL_SLACK_MS + (order.travel_ms if order else 0)


def note_line(board: Board, command: words.NoteLine, now_ms: int) -> list[Event]:
    """Who is alone with the swindler on the other line pays: somebody calls again at once."""
    case = _get_dissuasion(board, command.incident_id)
    item = find_item(board, ON_THE_PHONE, case.incident_id)
    if item is None:
        raise Refused(
            "no_line_owed",
            f"警情 {case.incident_id} 不需要保持通话",
            f"nobody has to be kept on the phone for {case.incident_id}",
        )
    if command.step == "regained":
        need_name(command.by)
    terms, is_lost = slice_of(board).terms, command.step == "lost"
    noted = words.LineNoted(incident_id=case.incident_id, step=command.step, by=command.by)
    moved = move_item(
        ON_THE_PHONE,
        item,
        "to_call" if is_lost else "talking",
        by=command.by or SEAT_ID,
        due_at_ms=now_ms + (terms.call_again_ms if is_lost else terms.talk_ms),
    )
    return [noted, moved]


def end_dissuasion(board: Board, command: words.EndDissuasion, now_ms: int) -> list[Event]:
    """They kept their money; or it is gone, and the clock of stopping it begins now."""
    case = _get_dissuasion(board, command.incident_id)
    need_name(command.by)
    ended = words.DissuasionEnded(
        incident_id=case.incident_id, outcome=command.outcome, by=command.by
    )
    told: list[Event] = [
        ended,
        *close_owed(board, DISSUASION, case.incident_id, command.outcome, by=command.by),
        *close_owed(board, ON_THE_PHONE, case.incident_id, "over", by=command.by),
    ]
    if command.outcome == "paid":
        terms = slice_of(board).terms
        return [
            *told,
            open_owed(board, STOP_REQUEST, case, now_ms + terms.request_ms),
            open_owed(board, FILING, case, now_ms + terms.file_ms, nth=2),
        ]
    closed = words.FraudCaseClosed(
        incident_id=case.incident_id, outcome=command.outcome, reason="", by=command.by
    )
    return [*told, closed]


def set_terms(board: Board, command: words.SetFraudTerms, _now_ms: int) -> list[Event]:
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
    if terms.stop_lead_ms >= terms.stop_ms or terms.freeze_lead_ms >= terms.freeze_ms:
        raise Refused(
            "lead_too_long",
            "提前量须短于止付、冻结期限本身",
            "the lead must be shorter than the stop payment or freeze itself",
        )
    return [words.FraudTermsSet(terms=terms, by=command.by)]


def on_sent(board: Board, event: orders.UnitAssigned, _now_ms: int) -> list[Follow]:
    """Whoever sent it, by whatever page."""
    return _followed(board, event.order_id, "sent")


def on_there(board: Board, event: orders.UnitArrived, _now_ms: int) -> list[Follow]:
    """With the victim."""
    return _followed(board, event.order_id, "there")


def on_back(board: Board, event: orders.OrderWithdrawn, _now_ms: int) -> list[Follow]:
    """Called back, or it never went: somebody else has to go."""
    return _followed(board, event.order_id, "back")


def _followed(board: Board, order_id: str, step: words.UnitStep) -> list[Follow]:
    order = board.orders.get(order_id)
    case = slice_of(board).cases.get(order.incident_id) if order else None
    if order is None or case is None or not _is_to_follow(board, case, order, step):
        return []
    return [
        words.FollowUnit(
            incident_id=case.incident_id, step=step, order_id=order_id, unit_id=order.unit_id
        )
    ]


def _is_to_follow(board: Board, case: FraudCase, order: Order, step: words.UnitStep) -> bool:
    item = find_item(board, DISSUASION, case.incident_id)
    if item is None:
        return False
    if step == "sent":
        return item.stage == "to_send"
    if step == "there":
        return item.stage != "with_victim"
    return case.order_id == order.order_id


def on_call_ended(board: Board, event: calls.CallEnded, _now_ms: int) -> list[Follow]:
    """The line to the victim is lost while no unit is there."""
    call = board.calls.get(event.call_id)
    case = slice_of(board).cases.get(call.incident_id) if call else None
    item = find_item(board, ON_THE_PHONE, case.incident_id) if case else None
    if case is None or item is None or item.stage != "talking":
        return []
    return [words.NoteLine(incident_id=case.incident_id, step="lost")]


def _find_nearest(candidates: tuple[Candidate, ...]) -> Candidate | None:
    return min(candidates, key=lambda each: (each.travel_ms, each.unit_id), default=None)


def _get_dissuasion(board: Board, incident_id: str) -> FraudCase:
    """Return a case in which nothing was paid yet, or refuse: no_dissuasion."""
    case = get_open_case(board, incident_id)
    if case.kind != "dissuasion":
        raise Refused(
            "no_dissuasion",
            f"案件 {incident_id} 不是正在受骗的劝阻警情",
            f"case {incident_id} is no dissuasion: the money was paid",
        )
    return case
