"""Folds of the telephone system's events (电话事件归并): what was heard, and recordings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.papers import CallRecording
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


def stream_of(kind: phone.PhoneEventKind, facts: phone.PhoneFacts) -> str:
    """The stream of an event, empty where nothing can overtake it."""
    if kind in {"party_joined", "party_left"}:
        return f"party:{facts.party or facts.party_number}"
    return STREAMS.get(kind, "")


def phone_event_taken(board: Board, event: phone.PhoneEventTaken, _at_ms: int) -> None:
    """The newest number of its stream is remembered, so that an older one comes too late."""
    call = board.calls.get(event.call_id)
    if call is None:
        return
    call.seq = board.seq
    stream = stream_of(event.kind, event.facts)
    if stream:
        call.phone_nos[stream] = max(call.phone_nos.get(stream, 0), event.event_no)


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
