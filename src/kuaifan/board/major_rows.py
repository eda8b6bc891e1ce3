"""Rows of major incidents (重大警情行): as long as one is, or something of it is still owed."""

from __future__ import annotations

from copy import copy

import msgspec

from kuaifan.board.major_papers import AfterAction, UpReport
from kuaifan.board.state import Board
from kuaifan.vocabulary.free_words import IncidentReasonTold


class MajorRow(msgspec.Struct, frozen=True, kw_only=True):
    """A major incident and its papers (重大警情行); is_over: closed, with items still owed."""

    incident_id: str
    type_name: str
    is_major: bool
    is_over: bool
    reason: IncidentReasonTold
    declared_by: str
    declared_at_ms: int
    ended_by: str
    ended_at_ms: int
    keeper: str
    keeper_at_ms: int
    reports: tuple[UpReport, ...]
    items: tuple[AfterAction, ...]
    seq: int


def major_row(board: Board, incident_id: str) -> MajorRow | None:
    """While it is open and was ever major, and until the last item is ticked."""
    incident = board.incidents.get(incident_id)
    if incident is None or incident.major is None:
        return None
    case = incident.major
    if incident.is_over and not case.n_owed:
        return None
    return MajorRow(
        incident_id=incident_id,
        type_name=board.reference.types[incident.type_code].name_cn,
        is_major=incident.is_major,
        is_over=incident.is_over,
        reason=case.reason,
        declared_by=case.declared_by,
        declared_at_ms=case.declared_at_ms,
        ended_by=case.ended_by,
        ended_at_ms=case.ended_at_ms,
        keeper=case.keeper,
        keeper_at_ms=case.keeper_at_ms,
        reports=tuple(copy(each) for each in case.reports),
        items=tuple(copy(each) for each in case.items),
        seq=incident.seq,
    )
