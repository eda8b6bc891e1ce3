"""What is over its term (留存到期): calls, incidents, inputs whose keys may go.

The terms are the city's, in days, by kind: `calls` from the end of the call, `incidents` from the
closing (or the opening, where that says none), `inputs` from the input. A kind without a term is
kept. What is on the board, or under a hold, is never due.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

import msgspec

from kuaifan.app.stored_rows import PastCase
from kuaifan.board.keeping import KeepingPapers
from kuaifan.board.state import Board
from kuaifan.store.reading import LogReader

DAY_MS: Final = 86_400_000
Kind = Literal["calls", "incidents", "inputs"]
KIND_OF: Final[Mapping[str, Kind]] = {"call": "calls", "incident": "incidents", "input": "inputs"}
"""Of an owner's noun. Inputs own what belongs to no case: words of what was refused, of holds."""


class StoredCall(msgspec.Struct, frozen=True):
    """What of a call's row says when it was and whose it is."""

    t0_ms: int
    t3_ms: int = 0
    incident_id: str = ""


class KeptNow(msgspec.Struct, frozen=True):
    """What may not be erased as the board stands (不得销毁); keeping: with its holds."""

    incident_ids: frozenset[str]
    call_ids: frozenset[str]
    keeping: KeepingPapers


class DueRecord(msgspec.Struct, frozen=True):
    """A record that is over its term (到期记录); since_ms: from when the term ran."""

    kind: Kind
    id: str
    since_ms: int
    over_at_ms: int
    is_held: bool


def kept_now(board: Board) -> KeptNow:
    """Look at the board; on the engine's thread."""
    return KeptNow(
        frozenset(board.incidents),
        frozenset(board.calls),
        msgspec.structs.replace(board.keeping, holds=dict(board.keeping.holds)),
    )


def list_due(
    reader: LogReader, kept: KeptNow, days: Mapping[str, int], *, now_ms: int
) -> Iterator[DueRecord]:
    """Yield what is over its term, in the order of the keys; blocks on the disk."""
    if not any(days.get(kind, 0) > 0 for kind in KIND_OF.values()):
        return
    for owner in reader.list_owners():
        noun, _, record_id = owner.partition(":")
        kind = KIND_OF.get(noun)
        n_days = days.get(kind, 0) if kind else 0
        if kind is None or n_days <= 0:
            continue
        found = _find_since(reader, kept, kind, record_id)
        if found is None or found[0] + n_days * DAY_MS > now_ms:
            continue
        since_ms, incident_id = found
        held = is_held(kept.keeping, kind, record_id, incident_id=incident_id, now_ms=now_ms)
        yield DueRecord(kind, record_id, since_ms, since_ms + n_days * DAY_MS, held)


def is_held(
    keeping: KeepingPapers, kind: Kind, record_id: str, *, incident_id: str, now_ms: int
) -> bool:
    """Whether a hold names a record, or the incident of a call."""
    incident_ids = [each for each in (incident_id,) if each]
    call_ids = [record_id] if kind == "calls" else []
    return keeping.find_held(incident_ids, call_ids, now_ms) is not None


def find_incident_of(reader: LogReader, call_id: str) -> str:
    """The incident of a stored call, empty where it has none."""
    body = reader.find_sealed("calls", call_id)
    return msgspec.json.decode(body, type=StoredCall).incident_id if body else ""


def _find_since(
    reader: LogReader, kept: KeptNow, kind: Kind, record_id: str
) -> tuple[int, str] | None:
    """From when a record's term runs, and its incident; None while it is in hand, or unknown."""
    if kind == "inputs":
        at_ms = reader.find_at_ms(int(record_id)) if record_id.isdecimal() else None
        return None if at_ms is None else (at_ms, "")
    body = reader.find_sealed(kind, record_id)
    if body is None:
        return None
    if kind == "incidents":
        case = msgspec.json.decode(body, type=PastCase)
        is_kept = record_id in kept.incident_ids
        return None if is_kept else (case.t10_ms or case.opened_at_ms, record_id)
    call = msgspec.json.decode(body, type=StoredCall)
    is_kept = record_id in kept.call_ids or call.incident_id in kept.incident_ids
    return None if is_kept else (call.t3_ms or call.t0_ms, call.incident_id)
