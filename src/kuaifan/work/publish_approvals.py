"""Approvals (批准): asked by one person, given by another, and then what was asked happens."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kuaifan.board.approvals import Approval
from kuaifan.board.asked_about import subject_of
from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.seat_consents import SeatConsent, act_of, incident_of
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event, Refusal, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import approval


class Requests:
    """What may be asked for (批准申请规则): commands of the core, and those that seats declare."""

    def __init__(self, of_seats: Mapping[str, SeatConsent]) -> None:
        self._of_seats = of_seats

    def ask(self, board: Board, command: approval.AskApproval, now_ms: int) -> list[Event]:
        """Ask another person to consent to a command (申请批准)."""
        need_name(command.person, zh="申请批准须写明申请人", en="say who asks for the approval")
        if isinstance(command.what, approval.SeatAct):
            asked = self._of_seat(board, command.what, command.person, now_ms)
        else:
            field = approval.consent_field(type(command.what))
            what = msgspec.structs.replace(command.what, **{field: ""})
            asked = approval.ApprovalAsked(
                approval_id=f"AP{board.approvals.n_approvals + 1}",
                person=command.person,
                what=what,
                until_ms=now_ms + approval.VALID_MS,
                **subject_of(board, what)._asdict(),
            )
        _need_new(board, asked)
        return [asked]

    def _of_seat(
        self, board: Board, act: approval.SeatAct, person: str, now_ms: int
    ) -> approval.ApprovalAsked:
        """A seat's own command, of which the seat's rule says what it would lead to."""
        found = self._get_of_seat(act)
        what = found.read(act)
        incident_id = incident_of(found.try_out(board, what, now_ms))
        return approval.ApprovalAsked(
            approval_id=f"AP{board.approvals.n_approvals + 1}",
            person=person,
            what=act_of(what, incident_id),
            until_ms=now_ms + found.consent.valid_ms,
            incident_id=incident_id,
            of_seat=found.of_seat(board, what, incident_id),
        )

    def _get_of_seat(self, act: approval.SeatAct) -> SeatConsent:
        found = self._of_seats.get(act.name)
        if found is None:
            raise Refused(
                "no_consent_needed",
                f"{act.name} 不是须他人同意的操作",
                f"{act.name} is nothing that another person consents to",
            )
        return found

    def on_given(self, board: Board, event: approval.ApprovalGiven, _now_ms: int) -> list[Follow]:
        """What was asked for happens now, with the name of who consented."""
        found = board.approvals.approvals[event.approval_id]
        return [self._consented(found.what, event.person)]

    def on_refused(self, board: Board, command: Command, refusal: Refusal) -> list[Command]:
        """Consented to, and not allowed any more: the people are told both, not only the first."""
        asked = (
            each
            for each in board.approvals.approvals.values()
            # Given by this very input: another consent to it may have been carried out before.
            if (each.state, each.seq) == ("given", board.seq)
            and self._consented(each.what, each.decided_by) == command
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

    def _consented(self, what: Command, person: str) -> Command:
        if isinstance(what, approval.SeatAct):
            found = self._of_seats[what.name]
            return found.consented(found.read(what), person)
        field = approval.consent_field(type(what))
        return msgspec.structs.replace(what, **{field: person})

    @property
    def rules(self) -> Rules[Board]:
        """The rules of approvals, for a rulebook."""
        carried_out = (*approval.APPROVABLE, *(each.command for each in self._of_seats.values()))
        return Rules[Board](
            deciders={
                approval.AskApproval: self.ask,
                approval.GiveApproval: self.give,
                approval.RefuseApproval: refuse,
                approval.ExpireApproval: expire,
                approval.NoteNotDone: note_not_done,
            },
            reactions={
                approval.ApprovalAsked: [on_asked],
                approval.ApprovalGiven: [self.on_given],
            },
            refusals={each: [self.on_refused] for each in carried_out},
        )

    def give(self, board: Board, command: approval.GiveApproval, _now_ms: int) -> list[Event]:
        """Another person consents (批准)."""
        found = _get_waiting(board, command.approval_id, command.person)
        if isinstance(found.what, approval.SeatAct):
            # What is not to be read any more, or is of a seat that has gone, cannot be done.
            self._get_of_seat(found.what).read(found.what)
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


def _need_new(board: Board, asked: approval.ApprovalAsked) -> None:
    for each in board.approvals.approvals.values():
        if each.state == "waiting" and (each.person, each.what) == (asked.person, asked.what):
            raise Refused(
                "already_asked",
                f"已申请批准（{each.approval_id}），请等待答复",
                f"this was asked for already ({each.approval_id}); wait for the answer",
            )


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


def rules_of(of_seats: Mapping[str, SeatConsent]) -> Rules[Board]:
    """The rules of approvals where seats declare that some of their commands need one."""
    return Requests(of_seats).rules
