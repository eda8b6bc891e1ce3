"""How the seat's events change what it keeps (日清归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.day_tally import DAY_MS, day_of, start_of_day
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event

from . import words, words_case, words_check, words_meeting
from .clearing import KEEP_DAYS, papers_of
from .papers import Case, DailyClearing, DayPaper, Defect, Meeting, Minute, OpenReason, SmallCase
from .retires import MAX_CASE_DAYS
from .rules_check import SEAT

DROP_CASE_DAYS: Final = MAX_CASE_DAYS + 2
"""The seats' archive has taken it before; as logs were folded that are older than that."""
KEEP_MEETING_DAYS: Final = 14


def terms_set(board: Board, event: words.DailyTermsSet, _at_ms: int) -> None:
    """Others from now on."""
    papers_of(board).terms = event.terms


def run(board: Board, event: words.DailyClearingRun, at_ms: int) -> None:
    """The day is on paper; what is long over leaves."""
    papers = papers_of(board)
    for day, counts in ((event.day, event.counts), (event.day - 1, event.earlier)):
        for name, amount in counts.items():
            papers.tally.add(start_of_day(day), name, amount)
    papers.incident_ids, papers.order_ids = event.incident_ids, event.order_ids
    papers.uncleared.update(event.opened)
    papers.days[event.day] = DayPaper(
        day=event.day, run_at_ms=at_ms, counts=event.counts, left_ids=event.left_ids
    )
    _prune(board, papers, event.day, at_ms)


def reason_given(board: Board, event: words.OpenReasonGiven, _at_ms: int) -> None:
    """It has a date and an owner."""
    papers = papers_of(board)
    papers.uncleared[event.incident_id] = event.item_id
    papers.reasons[event.incident_id] = OpenReason(
        incident_id=event.incident_id, owner=event.owner, until_ms=event.until_ms
    )


def cleared(board: Board, event: words.IncidentCleared, at_ms: int) -> None:
    """Off the list."""
    papers = papers_of(board)
    del papers.uncleared[event.incident_id]
    papers.reasons.pop(event.incident_id, None)
    papers.tally.add(at_ms, f"later_{event.how}")


def camera_linked(board: Board, event: words.CameraFileLinked, _at_ms: int) -> None:
    """The file is known."""
    papers_of(board).camera[event.order_id] = event.reference


def small_opened(board: Board, event: words.SmallCaseOpened, at_ms: int) -> None:
    """Followed from now on."""
    papers = papers_of(board)
    papers.small[event.incident_id] = SmallCase(
        incident_id=event.incident_id, item_id=event.item_id, opened_at_ms=at_ms
    )
    papers.tally.add(at_ms, "small_opened")


def small_stepped(board: Board, event: words.SmallCaseStepped, _at_ms: int) -> None:
    """One of the three; counted for the day it was opened on, so that all come to 100 %."""
    papers = papers_of(board)
    small = papers.small[event.incident_id]
    small.done.append(event.done)
    papers.tally.add(small.opened_at_ms, f"small_{event.done}")
    if event.done == "to_study":
        del papers.small[event.incident_id]


def small_dropped(board: Board, event: words.SmallCaseDropped, _at_ms: int) -> None:
    """It was none, and is counted among none of them."""
    papers = papers_of(board)
    small = papers.small.pop(event.incident_id)
    papers.tally.add(small.opened_at_ms, "small_opened", -1)
    for done in small.done:
        papers.tally.add(small.opened_at_ms, f"small_{done}", -1)


def case_linked(board: Board, event: words_case.CaseLinked, at_ms: int) -> None:
    """A case of this incident."""
    papers = papers_of(board)
    papers.n_cases += 1
    item = board.items[event.item_id]
    papers.cases[event.case_id] = Case(
        case_id=event.case_id,
        incident_id=event.incident_id,
        kind=event.kind,
        number=event.number,
        officer=event.officer,
        item_id=event.item_id,
        accepted_at_ms=at_ms,
        desk_id=item.desk_id,
        record_class=item.record_class,
        receipt_at_ms=at_ms if event.receipt_given else 0,
    )
    papers.cases_of.setdefault(event.incident_id, []).append(event.case_id)
    papers.tally.add(at_ms, f"{event.kind}_accepted")


def receipt_given(board: Board, event: words_case.CaseReceiptGiven, at_ms: int) -> None:
    """Who reported it has a receipt."""
    papers_of(board).cases[event.case_id].receipt_at_ms = at_ms


