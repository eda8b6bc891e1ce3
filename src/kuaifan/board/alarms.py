"""What is late and whose it is (告警): orders unsigned, feedback, waiting, missed calls.

An alarm is a state, not an event: it stands as long as what it says is true. The texts name the
thing and carry no personal data.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Incident, Order
from kuaifan.board.state import Board
from kuaifan.board.view_builders import call_leaves_at_ms
from kuaifan.board.view_rows import AlarmRow

QUEUE_LEVELS: Final = 2
"""A waiting incident alarms at its target, and a second time at twice that."""


def alarm_row(board: Board, key: str, now_ms: int) -> AlarmRow | None:
    """The alarm of a key `kind:id` as it stands now, or None."""
    kind, _, subject_id = key.partition(":")
    if kind == "queue":
        return _queue(board, subject_id, now_ms)
    if kind == "abandoned":
        return _abandoned(board, subject_id, now_ms)
    order = board.orders.get(subject_id)
    if order is None:
        return None
    return _unsigned(board, order) if kind == "unsigned" else _feedback(board, order)


def next_due_ms(board: Board, key: str, now_ms: int) -> int:
    """When an alarm changes by time alone, 0 if it does not."""
    kind, _, subject_id = key.partition(":")
    if kind == "abandoned":
        call = board.calls.get(subject_id)
        return call_leaves_at_ms(call) if call and call.state == "abandoned" else 0
    incident = board.incidents.get(subject_id) if kind == "queue" else None
    if incident is None or not _waits_for_first(board, incident):
        return 0
    later = (due for due in _queue_dues(board, incident) if due > now_ms)
    return min(later, default=0)


def _queue(board: Board, incident_id: str, now_ms: int) -> AlarmRow | None:
    incident = board.incidents.get(incident_id)
    if incident is None or not _waits_for_first(board, incident):
        return None
    level = sum(now_ms >= due for due in _queue_dues(board, incident))
    if not level:
        return None
    what_zh = "仍未派警" if incident.is_placed else "尚未定位，无法派警"
    what_en = "nobody has been sent" if incident.is_placed else "it has no place yet"
    return AlarmRow(
        key=f"queue:{incident_id}",
        kind="queue",
        level=level,
        incident_id=incident_id,
        order_id="",
        unit_id="",
        since_ms=_waits_since_ms(incident),
        text_zh=f"警情 {incident_id}（{incident.priority} 级）超过派警时限，{what_zh}",
        text_en=f"incident {incident_id} (P{incident.priority}) is past its target: {what_en}",
    )


def _waits_for_first(board: Board, incident: Incident) -> bool:
    """Whether units are needed and none was sent; an incident without a place waits too."""
    if incident.incident_id in board.waiting:
        return not board.active_orders(incident)
    is_unplaced = incident.state == "registered" and not incident.is_placed
    return is_unplaced and incident.n_needed > 0


def _waits_since_ms(incident: Incident) -> int:
    return incident.tp_ms or incident.opened_at_ms


def _queue_dues(board: Board, incident: Incident) -> list[int]:
    target_ms = board.reference.clocks.first_order_ms[incident.priority - 1]
    since_ms = _waits_since_ms(incident)
    return [since_ms + target_ms * level for level in range(1, QUEUE_LEVELS + 1)]


def _abandoned(board: Board, call_id: str, now_ms: int) -> AlarmRow | None:
    call = board.calls.get(call_id)
    is_missed = call is not None and call.state == "abandoned" and not call.incident_id
    if call is None or not is_missed or now_ms >= call_leaves_at_ms(call):
        return None
    return AlarmRow(
        key=f"abandoned:{call_id}",
        kind="abandoned",
        level=1,
        incident_id="",
        order_id="",
        unit_id="",
        since_ms=call.t3_ms,
        text_zh=f"未接来电 {call_id}，须回拨",
        text_en=f"call {call_id} was missed; call back",
    )


def _unsigned(board: Board, order: Order) -> AlarmRow | None:
    if order.state != "dispatched" or not order.unsigned_level:
        return None
    call_sign = board.units[order.unit_id].call_sign
    return AlarmRow(
        key=f"unsigned:{order.order_id}",
        kind="unsigned",
        level=order.unsigned_level,
        incident_id=order.incident_id,
        order_id=order.order_id,
        unit_id=order.unit_id,
        since_ms=order.t4_ms,
        text_zh=f"{call_sign} 未签收派警单 {order.order_id}",
        text_en=f"{call_sign} has not signed order {order.order_id}",
    )


def _feedback(board: Board, order: Order) -> AlarmRow | None:
    if order.state != "handled" or not order.feedback_overdue:
        return None
    call_sign = board.units[order.unit_id].call_sign
    return AlarmRow(
        key=f"feedback:{order.order_id}",
        kind="feedback",
        level=1,
        incident_id=order.incident_id,
        order_id=order.order_id,
        unit_id=order.unit_id,
        since_ms=order.t8_ms,
        text_zh=f"{call_sign} 派警单 {order.order_id} 反馈超时",
        text_en=f"the feedback of {call_sign} on order {order.order_id} is late",
    )
