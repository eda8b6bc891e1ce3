"""Cases of households (家暴个案): opened for each incident, confirmed, joined, closed.

No incident of domestic violence is without a case and a call-back; a family dispute is screened.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.entities import Incident
from kuaifan.board.items import HOUR_MS, close_item, get_item, open_item
from kuaifan.board.letters import wants_letter
from kuaifan.board.lookup import get_incident, get_open_incident
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.personal import is_erased
from kuaifan.seats.domestic_violence import happened, words
from kuaifan.seats.domestic_violence.attention import propose
from kuaifan.seats.domestic_violence.items_of import (
    TEAM,
    closed_all,
    find_of_incident,
    list_open,
    opened,
)
from kuaifan.seats.domestic_violence.kinds import (
    ATTENTION,
    CALL_AT_SEAT,
    CONFIRM,
    SAFETY_CALL,
    SCREENING,
    VISIT,
)
from kuaifan.seats.domestic_violence.papers import (
    Household,
    get_happening,
    get_household,
    need_second,
    slice_of,
)
from kuaifan.vocabulary.incident_types import IncidentType

DISPUTES: Final = frozenset({"family_dispute", "relationship_dispute"})
DV_SKILL: Final = "dv"
BY_RULE: Final = "rule"


def is_violence(incident_type: IncidentType | None) -> bool:
    """Whether incidents of a type are domestic violence."""
    return incident_type is not None and wants_letter(incident_type)


def open_household(board: Board, command: words.OpenHousehold, now_ms: int) -> list[Event]:
    """An incident is one of domestic violence (建立家暴个案): case, facts and a call are owed."""
    incident, mine = get_incident(board, command.incident_id), slice_of(board)
    if incident.incident_id in mine.of_incident:
        raise Refused(
            "household_known",
            f"警情 {incident.incident_id} 已有个案 {mine.of_incident[incident.incident_id]}",
            f"incident {incident.incident_id} has a case already",
        )
    known = is_violence(board.reference.types.get(incident.type_code))
    if not known and not mine.screened.get(incident.incident_id, False):
        raise Refused(
            "no_violence",
            f"警情 {incident.incident_id} 不是家暴警情，请先筛查或更改类别",
            f"incident {incident.incident_id} is no such violence: screen it, or change its type",
        )
    household = _find_same(board, incident) or _new_household(incident, now_ms)
    events: list[Event] = [
        happened.HouseholdOpened(
            incident_id=incident.incident_id,
            household_id=household.household_id,
            desk_id=household.desk_id,
            by=command.by or BY_RULE,
            address=incident.address,
            lat=incident.lat,
            lon=incident.lon,
            is_placed=incident.is_placed,
        )
    ]
    if (asked := find_of_incident(board, SCREENING, incident.incident_id)) is not None:
        events.append(close_item(SCREENING, asked, "violence", by=BY_RULE))
    terms, about = mine.terms, incident.incident_id
    owed = [(CONFIRM, terms.confirm_h * HOUR_MS), (SAFETY_CALL, terms.safety_call_h * HOUR_MS)]
    if _is_elsewhere(board, incident):
        owed.append((CALL_AT_SEAT, terms.take_call_min * MINUTE_MS))
    events += [
        opened(board, kind, household, due_at_ms=now_ms + wait_ms, incident_id=about, nth=nth)
        for nth, (kind, wait_ms) in enumerate(owed, 1)
    ]
    return events


def _find_same(board: Board, incident: Incident) -> Household | None:
    """The open case of the same address, said in the same words; a block of flats has one place."""
    address = incident.address.strip()
    if not address or is_erased(address):
        return None
    open_ones = (each for each in slice_of(board).households.values() if each.is_open)
    return next((each for each in open_ones if each.address.strip() == address), None)


def _new_household(incident: Incident, now_ms: int) -> Household:
    return Household(
        household_id=f"{incident.incident_id}-H",
        incident_id=incident.incident_id,
        desk_id=incident.desk_id,
        opened_at_ms=now_ms,
    )


def _is_elsewhere(board: Board, incident: Incident) -> bool:
    """Whether its call was taken at a seat that is not of the team."""
    calls = [board.calls[each] for each in incident.call_ids if each in board.calls]
    seats = [board.desk_seats.get(each.seat_id) for each in calls]
    return bool(calls) and not any(each and DV_SKILL in each.skills for each in seats)


def place_household(board: Board, command: words.PlaceHousehold, _now_ms: int) -> list[Event]:
    """Where it is (个案定位): of its first incident, once."""
    household_id = slice_of(board).of_incident.get(command.incident_id, "")
    household = slice_of(board).households.get(household_id)
    incident = board.incidents.get(command.incident_id)
    if household is None or incident is None or not incident.is_placed or household.is_placed:
        return []
    return [
        happened.HouseholdPlaced(
            incident_id=incident.incident_id,
            household_id=household_id,
            address=incident.address,
            lat=incident.lat,
            lon=incident.lon,
        )
    ]


def join_households(board: Board, command: words.JoinHouseholds, _now_ms: int) -> list[Event]:
    """Two cases are of one household (并案)."""
    one = get_household(board, command.household_id)
    other = get_household(board, command.into_household_id)
    need_name(command.by)
    need_reason(command.reason)
    if one is other:
        raise Refused("same_household", "不能与自身并案", "a case is not joined to itself")
    return [
        happened.HouseholdsJoined(
            incident_id=one.incident_id,
            household_id=one.household_id,
            into_household_id=other.household_id,
            reason=command.reason,
            by=command.by,
        ),
        *closed_all(list_open(board, one, ATTENTION, VISIT), "closed", command.by),
    ]


def merge_happenings(board: Board, command: words.MergeHappenings, _now_ms: int) -> list[Event]:
    """Two incidents were one (并警): it counts once, and is owed once."""
    mine = slice_of(board)
    if command.incident_id not in mine.of_incident:
        return []
    merged = happened.HappeningsMerged(
        incident_id=command.incident_id, into_incident_id=command.into_incident_id
    )
    if command.into_incident_id not in mine.of_incident:
        return [merged]
    twice = [
        (kind, [each for each in board.items.values() if _is_of(each, kind.kind, command)])
        for kind in (CONFIRM, SAFETY_CALL, CALL_AT_SEAT)
    ]
    return [
        merged,
        *(
            close_item(kind, each, "merged", by=BY_RULE)
            for kind, found in twice
            for each in found[1:]
        ),
    ]


def _is_of(item: object, kind: str, command: words.MergeHappenings) -> bool:
    both = {command.incident_id, command.into_incident_id}
    return (
        getattr(item, "seat_id", "") == TEAM.owner_id
        and getattr(item, "kind", "") == kind
        and getattr(item, "incident_id", "") in both
    )


def ask_screening(board: Board, command: words.AskScreening, now_ms: int) -> list[Event]:
    """A family dispute is screened (家庭纠纷家暴筛查), once."""
    incident, mine = get_open_incident(board, command.incident_id), slice_of(board)
    asked = find_of_incident(board, SCREENING, incident.incident_id) is not None
    if asked or incident.incident_id in mine.screened or incident.incident_id in mine.of_incident:
        return []
    due_at_ms = now_ms + mine.terms.screening_h * HOUR_MS
    about = incident.incident_id
    return [open_item(board, SCREENING, owner=TEAM, due_at_ms=due_at_ms, incident_id=about)]


def record_screening(board: Board, command: words.RecordScreening, _now_ms: int) -> list[Event]:
    """What was answered (登记筛查结果); who does not know is asked again, not written off."""
    item = get_item(board, command.item_id, SCREENING)
    need_name(command.by)
    answers = (
        *(command.hit, command.threatened, command.controlled),
        *(command.afraid, command.children_harmed),
    )
    found = "yes" in answers
    if not found and "unknown" in answers:
        raise Refused(
            "screening_open",
            "尚有问题未问明，不能登记为“未见家暴”",
            "some question is not answered yet: it cannot be written down as no violence",
        )
    outcome = "violence" if found else "none"
    return [
        happened.ScreeningRecorded(
            incident_id=item.incident_id, found=found, answers=answers, by=command.by
        ),
        close_item(SCREENING, item, outcome, by=command.by, note=command.note),
    ]


def take_call(board: Board, command: words.TakeViolenceCall, _now_ms: int) -> list[Event]:
    """The seat has the call (接席); how is held against what the call says."""
    item = get_item(board, command.item_id, CALL_AT_SEAT)
    need_name(command.by)
    incident = board.incidents.get(item.incident_id)
    ids = incident.call_ids if incident else []
    calls = [board.calls[each] for each in ids if each in board.calls]
    owners = [board.desk_seats.get(each.seat_id) for each in calls]
    if command.how == "transferred" and not any(o and DV_SKILL in o.skills for o in owners):
        raise Refused(
            "not_transferred",
            "来电仍在首接席，须由本席签收转接后登记",
            "the call is still its first owner's: it is transferred when this seat has signed",
        )
    joined = any(party.kind == "seat" for call in calls for party in call.parties)
    if command.how == "joined" and not joined:
        raise Refused("not_joined", "本席未加入通话", "no seat has joined the call")
    if command.how == "told" and any(each.state == "talking" for each in calls):
        raise Refused(
            "still_talking",
            "通话尚未结束，请转接或三方加入",
            "the talk goes on: have it transferred, or join it",
        )
    return [
        happened.ViolenceCallTaken(incident_id=item.incident_id, how=command.how, by=command.by),
        close_item(CALL_AT_SEAT, item, command.how, by=command.by),
    ]


def confirm_violence(board: Board, command: words.ConfirmViolence, _now_ms: int) -> list[Event]:
    """An officer confirms it, with the facts (确认家暴); more facts may come later."""
    household, happening = get_happening(board, command.incident_id)
    need_name(command.by)
    facts = tuple(dict.fromkeys(command.facts))
    if happening.verdict == "confirmed" and {*happening.facts} == {*facts}:
        raise Refused(
            "same_facts",
            f"警情 {command.incident_id} 已按此事实确认",
            f"incident {command.incident_id} is confirmed with these facts already",
        )
    if lost := [each for each in happening.facts if each not in facts]:
        raise Refused(
            "facts_stand",
            f"已核实的事实不得删去：{'、'.join(lost)}",
            f"facts that were confirmed stand: {', '.join(lost)}",
        )
    events: list[Event] = [
        happened.ViolenceConfirmed(
            incident_id=command.incident_id,
            household_id=household.household_id,
            facts=facts,
            by=command.by,
        )
    ]
    if (item := find_of_incident(board, CONFIRM, command.incident_id)) is not None:
        events.append(close_item(CONFIRM, item, "confirmed", by=command.by))
    return events


def reject_violence(board: Board, command: words.RejectViolence, _now_ms: int) -> list[Event]:
    """It was none (家暴不成立): for a reason, with a supervisor's name, before it is confirmed."""
    household, happening = get_happening(board, command.incident_id)
    need_name(command.by)
    need_reason(command.reason)
    need_second(command.by, command.approved_by)
    if happening.verdict:
        raise Refused(
            "already_judged",
            f"警情 {command.incident_id} 已核实",
            f"incident {command.incident_id} has been judged already",
        )
    events: list[Event] = [
        happened.ViolenceRejected(
            incident_id=command.incident_id,
            household_id=household.household_id,
            reason=command.reason,
            by=command.by,
            approved_by=command.approved_by,
        )
    ]
    if (item := find_of_incident(board, CONFIRM, command.incident_id)) is not None:
        events.append(close_item(CONFIRM, item, "unfounded", by=command.by))
    return events


