"""Folds of the papers of a major incident (重大警情处置归并)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.entities import Incident
from kuaifan.board.major_papers import AfterAction, MajorCase, UpReport
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import major


def major_case(incident: Incident) -> MajorCase:
    """The papers of an incident; begun here for one that an older log had declared."""
    if incident.major is None:
        incident.major = MajorCase()
    return incident.major


def reported_up(board: Board, event: major.ReportedUp, at_ms: int) -> None:
    """A report stands, its receipt owed."""
    _touched(board, event.incident_id).reports.append(
        UpReport(
            report_no=event.report_no,
            target=event.target,
            by=event.by,
            text=event.text,
            at_ms=at_ms,
        )
    )


def report_confirmed(board: Board, event: major.ReportConfirmed, at_ms: int) -> None:
    """Somebody has it."""
    report = _touched(board, event.incident_id).reports[event.report_no - 1]
    report.received_by, report.received_at_ms = event.received_by, at_ms


def log_keeper_named(board: Board, event: major.LogKeeperNamed, at_ms: int) -> None:
    """This person writes from now on."""
    case = _touched(board, event.incident_id)
    case.keeper, case.keeper_at_ms = event.keeper, at_ms


def after_action_added(board: Board, event: major.AfterActionAdded, _at_ms: int) -> None:
    """It is owed."""
    _touched(board, event.incident_id).items.append(
        AfterAction(
            item_no=event.item_no,
            what=event.what,
            owner=event.owner,
            due_at_ms=event.due_at_ms,
            by=event.by,
        )
    )


def after_action_ticked(board: Board, event: major.AfterActionTicked, at_ms: int) -> None:
    """It is owed no more."""
    item = _touched(board, event.incident_id).items[event.item_no - 1]
    item.done_by, item.done_at_ms = event.by, at_ms


def _touched(board: Board, incident_id: str) -> MajorCase:
    incident = board.incidents[incident_id]
    incident.seq = board.seq
    return major_case(incident)


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    major.ReportedUp: reported_up,
    major.ReportConfirmed: report_confirmed,
    major.LogKeeperNamed: log_keeper_named,
    major.AfterActionAdded: after_action_added,
    major.AfterActionTicked: after_action_ticked,
}
