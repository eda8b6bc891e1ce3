"""Seats (席位): log-on, pause, signed hand-over, and who is offered the next call."""

from __future__ import annotations

from kuaifan.board.asking import need_name, need_reason, need_seat
from kuaifan.board.entities import Call
from kuaifan.board.papers import DeskSeat
from kuaifan.board.seat_register import check_register, extension_of_register
from kuaifan.board.seating import (
    find_seat_by_extension,
    get_seat,
    is_free,
    is_manned,
    list_owned_calls,
    list_releases,
)
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import missed, seat, talk
from kuaifan.vocabulary.lines import CHANNELS, SEAT_SKILLS


def log_on(board: Board, command: seat.LogOnSeat, _now_ms: int) -> list[Event]:
    """A person takes a seat (席位签入); the same person may do so again, with other skills."""
    need_seat(command.seat_id)
    need_name(command.person)
    there = board.desk_seats.get(command.seat_id)
    if there is not None and there.state != "off" and there.person != command.person:
        raise Refused(
            "seat_taken",
            f"席位 {command.seat_id} 已由 {there.person} 签入",
            f"{there.person} is logged on at seat {command.seat_id}; take it by hand-over",
        )
    if command.desk_id not in board.reference.desks:
        raise Refused(
            "unknown_desk", f"没有指挥席 {command.desk_id}", f"there is no desk {command.desk_id}"
        )
    unknown = [skill for skill in command.skills if skill not in SEAT_SKILLS]
    if unknown:
        raise Refused(
            "unknown_skill",
            f"没有席位技能 {'、'.join(unknown)}",
            f"no seat skill is called {', '.join(unknown)}; there are {', '.join(SEAT_SKILLS)}",
        )
    check_register(board, command.seat_id, command.desk_id, command.skills)
    again = there if is_manned(there) else None
    after_call_s = command.after_call_s
    if after_call_s is None:
        after_call_s = again.after_call_s if again else 0
    return [
        seat.SeatLoggedOn(
            seat_id=command.seat_id,
            person=command.person,
            desk_id=command.desk_id,
            skills=command.skills,
            extension=_extension(board, command, again),
            after_call_s=after_call_s,
            is_again=again is not None,
        )
    ]


def pause(board: Board, command: seat.PauseSeat, _now_ms: int) -> list[Event]:
    """The person steps away (席位暂离); what rings there goes to others."""
    there = get_seat(board, command.seat_id)
    need_reason(command.reason)
    if there.state == "talking":
        raise Refused(
            "seat_talking",
            f"席位 {there.seat_id} 正在通话，不能暂离",
            f"seat {there.seat_id} talks on {', '.join(there.call_ids)}; end or pass it on first",
        )
    if there.state == "paused":
        raise Refused(
            "seat_paused", f"席位 {there.seat_id} 已暂离", f"seat {there.seat_id} is paused already"
        )
    paused = seat.SeatPaused(seat_id=there.seat_id, reason=command.reason)
    return [paused, *list_releases(board, there.seat_id)]


def resume(board: Board, command: seat.ResumeSeat, _now_ms: int) -> list[Event]:
    """The person is back, or done with the last call before its time (席位恢复)."""
    there = get_seat(board, command.seat_id)
    if there.state not in {"paused", "after_call"}:
        raise Refused(
            "seat_not_paused",
            f"席位 {there.seat_id} 未暂离",
            f"seat {there.seat_id} is {there.state}, not paused or busy after a call",
        )
    return [seat.SeatResumed(seat_id=there.seat_id)]


def end_after_call(board: Board, command: seat.EndAfterCall, _now_ms: int) -> list[Event]:
    """The time is over (话后处理到时); nothing where the seat does something else by now."""
    there = board.desk_seats.get(command.seat_id)
    if there is None or there.state != "after_call":
        return []
    return [seat.SeatResumed(seat_id=there.seat_id)]


def on_left(board: Board, _event: Event, now_ms: int) -> list[Follow]:
    """A seat whose last talk has just ended writes it up, and is then offered the next call."""
    return [
        SetTimer(
            f"after_call:{there.seat_id}",
            now_ms + there.after_call_s * 1_000,
            seat.EndAfterCall(seat_id=there.seat_id),
        )
        for there in board.desk_seats.values()
        if there.state == "after_call" and there.since_ms == now_ms and there.seq == board.seq
    ]


def log_off(board: Board, command: seat.LogOffSeat, _now_ms: int) -> list[Event]:
    """The person leaves (席位签出); what the seat owns must be ended or handed over before."""
    there = get_seat(board, command.seat_id)
    owned = [call.call_id for call in list_owned_calls(board, there.seat_id)]
    if owned:
        raise Refused(
            "seat_owns",
            f"席位 {there.seat_id} 尚有来电 {'、'.join(owned)} 未了结，请先办结或交班",
            f"seat {there.seat_id} owns calls {', '.join(owned)}; end them, or hand the seat over",
        )
    left = seat.SeatLoggedOff(seat_id=there.seat_id)
    return [left, *list_releases(board, there.seat_id)]


def hand_over(board: Board, command: seat.HandOverSeat, _now_ms: int) -> list[Event]:
    """The seat is offered to the next person (席位交班); until signed the first one stays."""
    there = get_seat(board, command.seat_id)
    need_name(command.to_person)
    if command.to_person == there.person:
        raise Refused(
            "same_person",
            f"席位 {there.seat_id} 已由 {there.person} 值守",
            f"{there.person} is at seat {there.seat_id} already",
        )
    return [
        seat.SeatHandOverOffered(
            seat_id=there.seat_id,
            to_person=command.to_person,
            call_ids=tuple(call.call_id for call in list_owned_calls(board, there.seat_id)),
            notes=command.notes,
        )
    ]


