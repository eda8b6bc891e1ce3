"""What the timeline says of the seat's events (时间线用语); never a party, a text or an answer."""

from __future__ import annotations

from typing import Final

TOLD: Final = (
    (
        "TicketOffered",
        "移交 {other}，工单 {ticket_id}（第 {nth} 次）",
        "handed to {other}, ticket {ticket_id} (offer {nth})",
    ),
    (
        "TicketReceived",
        "{other} 转入工单 {ticket_id}",
        "ticket {ticket_id} came from {other}",
    ),
    (
        "TicketAccepted",
        "工单 {ticket_id} 已签收",
        "ticket {ticket_id} accepted",
    ),
    (
        "TicketReturned",
        "工单 {ticket_id} 退回：{code}",
        "ticket {ticket_id} returned: {code}",
    ),
    (
        "TicketDecided",
        "工单 {ticket_id} 定责：归 {owner}",
        "ticket {ticket_id} decided: {owner}",
    ),
    (
        "TicketKept",
        "工单 {ticket_id} 由首接方办理",
        "ticket {ticket_id} stays with the first receiver",
    ),
    (
        "TicketWithdrawn",
        "工单 {ticket_id} 撤回：{why}，已通知对方",
        "ticket {ticket_id} withdrawn: {why}; the other side is told",
    ),
    (
        "TicketStarted",
        "工单 {ticket_id} 开始办理",
        "ticket {ticket_id} is being worked on",
    ),
    (
        "TicketAnswered",
        "工单 {ticket_id} 已答复",
        "ticket {ticket_id} answered",
    ),
    (
        "TicketCalledBack",
        "工单 {ticket_id} 回访：{result}",
        "ticket {ticket_id} called back: {result}",
    ),
    (
        "TicketClosed",
        "工单 {ticket_id} 办结：{outcome}",
        "ticket {ticket_id} closed: {outcome}",
    ),
    (
        "TicketUrged",
        "工单 {ticket_id} 催办",
        "ticket {ticket_id} urged",
    ),
    (
        "ThreeWayStarted",
        "工单 {ticket_id} 三方通话",
        "ticket {ticket_id} talked of by three",
    ),
)
