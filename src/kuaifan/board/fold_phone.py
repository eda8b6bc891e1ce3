"""Folds of the telephone system's events (电话事件归并): what was heard, and recordings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.entities import Call
from kuaifan.board.papers import CallRecording, PhonePartyNo
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import phone

STREAMS: Final[Mapping[phone.PhoneEventKind, str]] = {
    "hold": "hold",
    "resume": "hold",
    "transfer": "transfer",
    "transfer_answer": "transfer",
    "transfer_fail": "transfer",
    "answer": "answer",
}
"""Kinds that overtake each other: of each stream only the newest says what is true now."""
OF_PARTIES: Final = frozenset({"party_joined", "party_left"})
"""These overtake each other party by party."""


def last_no(call: Call, kind: phone.PhoneEventKind, facts: phone.PhoneFacts) -> int:
    """Number of the newest event of the same stream, 0 where nothing can overtake this one."""
    if kind in OF_PARTIES:
        there = _find_party_no(call, facts)
        return there.event_no if there else 0
    return call.stream_nos.get(STREAMS.get(kind, ""), 0)


def phone_event_taken(board: Board, event: phone.PhoneEventTaken, _at_ms: int) -> None:
    """The newest number of its stream is remembered, so that an older one comes too late."""
    call = board.calls.get(event.call_id)
    if call is None:
        return
    call.seq = board.seq
    newest_no = max(last_no(call, event.kind, event.facts), event.event_no)
    if event.kind in OF_PARTIES:
        there = _find_party_no(call, event.facts)
        if there is None:
            there = PhonePartyNo(party=_party_of(event.facts), event_no=0)
            call.party_nos.append(there)
        there.event_no = newest_no
    elif stream := STREAMS.get(event.kind):
        call.stream_nos[stream] = newest_no


def _party_of(facts: phone.PhoneFacts) -> str:
    return facts.party or facts.party_number


def _find_party_no(call: Call, facts: phone.PhoneFacts) -> PhonePartyNo | None:
    return next((each for each in call.party_nos if each.party == _party_of(facts)), None)


def recording_attached(board: Board, event: phone.RecordingAttached, _at_ms: int) -> None:
    """The call has one recording more."""
    call = board.calls[event.call_id]
    call.seq = board.seq
    call.recordings.append(
        CallRecording(
            reference=event.reference,
            started_at_ms=event.started_at_ms,
            duration_ms=event.duration_ms,
        )
    )


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    phone.PhoneEventTaken: phone_event_taken,
    phone.RecordingAttached: recording_attached,
}
