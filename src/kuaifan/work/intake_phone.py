"""The telephone system's events (电话事件): each is kept, marked, and becomes what it means.

They come twice, late and in disorder: what is true of a call is never undone by an older word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.entities import Call
from kuaifan.board.fold_phone import last_no
from kuaifan.board.lookup import get_call
from kuaifan.board.papers import CallParty
from kuaifan.board.seating import find_seat_by_extension
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import phone, talk
from kuaifan.vocabulary.lines import CHANNELS

CLOCK_TOLERANCE_MS: Final = 60_000
"""A device whose clock is further off than this is not believed about times."""
STANDS_FOR_RING: Final = frozenset({"ring", "answer", "hang_up"})
"""Each of these says that a caller was there, also where the ring itself was lost."""
BY_PHONE: Final = "telephone system"


def report_event(board: Board, command: phone.ReportPhoneEvent, now_ms: int) -> list[Event]:
    """An event is kept with what it means to us (电话事件); refused only if it names no line."""
    facts = command.facts
    if not command.phone_call_id.strip() or not command.pbx_id.strip():
        raise Refused("no_phone_call", "须填写话机系统和通话编号", "name the system and its call")
    if command.kind in STANDS_FOR_RING and not CHANNELS[facts.line].rings:
        raise Refused(
            "not_a_phone_line",
            f"渠道 {facts.line} 不经电话振铃",
            f"nobody rings on {facts.line}; name the line that was dialled",
        )
    call = find_phone_call(board, command.pbx_id, command.phone_call_id)
    off_ms = command.device_at_ms - now_ms if command.device_at_ms else 0
    return [
        phone.PhoneEventTaken(
            pbx_id=command.pbx_id,
            phone_call_id=command.phone_call_id,
            event_no=command.event_no,
            kind=command.kind,
            mark=_mark(board, call, command),
            facts=facts,
            call_id=call.call_id if call else "",
            clock_off_ms=off_ms if abs(off_ms) > CLOCK_TOLERANCE_MS else 0,
        )
    ]


def attach_recording(board: Board, command: phone.AttachRecording, _now_ms: int) -> list[Event]:
    """A recording of a call is kept elsewhere (关联录音); once each, and never taken away."""
    call = get_call(board, command.call_id)
    if not command.reference.strip():
        raise Refused(
            "no_reference",
            f"来电 {call.call_id} 须填写录音编号",
            f"say under what name the recording of call {call.call_id} is kept",
        )
    if _has_recording(call, command.reference):
        raise Refused(
            "recording_known",
            f"来电 {call.call_id} 已关联该录音",
            f"call {call.call_id} has this recording already",
        )
    return [
        phone.RecordingAttached(
            call_id=call.call_id,
            reference=command.reference,
            started_at_ms=command.started_at_ms,
            duration_ms=command.duration_ms,
        )
    ]


def on_taken(board: Board, event: phone.PhoneEventTaken, _now_ms: int) -> list[Follow]:
    """What an event means, as the commands that a seat would give."""
    if event.mark not in {"applied", "early"}:
        return []
    call = board.calls.get(event.call_id)
    if call is None:
        # RegisterCall is decided next, so this is the number it gives.
        call_id = f"C{board.n_calls + 1}"
        return [_register(event), *_MEANINGS[event.kind](board, call_id, event)]
    if event.kind == "ring":
        number = event.facts.caller_number
        return [calls.UpdateCall(call_id=call.call_id, caller_number=number)]
    return [*_MEANINGS[event.kind](board, call.call_id, event)]


def find_phone_call(board: Board, pbx_id: str, phone_call_id: str) -> Call | None:
    """Our call by the telephone system's name of it, or None."""
    return board.calls.get(board.phone_calls.get(phone.join_phone_id(pbx_id, phone_call_id), ""))


def _mark(board: Board, call: Call | None, command: phone.ReportPhoneEvent) -> phone.PhoneMark:
    kind, facts = command.kind, command.facts
    if call is None:
        if kind not in STANDS_FOR_RING:
            return "unknown_call"
        return "applied" if kind == "ring" else "early"
    if command.event_no < last_no(call, kind, facts):
        return "late"
    return _FITS[kind](board, call, facts)


def _ring_fits(_board: Board, call: Call, facts: phone.PhoneFacts) -> phone.PhoneMark:
    """A ring after the answer still may bring the number."""
    return "applied" if facts.caller_number and not call.caller_number else "known"


