"""Words of the timeline for what happens to a call (来电时间线用语): no name, number or text.

Each is a pair of templates, Chinese and English, over the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kuaifan.kernel.message import Event
from kuaifan.vocabulary import missed, phone, talk

CALL_WORDS: Final[Mapping[type[Event], tuple[str, str]]] = {
    talk.CallOffered: ("分配{event.seat_id}", "rings at {event.seat_id}"),
    talk.OfferReleased: ("{event.seat_id}退回分配", "{event.seat_id} gave it back"),
    talk.CallTakenOver: (
        "{event.seat_id}从 {event.from_seat_id}接管通话",
        "{event.seat_id} took the call over from {event.from_seat_id}",
    ),
    talk.CallHeld: ("通话保持", "the caller is on hold"),
    talk.CallResumed: ("取回通话", "the talk goes on"),
    talk.TransferOffered: ("转接 {event.to_id}，待签收", "offered to {event.to_id}"),
    talk.TransferAccepted: ("{event.to_id} 已签收转接", "{event.to_id} has taken it"),
    talk.TransferRefused: ("{event.to_id} 拒绝转接", "{event.to_id} does not take it"),
    talk.PartyAdded: ("第 {event.party_no} 方加入通话", "party {event.party_no} joined the call"),
    talk.PartyDropped: ("第 {event.party_no} 方退出通话", "party {event.party_no} left the call"),
    talk.TextSent: ("发出短信 {event.text_no}", "text {event.text_no} sent"),
    talk.TextReceived: ("收到短信", "the caller wrote"),
    talk.TextOutcomeReported: (
        "短信 {event.text_no} 回执：{event.outcome}",
        "text {event.text_no} was {event.outcome}",
    ),
    talk.CallerLocated: (
        "报警人定位，误差 {event.uncertainty_m} 米",
        "the caller is located within {event.uncertainty_m} m",
    ),
    missed.CallBackStarted: ("{event.seat_id}回拨", "{event.seat_id} rings back"),
    missed.CallBackRecorded: ("回拨结果：{event.outcome}", "rung back: {event.outcome}"),
    missed.MissedCallCleared: ("未接来电已消除", "a person cleared the call"),
    missed.NeverRingFlagged: ("禁止回拨", "nobody may ring back"),
    missed.NeverRingLifted: ("解除禁止回拨", "ringing back is allowed again"),
    missed.SilenceReported: ("静默来电", "the line is silent"),
    missed.SilentSignNoted: ("静默迹象：{event.sign}", "on the silent line: {event.sign}"),
    missed.SilentStepSkipped: ("静默处置：{event.next_step}", "silent call: {event.next_step}"),
    missed.CallerLimited: ("限呼 {event.limit_id}", "limit {event.limit_id} on the number"),
    phone.PhoneEventTaken: (
        "电话系统：{event.kind}（{event.mark}）",
        "telephone: {event.kind} ({event.mark})",
    ),
    phone.RecordingAttached: ("录音已关联", "a recording is kept"),
    missed.CallerLimitEnded: ("限呼 {event.limit_id} 结束", "limit {event.limit_id} has ended"),
}
CALL_CODE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "web": ("网络报警", "the web"),
    "one_key": ("一键报警", "a key"),
    "iot": ("物联设备", "a device"),
    "walk_in": ("上门", "the counter"),
    "patrol_found": ("巡逻发现", "a patrol"),
    "other_desk": ("其他指挥席", "another desk"),
    "talked": ("已通话", "talked"),
    "no_answer": ("无人接", "no answer"),
    "unsafe": ("不宜再拨", "unsafe to ring"),
    "quiet": ("仍无声", "still quiet"),
    "keypad_yes": ("按键：是", "key: yes"),
    "keypad_no": ("按键：否", "key: no"),
    "whisper": ("低声", "a whisper"),
    "listening": ("听", "listen"),
    "text_link": ("短信链接", "text link"),
    "send_unit": ("派一组", "one unit"),
    "sent": ("已派出", "sent"),
    "cleared": ("已消除", "cleared"),
    "ring": ("振铃", "ring"),
    "answer": ("接听", "answer"),
    "hold": ("保持", "hold"),
    "resume": ("取回", "resume"),
    "transfer_answer": ("转接接听", "transfer answered"),
    "transfer_fail": ("转接失败", "transfer failed"),
    "party_joined": ("有人加入", "somebody joined"),
    "party_left": ("有人退出", "somebody left"),
    "hang_up": ("挂机", "hang-up"),
    "recording": ("录音", "recording"),
    "applied": ("已生效", "applied"),
    "early": ("先于振铃", "before the ring"),
    "known": ("已知", "known already"),
    "late": ("已过时", "out of date"),
    "unfit": ("与通话状态不符", "unfit"),
    "unknown_call": ("未曾振铃的通话", "of a call that never rang"),
    "delivered": ("已送达", "delivered"),
    "failed": ("未送达", "not delivered"),
}
"""Codes of a call in words (来电代码)."""
