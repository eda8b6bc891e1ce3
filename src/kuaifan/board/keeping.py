"""Holds and erasures on the board (留存簿): what holds, what waits to be agreed or done."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class LegalHold(msgspec.Struct, kw_only=True):
    """Records that may not be erased before an instant (法定保全); why stands in the log."""

    hold_id: str
    person: str
    until_ms: int
    incident_ids: tuple[str, ...]
    call_ids: tuple[str, ...]


class AskedErasure(msgspec.Struct, kw_only=True):
    """An erasure (销毁): it waits for a second person, or, once ordered, to be done."""

    erasure_id: str
    person: str
    ground: str
    incident_ids: tuple[str, ...]
    call_ids: tuple[str, ...]
    input_seqs: tuple[int, ...] = ()
    is_ordered: bool = False


class KeepingPapers(msgspec.Struct, kw_only=True):
    """All of them (留存簿); the counts are for their ids."""

    holds: dict[str, LegalHold] = {}
    erasures: dict[str, AskedErasure] = {}
    n_holds: int = 0
    n_erasures: int = 0

    def find_held(
        self, incident_ids: Iterable[str], call_ids: Iterable[str], now_ms: int
    ) -> str | None:
        """The first of some records that a hold names, None where none does."""
        holds = [each for each in self.holds.values() if each.until_ms > now_ms]
        incidents = {each for hold in holds for each in hold.incident_ids}
        calls = {each for hold in holds for each in hold.call_ids}
        held = [each for each in incident_ids if each in incidents]
        held += [each for each in call_ids if each in calls]
        return held[0] if held else None