def _answer_fits(board: Board, call: Call, facts: phone.PhoneFacts) -> phone.PhoneMark:
    if call.state == "ringing":
        return "applied"
    if call.state != "talking":
        return "late"
    return "known" if call.seat_id == _seat_of(board, facts) else "applied"


def _hold_fits(_board: Board, call: Call, _facts: phone.PhoneFacts) -> phone.PhoneMark:
    return _while_talking(call, is_so="known" if call.on_hold else "applied")


def _resume_fits(_board: Board, call: Call, _facts: phone.PhoneFacts) -> phone.PhoneMark:
    return _while_talking(call, is_so="applied" if call.on_hold else "known")


def _transfer_fits(_board: Board, call: Call, facts: phone.PhoneFacts) -> phone.PhoneMark:
    if call.transfer_kind is None:
        fits = facts.to_kind is not None and bool(facts.to_id)
        return _while_talking(call, is_so="applied" if fits else "unfit")
    is_same = (call.transfer_kind, call.transfer_id) == (facts.to_kind, facts.to_id)
    return "known" if is_same else "unfit"


def _receipt_fits(_board: Board, call: Call, _facts: phone.PhoneFacts) -> phone.PhoneMark:
    return "known" if call.transfer_kind is None else "applied"


def _joined_fits(_board: Board, call: Call, facts: phone.PhoneFacts) -> phone.PhoneMark:
    return _while_talking(call, is_so="known" if _find_party(call, facts) else "applied")


def _left_fits(_board: Board, call: Call, facts: phone.PhoneFacts) -> phone.PhoneMark:
    return _while_talking(call, is_so="applied" if _find_party(call, facts) else "known")


def _hang_up_fits(_board: Board, call: Call, _facts: phone.PhoneFacts) -> phone.PhoneMark:
    return "applied" if call.state in {"ringing", "talking"} else "known"


def _recording_fits(_board: Board, call: Call, facts: phone.PhoneFacts) -> phone.PhoneMark:
    if not facts.reference.strip():
        return "unfit"
    return "known" if _has_recording(call, facts.reference) else "applied"


def _while_talking(call: Call, *, is_so: phone.PhoneMark) -> phone.PhoneMark:
    if call.state == "talking":
        return is_so
    return "unfit" if call.state == "ringing" else "late"


_FITS: Final[
    Mapping[phone.PhoneEventKind, Callable[[Board, Call, phone.PhoneFacts], phone.PhoneMark]]
] = {
    "ring": _ring_fits,
    "answer": _answer_fits,
    "hold": _hold_fits,
    "resume": _resume_fits,
    "transfer": _transfer_fits,
    "transfer_answer": _receipt_fits,
    "transfer_fail": _receipt_fits,
    "party_joined": _joined_fits,
    "party_left": _left_fits,
    "hang_up": _hang_up_fits,
    "recording": _recording_fits,
}


def _register(event: phone.PhoneEventTaken) -> Command:
    return calls.RegisterCall(
        line=event.facts.line,
        caller_number=event.facts.caller_number,
        phone_id=phone.join_phone_id(event.pbx_id, event.phone_call_id),
    )


def _nothing_more(_board: Board, _call_id: str, _event: phone.PhoneEventTaken) -> list[Command]:
    return []


def _answer(board: Board, call_id: str, event: phone.PhoneEventTaken) -> list[Command]:
    """Whoever picks up a second voice has put the first one on hold: telephones do."""
    seat_id, call = _seat_of(board, event.facts), board.calls.get(call_id)
    held = [talk.HoldCall(call_id=each) for each in _list_talked(board, seat_id, call_id)]
    if call is None or call.state == "ringing":
        return [*held, calls.AnswerCall(call_id=call_id, seat_id=seat_id)]
    if call.transfer_kind is not None:
        return [*held, talk.AcceptTransfer(call_id=call_id, by=seat_id)]
    return [*held, talk.TakeOverCall(call_id=call_id, seat_id=seat_id, reason=BY_PHONE)]


def _hold(_board: Board, call_id: str, _event: phone.PhoneEventTaken) -> list[Command]:
    return [talk.HoldCall(call_id=call_id)]


def _resume(_board: Board, call_id: str, _event: phone.PhoneEventTaken) -> list[Command]:
    return [talk.ResumeCall(call_id=call_id)]