def extension_asked(board: Board, event: words_case.CaseExtensionAsked, _at_ms: int) -> None:
    """It waits for another person."""
    papers_of(board).cases[event.case_id].asked_by = event.by.strip()


def extension_refused(board: Board, event: words_case.CaseExtensionRefused, _at_ms: int) -> None:
    """No more time."""
    papers_of(board).cases[event.case_id].asked_by = ""


def extended(board: Board, event: words_case.CaseExtended, at_ms: int) -> None:
    """Another stage."""
    papers = papers_of(board)
    case = papers.cases[event.case_id]
    case.stage, case.asked_by = event.stage, ""
    papers.tally.add(at_ms, "cases_extended")


def filed(board: Board, event: words_case.CaseFiled, at_ms: int) -> None:
    """Its time runs."""
    papers = papers_of(board)
    case = papers.cases[event.case_id]
    case.stage, case.filed_at_ms, case.asked_by = "filed", at_ms, ""
    papers.tally.add(at_ms, f"{case.kind}_filed")


def ended(board: Board, event: words_case.CaseEnded, at_ms: int) -> None:
    """Over; it is kept, as what a court says of it comes late."""
    papers = papers_of(board)
    case = papers.cases[event.case_id]
    case.outcome, case.ended_at_ms, case.asked_by = event.outcome, at_ms, ""
    papers.tally.add(at_ms, f"{case.kind}_{event.outcome}")


def quality_reported(board: Board, event: words_case.LawQualityReported, at_ms: int) -> None:
    """It did not hold."""
    papers = papers_of(board)
    case = papers.cases[event.case_id]
    case.quality = (*case.quality, event.code)
    papers.tally.add(at_ms, event.code)


def checked(board: Board, event: words_check.DayChecked, _at_ms: int) -> None:
    """So many more of the day."""
    day = papers_of(board).days[event.day]
    day.n_checked += event.n_checked
    day.is_checked = not event.upto


def defect_found(board: Board, event: words_check.DefectFound, at_ms: int) -> None:
    """A reviewer looks at it."""
    defect = _put(board, event, at_ms)
    defect.hit, defect.by = event.hit, event.by
    papers = papers_of(board)
    papers.tally.add(at_ms, "hits")
    papers.tally.add(at_ms, f"hit_{event.hit.rule}")
    if (day := papers.days.get(event.day)) is not None:
        day.n_hits += 1


def sample_drawn(board: Board, event: words_check.SampleDrawn, at_ms: int) -> None:
    """Drawn by lot."""
    _put(board, event, at_ms)
    papers = papers_of(board)
    papers.tally.add(at_ms, "drawn")
    if (day := papers.days.get(event.day)) is not None:
        day.n_drawn += 1


def judged(board: Board, event: words_check.DefectJudged, at_ms: int) -> None:
    """Right or wrong; one drawn by lot is over by what was found in it."""
    papers = papers_of(board)
    defect = papers.defects[event.paper_id]
    if defect.hit is None:
        papers.tally.add(at_ms, "drawn_with_defects")
        papers.tally.add(at_ms, "looked_at")
        del papers.defects[event.paper_id]
        return
    papers.tally.add(at_ms, "judged")
    if not event.is_confirmed:
        del papers.defects[event.paper_id]
        return
    papers.tally.add(at_ms, "confirmed")
    item = board.items[defect.item_id]
    defect.to, defect.due_at_ms = item.owner, item.due_at_ms


def corrected(board: Board, event: words_check.DefectCorrected, _at_ms: int) -> None:
    """Another person looks again."""
    papers_of(board).defects[event.paper_id].corrected_by = event.by.strip()


def correction_checked(board: Board, event: words_check.CorrectionChecked, at_ms: int) -> None:
    """It holds, or goes back."""
    papers = papers_of(board)
    defect = papers.defects[event.paper_id]
    if not event.holds:
        defect.due_at_ms, defect.corrected_by = board.items[defect.item_id].due_at_ms, ""
        papers.tally.add(at_ms, "sent_back")
        return
    del papers.defects[event.paper_id]
    papers.tally.add(at_ms, "corrected")
    papers.tally.add(at_ms, "corrected_in_time", 0 if event.is_late else 1)


def sample_passed(board: Board, event: words_check.SamplePassed, at_ms: int) -> None:
    """Nothing was found."""
    papers = papers_of(board)
    papers.tally.add(at_ms, "drawn_clean")
    papers.tally.add(at_ms, "looked_at")
    papers.defects.pop(event.paper_id, None)


