"""An effect (外发): something the desk wants done outside, as a record of the log wished for it."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from kuaifan.vocabulary.outbox import PHONE, FailedWhy

LINE_LIMIT_MS: Final = 120_000
"""What moves a line is told no more after so long: nobody is rung by surprise."""
AGENCY_LIMIT_MS: Final = 600_000
"""A service is told for so long; its own clock has rung for a person by then."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to tell one receiver (外发件).

    effect_id: the key that the receiver knows it again by, also when a person has it repeated; it
    carries the instant, so that a log that was put back to an earlier seq makes other ones. place:
    of the event that wants it told now. lane: one after the other within, whatever happens in
    others. fields: as they are posted; they hold numbers and texts: `name` may be said elsewhere.
    until_ms: given up then. is_repeated: a person asked for it. is_gone: what it was about has left
    the desk, so that nobody can be told; a person decides.
    """

    effect_id: str
    place: str
    channel: str
    lane: str
    what: str
    fields: dict[str, Any]
    at_ms: int
    until_ms: int
    call_id: str = ""
    incident_id: str = ""
    request_id: str = ""
    is_repeated: bool = False
    is_gone: bool = False

    @property
    def name(self) -> str:
        """What it is, without anybody's data."""
        about = f"call {self.call_id}" if self.call_id else f"request {self.request_id}"
        return f"{self.what} of {about} (key {self.effect_id})"


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an effect (外发结果); why None: it arrived."""

    effect: Effect
    why: FailedWhy | None
    n_attempts: int = 0
    status: int = 0


def limit_ms(channel: str) -> int:
    """How long a receiver is told of something."""
    return LINE_LIMIT_MS if channel == PHONE else AGENCY_LIMIT_MS


def effect_id_of(seq: int, event_i: int, at_ms: int) -> str:
    """The name of what an event of a record wants."""
    return f"{seq}-{event_i}-{at_ms:x}"
