"""Clearing (清零): the run at nine, dated reasons, what comes off the list, and the terms."""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.day_tally import DAY_MS, day_of, start_of_day
from kuaifan.board.items import HOUR_MS, close_item, get_item, move_item, open_item
from kuaifan.board.lookup import get_incident, get_open_incident, get_order
from kuaifan.board.state import Board
from kuaifan.kernel.message import EngineStarted, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import agency
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary.item import Owner

from .checklist import names_of
from .clearing import (
    CLEARED_BY_SEAT,
    KEEP_DAYS,
    RUN_AT_MS,
    count_day,
    count_later,
    find_how,
    list_left,
    papers_of,
)
from .kinds import SEAT_ID, UNCLEARED
from .words import (
    CameraFileLinked,
    ClearIncident,
    DailyClearingRun,
    DailyTermsSet,
    GiveOpenReason,
    IncidentCleared,
    LinkCameraFile,
    OpenReasonGiven,
    RunDailyClearing,
    SetDailyTerms,
)
from .words_case import CaseLinked

TIMER: Final = "daily_clearing"


def set_terms(board: Board, command: SetDailyTerms, _now_ms: int) -> list[Event]:
    """Other times and shares (更改日清规程)."""
    need_name(command.by)
    need_reason(command.reason)
    if unknown := names_of(command.rules_off or ()):
        raise Refused("unknown_rule", f"没有规则 {unknown[0]}", f"there is no rule {unknown[0]}")
    before = papers_of(board).terms
    said = {name: getattr(command, name) for name in before.__struct_fields__}
    terms = msgspec.structs.replace(before, **{k: v for k, v in said.items() if v is not None})
    if terms == before:
        raise Refused(
            "nothing_changed", "内容与现行规程相同", "this holds already; nothing changes"
        )
    return [DailyTermsSet(by=command.by, reason=command.reason, terms=terms)]


def run(board: Board, command: RunDailyClearing, now_ms: int) -> list[Event]:
    """It is nine (九点清零): each incident of yesterday is cleared, or somebody's from now on."""
    papers, day = papers_of(board), command.day
    if now_ms < run_at_ms(day):
        raise Refused(
            "too_early",
            "该日警情次日九点核对，时间未到",
            "the incidents of a day are looked at on the next, at nine",
        )
    if day < day_of(now_ms) - KEEP_DAYS:
        raise Refused("too_old", "该日已过核对期限", "this day is too long ago to be looked at")
    if day in papers.days:
        raise Refused("already_run", "该日警情已核对", "this day was looked at already")
    counted = count_day(board, day, now_ms)
    earlier = count_later(board, papers.incident_ids, papers.order_ids, now_ms=now_ms, is_last=True)
    left = list_left(board, day + 1, now_ms)
    opened = [
        open_item(
            board,
            UNCLEARED,
            owner=Owner("desk", each.desk_id),
            due_at_ms=now_ms + papers.terms.uncleared_h * HOUR_MS,
            incident_id=each.incident_id,
            subject_id=each.incident_id,
            nth=nth,
        )
        for nth, each in enumerate((e for e in left if e.incident_id not in papers.uncleared), 1)
    ]
    told = DailyClearingRun(
        day=day,
        counts=counted.counts,
        earlier=earlier.counts,
        incident_ids=counted.incident_ids,
        order_ids=counted.order_ids,
        left_ids=tuple(each.incident_id for each in left),
        opened={each.incident_id: each.item_id for each in opened},
    )
    return [*opened, told]


def give_reason(board: Board, command: GiveOpenReason, now_ms: int) -> list[Event]:
    """Why it stays open (未清理由): dated, and somebody's by name."""
    incident = get_open_incident(board, command.incident_id)
    papers = papers_of(board)
    need_name(command.by, command.owner)
    need_reason(command.reason)
    if not now_ms < command.until_ms <= now_ms + papers.terms.reason_days * DAY_MS:
        raise Refused(
            "no_due_time",
            f"期限须晚于现在，且不超过 {papers.terms.reason_days} 天",
            f"the date must lie ahead, by {papers.terms.reason_days} days at most",
        )
    owner = Owner("person", command.owner.strip())
    item_id = papers.uncleared.get(incident.incident_id)
    first: list[Event] = []
    if item_id is None:
        opened = open_item(
            board,
            UNCLEARED,
            owner=owner,
            due_at_ms=command.until_ms,
            incident_id=incident.incident_id,
            subject_id=incident.incident_id,
        )
        item_id, first = opened.item_id, [opened]
        moved = items.ItemMoved(
            item_id=item_id,
            stage="explained",
            due_at_ms=command.until_ms,
            by=command.by,
            owner=owner,
            incident_id=incident.incident_id,
            note=command.reason,
        )
    else:
        item = get_item(board, item_id, UNCLEARED)
        moved = move_item(
            UNCLEARED,
            item,
            "explained",
            by=command.by,
            due_at_ms=command.until_ms,
            owner=owner,
            note=command.reason,
        )
    given = OpenReasonGiven(
        incident_id=incident.incident_id,
        reason=command.reason,
        owner=owner.owner_id,
        until_ms=command.until_ms,
        by=command.by,
        item_id=item_id,
    )
    return [*first, moved, given]


