"""What a record wants of the telephones (话机指令): the fields that are posted, and their key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Protocol

from kuaifan.gateway.effect import Effect, effect_id_of, limit_ms
from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import missed, phone, talk
from kuaifan.vocabulary.outbox import PHONE

DIALLED: Final = frozenset({"call_back", "text"})
"""Wishes that need a number and no line; all others move a line that the telephones have."""


class Called(Protocol):
    """What a wish needs to know of a call (来电线路)."""

    @property
    def call_id(self) -> str:
        """Its number here."""

    @property
    def phone_id(self) -> str:
        """Its line at the telephones, empty where it was taken down by hand."""

    @property
    def caller_number(self) -> str:
        """Who rang."""


class Lines(Protocol):
    """What there is to know of calls and seats (话机指令来源)."""

    def find_call(self, call_id: str) -> Called | None:
        """A call, whether it is shown or not: a line outlasts the incident that is closed."""

    def extension_of(self, seat_id: str) -> str:
        """The telephone at a seat, empty where none is known."""


def phone_effects(record: Record, lines: Lines) -> Iterator[Effect]:
    """What a record wants of the telephones; nothing where they themselves told of it.

    Of one lane is what concerns one call: a line is held before it is taken back.
    """
    if isinstance(record.command, phone.ReportPhoneEvent):
        return
    for event_i, event in enumerate(record.events):
        fields = _fields(event, lines)
        call = lines.find_call(getattr(event, "call_id", "")) if fields else None
        # A call that was taken down by hand has no line that could be held or hung up.
        if call is None or not (call.phone_id or fields["command"] in DIALLED):
            continue
        pbx_id, phone_call_id = phone.split_phone_id(call.phone_id)
        about = {"call_id": call.call_id, "pbx": pbx_id, "call": phone_call_id}
        yield Effect(
            effect_id=effect_id_of(record.seq, event_i, record.at_ms),
            place=f"{record.seq}-{event_i}",
            channel=PHONE,
            lane=f"{PHONE}/{call.call_id}",
            what=fields["command"],
            fields={**fields, **about},
            at_ms=record.at_ms,
            until_ms=record.at_ms + limit_ms(PHONE),
            call_id=call.call_id,
        )


def _fields(event: Event, lines: Lines) -> dict[str, Any]:  # noqa: PLR0911 - one an event
    """What is posted of an event, nothing for one that moves no line."""
    if isinstance(event, calls.CallAnswered):
        return {"command": "answer", **_at_seat(event.seat_id, lines)}
    if isinstance(event, calls.CallEnded):
        return {"command": "hang_up"}
    if isinstance(event, talk.CallHeld):
        return {"command": "hold"}
    if isinstance(event, talk.CallResumed):
        return {"command": "resume"}
    if isinstance(event, talk.CallTakenOver):
        return {"command": "answer", **_at_seat(event.seat_id, lines)}
    if isinstance(event, talk.TransferOffered):
        return {"command": "transfer", "to_kind": event.to_kind, "to": event.to_id}
    if isinstance(event, talk.PartyAdded):
        # A party without a number was dialled by hand, or is in the room.
        who = {"party": event.name, "party_no": event.party_no, "number": event.number}
        return {"command": "add_party", **who} if event.number else {}
    if isinstance(event, talk.PartyDropped):
        return {"command": "drop_party", "party_no": event.party_no}
    return _dialled(event, lines)


def _dialled(event: Event, lines: Lines) -> dict[str, Any]:
    """What goes to the caller's own number."""
    if not isinstance(event, missed.CallBackStarted | talk.TextSent):
        return {}
    call = lines.find_call(event.call_id)
    number = call.caller_number if call else ""
    if isinstance(event, missed.CallBackStarted):
        return {"command": "call_back", "number": number, **_at_seat(event.seat_id, lines)}
    text = {"text_no": event.text_no, "kind": event.kind, "text": event.text}
    return {"command": "text", "number": number, **text}


def _at_seat(seat_id: str, lines: Lines) -> dict[str, Any]:
    return {"seat": seat_id, "extension": lines.extension_of(seat_id)}
