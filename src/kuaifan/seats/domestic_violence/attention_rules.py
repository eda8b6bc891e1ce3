"""Levels, visits and safety calls (关注等级、查访、安全回访): by rule, then by people."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.day_tally import CITY_OFFSET_MS, DAY_MS
from kuaifan.board.item_papers import Item
from kuaifan.board.items import HOUR_MS, close_item, get_item, move_item
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.personal import is_erased
from kuaifan.seats.domestic_violence import happened, words
from kuaifan.seats.domestic_violence.attention import Proposal, propose
from kuaifan.seats.domestic_violence.items_of import closed_all, get_household_of, list_open, opened
from kuaifan.seats.domestic_violence.kinds import ATTENTION, SAFETY_CALL, VISIT
from kuaifan.seats.domestic_violence.papers import (
    LEVELS,
    Household,
    Level,
    get_household,
    need_second,
    slice_of,
)
from kuaifan.seats.domestic_violence.terms import Terms

DAY_MINUTES: Final = 24 * 60


def first_ms(terms: Terms, level: Level) -> int:
    """From a level to its first visit."""
    hours = {"red": terms.red_first_h, "orange": terms.orange_first_h}
    return hours.get(level, terms.blue_first_h) * HOUR_MS


def every_ms(terms: Terms, level: Level) -> int:
    """From one visit to the next."""
    hours = {"red": terms.red_every_h, "orange": terms.orange_every_h}
    return hours.get(level, terms.blue_every_h) * HOUR_MS


def review_attention(board: Board, command: words.ReviewAttention, now_ms: int) -> list[Event]:
    """What the rule says now (复核关注等级); who confirms it is owed where it is another level."""
    household, mine = slice_of(board).households.get(command.household_id), slice_of(board)
    if household is None or not household.is_open:
        return []
    found = propose(household, mine.terms, now_ms)
    if not found.level:
        return []
    events: list[Event] = []
    if (found.level, found.reasons) != (household.proposed, household.reasons):
        events.append(
            happened.AttentionProposed(
                incident_id=household.incident_id,
                household_id=household.household_id,
                level=found.level,
                reasons=found.reasons,
                n_clean=found.n_clean,
            )
        )
    stands = household.level == found.level and now_ms < household.level_until_ms
    if not stands and not list_open(board, household, ATTENTION):
        due_at_ms = now_ms + mine.terms.attention_h * HOUR_MS
        events.append(opened(board, ATTENTION, household, due_at_ms=due_at_ms))
    return events


def confirm_attention(board: Board, command: words.ConfirmAttention, now_ms: int) -> list[Event]:
    """A level is confirmed (确认关注等级): raised for a reason, lowered with another's consent."""
    household, terms = get_household(board, command.household_id), slice_of(board).terms
    need_name(command.by)
    found = propose(household, terms, now_ms)
    reasons = _check_level(found, command)
    asked = list_open(board, household, ATTENTION)
    if command.level == household.level and now_ms < household.level_until_ms and not asked:
        raise Refused(
            "level_stands",
            f"个案 {household.household_id} 的关注等级已是此级且未到期",
            f"case {household.household_id} has this level, and it has not run out",
        )
    return [
        happened.AttentionConfirmed(
            incident_id=household.incident_id,
            household_id=household.household_id,
            level=command.level,
            until_ms=now_ms + terms.level_days * DAY_MS,
            reasons=reasons,
            reason=command.reason,
            by=command.by,
            approved_by=command.approved_by,
        ),
        *closed_all(asked, "confirmed", command.by),
        *_visit_by(board, household, command, now_ms),
    ]


def _check_level(found: Proposal, command: words.ConfirmAttention) -> tuple[str, ...]:
    """Why it is this level, or refuse: nothing_confirmed, reason_needed, consent_needed."""
    if not found.level:
        raise Refused(
            "nothing_confirmed",
            "没有已确认的家暴事实，不定关注等级",
            "no violence is confirmed: there is no level without an incident",
        )
    here, wanted = LEVELS.index(found.level), LEVELS.index(command.level)
    if wanted == here:
        return found.reasons
    need_reason(command.reason)
    if wanted > here:
        return (*found.reasons, "raised")
    need_second(command.by, command.approved_by)
    return (*found.reasons, "lowered")


def _visit_by(
    board: Board, household: Household, command: words.ConfirmAttention, now_ms: int
) -> list[Event]:
    """The next visit: of the new level, never later than one that is planned."""
    due_at_ms = now_ms + first_ms(slice_of(board).terms, command.level)
    planned = list_open(board, household, VISIT)
    if not planned:
        return [opened(board, VISIT, household, due_at_ms=due_at_ms)]
    if planned[0].due_at_ms <= due_at_ms:
        return []
    return [move_item(VISIT, planned[0], "planned", by=command.by, due_at_ms=due_at_ms)]


