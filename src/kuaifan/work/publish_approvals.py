"""Approvals (批准): asked by one person, given by another, and then what was asked happens."""

from __future__ import annotations

import msgspec

from kuaifan.board.approvals import Approval
from kuaifan.board.asked_about import subject_of
from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event, Refusal, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import approval


def ask(board: Board, command: approval.AskApproval, now_ms: int) -> list[Event]:
    """Ask a supervisor to consent to a command (申请批准)."""
    need_name(command.person, zh="申请批准须写明申请人", en="say who asks for the approval")
    field = approval.consent_field(type(command.what))
    what = msgspec.structs.replace(command.what, **{field: ""})
    same = (command.person, what)
    for each in board.approvals.approvals.values():
        if each.state == "waiting" and (each.person, each.what) == same:
            raise Refused(
                "already_asked",
                f"已申请批准（{each.approval_id}），请等待答复",
                f"this was asked for already ({each.approval_id}); wait for the answer",
            )
    return [
        approval.ApprovalAsked(
            approval_id=f"AP{board.approvals.n_approvals + 1}",
            person=command.person,
            what=what,
            until_ms=now_ms + approval.VALID_MS,
            **subject_of(board, what)._asdict(),
        )
    ]


def give(board: Board, command: approval.GiveApproval, _now_ms: int) -> list[Event]:
    """Another person consents (批准)."""
    found = _get_waiting(board, command.approval_id, command.person)
    return [
        approval.ApprovalGiven(
            approval_id=command.approval_id,
            person=command.person,
            **subject_of(board, found.what)._asdict(),
        )
    ]


def refuse(board: Board, command: approval.RefuseApproval, _now_ms: int) -> list[Event]:
    """The other person does not consent (不予批准)."""
    found = _get_waiting(board, command.approval_id, command.person)
    need_reason(command.reason)
    return [
        approval.ApprovalRefused(
            approval_id=command.approval_id,
            person=command.person,
            reason=command.reason,
            **subject_of(board, found.what)._asdict(),
        )
    ]


def expire(board: Board, command: approval.ExpireApproval, _now_ms: int) -> list[Event]:
    """Its time is over (批准申请到期)."""
    if command.approval_id not in board.approvals.approvals:
        return []
    return [approval.ApprovalEnded(approval_id=command.approval_id)]


def on_asked(_board: Board, event: approval.ApprovalAsked, _now_ms: int) -> list[Follow]:
    """Its end is set with it."""
    expire_it = approval.ExpireApproval(approval_id=event.approval_id)
    return [SetTimer(f"approval:{event.approval_id}", event.until_ms, expire_it)]


def on_given(board: Board, event: approval.ApprovalGiven, _now_ms: int) -> list[Follow]:
    """What was asked for happens now, with the name of who consented."""
    what = board.approvals.approvals[event.approval_id].what
    field = approval.consent_field(type(what))
    return [msgspec.structs.replace(what, **{field: event.person})]


def on_refused(board: Board, command: Command, refusal: Refusal) -> list[Command]:
    """Consented to, and not allowed any more: the people are told both, not only the first."""
    asked = (
        each
        for each in board.approvals.approvals.values()
        # Given by this very input: another consent to the same may have been carried out before.
        if (each.state, each.seq) == ("given", board.seq)
        and msgspec.structs.replace(each.what, approved_by=each.decided_by) == command
    )
    return [
        approval.NoteNotDone(
            approval_id=each.approval_id,
            code=refusal.code,
            reason_zh=refusal.reason_zh,
            reason_en=refusal.reason_en,
        )
        for each in asked
    ]


def note_not_done(board: Board, command: approval.NoteNotDone, _now_ms: int) -> list[Event]:
    """It could not be done (批准后未能执行)."""
    found = board.approvals.approvals.get(command.approval_id)
    if found is None or found.state != "given":
        raise Refused(
            "not_given",
            f"申请 {command.approval_id} 未获批准",
            f"nobody has consented to {command.approval_id}",
        )
    return [
        approval.ApprovalNotDone(
            approval_id=command.approval_id,
            code=command.code,
            reason_zh=command.reason_zh,
            reason_en=command.reason_en,
            **subject_of(board, found.what)._asdict(),
        )
    ]


def _get_waiting(board: Board, approval_id: str, person: str) -> Approval:
    need_name(person, zh="须写明由谁决定", en="say who decides")
    found = board.approvals.approvals.get(approval_id)
    if found is None:
        raise Refused(
            "unknown_approval",
            f"没有待批准的申请 {approval_id}，或已过期",
            f"no request {approval_id} waits for an approval, or its time is over",
        )
    if found.state != "waiting":
        raise Refused(
            "already_decided",
            f"申请 {approval_id} 已由 {found.decided_by} 答复",
            f"{found.decided_by} has answered {approval_id} already",
        )
    if found.person == person:
        raise Refused(
            "own_approval", "不能批准自己的申请，须由他人批准", "nobody consents to its own request"
        )
    return found


RULES = Rules[Board](
    deciders={
        approval.AskApproval: ask,
        approval.GiveApproval: give,
        approval.RefuseApproval: refuse,
        approval.ExpireApproval: expire,
        approval.NoteNotDone: note_not_done,
    },
    reactions={
        approval.ApprovalAsked: [on_asked],
        approval.ApprovalGiven: [on_given],
    },
    refusals={each: [on_refused] for each in approval.APPROVABLE},
)