def accept_seat(board: Board, command: seat.AcceptSeat, _now_ms: int) -> list[Event]:
    """The next person signs for the seat (席位接班); the one named, and nobody else."""
    there = get_seat(board, command.seat_id)
    if not there.to_person:
        raise Refused(
            "no_hand_over",
            f"席位 {there.seat_id} 没有待签的交班",
            f"seat {there.seat_id} is not handed over; {there.person} has to offer it",
        )
    if command.person != there.to_person:
        raise Refused(
            "other_person",
            f"席位 {there.seat_id} 交给 {there.to_person}，须由本人签收",
            f"seat {there.seat_id} is offered to {there.to_person}, who has to sign",
        )
    return [
        seat.SeatHandedOver(seat_id=there.seat_id, from_person=there.person, person=command.person)
    ]


def offer_calls(board: Board, _command: talk.OfferCalls, now_ms: int) -> list[Event]:
    """What rings goes to idle seats (话务分配): oldest call first, limited ones last.

    Of the seats, those with the skill of the line first, then who has been idle longest.
    """
    unoffered, offers = _list_unoffered(board), list[Event]()
    if not unoffered:
        return offers
    seats = [each for each in board.desk_seats.values() if is_free(each)]
    free = sorted(seats, key=lambda each: (each.since_ms, each.seat_id))
    for call in unoffered if free else ():
        there = _find_seat(board, call, free, now_ms)
        if there is not None:
            free.remove(there)
            offers.append(talk.CallOffered(call_id=call.call_id, seat_id=there.seat_id))
        if not free:
            break
    return offers


def on_registered(board: Board, event: calls.CallRegistered, now_ms: int) -> list[Follow]:
    """It is offered at once; after a grace also to seats without the skill of its line."""
    if not board.desk_seats or event.call_id not in board.ringing:
        return []
    follows: list[Follow] = [talk.OfferCalls()]
    skill = CHANNELS[event.line].skill
    if skill and _is_at_work(board, skill):
        due_at_ms = now_ms + board.reference.clocks.take_grace_ms
        follows.append(SetTimer(f"offer:{event.call_id}", due_at_ms, talk.OfferCalls()))
    return follows


def on_freed(board: Board, _event: Event, _now_ms: int) -> list[Follow]:
    """A seat may be idle now, or a call unoffered."""
    return [talk.OfferCalls()] if board.desk_seats and board.ringing else []


def _extension(board: Board, command: seat.LogOnSeat, again: DeskSeat | None) -> str:
    """The telephone there: as said, of the register, or as before; or refuse: extension_taken."""
    own = extension_of_register(board, command.seat_id, command.extension)
    extension = own or (again.extension if again else "")
    phone_at = find_seat_by_extension(board, extension)
    if phone_at is not None and phone_at.seat_id != command.seat_id:
        raise Refused(
            "extension_taken",
            f"分机 {extension} 已在席位 {phone_at.seat_id}",
            f"extension {extension} is at seat {phone_at.seat_id}; give its own",
        )
    return extension


def _list_unoffered(board: Board) -> list[Call]:
    """Ringing calls that are with no seat, oldest first; those of limited numbers last."""
    ringing = [board.calls[call_id] for call_id in board.ringing]
    waiting = [call for call in ringing if not call.offered_seat_id]
    return sorted(waiting, key=lambda call: call.is_limited) if len(waiting) > 1 else waiting


def _find_seat(board: Board, call: Call, free: list[DeskSeat], now_ms: int) -> DeskSeat | None:
    """The seat for a call, of those free, the longest idle first; None: it waits for a skill."""
    skill = CHANNELS[call.line].skill
    skilled = next((each for each in free if not skill or skill in each.skills), None)
    if skilled is not None:
        return skilled
    waited_ms = now_ms - call.t0_ms
    if waited_ms < board.reference.clocks.take_grace_ms and _is_at_work(board, skill):
        return None
    return free[0]


def _is_at_work(board: Board, skill: str) -> bool:
    """Whether a seat with the skill will soon be free: manned, and nobody has stepped away."""
    return any(
        is_manned(each) and each.state != "paused" and skill in each.skills
        for each in board.desk_seats.values()
    )


FREEING: tuple[type[Event], ...] = (
    seat.SeatLoggedOn,
    seat.SeatResumed,
    calls.CallAnswered,
    calls.CallEnded,
    calls.CallAbandoned,
    talk.OfferReleased,
    talk.CallTakenOver,
    talk.TransferAccepted,
    missed.CallBackRecorded,
    missed.MissedCallCleared,
)
"""After these a seat may have become idle, or a call may be with no seat."""

RULES = Rules[Board](
    deciders={
        seat.LogOnSeat: log_on,
        seat.PauseSeat: pause,
        seat.ResumeSeat: resume,
        seat.EndAfterCall: end_after_call,
        seat.LogOffSeat: log_off,
        seat.HandOverSeat: hand_over,
        seat.AcceptSeat: accept_seat,
        talk.OfferCalls: offer_calls,
    },
    reactions={
        calls.CallRegistered: [on_registered],
        **{event: [on_freed, on_left] for event in FREEING},
    },
)