def record_visit(board: Board, command: words.RecordSafetyVisit, now_ms: int) -> list[Event]:
    """What came of a visit (登记查访): each ends with the next one planned, however it ended."""
    item = get_item(board, command.item_id, VISIT)
    household, mine = get_household_of(board, item), slice_of(board)
    need_name(command.by)
    is_last = mine.tries.get(item.item_id, 0) + 1 >= mine.terms.n_tries
    is_over = command.result != "not_reached" or is_last
    told = happened.SafetyVisitRecorded(
        incident_id=item.incident_id,
        household_id=household.household_id,
        result=command.result,
        is_safe=command.is_safe and command.result == "done",
        is_late=now_ms > item.due_at_ms,
        is_over=is_over,
        item_id=item.item_id,
        by=command.by,
    )
    if not is_over:
        again_ms = now_ms + mine.terms.retry_h * HOUR_MS
        return [
            told,
            move_item(VISIT, item, "again", by=command.by, due_at_ms=again_ms, note=command.note),
        ]
    is_well = told.is_safe or command.result == "refused"
    wait_ms = (every_ms if is_well else first_ms)(mine.terms, household.level)
    return [
        told,
        close_item(VISIT, item, command.result, by=command.by, note=command.note),
        opened(board, VISIT, household, due_at_ms=now_ms + wait_ms),
    ]


def agree_contact(board: Board, command: words.AgreeSafeContact, _now_ms: int) -> list[Event]:
    """Where and when it is safe to ring (约定安全联系方式)."""
    household = get_household(board, command.household_id)
    need_name(command.by)
    if not command.number.strip() or command.from_min == command.to_min:
        raise Refused(
            "agreement_incomplete",
            "须填写号码和可联系时段",
            "an agreement names a number and the hours of the day",
        )
    return [
        happened.SafeContactAgreed(
            incident_id=household.incident_id,
            household_id=household.household_id,
            number=command.number.strip(),
            from_min=command.from_min,
            to_min=command.to_min,
            by=command.by,
        )
    ]


def refuse_unagreed(household: Household, number: str, now_ms: int) -> None:
    """Refuse a ring that was not agreed: no_agreement, other_number, outside_hours."""
    if not household.safe_number or is_erased(household.safe_number):
        raise Refused(
            "no_agreement",
            "未约定安全号码和时段，不得拨打；可当面了解",
            "no safe number and hours were agreed: nobody rings; ask in person",
        )
    if number.strip() != household.safe_number:
        raise Refused(
            "other_number", "不是约定的安全号码", "this is not the number that was agreed"
        )
    minute = (now_ms + CITY_OFFSET_MS) // MINUTE_MS % DAY_MINUTES
    start, end = household.call_from_min, household.call_to_min
    inside = start <= minute < end if start < end else minute >= start or minute < end
    if not inside:
        raise Refused("outside_hours", "不在约定的时段内", "these are not the hours agreed")


def record_call(board: Board, command: words.RecordSafetyCall, now_ms: int) -> list[Event]:
    """What came of a safety call (登记安全回访)."""
    item = get_item(board, command.item_id, SAFETY_CALL)
    household, mine = get_household_of(board, item), slice_of(board)
    need_name(command.by)
    refuse_unagreed(household, command.number, now_ms)
    is_last = mine.tries.get(item.item_id, 0) + 1 >= mine.terms.n_tries
    is_over = command.is_reached or is_last
    told = happened.SafetyCallRecorded(
        incident_id=item.incident_id,
        household_id=household.household_id,
        is_reached=command.is_reached,
        is_safe=command.is_safe and command.is_reached,
        is_over=is_over,
        item_id=item.item_id,
        by=command.by,
    )
    if is_over:
        outcome = "reached" if command.is_reached else "not_reached"
        ended = close_item(SAFETY_CALL, item, outcome, by=command.by, note=command.note)
        return [told, ended]
    again_ms = now_ms + mine.terms.retry_h * HOUR_MS
    moved = move_item(
        SAFETY_CALL, item, "again", by=command.by, due_at_ms=again_ms, note=command.note
    )
    return [told, moved]


def meet_instead(board: Board, command: words.MeetInstead, _now_ms: int) -> list[Event]:
    """Asked in person (当面回访), where no number is safe."""
    item: Item = get_item(board, command.item_id, SAFETY_CALL)
    household = get_household_of(board, item)
    need_name(command.by)
    need_reason(command.note)
    return [
        happened.SafetyCallRecorded(
            incident_id=item.incident_id,
            household_id=household.household_id,
            is_reached=True,
            is_safe=command.is_safe,
            is_over=True,
            item_id=item.item_id,
            by=command.by,
        ),
        close_item(SAFETY_CALL, item, "met", by=command.by, note=command.note),
    ]


DECIDERS: Final = {
    words.ReviewAttention: review_attention,
    words.ConfirmAttention: confirm_attention,
    words.RecordSafetyVisit: record_visit,
    words.AgreeSafeContact: agree_contact,
    words.RecordSafetyCall: record_call,
    words.MeetInstead: meet_instead,
}
