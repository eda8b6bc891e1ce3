"""The row of a call on the screens (来电行), with its third parties and recordings."""

from __future__ import annotations

import msgspec

from kuaifan.board.papers import CallTextLine
from kuaifan.vocabulary.call import CallerName, CallerNumber, CallState, Line
from kuaifan.vocabulary.free_words import CallReasonTold
from kuaifan.vocabulary.missed import SilentStep
from kuaifan.vocabulary.talk import LocationSource, PartyKind, PartyName, TargetKind


class PartyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A third party in a call (三方行); without its number."""

    party_no: int
    kind: PartyKind
    name: PartyName
    left: bool


class RecordingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A recording that is kept elsewhere (录音行); the screens need not know its name."""

    started_at_ms: int
    duration_ms: int


class CallRow(msgspec.Struct, frozen=True, kw_only=True):
    """A call on the screens (来电行).

    uncertainty_m: of lat and lon, -1 where the caller is not located. to_call_back: missed or
    silent, and owed a step; call_back_seat_id: rings back now. limit_id: of its number, if limited.
    """

    call_id: str
    line: Line
    state: CallState
    seat_id: str
    caller_number: CallerNumber
    caller_name: CallerName
    incident_id: str
    t0_ms: int
    t2_ms: int
    t3_ms: int
    seq: int
    offered_seat_id: str = ""
    desk_id: str = "city"
    on_hold: bool = False
    parties: tuple[PartyRow, ...] = ()
    transfer_kind: TargetKind | None = None
    transfer_id: str = ""
    handed_to: str = ""
    silent_step: SilentStep = ""
    to_call_back: bool = False
    n_call_backs: int = 0
    call_back_seat_id: str = ""
    never_ring: bool = False
    never_ring_reason: CallReasonTold = ""
    is_limited: bool = False
    lat: float = 0.0
    lon: float = 0.0
    uncertainty_m: int = -1
    location_source: LocationSource | None = None
    texts: tuple[CallTextLine, ...] = ()
    entered_at_ms: int = 0
    t1_ms: int = 0
    offered_at_ms: int = 0
    transfer_at_ms: int = 0
    cleared_by: str = ""
    limit_id: str = ""
    limit_until_ms: int = 0
    recordings: tuple[RecordingRow, ...] = ()
    phone_id: str = ""