def _transfer(_board: Board, call_id: str, event: phone.PhoneEventTaken) -> list[Command]:
    facts = event.facts
    if facts.to_kind is None:
        return []
    return [
        talk.TransferCall(
            call_id=call_id,
            to_kind=facts.to_kind,
            to_id=facts.to_id[:64],
            reason=facts.reason or BY_PHONE,
        )
    ]


def _accept(board: Board, call_id: str, event: phone.PhoneEventTaken) -> list[Command]:
    """Who said so at a service stays with the event, sealed: the receipt names the service."""
    by = _seat_of(board, event.facts) if _names_seat(event.facts) else ""
    return [talk.AcceptTransfer(call_id=call_id, by=by or board.calls[call_id].transfer_id)]


def _refuse(board: Board, call_id: str, event: phone.PhoneEventTaken) -> list[Command]:
    by, reason = board.calls[call_id].transfer_id, event.facts.reason or BY_PHONE
    return [talk.RefuseTransfer(call_id=call_id, by=by, reason=reason)]


def _join(_board: Board, call_id: str, event: phone.PhoneEventTaken) -> list[Command]:
    facts = event.facts
    name = facts.party or facts.party_kind
    return [
        talk.AddParty(call_id=call_id, kind=facts.party_kind, name=name, number=facts.party_number)
    ]


def _leave(board: Board, call_id: str, event: phone.PhoneEventTaken) -> list[Command]:
    party = _find_party(board.calls[call_id], event.facts)
    return [talk.DropParty(call_id=call_id, party_no=party.party_no)] if party else []


def _hang_up(_board: Board, call_id: str, _event: phone.PhoneEventTaken) -> list[Command]:
    """The line is closed already: what the desk may not do, the telephone can only tell."""
    return [calls.HangUpCall(call_id=call_id)]


def _record(_board: Board, call_id: str, event: phone.PhoneEventTaken) -> list[Command]:
    """Times of a clock that is off are ours, moved by so much."""
    facts = event.facts
    started_at_ms = max(0, facts.started_at_ms - event.clock_off_ms) if facts.started_at_ms else 0
    return [
        phone.AttachRecording(
            call_id=call_id,
            reference=facts.reference,
            started_at_ms=started_at_ms,
            duration_ms=facts.duration_ms,
        )
    ]


_MEANINGS: Final[
    Mapping[phone.PhoneEventKind, Callable[[Board, str, phone.PhoneEventTaken], list[Command]]]
] = {
    "ring": _nothing_more,
    "answer": _answer,
    "hold": _hold,
    "resume": _resume,
    "transfer": _transfer,
    "transfer_answer": _accept,
    "transfer_fail": _refuse,
    "party_joined": _join,
    "party_left": _leave,
    "hang_up": _hang_up,
    "recording": _record,
}


def _names_seat(facts: phone.PhoneFacts) -> bool:
    return bool(facts.seat_id.strip() or facts.extension.strip())


def _seat_of(board: Board, facts: phone.PhoneFacts) -> str:
    """The seat that is named, or that has the telephone; a telephone nobody knows names itself."""
    if facts.seat_id.strip():
        return facts.seat_id.strip()
    there = find_seat_by_extension(board, facts.extension)
    if there is not None:
        return there.seat_id
    return f"ext-{facts.extension.strip() or 'unknown'}"


def _list_talked(board: Board, seat_id: str, besides: str) -> list[str]:
    """Voices that a seat has in the ear now. O(calls of the seat)."""
    there = board.desk_seats.get(seat_id)
    found = (board.calls[each] for each in (there.call_ids if there else ()) if each != besides)
    return [
        call.call_id
        for call in found
        if call.state == "talking" and not call.on_hold and CHANNELS[call.line].is_voice
    ]


def _find_party(call: Call, facts: phone.PhoneFacts) -> CallParty | None:
    """Who is in the call under a number or a name, the number first."""
    there = [each for each in call.parties if not each.left]
    number = facts.party_number
    by_number = next((each for each in there if number and each.number == number), None)
    return by_number or next((e for e in there if facts.party and e.name == facts.party), None)


def _has_recording(call: Call, reference: str) -> bool:
    return any(each.reference == reference for each in call.recordings)


RULES = Rules[Board](
    deciders={
        phone.ReportPhoneEvent: report_event,
        phone.AttachRecording: attach_recording,
    },
    reactions={phone.PhoneEventTaken: [on_taken]},
)
