"""During a call (通话): hold, take over, three-way, and passing it on with a receipt (首接责任)."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason, need_seat
from kuaifan.board.entities import Call
from kuaifan.board.lookup import get_call
from kuaifan.board.seating import (
    get_talking_call,
    is_manned,
    list_releases,
    need_free_ear,
    need_voice,
)
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import talk
from kuaifan.vocabulary.agency import AGENCIES
from kuaifan.vocabulary.alarm import RaiseAlarm

SERVICES: Final = frozenset({*AGENCIES, "122"})
"""To whom a call can be passed on: the services that come, and the traffic line."""
MAX_PARTIES: Final = 8
"""So many others fit into one call at a time."""


def hold(board: Board, command: talk.HoldCall, _now_ms: int) -> list[Event]:
    """The caller waits on the line (保持)."""
    call = get_talking_call(board, command.call_id)
    need_voice(call)
    if call.on_hold:
        raise Refused(
            "already_held", f"来电 {call.call_id} 已保持", f"call {call.call_id} is on hold already"
        )
    return [talk.CallHeld(call_id=call.call_id)]


def resume(board: Board, command: talk.ResumeCall, _now_ms: int) -> list[Event]:
    """The seat talks again (取回)."""
    call = get_talking_call(board, command.call_id)
    if not call.on_hold:
        raise Refused(
            "not_held", f"来电 {call.call_id} 未保持", f"call {call.call_id} is not on hold"
        )
    need_free_ear(board, call.seat_id, call)
    return [talk.CallResumed(call_id=call.call_id)]


def take_over(board: Board, command: talk.TakeOverCall, now_ms: int) -> list[Event]:
    """Another seat takes over a talk (接管通话): at once freely, later with a reason."""
    need_seat(command.seat_id)
    call = get_talking_call(board, command.call_id)
    if call.seat_id == command.seat_id:
        raise Refused(
            "same_seat",
            f"来电 {call.call_id} 已在席位 {call.seat_id}",
            f"call {call.call_id} is at seat {call.seat_id} already",
        )
    if call.transfer_kind == "seat" and call.transfer_id == command.seat_id:
        raise Refused(
            "transfer_open",
            f"来电 {call.call_id} 正转接至席位 {command.seat_id}，请签收",
            f"call {call.call_id} is offered to seat {command.seat_id}; accept the transfer",
        )
    if now_ms - call.t2_ms > board.reference.clocks.take_grace_ms:
        need_reason(command.reason)
    taken = talk.CallTakenOver(
        call_id=call.call_id,
        from_seat_id=call.seat_id,
        seat_id=command.seat_id,
        reason=command.reason,
    )
    return [taken, *list_releases(board, command.seat_id)]


def transfer(board: Board, command: talk.TransferCall, _now_ms: int) -> list[Event]:
    """A call is offered to its next owner (转接); the first one stays until the receipt."""
    call = get_talking_call(board, command.call_id)
    if call.transfer_kind is not None:
        raise Refused(
            "transfer_open",
            f"来电 {call.call_id} 已在转接 {call.transfer_id}，尚未签收",
            f"call {call.call_id} is offered to {call.transfer_id} already; wait, or have it "
            "refused first",
        )
    _TARGETS[command.to_kind](board, call, command.to_id)
    return [
        talk.TransferOffered(
            call_id=call.call_id,
            to_kind=command.to_kind,
            to_id=command.to_id,
            reason=command.reason,
        )
    ]


def accept_transfer(board: Board, command: talk.AcceptTransfer, _now_ms: int) -> list[Event]:
    """The next owner signs (转接签收); a service joins, and the caller stays in the call."""
    call = get_call(board, command.call_id)
    kind = _need_transfer(call)
    need_name(command.by)
    accepted = talk.TransferAccepted(
        call_id=call.call_id, to_kind=kind, to_id=call.transfer_id, by=command.by
    )
    if kind == "agency":
        return [accepted, *_joined(call, command.by)]
    _need_right_seat(board, call, command.by)
    if call.state == "talking":
        need_free_ear(board, command.by, call)
        return [accepted, *list_releases(board, command.by)]
    return [accepted]


def refuse_transfer(board: Board, command: talk.RefuseTransfer, _now_ms: int) -> list[Event]:
    """The other does not take it (拒绝转接); its owner also says so when nobody answers."""
    call = get_call(board, command.call_id)
    kind = _need_transfer(call)
    need_name(command.by)
    need_reason(command.reason)
    return [
        talk.TransferRefused(
            call_id=call.call_id,
            to_kind=kind,
            to_id=call.transfer_id,
            by=command.by,
            reason=command.reason,
        )
    ]


def add_party(board: Board, command: talk.AddParty, _now_ms: int) -> list[Event]:
    """A third party joins the call (三方通话)."""
    call = get_talking_call(board, command.call_id)
    need_name(command.name)
    if sum(not party.left for party in call.parties) >= MAX_PARTIES:
        raise Refused(
            "too_many_parties",
            f"来电 {call.call_id} 已有 {MAX_PARTIES} 方，须先有人退出",
            f"call {call.call_id} has {MAX_PARTIES} parties; drop one first",
        )
    return [
        talk.PartyAdded(
            call_id=call.call_id,
            party_no=len(call.parties) + 1,
            kind=command.kind,
            name=command.name,
            number=command.number,
        )
    ]


def drop_party(board: Board, command: talk.DropParty, _now_ms: int) -> list[Event]:
    """A third party leaves the call (退出三方)."""
    call = get_talking_call(board, command.call_id)
    party = next((each for each in call.parties if each.party_no == command.party_no), None)
    if party is None:
        raise Refused(
            "unknown_party",
            f"来电 {call.call_id} 没有第 {command.party_no} 方",
            f"call {call.call_id} has no party {command.party_no}",
        )
    if party.left:
        raise Refused(
            "party_left",
            f"来电 {call.call_id} 的第 {party.party_no} 方已退出",
            f"party {party.party_no} has left call {call.call_id} already",
        )
    return [talk.PartyDropped(call_id=call.call_id, party_no=command.party_no)]


def on_refused(board: Board, event: talk.TransferRefused, _now_ms: int) -> list[Follow]:
    """Its owner must not overlook it."""
    return [
        RaiseAlarm(
            kind="transfer_refused",
            subject_id=event.call_id,
            incident_id=board.calls[event.call_id].incident_id,
            text=f"{event.to_id}: {event.reason}"[:200],
        )
    ]


def _to_seat(board: Board, call: Call, seat_id: str) -> None:
    need_seat(seat_id)
    if seat_id == call.seat_id:
        raise _to_itself(call)
    some_manned = any(is_manned(each) for each in board.desk_seats.values())
    if some_manned and not is_manned(board.desk_seats.get(seat_id)):
        raise Refused(
            "seat_off",
            f"席位 {seat_id} 无人签入",
            f"nobody is logged on at seat {seat_id}; choose a manned one, or a desk",
        )


def _to_desk(board: Board, call: Call, desk_id: str) -> None:
    if desk_id not in board.reference.desks:
        raise Refused("unknown_desk", f"没有指挥席 {desk_id}", f"there is no desk {desk_id}")
    if desk_id == call.desk_id:
        raise _to_itself(call)


def _to_agency(_board: Board, call: Call, agency: str) -> None:
    if agency not in SERVICES:
        raise Refused(
            "unknown_agency",
            f"没有联动部门 {agency}",
            f"there is no service {agency}; there are {', '.join(sorted(SERVICES))}",
        )
    if agency == call.handed_to:
        raise _to_itself(call)


_TARGETS: Final = {"seat": _to_seat, "desk": _to_desk, "agency": _to_agency}


def _to_itself(call: Call) -> Refused:
    return Refused(
        "transfer_to_itself",
        f"来电 {call.call_id} 已在该处",
        f"call {call.call_id} is there already; choose another one",
    )


def _need_transfer(call: Call) -> talk.TargetKind:
    if call.transfer_kind is None:
        raise Refused(
            "no_transfer",
            f"来电 {call.call_id} 没有待签收的转接",
            f"call {call.call_id} is not offered to anybody",
        )
    return call.transfer_kind


def _need_right_seat(board: Board, call: Call, by: str) -> None:
    """A seat signs for itself; for a desk, one of its own seats."""
    if call.transfer_kind == "seat" and by != call.transfer_id:
        raise Refused(
            "not_yours",
            f"来电 {call.call_id} 转给席位 {call.transfer_id}",
            f"call {call.call_id} is offered to seat {call.transfer_id}, not to {by}",
        )
    if by == call.seat_id:
        raise Refused(
            "same_seat",
            f"来电 {call.call_id} 已在席位 {by}",
            f"seat {by} owns call {call.call_id}; another one has to sign",
        )
    there = board.desk_seats.get(by)
    if call.transfer_kind != "desk" or there is None or there.state == "off":
        return
    if there.desk_id != call.transfer_id:
        raise Refused(
            "wrong_desk",
            f"席位 {by} 不属于指挥席 {call.transfer_id}",
            f"seat {by} works for desk {there.desk_id}; {call.transfer_id} has to sign",
        )


def _joined(call: Call, by: str) -> list[Event]:
    if call.state != "talking":
        return []
    return [
        talk.PartyAdded(
            call_id=call.call_id,
            party_no=len(call.parties) + 1,
            kind="agency",
            name=call.transfer_id if by == call.transfer_id else f"{call.transfer_id} {by}",
            number="",
        )
    ]


RULES = Rules[Board](
    deciders={
        talk.HoldCall: hold,
        talk.ResumeCall: resume,
        talk.TakeOverCall: take_over,
        talk.TransferCall: transfer,
        talk.AcceptTransfer: accept_transfer,
        talk.RefuseTransfer: refuse_transfer,
        talk.AddParty: add_party,
        talk.DropParty: drop_party,
    },
    reactions={talk.TransferRefused: [on_refused]},
)
