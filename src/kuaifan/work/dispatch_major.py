"""A major incident in hand (重大警情处置): reports up with receipts, a log keeper, what is owed."""

from __future__ import annotations

from kuaifan.board.asking import need_name
from kuaifan.board.entities import Incident
from kuaifan.board.lookup import get_incident, get_open_incident
from kuaifan.board.major_papers import MajorCase
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import major


def report_up(board: Board, command: major.ReportUp, _now_ms: int) -> list[Event]:
    """A leader or an authority is told (重大警情上报); the receipt is a step of its own."""
    incident = _get_major(board, command.incident_id)
    target, by = command.target.strip(), command.by.strip()
    need_name(target, by, zh="上报须填写报给谁、由谁报", en="say who is told, and who tells them")
    n_reports = len(incident.major.reports) if incident.major else 0
    if n_reports >= major.MAX_REPORTS:
        raise Refused(
            "too_many_reports",
            f"警情 {incident.incident_id} 上报已达 {major.MAX_REPORTS} 条",
            f"incident {incident.incident_id} has {major.MAX_REPORTS} reports up; no more are kept",
        )
    return [
        major.ReportedUp(
            incident_id=incident.incident_id,
            report_no=n_reports + 1,
            target=target,
            by=by,
            text=command.text,
        )
    ]


def confirm_report(board: Board, command: major.ConfirmReport, _now_ms: int) -> list[Event]:
    """Who was told has said so (上报回执); it may come after the end."""
    incident = get_incident(board, command.incident_id)
    reports = _papers(incident).reports
    if not 1 <= command.report_no <= len(reports):
        raise Refused(
            "unknown_report",
            f"警情 {incident.incident_id} 没有第 {command.report_no} 条上报",
            f"incident {incident.incident_id} has no report {command.report_no}",
        )
    report = reports[command.report_no - 1]
    if report.received_at_ms:
        raise Refused(
            "already_confirmed",
            f"第 {report.report_no} 条上报已由 {report.received_by} 签收",
            f"report {report.report_no} was received by {report.received_by} already",
        )
    need_name(command.received_by, zh="须填写签收人", en="say who has received the report")
    return [
        major.ReportConfirmed(
            incident_id=incident.incident_id,
            report_no=command.report_no,
            received_by=command.received_by.strip(),
        )
    ]


def name_log_keeper(board: Board, command: major.NameLogKeeper, _now_ms: int) -> list[Event]:
    """One person keeps the log of it (指定记录员)."""
    incident = _get_major(board, command.incident_id)
    keeper, by = command.keeper.strip(), command.by.strip()
    need_name(keeper, by, zh="须填写记录员和指定人", en="say who keeps the log, and who says so")
    if keeper == _papers(incident).keeper:
        raise Refused(
            "already_keeper",
            f"警情 {incident.incident_id} 的记录员已是 {keeper}",
            f"{keeper} keeps the log of incident {incident.incident_id} already",
        )
    return [major.LogKeeperNamed(incident_id=incident.incident_id, keeper=keeper, by=by)]


def add_after_action(board: Board, command: major.AddAfterAction, now_ms: int) -> list[Event]:
    """Something is owed afterwards (登记后续事项); of an incident that is, or was, major."""
    incident = get_open_incident(board, command.incident_id)
    if incident.major is None and not incident.is_major:
        raise _not_major(incident)
    what, owner, by = command.what.strip(), command.owner.strip(), command.by.strip()
    if not what:
        raise Refused("no_text", "后续事项须填写内容", "say what is owed")
    need_name(
        owner, by, zh="后续事项须填写责任人、登记人", en="say by whom it is owed, and who asks"
    )
    if command.due_at_ms <= now_ms:
        raise Refused(
            "in_the_past",
            "后续事项期限须晚于当前时间",
            "it cannot be due in the past; choose later",
        )
    n_items = len(_papers(incident).items)
    if n_items >= major.MAX_ITEMS:
        raise Refused(
            "too_many_items",
            f"警情 {incident.incident_id} 后续事项已达 {major.MAX_ITEMS} 项",
            f"incident {incident.incident_id} has {major.MAX_ITEMS} items; no more are kept",
        )
    return [
        major.AfterActionAdded(
            incident_id=incident.incident_id,
            item_no=n_items + 1,
            what=what,
            owner=owner,
            due_at_ms=command.due_at_ms,
            by=by,
        )
    ]


def tick_after_action(board: Board, command: major.TickAfterAction, _now_ms: int) -> list[Event]:
    """It is done (后续事项完成); the incident may be closed by then."""
    incident = get_incident(board, command.incident_id)
    items = _papers(incident).items
    if not 1 <= command.item_no <= len(items):
        raise Refused(
            "unknown_item",
            f"警情 {incident.incident_id} 没有第 {command.item_no} 项后续事项",
            f"incident {incident.incident_id} has no item {command.item_no}",
        )
    item = items[command.item_no - 1]
    if item.done_at_ms:
        raise Refused(
            "already_done",
            f"第 {item.item_no} 项已由 {item.done_by} 完成",
            f"item {item.item_no} was done by {item.done_by} already",
        )
    need_name(command.by, zh="须填写完成人", en="say who has done it")
    return [
        major.AfterActionTicked(
            incident_id=incident.incident_id, item_no=item.item_no, by=command.by.strip()
        )
    ]


def _get_major(board: Board, incident_id: str) -> Incident:
    incident = get_open_incident(board, incident_id)
    if not incident.is_major:
        raise _not_major(incident)
    return incident


def _not_major(incident: Incident) -> Refused:
    return Refused(
        "not_major",
        f"警情 {incident.incident_id} 不是重大警情，请先由人定为重大警情",
        f"incident {incident.incident_id} is no major incident; a person declares it one first",
    )


def _papers(incident: Incident) -> MajorCase:
    return incident.major or MajorCase()


RULES = Rules[Board](
    deciders={
        major.ReportUp: report_up,
        major.ConfirmReport: confirm_report,
        major.NameLogKeeper: name_log_keeper,
        major.AddAfterAction: add_after_action,
        major.TickAfterAction: tick_after_action,
    },
)
