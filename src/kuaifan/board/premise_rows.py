"""Dangers of places on the screens (场所危险提示行): each, and beside the incidents near it."""

from __future__ import annotations

import msgspec

from kuaifan.vocabulary.premise import PremiseKind


class PremiseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A danger of the place where an incident is (场所提示行)."""

    note_id: str
    kind: PremiseKind
    text: str
    distance_m: int
    expires_at_ms: int


class PremiseNoteRow(msgspec.Struct, frozen=True, kw_only=True):
    """A danger of a place, wherever an incident may be (场所危险提示行)."""

    note_id: str
    kind: PremiseKind
    text: str
    lat: float
    lon: float
    radius_m: int
    by: str
    added_at_ms: int
    expires_at_ms: int
    seq: int
