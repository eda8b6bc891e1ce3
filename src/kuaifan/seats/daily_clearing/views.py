"""What the seat's page shows (日清表): days, uncleared, findings, cases, small cases, agenda."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Final

import msgspec

from kuaifan.board.state import Board
from kuaifan.kernel.personal import Personal

from .checklist import OTHER, RULES_BY_CODE, explain
from .clearing import papers_of

CITY: Final = "city"
MAX_ADVISED: Final = 3
ORDINARY: Final = "ordinary"


class DayRow(msgspec.Struct, frozen=True, kw_only=True):
    """A day as it stood at nine (日清单)."""

    row_id: str
    day_at_ms: int
    n_calls: int
    n_incidents: int
    n_cleared: int
    n_uncleared: int
    n_closed: int
    n_case: int
    n_mediation: int
    n_transfer: int
    n_reason: int
    n_checked: int
    n_hits: int
    n_drawn: int
    incident_id: str = ""
    desk_id: str = CITY
    record_class: str = ORDINARY


class LeftRow(msgspec.Struct, frozen=True, kw_only=True):
    """An uncleared incident (未清警情)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    item_id: str
    stage: str
    owner: str
    type_name: str
    state: str
    opened_at_ms: int
    due_at_ms: int
    until_ms: int
    advised: str
    sent: str


class CheckRow(msgspec.Struct, frozen=True, kw_only=True):
    """A hit, or an incident drawn by lot (评查件); words of ours alone."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    item_id: str
    rule: str
    rule_zh: str
    rule_en: str
    found_zh: str
    found_en: str
    stage: str
    owner: str
    due_at_ms: int
    at_ms: int
    type_name: str
    advised: str
    sent: str


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A linked case (关联案件)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    kind: str
    number: str
    officer: str
    stage: str
    due_at_ms: int
    accepted_at_ms: int
    has_receipt: str
    asked_by: str
    quality: str


class SmallRow(msgspec.Struct, frozen=True, kw_only=True):
    """A small case (民生小案)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    item_id: str
    watched: str
    examined: str
    studied: str
    owner: str
    due_at_ms: int


class AgendaRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a meeting (议程)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    meeting_id: str
    level: str
    line_no: int
    kind: str
    item_id: str
    is_late: str
    is_open: str
    n_tasks: int
    minutes: Annotated[str, Personal("incident")] = ""


def days(board: Board) -> Iterator[DayRow]:
    """Days, the last one first."""
    papers = papers_of(board)
    for day in sorted(papers.days.values(), key=lambda each: -each.day):
        counts = day.counts
        yield DayRow(
            row_id=str(day.day),
            day_at_ms=day.run_at_ms,
            n_calls=counts.get("calls", 0),
            n_incidents=counts.get("incidents", 0),
            n_cleared=counts.get("all_cleared", 0),
            n_uncleared=counts.get("uncleared", 0),
            n_closed=counts.get("closed", 0) + counts.get("merged", 0),
            n_case=counts.get("case", 0),
            n_mediation=counts.get("mediation", 0),
            n_transfer=counts.get("transfer", 0),
            n_reason=counts.get("reason", 0),
            n_checked=day.n_checked,
            n_hits=day.n_hits,
            n_drawn=day.n_drawn,
        )


def left(board: Board) -> Iterator[LeftRow]:
    """What is not cleared, most overdue first."""
    papers = papers_of(board)
    pairs = [(each, board.items[item_id]) for each, item_id in papers.uncleared.items()]
    for incident_id, item in sorted(pairs, key=lambda pair: (pair[1].due_at_ms, pair[0])):
        incident = board.incidents.get(incident_id)
        reason = papers.reasons.get(incident_id)
        yield LeftRow(
            row_id=incident_id,
            incident_id=incident_id,
            desk_id=item.desk_id,
            record_class=item.record_class,
            item_id=item.item_id,
            stage=item.stage,
            owner=item.owner.owner_id,
            type_name=_type_of(board, incident_id),
            state=incident.state if incident else "",
            opened_at_ms=incident.opened_at_ms if incident else item.opened_at_ms,
            due_at_ms=item.due_at_ms,
            until_ms=reason.until_ms if reason else 0,
            advised=_advised(board, incident_id),
            sent=_sent(board, incident_id),
        )


def checks(board: Board) -> Iterator[CheckRow]:
    """What reviewers look at or wait for, the soonest due first."""
    names = {code: each.name_cn for code, each in board.reference.types.items()}
    papers = papers_of(board)
    pairs = [(each, board.items[each.item_id]) for each in papers.defects.values()]
    for defect, item in sorted(pairs, key=lambda pair: (pair[1].due_at_ms, pair[0].paper_id)):
        hit = defect.hit
        rule = RULES_BY_CODE.get(hit.rule) if hit else None
        share = papers.terms.sample_percent
        drawn = f"按 {share}% 比例抽中", f"drawn by lot, {share} %"
        found = drawn if hit is None else explain(hit, names)
        yield CheckRow(
            row_id=defect.paper_id,
            incident_id=defect.incident_id,
            desk_id=defect.desk_id,
            record_class=defect.record_class,
            item_id=item.item_id,
            rule=hit.rule if hit else "sample",
            rule_zh=rule.zh if rule else ("其他" if hit else "抽检"),
            rule_en=rule.en if rule else (OTHER if hit else "drawn by lot"),
            found_zh=found[0],
            found_en=found[1],
            stage=item.stage,
            owner=item.owner.owner_id,
            due_at_ms=item.due_at_ms,
            at_ms=defect.at_ms,
            type_name=_type_of(board, defect.incident_id),
            advised=_advised(board, defect.incident_id),
            sent=_sent(board, defect.incident_id),
        )


