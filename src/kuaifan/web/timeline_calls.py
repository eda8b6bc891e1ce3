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
    phone.PhoneEventTaken: ("电话系统：{event.kind}（{event.mark}）", "telephone: {event.kind}"),
    phone.RecordingAttached: ("录音已关联", "a recording is kept"),
    missed.CallerLimitEnded: ("限呼 {event.limit_id} 结束", "limit {event.limit_id} has ended"),
}