def clear(board: Board, command: ClearIncident, now_ms: int) -> list[Event]:
    """Off the list (销号), if it is cleared indeed; otherwise nothing happens."""
    item_id = papers_of(board).uncleared.get(command.incident_id)
    incident = board.incidents.get(command.incident_id)
    how = "closed" if incident is None else find_how(board, incident, now_ms)
    if item_id is None or how is None or how == "reason":
        return []
    item = get_item(board, item_id, UNCLEARED)
    return [
        close_item(UNCLEARED, item, how, by=SEAT_ID),
        IncidentCleared(incident_id=command.incident_id, how=how),
    ]


def link_camera(board: Board, command: LinkCameraFile, _now_ms: int) -> list[Event]:
    """The file of an attendance (关联执法记录仪文件)."""
    order = get_order(board, command.order_id)
    need_name(command.by)
    if order.incident_id != command.incident_id:
        raise Refused(
            "wrong_incident",
            f"派警单 {order.order_id} 属于警情 {order.incident_id}",
            f"order {order.order_id} belongs to incident {order.incident_id}",
        )
    if not order.t7_ms:
        raise Refused(
            "not_on_scene",
            f"派警单 {order.order_id} 没有到场记录",
            f"order {order.order_id} was never on scene",
        )
    if papers_of(board).camera.get(order.order_id) == command.reference:
        raise Refused("linked_already", "该文件已关联", "this file is linked already")
    if not command.reference.strip():
        raise Refused(
            "no_reference",
            f"派警单 {order.order_id} 须填写执法记录仪文件编号",
            f"give the number of the body camera's file for order {order.order_id}",
        )
    return [
        CameraFileLinked(
            order_id=order.order_id,
            incident_id=order.incident_id,
            reference=command.reference,
            by=command.by,
        )
    ]


def run_at_ms(day: int) -> int:
    """When a day is looked at: nine o'clock of the next."""
    return start_of_day(day + 1) + RUN_AT_MS


def next_run(now_ms: int) -> SetTimer:
    """The next nine o'clock; a timer that a stop outlived has fired before."""
    day = day_of(now_ms) - 1
    day += run_at_ms(day) <= now_ms
    return SetTimer(TIMER, run_at_ms(day), RunDailyClearing(day=day))


def on_started(_board: Board, _event: EngineStarted, now_ms: int) -> list[Follow]:
    """A run of the engine: the clock is set."""
    return [next_run(now_ms)]


def on_run(board: Board, event: DailyClearingRun, _now_ms: int) -> list[Follow]:
    """Tomorrow again; and what was cleared without a word comes off the list."""
    day = event.day + 1
    again = SetTimer(TIMER, run_at_ms(day), RunDailyClearing(day=day))
    uncleared = papers_of(board).uncleared
    return [again, *(ClearIncident(incident_id=each) for each in uncleared)]


def on_over(
    board: Board,
    event: incidents.IncidentClosed | incidents.IncidentMerged | CaseLinked,
    _now_ms: int,
) -> list[Follow]:
    """Closed, merged, or in a case."""
    return _clear(board, event.incident_id)


def on_item(
    board: Board, event: items.ItemOpened | items.ItemMoved | items.ItemPostponed, _now_ms: int
) -> list[Follow]:
    """In the hands of a seat that says so by its item, from now on or again."""
    item = board.items.get(event.item_id)
    is_theirs = item is not None and item.seat_id in CLEARED_BY_SEAT
    return _clear(board, event.incident_id) if is_theirs else []


def on_accepted(board: Board, event: agency.AgencyAccepted, _now_ms: int) -> list[Follow]:
    """Another service has it."""
    return _clear(board, event.incident_id)


def _clear(board: Board, incident_id: str) -> list[Follow]:
    if incident_id not in papers_of(board).uncleared:
        return []
    return [ClearIncident(incident_id=incident_id)]


def find_incident_desk(board: Board, incident_id: str) -> tuple[str, str]:
    """Desk and record class of an incident, for what outlives it on the board."""
    incident = get_incident(board, incident_id)
    return incident.desk_id, incident.record_class


RULES: Final = Rules[Board](
    deciders={
        SetDailyTerms: set_terms,
        RunDailyClearing: run,
        GiveOpenReason: give_reason,
        ClearIncident: clear,
        LinkCameraFile: link_camera,
    },
    reactions={
        EngineStarted: [on_started],
        DailyClearingRun: [on_run],
        incidents.IncidentClosed: [on_over],
        incidents.IncidentMerged: [on_over],
        CaseLinked: [on_over],
        items.ItemOpened: [on_item],
        items.ItemMoved: [on_item],
        items.ItemPostponed: [on_item],
        agency.AgencyAccepted: [on_accepted],
    },
)
