"""The daily review (日评查): the checklist over a day; hits are judged, corrected, seen again."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import is_same_person, need_name, need_reason
from kuaifan.board.day_tally import DAY_MS, date_of, day_of, start_of_day
from kuaifan.board.entities import Incident
from kuaifan.board.items import HOUR_MS, close_item, get_item, move_item, open_item
from kuaifan.board.lookup import get_incident, get_unit
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary.item import ItemOpened, Owner

from .checklist import OTHER, RULES_BY_CODE, Look, list_hits
from .clearing import papers_of
from .kinds import CHECK, SAMPLE, SEAT_ID
from .lot import draw
from .papers import Defect
from .words import DailyClearingRun
from .words_check import (
    AddDefect,
    CheckCorrection,
    CheckDay,
    ConfirmDefect,
    CorrectionChecked,
    DayChecked,
    DefectCorrected,
    DefectFound,
    DefectJudged,
    DismissDefect,
    Hit,
    PassSample,
    ReportCorrected,
    SampleDrawn,
    SamplePassed,
)

CHUNK: Final = 100
"""So many incidents at a time, so that a call does not wait for the review."""
TIMER: Final = "daily_check"
MAX_CORRECT_MS: Final = 30 * DAY_MS
SEAT: Final = Owner("seat", SEAT_ID)


def check_day(board: Board, command: CheckDay, now_ms: int) -> list[Event]:
    """Some incidents of a day against the checklist (日评查), after the run at nine."""
    papers = papers_of(board)
    day = papers.days.get(command.day)
    if day is None:
        raise Refused("not_run", "该日尚未清零核对", "this day was not looked at yet")
    if day.is_checked:
        raise Refused(
            "already_checked",
            f"{date_of(command.day)} 已评查，每日一次；漏查的须补查登记问题",
            f"{date_of(command.day)} was checked already, which is done once: "
            "enter what was overlooked as a defect",
        )
    from_ms, until_ms = start_of_day(command.day), start_of_day(command.day + 1)
    own = [each for each in board.incidents.values() if from_ms <= each.opened_at_ms < until_ms]
    own.sort(key=lambda each: (each.opened_at_ms, each.incident_id))
    ids = [each.incident_id for each in own]
    begin = ids.index(command.after) + 1 if command.after in ids else 0
    drawn = draw(command.day, ids, papers.terms.sample_percent)
    found: list[Event] = []
    n_papers = 0
    for incident in own[begin : begin + CHUNK]:
        orders = board.active_orders(incident)
        hits: list[Hit | None] = [*list_hits(Look(board, papers, incident, orders, now_ms))]
        if incident.incident_id in drawn:
            hits.append(None)
        for hit in hits:
            n_papers += 1
            found += _found(board, incident, hit, command.day, now_ms=now_ms, nth=n_papers)
    is_over = begin + CHUNK >= len(own)
    upto = "" if is_over else ids[begin + CHUNK - 1]
    n_checked = len(own[begin : begin + CHUNK])
    return [*found, DayChecked(day=command.day, n_checked=n_checked, upto=upto)]


def _found(
    board: Board,
    incident: Incident,
    hit: Hit | None,
    day: int,
    *,
    now_ms: int,
    nth: int,
    by: str = "",
) -> list[Event]:
    papers = papers_of(board)
    paper_id = f"Q{papers.n_papers + nth}"
    opened: ItemOpened = open_item(
        board,
        SAMPLE if hit is None else CHECK,
        owner=SEAT,
        due_at_ms=now_ms + papers.terms.judge_h * HOUR_MS,
        incident_id=incident.incident_id,
        subject_id=paper_id,
        nth=nth,
    )
    if hit is None:
        drawn = SampleDrawn(
            paper_id=paper_id,
            incident_id=incident.incident_id,
            item_id=opened.item_id,
            day=day,
        )
        return [opened, drawn]
    found = DefectFound(
        paper_id=paper_id,
        incident_id=incident.incident_id,
        item_id=opened.item_id,
        day=day,
        hit=hit,
        by=by,
    )
    return [opened, found]


def add_defect(board: Board, command: AddDefect, now_ms: int) -> list[Event]:
    """What no rule found (补登问题); an incident drawn by lot has been looked at by that."""
    incident = get_incident(board, command.incident_id)
    need_name(command.by)
    need_reason(command.note)
    if command.rule != OTHER and command.rule not in RULES_BY_CODE:
        raise Refused(
            "unknown_rule", f"没有规则 {command.rule}", f"there is no rule {command.rule}"
        )
    mine = [
        each
        for each in papers_of(board).defects.values()
        if each.incident_id == incident.incident_id
    ]
    if command.rule != OTHER and any(e.hit and e.hit.rule == command.rule for e in mine):
        raise Refused(
            "found_already",
            f"警情 {incident.incident_id} 的该项问题已登记",
            f"this was found of {incident.incident_id} already",
        )
    hit = Hit(command.rule)
    day = day_of(incident.opened_at_ms)
    found = _found(board, incident, hit, day, now_ms=now_ms, nth=1, by=command.by)
    drawn = next((each for each in mine if each.hit is None), None)
    if drawn is not None:
        item = get_item(board, drawn.item_id, SAMPLE)
        found += [
            close_item(SAMPLE, item, "defects", by=command.by, note=command.note),
            DefectJudged(
                paper_id=drawn.paper_id,
                incident_id=drawn.incident_id,
                is_confirmed=True,
                by=command.by,
            ),
        ]
    return found


def confirm(board: Board, command: ConfirmDefect, now_ms: int) -> list[Event]:
    """It is right (确认问题): somebody corrects it, by then."""
    defect = get_defect(board, command.item_id)
    need_name(command.by)
    due_at_ms = command.due_at_ms or now_ms + papers_of(board).terms.correct_h * HOUR_MS
    if not now_ms < due_at_ms <= now_ms + MAX_CORRECT_MS:
        raise Refused(
            "no_due_time",
            "整改期限须晚于现在，且不超过 30 天",
            "the correction is due later than now, by 30 days at most",
        )
    owner = Owner(command.to_kind, command.to_id.strip() or "-")
    _check_owner(board, defect, owner)
    item = get_item(board, command.item_id, CHECK)
    return [
        move_item(
            CHECK,
            item,
            "correcting",
            by=command.by,
            due_at_ms=due_at_ms,
            owner=owner,
            note=command.note,
        ),
        _judged(defect, command.by, is_confirmed=True),
    ]


def dismiss(board: Board, command: DismissDefect, _now_ms: int) -> list[Event]:
    """It is none (不成立), with the reason."""
    defect = get_defect(board, command.item_id)
    need_name(command.by)
    need_reason(command.reason)
    item = get_item(board, command.item_id, CHECK)
    if item.stage != "to_judge":
        raise Refused(
            "judged_already",
            f"问题 {defect.paper_id} 已认定，不能再驳回",
            f"{defect.paper_id} was confirmed: it can be corrected, not dismissed",
        )
    return [
        close_item(CHECK, item, "dismissed", by=command.by, note=command.reason),
        _judged(defect, command.by, is_confirmed=False),
    ]


def report_corrected(board: Board, command: ReportCorrected, now_ms: int) -> list[Event]:
    """Corrected (整改反馈), and how; now a reviewer looks again."""
    defect = get_defect(board, command.item_id)
    need_name(command.by)
    need_reason(command.note)
    item = get_item(board, command.item_id, CHECK)
    due_at_ms = now_ms + papers_of(board).terms.check_h * HOUR_MS
    return [
        move_item(
            CHECK,
            item,
            "to_check",
            by=command.by,
            due_at_ms=due_at_ms,
            owner=SEAT,
            note=command.note,
        ),
        DefectCorrected(paper_id=defect.paper_id, incident_id=defect.incident_id, by=command.by),
    ]


def check_correction(board: Board, command: CheckCorrection, now_ms: int) -> list[Event]:
    """Looked at again (整改复核), by another person."""
    defect = get_defect(board, command.item_id)
    need_name(command.by)
    item = get_item(board, command.item_id, CHECK)
    if item.stage != "to_check":
        raise Refused(
            "not_corrected_yet",
            f"问题 {defect.paper_id} 尚无整改反馈",
            f"nobody has said that {defect.paper_id} was corrected",
        )
    if is_same_person(command.by, defect.corrected_by):
        raise Refused(
            "same_person",
            "整改人不能复核自己的整改",
            "whoever corrected it does not look at the correction",
        )
    checked = CorrectionChecked(
        paper_id=defect.paper_id,
        incident_id=defect.incident_id,
        holds=command.holds,
        is_late=item.stage_at_ms > defect.due_at_ms,
        by=command.by,
    )
    if command.holds:
        return [
            close_item(CHECK, item, "corrected", by=command.by, note=command.note),
            checked,
        ]
    need_reason(command.note)
    back = move_item(
        CHECK,
        item,
        "correcting",
        by=command.by,
        due_at_ms=now_ms + papers_of(board).terms.correct_h * HOUR_MS,
        owner=defect.to,
        note=command.note,
    )
    return [back, checked]


def pass_sample(board: Board, command: PassSample, _now_ms: int) -> list[Event]:
    """Nothing was found (抽检通过)."""
    item = get_item(board, command.item_id, SAMPLE)
    need_name(command.by)
    return [
        close_item(SAMPLE, item, "clean", by=command.by, note=command.note),
        SamplePassed(paper_id=item.subject_id, incident_id=item.incident_id, by=command.by),
    ]


def on_run(_board: Board, event: DailyClearingRun, now_ms: int) -> list[Follow]:
    """The checklist follows the run."""
    return [SetTimer(TIMER, now_ms, CheckDay(day=event.day))]


def on_checked(_board: Board, event: DayChecked, now_ms: int) -> list[Follow]:
    """The next ones, in an input of their own."""
    if not event.upto:
        return []
    return [SetTimer(TIMER, now_ms, CheckDay(day=event.day, after=event.upto))]


def get_defect(board: Board, item_id: str) -> Defect:
    """Return what an item is about, or refuse: unknown_item, other_kind."""
    item = get_item(board, item_id, CHECK)
    return papers_of(board).defects[item.subject_id]


def _judged(defect: Defect, by: str, *, is_confirmed: bool) -> DefectJudged:
    return DefectJudged(
        paper_id=defect.paper_id,
        incident_id=defect.incident_id,
        is_confirmed=is_confirmed,
        by=by,
    )


def _check_owner(board: Board, defect: Defect, owner: Owner) -> None:
    """Refuse: unknown_unit, unknown_desk, complained_of, no_owner."""
    if owner.owner_id == "-":
        raise Refused("no_owner", "须填写整改责任人", "say who corrects it")
    if owner.kind == "desk" and owner.owner_id not in board.reference.desks:
        raise Refused(
            "unknown_desk",
            f"没有指挥席 {owner.owner_id}",
            f"there is no desk {owner.owner_id}",
        )
    if owner.kind != "unit":
        return
    get_unit(board, owner.owner_id)
    incident = board.incidents.get(defect.incident_id)
    if incident is not None and owner.owner_id in incident.complained_of:
        raise Refused(
            "complained_of",
            f"{owner.owner_id} 是该警情的被投诉警组，请另定整改责任人",
            f"the incident complains of {owner.owner_id}: somebody else corrects it",
        )


RULES: Final = Rules[Board](
    deciders={
        CheckDay: check_day,
        AddDefect: add_defect,
        ConfirmDefect: confirm,
        DismissDefect: dismiss,
        ReportCorrected: report_corrected,
        CheckCorrection: check_correction,
        PassSample: pass_sample,
    },
    reactions={DailyClearingRun: [on_run], DayChecked: [on_checked]},
)
