"""What the timeline says of approvals and of what left the desk (时间线：批准与外发).

Of the person who asked or consented it says nothing, of a reason no word: the register has those.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kuaifan.kernel.message import Event
from kuaifan.vocabulary import approval, outbox

ASKED_WORDS: Final[Mapping[type[Event], tuple[str, str]]] = {
    approval.ApprovalAsked: (
        "申请批准 {event.approval_id}",
        "{event.approval_id}: consent is asked for",
    ),
    approval.ApprovalGiven: (
        "申请 {event.approval_id} 已批准",
        "{event.approval_id}: consented to",
    ),
    approval.ApprovalRefused: (
        "申请 {event.approval_id} 未获批准",
        "{event.approval_id}: not consented to",
    ),
    approval.ApprovalNotDone: (
        "申请 {event.approval_id} 已批准，但未能执行：{event.reason_zh}",
        "{event.approval_id}: consented to, but it could not be done: {event.reason_en}",
    ),
    outbox.EffectUndelivered: (
        "未送达：{event.channel}（{event.what}）",
        "{event.channel} was not told ({event.what})",
    ),
    outbox.EffectRepeated: (
        "未送达件 {event.effect_id} 已重发",
        "{event.effect_id} is told once more",
    ),
    outbox.EffectDelivered: ("重发件 {event.effect_id} 已送达", "{event.effect_id} has arrived"),
    outbox.EffectDismissed: (
        "未送达件 {event.effect_id} 不再外发（{event.why}）",
        "{event.effect_id} is told no more ({event.why})",
    ),
}