def meeting_opened(board: Board, event: words_meeting.MeetingOpened, at_ms: int) -> None:
    """It has its agenda."""
    papers = papers_of(board)
    papers.n_meetings += 1
    papers.meetings[event.meeting_id] = Meeting(
        meeting_id=event.meeting_id,
        level=event.level,
        chair=event.chair,
        link=event.link,
        opened_at_ms=at_ms,
        agenda=event.agenda,
    )
    papers.tally.add(at_ms, "meetings")


def minutes_written(board: Board, event: words_meeting.MinutesWritten, at_ms: int) -> None:
    """On the record."""
    papers_of(board).meetings[event.meeting_id].minutes.append(
        Minute(
            line_no=event.line_no,
            incident_id=event.incident_id,
            text=event.text,
            by=event.by,
            at_ms=at_ms,
        )
    )


def task_given(board: Board, event: words_meeting.MeetingTaskGiven, at_ms: int) -> None:
    """Somebody has it."""
    papers = papers_of(board)
    papers.meetings[event.meeting_id].task_lines.append(event.line_no)
    papers.tally.add(at_ms, "tasks")


def task_ended(board: Board, event: words_meeting.MeetingTaskEnded, at_ms: int) -> None:
    """Done in time, late, or dropped."""
    tally = papers_of(board).tally
    tally.add(at_ms, f"tasks_{event.outcome}")
    tally.add(at_ms, "tasks_late", int(event.is_late))


def meeting_ended(board: Board, event: words_meeting.MeetingEnded, at_ms: int) -> None:
    """Over."""
    papers_of(board).meetings[event.meeting_id].ended_at_ms = at_ms


def _put(
    board: Board, event: words_check.DefectFound | words_check.SampleDrawn, at_ms: int
) -> Defect:
    papers = papers_of(board)
    papers.n_papers += 1
    item = board.items[event.item_id]
    defect = papers.defects[event.paper_id] = Defect(
        paper_id=event.paper_id,
        incident_id=event.incident_id,
        item_id=event.item_id,
        day=event.day,
        at_ms=at_ms,
        desk_id=item.desk_id,
        record_class=item.record_class,
        to=SEAT,
    )
    return defect


def _prune(board: Board, papers: DailyClearing, day: int, at_ms: int) -> None:
    """What no rule asks for any more leaves; the log has it. O(what is kept)."""
    papers.days = {d: each for d, each in papers.days.items() if d > day - KEEP_DAYS}
    papers.camera = {o: ref for o, ref in papers.camera.items() if o in board.orders}
    gone = [
        case
        for case in papers.cases.values()
        if case.ended_at_ms and case.ended_at_ms < at_ms - DROP_CASE_DAYS * DAY_MS
    ]
    for case in gone:
        del papers.cases[case.case_id]
        papers.cases_of[case.incident_id].remove(case.case_id)
        if not papers.cases_of[case.incident_id]:
            del papers.cases_of[case.incident_id]
    first = day_of(at_ms) - KEEP_MEETING_DAYS
    papers.meetings = {
        m: each
        for m, each in papers.meetings.items()
        if not each.ended_at_ms or day_of(each.opened_at_ms) > first
    }


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    words.DailyTermsSet: terms_set,
    words.DailyClearingRun: run,
    words.OpenReasonGiven: reason_given,
    words.IncidentCleared: cleared,
    words.CameraFileLinked: camera_linked,
    words.SmallCaseOpened: small_opened,
    words.SmallCaseStepped: small_stepped,
    words.SmallCaseDropped: small_dropped,
    words_case.CaseLinked: case_linked,
    words_case.CaseReceiptGiven: receipt_given,
    words_case.CaseExtensionAsked: extension_asked,
    words_case.CaseExtensionRefused: extension_refused,
    words_case.CaseExtended: extended,
    words_case.CaseFiled: filed,
    words_case.CaseEnded: ended,
    words_case.LawQualityReported: quality_reported,
    words_check.DayChecked: checked,
    words_check.DefectFound: defect_found,
    words_check.SampleDrawn: sample_drawn,
    words_check.DefectJudged: judged,
    words_check.DefectCorrected: corrected,
    words_check.CorrectionChecked: correction_checked,
    words_check.SamplePassed: sample_passed,
    words_meeting.MeetingOpened: meeting_opened,
    words_meeting.MinutesWritten: minutes_written,
    words_meeting.MeetingTaskGiven: task_given,
    words_meeting.MeetingTaskEnded: task_ended,
    words_meeting.MeetingEnded: meeting_ended,
}
