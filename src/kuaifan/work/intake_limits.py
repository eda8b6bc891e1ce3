"""Numbers that abuse the line (骚扰限呼): marked and offered last for a time, never blocked."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_reason, need_supervisor
from kuaifan.board.entities import Call
from kuaifan.board.lookup import get_call
from kuaifan.board.papers import CallerLimit
from kuaifan.board.silence import has_number
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import missed

MINUTE_MS: Final = 60_000
SERIOUS_PRIORITY: Final = 2
"""Whoever reports something so urgent is not a nuisance now."""


def limit_caller(board: Board, command: missed.LimitCaller, now_ms: int) -> list[Event]:
    """A number is limited for a time (限呼), by a supervisor and with a reason; never a child's."""
    call = get_call(board, command.call_id)
    need_supervisor(command.approved_by)
    need_reason(command.reason)
    _may_be_limited(board, call, is_child=command.is_child)
    return [
        missed.CallerLimited(
            limit_id=f"L{board.n_limits + 1}",
            call_id=call.call_id,
            caller_number=call.caller_number,
            approved_by=command.approved_by,
            reason=command.reason,
            until_ms=now_ms + command.minutes * MINUTE_MS,
        )
    ]


def lift_limit(board: Board, command: missed.LiftCallerLimit, _now_ms: int) -> list[Event]:
    """A supervisor ends a limit before its time (解除限呼)."""
    need_supervisor(command.approved_by)
    limit = _get_limit(board, command.limit_id)
    return [_ended(limit, command.approved_by)]


def expire_limit(board: Board, command: missed.ExpireCallerLimit, now_ms: int) -> list[Event]:
    """A limit has run out (限呼到期)."""
    limit = _get_limit(board, command.limit_id)
    if now_ms < limit.until_ms:
        raise Refused(
            "limit_running",
            f"限呼 {limit.limit_id} 尚未到期",
            f"limit {limit.limit_id} has not run out; a supervisor may lift it",
        )
    return [_ended(limit, "")]


def on_limited(_board: Board, event: missed.CallerLimited, _now_ms: int) -> list[Follow]:
    """It ends by itself."""
    expire = missed.ExpireCallerLimit(limit_id=event.limit_id)
    return [SetTimer(f"limit:{event.limit_id}", event.until_ms, expire)]


def on_ended(_board: Board, event: missed.CallerLimitEnded, _now_ms: int) -> list[Follow]:
    """Lifted before its time, it need not run out."""
    return [CancelTimer(f"limit:{event.limit_id}")] if event.approved_by else []


def _may_be_limited(board: Board, call: Call, *, is_child: bool) -> None:
    if is_child:
        raise Refused(
            "children_never",
            "未成年人来电一律不作骚扰处理",
            "a child's call is never a nuisance; take it as every other",
        )
    if not has_number(call):
        raise Refused(
            "no_number", f"来电 {call.call_id} 没有号码", f"call {call.call_id} has no number"
        )
    if (limit := board.limits.get(call.caller_number)) is not None:
        raise Refused(
            "already_limited",
            f"该号码已限呼（{limit.limit_id}）",
            f"the number of call {call.call_id} is limited already, by {limit.limit_id}",
        )
    serious = _find_serious(board, call)
    if serious:
        raise Refused(
            "serious_incident",
            f"该号码有未结紧急警情 {serious}，不能限呼",
            f"the number of call {call.call_id} has urgent incident {serious} open",
        )


def _find_serious(board: Board, call: Call) -> str:
    """An open incident of priority 1 or 2 that this number has called about, or empty. O(calls)."""
    for each in board.calls.values():
        incident = board.incidents.get(each.incident_id)
        if incident is None or incident.is_over or incident.priority > SERIOUS_PRIORITY:
            continue
        if each is call or each.caller_number == call.caller_number:
            return incident.incident_id
    return ""


def _get_limit(board: Board, limit_id: str) -> CallerLimit:
    limit = next((each for each in board.limits.values() if each.limit_id == limit_id), None)
    if limit is None:
        raise Refused(
            "unknown_limit",
            f"没有限呼 {limit_id}，或已结束",
            f"there is no limit {limit_id}, or it is over",
        )
    return limit


def _ended(limit: CallerLimit, approved_by: str) -> missed.CallerLimitEnded:
    return missed.CallerLimitEnded(
        limit_id=limit.limit_id, call_id=limit.call_id, approved_by=approved_by
    )


RULES = Rules[Board](
    deciders={
        missed.LimitCaller: limit_caller,
        missed.LiftCallerLimit: lift_limit,
        missed.ExpireCallerLimit: expire_limit,
    },
    reactions={missed.CallerLimited: [on_limited], missed.CallerLimitEnded: [on_ended]},
)
