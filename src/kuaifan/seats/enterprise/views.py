"""Tables of the enterprise seat (护企专席表): incidents of firms, and the register."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from kuaifan.board.reference import CITY_DESK
from kuaifan.board.state import Board
from kuaifan.seats.enterprise.papers import RANKS, FirmCase, FirmKind, MatchedBy
from kuaifan.seats.enterprise.register_rules import slice_of


class FirmCaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """An incident of a firm (涉企警情行); unread: who of the three has not read it."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    firm_name: str
    matched_by: MatchedBy
    matched_at_ms: int
    n_read: int
    unread: str
    satisfied: str
    unresolved_at_ms: int
    resolved_at_ms: int


class FirmRow(msgspec.Struct, frozen=True, kw_only=True):
    """A firm of the register (名录行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    kind: FirmKind
    name: str
    phones: str
    radius_m: int
    leader: str
    chief: str
    officer: str
    valid_to_ms: int


def cases(board: Board) -> Iterator[FirmCaseRow]:
    """Incidents of firms, the newest first."""
    for case in reversed(slice_of(board).cases.values()):
        unread = [getattr(case, rank) for rank in RANKS if rank not in case.read_at_ms]
        yield FirmCaseRow(
            row_id=case.incident_id,
            incident_id=case.incident_id,
            desk_id=_desk_of(board, case),
            record_class="ordinary",
            firm_name=case.firm_name,
            matched_by=case.matched_by,
            matched_at_ms=case.matched_at_ms,
            n_read=len(case.read_at_ms),
            unread="、".join(unread),
            satisfied=case.satisfied,
            unresolved_at_ms=case.unresolved_at_ms,
            resolved_at_ms=case.resolved_at_ms,
        )


def firms(board: Board) -> Iterator[FirmRow]:
    """The register in the order in which it was written; it is every desk's."""
    for firm in slice_of(board).firms.values():
        yield FirmRow(
            row_id=firm.firm_id,
            incident_id="",
            desk_id=CITY_DESK,
            record_class="ordinary",
            kind=firm.kind,
            name=firm.name,
            phones="；".join(firm.phones),
            radius_m=firm.radius_m,
            leader=firm.leader,
            chief=firm.chief,
            officer=firm.officer,
            valid_to_ms=firm.valid_to_ms,
        )


def _desk_of(board: Board, case: FirmCase) -> str:
    incident = board.incidents.get(case.incident_id)
    return incident.desk_id if incident else case.desk_id


VIEWS: Final[Mapping[str, Callable[[Board], Iterator[msgspec.Struct]]]] = {
    "cases": cases,
    "firms": firms,
}
