"""Who else is in a call, as the screens show it (三方行)."""

from __future__ import annotations

import msgspec

from kuaifan.vocabulary.talk import PartyKind, PartyName


class PartyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A third party in a call (三方行); without its number."""

    party_no: int
    kind: PartyKind
    name: PartyName
    left: bool