def close_household(board: Board, command: words.CloseHousehold, now_ms: int) -> list[Event]:
    """A year without violence and seen to be so (个案结案), or nothing was found at all."""
    household, mine = get_household(board, command.household_id), slice_of(board)
    need_name(command.by)
    n_clean = propose(household, mine.terms, now_ms).n_clean
    doubted = any(not each.verdict for each in household.happenings)
    if doubted or (household.confirmed and n_clean < mine.terms.close_months):
        raise Refused(
            "not_clean_enough",
            f"须有 {mine.terms.close_months} 个月无家暴且有安全联系，现为 {n_clean} 个月",
            f"{mine.terms.close_months} clean months with safe contact are needed, "
            f"there are {n_clean}; silence does not count",
        )
    orders = (o for o in mine.protections.values() if o.household_id == household.household_id)
    if any(each.holds_at(now_ms) for each in orders):
        raise Refused("order_in_force", "保护令仍有效，不能结案", "a protection order is in force")
    ending = list_open(board, household, ATTENTION, VISIT, SAFETY_CALL)
    if rest := [each for each in list_open(board, household) if each not in ending]:
        told = "、".join(each.item_id for each in rest)
        raise Refused("items_open", f"尚有未办结事项：{told}", f"open items: {told}")
    return [
        happened.HouseholdClosed(
            incident_id=household.incident_id, household_id=household.household_id, by=command.by
        ),
        *closed_all(ending, "closed", command.by),
    ]


DECIDERS: Final = {
    words.OpenHousehold: open_household,
    words.PlaceHousehold: place_household,
    words.JoinHouseholds: join_households,
    words.MergeHappenings: merge_happenings,
    words.AskScreening: ask_screening,
    words.RecordScreening: record_screening,
    words.TakeViolenceCall: take_call,
    words.ConfirmViolence: confirm_violence,
    words.RejectViolence: reject_violence,
    words.CloseHousehold: close_household,
}
