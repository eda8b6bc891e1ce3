"""Simulated people of the seat (日清模拟人员): some clear in time, some late, some not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from kuaifan.board.item_papers import Item
from kuaifan.board.items import HOUR_MS
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary import alarm as alarms
from kuaifan.vocabulary import order as orders

from .words import (
    DailyClearingRun,
    GiveOpenReason,
    LinkCameraFile,
    SmallCaseOpened,
    SmallCaseStepped,
    StepSmallCase,
)
from .words_case import (
    AskCaseExtension,
    CaseEnd,
    CaseExtended,
    CaseExtensionAsked,
    CaseFiled,
    CaseLinked,
    DecideCaseExtension,
    EndCase,
    ExtendCheck,
    FileCase,
    GiveCaseReceipt,
    LinkCase,
)
from .words_check import (
    CheckCorrection,
    ConfirmDefect,
    CorrectionChecked,
    DefectCorrected,
    DefectFound,
    DefectJudged,
    DismissDefect,
    PassSample,
    ReportCorrected,
    SampleDrawn,
)

Draw = Callable[[str], float]
Acts = Iterable[tuple[int, Command]]
DAY_MS: Final = 24 * HOUR_MS
OFFICER, REVIEWER, LEADER = "sim:officer", "sim:reviewer", "sim:leader"

LONG_DAYS: Final = 25
ANEW_MS: Final = 9 * DAY_MS
"""From the last alarm: the reason is given within it."""
SHARES: Final[Mapping[str, float]] = {
    "camera": 0.97,
    "case": 0.97,
    "receipt": 0.96,
    "late": 0.05,
    "confirm": 0.66,
    "never": 0.02,
    "slow": 0.12,
    "holds": 0.9,
    "late_receipt": 0.7,
    "outcome": 0.45,
    "agree": 0.85,
    "study": 0.95,
    "reason": 0.8,
    "again": 0.9,
    "no_filing": 0.12,
    "longer": 0.4,
}
"""How often people do what they should; [U], so that a quarter has every branch."""


def after_feedback(board: Board, event: orders.FeedbackGiven, _at_ms: int, draw: Draw) -> Acts:
    """The camera file is linked mostly; a case that is due is linked mostly, some days late."""
    if _does(draw, "camera"):
        link = LinkCameraFile(
            order_id=event.order_id,
            incident_id=event.incident_id,
            reference=f"REC-{event.order_id}",
            by=OFFICER,
        )
        yield round(draw("camera_delay") * 2 * HOUR_MS), link
    incident = board.incidents.get(event.incident_id)
    if incident is None:
        return
    incident_type = board.reference.types[incident.type_code]
    is_case = event.disposition == "case_opened" or "case" in incident_type.followups
    if is_case and _does(draw, "case"):
        linked = LinkCase(
            incident_id=event.incident_id,
            kind="criminal" if incident_type.class_key == "criminal" else "public_order",
            number=f"SIM-{event.incident_id}",
            officer=OFFICER,
            by=OFFICER,
            receipt_given=_does(draw, "receipt"),
        )
        yield round(draw("case_delay") * 20 * HOUR_MS), linked


def after_run(_board: Board, event: DailyClearingRun, at_ms: int, draw: Draw) -> Acts:
    """Most of what is left gets a dated reason in the morning; some is left to its ladder."""
    for incident_id in event.opened:
        if draw(f"reason:{incident_id}") < SHARES["reason"]:
            days = 1 + round(draw(f"days:{incident_id}") * 6)
            give = GiveOpenReason(
                incident_id=incident_id,
                reason="等待当事人到所",
                owner=OFFICER,
                until_ms=at_ms + days * DAY_MS,
                by=REVIEWER,
            )
            yield round(draw(f"when:{incident_id}") * 12 * HOUR_MS), give


def after_hit(_board: Board, event: DefectFound, _at_ms: int, draw: Draw) -> Acts:
    """Two of three are confirmed; one in twenty is judged late."""
    wait_ms = round((30 + draw("judge") * 400) * MINUTE_MS)
    if _does(draw, "late"):
        wait_ms += 12 * HOUR_MS
    if _does(draw, "confirm"):
        confirm = ConfirmDefect(item_id=event.item_id, to_kind="person", to_id=OFFICER, by=REVIEWER)
        yield wait_ms, confirm
    else:
        yield wait_ms, DismissDefect(item_id=event.item_id, reason="情况属实合规", by=REVIEWER)


def after_drawn(_board: Board, event: SampleDrawn, _at_ms: int, draw: Draw) -> Acts:
    """Looked at within the day."""
    yield (
        round((20 + draw("look") * 480) * MINUTE_MS),
        PassSample(item_id=event.item_id, by=REVIEWER),
    )


def after_judged(board: Board, event: DefectJudged, _at_ms: int, draw: Draw) -> Acts:
    """Corrected in a day mostly, one in eight late, one in fifty not at all."""
    defect = board.seats["daily_clearing"].defects.get(event.paper_id)
    if defect is None or not event.is_confirmed or _does(draw, "never"):
        return
    hours = 2 + draw("correct") * 18 + (24 if _does(draw, "slow") else 0)
    yield (
        round(hours * HOUR_MS),
        ReportCorrected(item_id=defect.item_id, note="已补录并说明", by=OFFICER),
    )


def after_corrected(board: Board, event: DefectCorrected, _at_ms: int, draw: Draw) -> Acts:
    """One in ten goes back."""
    defect = board.seats["daily_clearing"].defects.get(event.paper_id)
    if defect is None:
        return
    holds = _does(draw, "holds")
    note = "" if holds else "补录不全"
    check = CheckCorrection(item_id=defect.item_id, holds=holds, note=note, by=REVIEWER)
    yield round((1 + draw("again") * 10) * HOUR_MS), check


def after_checked(board: Board, event: CorrectionChecked, _at_ms: int, draw: Draw) -> Acts:
    """What did not hold is corrected once more, within the day."""
    defect = board.seats["daily_clearing"].defects.get(event.paper_id)
    if defect is None or event.holds:
        return
    note = ReportCorrected(item_id=defect.item_id, note="已按复核意见补正", by=OFFICER)
    yield round((1 + draw("once more") * 20) * HOUR_MS), note


def after_alarm(board: Board, event: alarms.AlarmRaised, at_ms: int, draw: Draw) -> Acts:
    """Whoever is told last has it done, mostly: corrected, studied, or explained anew."""
    item = board.items.get(event.subject_id) if event.kind == "item" else None
    if item is None or item.seat_id != "daily_clearing" or event.level < len(item.ladder):
        return
    if draw(f"again {item.item_id} {item.stage_at_ms}") >= SHARES["again"]:
        return
    act = AT_LAST.get((item.kind, item.stage))
    if act is not None:
        yield round((2 + draw(f"at last {item.item_id}") * 30) * HOUR_MS), act(item, at_ms)


def _corrected(item: Item, _at_ms: int) -> Command:
    return ReportCorrected(item_id=item.item_id, note="已补录", by=OFFICER)


def _studied(item: Item, _at_ms: int) -> Command:
    return StepSmallCase(item_id=item.item_id, done="to_study", note="已研判", by=OFFICER)


def _explained(item: Item, at_ms: int) -> Command:
    return GiveOpenReason(
        incident_id=item.incident_id,
        reason="尚在办理",
        owner=OFFICER,
        until_ms=at_ms + ANEW_MS,
        by=REVIEWER,
    )


AT_LAST: Final[Mapping[tuple[str, str], Callable[[Item, int], Command]]] = {
    ("check", "correcting"): _corrected,
    ("small_case", "to_study"): _studied,
    ("uncleared", "uncleared"): _explained,
    ("uncleared", "explained"): _explained,
}


def after_linked(_board: Board, event: CaseLinked, _at_ms: int, draw: Draw) -> Acts:
    """A receipt where none was given; filed in time, or checked for longer, or not filed."""
    if not event.receipt_given and _does(draw, "late_receipt"):
        yield 4 * HOUR_MS, GiveCaseReceipt(case_id=event.case_id, by=OFFICER)
    lot = draw("filing")
    if lot < SHARES["no_filing"]:
        ended = EndCase(
            case_id=event.case_id, outcome="not_filed", reason="没有犯罪事实", by=OFFICER
        )
        yield round(draw("end") * 2 * DAY_MS), ended
    elif event.kind == "criminal" and lot < SHARES["longer"]:
        extend = ExtendCheck(case_id=event.case_id, reason="需核查", by=OFFICER)
        yield round((1 + draw("check")) * DAY_MS), extend
        yield round((3 + draw("file") * 3) * DAY_MS), FileCase(case_id=event.case_id, by=OFFICER)
    else:
        yield round(draw("file") * 22 * HOUR_MS), FileCase(case_id=event.case_id, by=OFFICER)


def after_filed(_board: Board, event: CaseFiled, _at_ms: int, draw: Draw) -> Acts:
    """Half end in time, some ask for more, some run late; a wrong end is refused and harmless."""
    days = 3 + draw("work") * 40
    if days > LONG_DAYS:
        asked = AskCaseExtension(case_id=event.case_id, reason="案情复杂", by=OFFICER)
        yield 24 * DAY_MS, asked
    outcome: CaseEnd = "cleared" if _does(draw, "outcome") else "withdrawn"
    yield (
        round(days * DAY_MS),
        EndCase(case_id=event.case_id, outcome="decided", by=OFFICER),
    )
    yield (
        round((days + 1) * DAY_MS),
        EndCase(case_id=event.case_id, outcome=outcome, reason="事实查清", by=OFFICER),
    )


def after_asked(_board: Board, event: CaseExtensionAsked, _at_ms: int, draw: Draw) -> Acts:
    """A leader agrees mostly."""
    agrees = _does(draw, "agree")
    reason = "" if agrees else "期限内应能办结"
    decide = DecideCaseExtension(case_id=event.case_id, agrees=agrees, reason=reason, by=LEADER)
    yield round((1 + draw("decide") * 20) * HOUR_MS), decide


def after_extended(_board: Board, event: CaseExtended, _at_ms: int, draw: Draw) -> Acts:
    """What was extended for checking is filed then."""
    if event.stage == "checking_long":
        yield round(draw("file") * 15 * DAY_MS), FileCase(case_id=event.case_id, by=OFFICER)


def after_small(_board: Board, event: SmallCaseOpened, _at_ms: int, draw: Draw) -> Acts:
    """Somebody watches it, mostly within two hours."""
    step = StepSmallCase(
        item_id=event.item_id, done="to_watch", note="专人盯办", officer=OFFICER, by=OFFICER
    )
    yield round(draw("watch") * 150 * MINUTE_MS), step


def after_step(_board: Board, event: SmallCaseStepped, _at_ms: int, draw: Draw) -> Acts:
    """Then the scene, then the study; a few are never studied."""
    if event.done == "to_watch":
        step = StepSmallCase(
            item_id=event.item_id, done="to_examine", note="现场已勘查", by=OFFICER
        )
        yield round(draw("scene") * 26 * HOUR_MS), step
    elif event.done == "to_examine" and _does(draw, "study"):
        step = StepSmallCase(item_id=event.item_id, done="to_study", note="已研判串并", by=OFFICER)
        yield round(draw("study_delay") * 80 * HOUR_MS), step


def _does(draw: Draw, what: str) -> bool:
    return draw(what) < SHARES[what]


ACTORS: Final[Mapping[type[Event], Callable[..., Acts]]] = {
    CorrectionChecked: after_checked,
    alarms.AlarmRaised: after_alarm,
    orders.FeedbackGiven: after_feedback,
    DailyClearingRun: after_run,
    DefectFound: after_hit,
    SampleDrawn: after_drawn,
    DefectJudged: after_judged,
    DefectCorrected: after_corrected,
    CaseLinked: after_linked,
    CaseFiled: after_filed,
    CaseExtensionAsked: after_asked,
    CaseExtended: after_extended,
    SmallCaseOpened: after_small,
    SmallCaseStepped: after_step,
}