def cases(board: Board) -> Iterator[CaseRow]:
    """Cases, those that run first."""
    papers = papers_of(board)
    for case in sorted(papers.cases.values(), key=lambda each: bool(each.outcome)):
        item = board.items.get(case.item_id)
        yield CaseRow(
            row_id=case.case_id,
            incident_id=case.incident_id,
            desk_id=case.desk_id,
            record_class=case.record_class,
            kind=case.kind,
            number=case.number,
            officer=case.officer,
            stage=case.outcome or case.stage,
            due_at_ms=item.due_at_ms if item else 0,
            accepted_at_ms=case.accepted_at_ms,
            has_receipt=_yes(bool(case.receipt_at_ms)),
            asked_by=case.asked_by,
            quality="、".join(case.quality),
        )


def small(board: Board) -> Iterator[SmallRow]:
    """Small cases that are not through."""
    papers = papers_of(board)
    for each in papers.small.values():
        item = board.items[each.item_id]
        yield SmallRow(
            row_id=each.incident_id,
            incident_id=each.incident_id,
            desk_id=item.desk_id,
            record_class=item.record_class,
            item_id=each.item_id,
            watched=_yes("to_watch" in each.done),
            examined=_yes("to_examine" in each.done),
            studied=_yes("to_study" in each.done),
            owner=item.owner.owner_id,
            due_at_ms=item.due_at_ms,
        )


def agenda(board: Board) -> Iterator[AgendaRow]:
    """Lines of the last meetings, the newest first."""
    papers = papers_of(board)
    for meeting in reversed(papers.meetings.values()):
        said: dict[int, list[str]] = {}
        for minute in meeting.minutes:
            said.setdefault(minute.line_no, []).append(minute.text)
        for no, line in enumerate(meeting.agenda, 1):
            desk_id, record_class = _whose(board, line.item_id, line.incident_id)
            yield AgendaRow(
                row_id=f"{meeting.meeting_id}-{no}",
                incident_id=line.incident_id,
                desk_id=desk_id,
                record_class=record_class,
                meeting_id=meeting.meeting_id,
                level=meeting.level,
                line_no=no,
                kind=line.kind,
                item_id=line.item_id,
                is_late=_yes(line.is_late),
                is_open=_yes(line.item_id in board.items),
                n_tasks=meeting.task_lines.count(no),
                minutes="；".join(said.get(no, [])),
            )


def _type_of(board: Board, incident_id: str) -> str:
    incident = board.incidents.get(incident_id)
    if incident is None:
        return ""
    return board.reference.types[incident.final_type_code or incident.type_code].name_cn


def _advised(board: Board, incident_id: str) -> str:
    """The recommendation of the moment: units with their minutes, best first."""
    incident = board.incidents.get(incident_id)
    if incident is None:
        return ""
    pairs = zip(incident.recommended_unit_ids, incident.recommended_travel_ms, strict=False)
    return "；".join(
        f"{_sign(board, unit_id)} {_clock(ms)}" for unit_id, ms in [*pairs][:MAX_ADVISED]
    )


def _sent(board: Board, incident_id: str) -> str:
    """Who was sent, in how long, and its place in the advice, 0 for the dispatcher's own choice."""
    incident = board.incidents.get(incident_id)
    if incident is None:
        return ""
    return "；".join(
        f"{_sign(board, order.unit_id)}|{_clock(order.travel_ms)}|{order.rank}"
        for order in board.active_orders(incident)
    )


def _sign(board: Board, unit_id: str) -> str:
    unit = board.units.get(unit_id)
    return unit.call_sign if unit else unit_id


def _clock(span_ms: int) -> str:
    minutes, seconds = divmod(span_ms // 1_000, 60)
    return f"{minutes}:{seconds:02}"


def _whose(board: Board, item_id: str, incident_id: str) -> tuple[str, str]:
    """Desk and class of a line; one whose incident has left the board is shown to few."""
    if (item := board.items.get(item_id)) is not None:
        return item.desk_id, item.record_class
    if (incident := board.incidents.get(incident_id)) is not None:
        return incident.desk_id, incident.record_class
    return CITY, "restricted" if incident_id else ORDINARY


def _yes(is_so: bool) -> str:  # noqa: FBT001 - the word for it
    return "yes" if is_so else "no"


VIEWS: Final[Mapping[str, Callable[[Board], Iterator[msgspec.Struct]]]] = {
    "days": days,
    "left": left,
    "checks": checks,
    "cases": cases,
    "small": small,
    "agenda": agenda,
}
