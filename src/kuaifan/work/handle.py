"""Handle (处警): done on scene, fed back in time, and the feedback complete."""

from __future__ import annotations

from kuaifan.board.device_times import fields_of
from kuaifan.board.letters import check_letter, refuse_mediated
from kuaifan.board.lookup import get_incident, get_live_order, get_type
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import order as orders


def report_handled(board: Board, command: orders.ReportHandled, now_ms: int) -> list[Event]:
    """Done on scene (处理完毕); the unit is free, the feedback is due."""
    order = get_live_order(board, command.order_id)
    if not order.is_active:
        raise Refused(
            "already_handled",
            f"派警单 {order.order_id} 已处理完毕",
            f"order {order.order_id} is {order.state} already",
        )
    return [
        orders.OrderHandled(
            order_id=order.order_id,
            incident_id=order.incident_id,
            unit_id=order.unit_id,
            source=command.source,
            **fields_of(order, "handled", device_at_ms=command.device_at_ms, now_ms=now_ms),
        )
    ]


def give_feedback(board: Board, command: orders.GiveFeedback, now_ms: int) -> list[Event]:
    """The crew says what it found and did (反馈), once the order is handled."""
    order = get_live_order(board, command.order_id)
    if order.incident_id != command.incident_id:
        raise Refused(
            "wrong_incident",
            f"派警单 {order.order_id} 属于警情 {order.incident_id}",
            f"order {order.order_id} belongs to incident {order.incident_id}",
        )
    if order.state != "handled":
        raise Refused(
            "not_handled" if order.is_active else "already_fed_back",
            f"派警单 {order.order_id} 当前为“{order.state}”，不能反馈",
            f"order {order.order_id} is {order.state}; feedback follows handled",
        )
    check_letter(board, order, command.letter)
    incident = board.incidents[order.incident_id]
    refuse_mediated(get_type(board, incident.type_code), command.disposition)
    return [
        orders.FeedbackGiven(
            order_id=order.order_id,
            incident_id=order.incident_id,
            disposition=command.disposition,
            story=command.story,
            parties=command.parties,
            n_caught=command.n_caught,
            n_rescued=command.n_rescued,
            letter=command.letter,
            **fields_of(order, "fed_back", device_at_ms=command.device_at_ms, now_ms=now_ms),
        )
    ]


def return_feedback(board: Board, command: orders.ReturnFeedback, _now_ms: int) -> list[Event]:
    """The desk wants the feedback completed (退回反馈), until the review is done."""
    order = get_live_order(board, command.order_id)
    incident = get_incident(board, order.incident_id)
    # The other orders of the incident may still be under way.
    if order.state != "fed_back" or incident.state in {"reviewed", "closed", "merged"}:
        raise Refused(
            "nothing_to_return",
            f"派警单 {order.order_id} 无可退回的反馈",
            f"order {order.order_id} is {order.state} and its incident {incident.state}",
        )
    return [
        orders.FeedbackReturned(
            order_id=order.order_id, incident_id=order.incident_id, reason=command.reason
        )
    ]


def check_feedback(board: Board, command: orders.CheckFeedback, _now_ms: int) -> list[Event]:
    """The time for feedback has passed (反馈超时)."""
    order = get_live_order(board, command.order_id)
    if order.state != "handled":
        return []
    return [orders.FeedbackOverdue(order_id=order.order_id, incident_id=order.incident_id)]


def on_handled(board: Board, event: orders.OrderHandled, now_ms: int) -> list[Follow]:
    """The clock for the feedback starts."""
    return [_feedback_timer(board, event.order_id, now_ms)]


def on_returned(board: Board, event: orders.FeedbackReturned, now_ms: int) -> list[Follow]:
    """It starts again for a returned one."""
    return [_feedback_timer(board, event.order_id, now_ms)]


def on_fed_back(_board: Board, event: orders.FeedbackGiven, _now_ms: int) -> list[Follow]:
    """It stops."""
    return [CancelTimer(f"feedback:{event.order_id}")]


def _feedback_timer(board: Board, order_id: str, now_ms: int) -> SetTimer:
    due_at_ms = now_ms + board.reference.clocks.feedback_ms
    return SetTimer(f"feedback:{order_id}", due_at_ms, orders.CheckFeedback(order_id=order_id))


RULES = Rules[Board](
    deciders={
        orders.ReportHandled: report_handled,
        orders.GiveFeedback: give_feedback,
        orders.ReturnFeedback: return_feedback,
        orders.CheckFeedback: check_feedback,
    },
    reactions={
        orders.OrderHandled: [on_handled],
        orders.FeedbackReturned: [on_returned],
        orders.FeedbackGiven: [on_fed_back],
    },
)
