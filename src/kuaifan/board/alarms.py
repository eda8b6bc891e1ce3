"""What is late and whose it is (告警): the standing alarms, and what waiting orders and calls show.

A row is shown as long as what it says is true. The texts name the thing and carry no personal data.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Order
from kuaifan.board.papers import Alarm
from kuaifan.board.state import Board
from kuaifan.board.view_rows import AlarmRow
from kuaifan.vocabulary.agency import AGENCIES
from kuaifan.vocabulary.alarm import AlarmKind

TEXTS: Final[dict[AlarmKind, tuple[str, str]]] = {
    "queue": (
        "警情 {incident}（{priority} 级）{waits_zh}",
        "incident {incident} (P{priority}) {waits}",
    ),
    "not_moving": (
        "{unit} 已签收派警单 {order}，仍未出发",
        "{unit} signed {order} and does not move",
    ),
    "eta_passed": (
        "{unit} 超过预计时间仍未到场（{order}）",
        "{unit} is past its time of arrival ({order})",
    ),
    "silent_on_scene": (
        "{unit} 到场后久无消息（{order}）",
        "{unit} on scene has not spoken ({order})",
    ),
    "amendment": (
        "{unit} 未签收派警单 {order} 的变更",
        "{unit} has not signed the change of {order}",
    ),
    "withdrawal": (
        "{unit} 未签收派警单 {order} 的撤回",
        "{unit} has not signed that {order} is void",
    ),
    "agency": ("{agency} 未答复联动单 {subject}", "{agency} has not answered {subject}"),
    "transfer": ("来电 {call} 转接未签收", "nobody has taken the transfer of call {call}"),
    "hand_over": (
        "警情 {incident} 移交 {desk} 未签收",
        "desk {desk} has not signed for {incident}",
    ),
    "call_back": ("来电 {call} 须回拨或消除", "call {call} waits to be called back or cleared"),
    "backup": ("警情 {incident} 增援未派", "nobody was sent to back up incident {incident}"),
    "item": ("事项 {subject} 逾期：{item}", "item {subject} is late: {item_en}"),
    "emergency": ("{unit} 紧急求助无人受理", "nobody has taken up the emergency of {unit}"),
    "agency_refused": ("{agency} 拒绝联动单 {subject}", "{agency} has refused {subject}; decide"),
    "transfer_refused": ("来电 {call} 转接被拒", "the transfer of call {call} was refused"),
    "hand_over_refused": ("警情 {incident} 移交被退回", "the hand-over of {incident} was refused"),
    "text_failed": ("来电 {call} 短信未送达", "a text to call {call} did not arrive"),
    "major": ("警情 {incident} 定为重大警情", "incident {incident} is major"),
    "leader_told": ("警情 {incident} 须报告值班领导", "tell the leader of incident {incident}"),
    "other_desk_ground": (
        "警情 {incident} 在 {ground} 辖区",
        "incident {incident} is on the ground of {ground}",
    ),
    "agency_untold": (
        "{agency} 未收到联动单 {subject}，请电话通知",
        "{agency} did not get {subject}; tell it by telephone",
    ),
    "phone_untold": (
        "话机系统未执行指令，请查看未送达清单",
        "the telephone system does not do what it is told; see what was not delivered",
    ),
}
"""What each kind says, in Chinese and in English."""


def alarm_row(board: Board, key: str) -> AlarmRow | None:
    """The alarm of a key `kind:id` as it stands now, or None."""
    if (alarm := board.alarms.get(key)) is not None:
        return _standing(board, alarm)
    kind, _, subject_id = key.partition(":")
    if kind == "abandoned":
        return _abandoned(board, subject_id)
    order = board.orders.get(subject_id)
    if order is None or kind not in {"unsigned", "feedback"}:
        return None
    return _unsigned(board, order) if kind == "unsigned" else _feedback(board, order)


def _standing(board: Board, alarm: Alarm) -> AlarmRow:
    zh, en = TEXTS[alarm.kind]
    words = _words(board, alarm)
    return AlarmRow(
        key=alarm.alarm_id,
        kind=alarm.kind,
        level=alarm.level,
        to=alarm.to,
        taken_up_by=alarm.taken_up_by,
        call_id=alarm.call_id,
        incident_id=alarm.incident_id,
        order_id=alarm.order_id,
        unit_id=alarm.unit_id,
        since_ms=_since_ms(board, alarm),
        text_zh=zh.format_map(words),
        text_en=en.format_map(words),
    )


def _since_ms(board: Board, alarm: Alarm) -> int:
    """A first unit is waited for since the place is known, or the opening; else since the ring."""
    incident = board.incidents.get(alarm.incident_id)
    if alarm.kind != "queue" or incident is None:
        return alarm.since_ms
    return incident.tp_ms or incident.opened_at_ms


def _words(board: Board, alarm: Alarm) -> dict[str, str | int]:
    """What the texts of alarms name: ids and call signs."""
    incident = board.incidents.get(alarm.incident_id)
    request = board.requests.get(alarm.subject_id)
    unit = board.units.get(alarm.unit_id)
    is_placed = incident is not None and incident.is_placed
    item = board.items.get(alarm.subject_id)
    return {
        "subject": alarm.subject_id,
        "incident": alarm.incident_id,
        "priority": incident.priority if incident else 0,
        "order": alarm.order_id,
        "call": alarm.call_id,
        "unit": unit.call_sign if unit else alarm.unit_id,
        "item": item.title_zh if item else "",
        "item_en": item.title_en if item else "",
        "agency": AGENCIES.get(request.agency, request.agency) if request else "",
        "desk": incident.to_desk_id if incident else "",
        "ground": incident.ground_desk_id if incident else "",
        "waits_zh": "仍未派警" if is_placed else "尚未定位，无法派警",
        "waits": "waits for its first unit" if is_placed else "has no place yet, nobody can go",
    }


def _abandoned(board: Board, call_id: str) -> AlarmRow | None:
    """From the moment a call is missed until its clock has rung, or nothing is owed any more."""
    call = board.calls.get(call_id)
    if call is None or call.state != "abandoned" or not call.to_call_back:
        return None
    if f"call_back:{call_id}" in board.alarms:
        return None
    return AlarmRow(
        key=f"abandoned:{call_id}",
        kind="abandoned",
        level=1,
        to="dispatcher",
        taken_up_by="",
        call_id=call_id,
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
    is_last = order.unsigned_level >= len(board.reference.clocks.unsigned_ms)
    return AlarmRow(
        key=f"unsigned:{order.order_id}",
        kind="unsigned",
        level=order.unsigned_level,
        to="supervisor" if is_last else "dispatcher",
        taken_up_by="",
        call_id="",
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
        to="dispatcher",
        taken_up_by="",
        call_id="",
        incident_id=order.incident_id,
        order_id=order.order_id,
        unit_id=order.unit_id,
        since_ms=order.t8_ms,
        text_zh=f"{call_sign} 派警单 {order.order_id} 反馈超时",
        text_en=f"the feedback of {call_sign} on order {order.order_id} is late",
    )
