"""What happens elsewhere and the seat answers to (专席联动): incidents, calls, crews, feedback."""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Incident
from kuaifan.board.items import HOUR_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, SetTimer
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.domestic_violence import happened, words
from kuaifan.seats.domestic_violence.household_rules import (
    BY_RULE,
    DISPUTES,
    DV_SKILL,
    is_violence,
)
from kuaifan.seats.domestic_violence.items_of import find_of_incident
from kuaifan.seats.domestic_violence.kinds import CALL_AT_SEAT
from kuaifan.seats.domestic_violence.papers import Household, Protection, slice_of
from kuaifan.seats.domestic_violence.protection_rules import list_orders_at
from kuaifan.vocabulary import facts, kinship, order, reinforce, talk
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items

OFFICERS: Final = 2
"""So many go to domestic violence at least (双警处置)."""
PAST_VIOLENCE: Final = "dv_past"
CORRECT_WITHIN_MS: Final = 24 * HOUR_MS
"""Violence found after the review: the final type is corrected by then."""


def on_incident(
    board: Board,
    event: incidents.IncidentOpened | incidents.IncidentUpdated,
    now_ms: int,
) -> list[Follow]:
    """A case where it is violence, a screening where it is a family dispute."""
    incident = board.incidents[event.incident_id]
    known = board.reference.types.get(incident.type_code)
    follows: list[Follow] = []
    if is_violence(known) and event.incident_id not in slice_of(board).of_incident:
        follows.append(words.OpenHousehold(incident_id=event.incident_id))
    elif known is not None and known.key in DISPUTES:
        follows.append(words.AskScreening(incident_id=event.incident_id))
    return [*follows, *_protected(board, event.incident_id, now_ms)]


def on_split(board: Board, event: kinship.IncidentSplit, now_ms: int) -> list[Follow]:
    """The one that was split off may be violence, too."""
    incident = board.incidents[event.into_incident_id]
    known = board.reference.types.get(incident.type_code)
    opens = is_violence(known) and incident.incident_id not in slice_of(board).of_incident
    follows: list[Follow] = [words.OpenHousehold(incident_id=incident.incident_id)] if opens else []
    return [*follows, *_protected(board, incident.incident_id, now_ms)]


def on_placed(board: Board, event: incidents.IncidentPlaced, now_ms: int) -> list[Follow]:
    """Its case has a place; and whether that is a protected one is looked up."""
    follows: list[Follow] = []
    mine = slice_of(board)
    household = mine.households.get(mine.of_incident.get(event.incident_id, ""))
    if household is not None and not household.is_placed:
        follows.append(words.PlaceHousehold(incident_id=event.incident_id))
        follows += _same_address(board, household, event.address.strip())
    return [*follows, *_protected(board, event.incident_id, now_ms)]


def _same_address(board: Board, household: Household, address: str) -> list[Follow]:
    """A case whose address was not known yet turns out to be that of a known household."""
    others = (
        each
        for each in slice_of(board).households.values()
        if each.is_open and each is not household and each.address.strip() == address
    )
    other = next(others, None) if address else None
    if other is None or len(household.happenings) > 1 or household.address:
        return []
    return [
        words.JoinHouseholds(
            household_id=household.household_id,
            into_household_id=other.household_id,
            reason="地址相同 · same address",
            by=BY_RULE,
        )
    ]


def _protected(board: Board, incident_id: str, now_ms: int) -> list[Follow]:
    """A protected address: the seat sees the order, and whoever is sent knows that there is one."""
    incident = board.incidents[incident_id]
    follows: list[Follow] = []
    for each in list_orders_at(board, incident, now_ms):
        if incident_id in each.judged:
            continue
        follows.append(
            words.NoteProtectedCall(protection_id=each.protection_id, incident_id=incident_id)
        )
        if incident.record_class == "restricted":
            follows.append(facts.AddNote(incident_id=incident_id, text=_order_words(each)))
    if follows and incident.facts.get("protected_place") != "yes":
        follows.append(
            facts.RecordFact(incident_id=incident_id, fact="protected_place", answer="yes")
        )
    return follows


def _order_words(each: Protection) -> str:
    return (
        f"人身安全保护令：{each.court} {each.number}，{each.measures or '禁止实施家庭暴力'} · "
        f"protection order of {each.court}, {each.number}"
    )


def on_merged(_board: Board, event: incidents.IncidentMerged, _now_ms: int) -> list[Follow]:
    """Two incidents were one, and count once."""
    return [
        words.MergeHappenings(
            incident_id=event.incident_id, into_incident_id=event.into_incident_id
        )
    ]


def on_assigned(board: Board, event: order.UnitAssigned, _now_ms: int) -> list[Follow]:
    """Two officers at least: a crew of one is not left alone with it."""
    if event.incident_id not in slice_of(board).of_incident:
        return []
    incident = board.incidents[event.incident_id]
    active = board.active_orders(incident)
    n_officers = sum(each.n_crew for each in active)
    if n_officers >= OFFICERS or len(active) < incident.n_needed:
        return []
    return [
        reinforce.RequestBackup(
            incident_id=event.incident_id,
            reason="家暴须双警处置 · two officers for violence at home",
        )
    ]


def on_transfer(board: Board, event: talk.TransferAccepted, _now_ms: int) -> list[Follow]:
    """A call that the seat has signed for is at the seat."""
    seat = board.desk_seats.get(event.to_id)
    call = board.calls.get(event.call_id)
    if seat is None or call is None or DV_SKILL not in seat.skills or not call.incident_id:
        return []
    item = find_of_incident(board, CALL_AT_SEAT, call.incident_id)
    if item is None:
        return []
    return [words.TakeViolenceCall(item_id=item.item_id, how="transferred", by=seat.person)]


def on_feedback(board: Board, event: order.FeedbackGiven, _now_ms: int) -> list[Follow]:
    """A letter that the crew issued is served and told like any other."""
    letter = event.letter
    if letter is None or not letter.issued or letter.kind != "domestic_violence":
        return []
    mine, about = slice_of(board), event.incident_id
    if about not in mine.of_incident:
        return []
    return [
        words.IssueWarning(
            incident_id=about,
            number=letter.number,
            facts=event.story or "见处警反馈 · see the feedback",
            by=board.orders[event.order_id].unit_id,
        )
    ]


def on_screened(board: Board, event: happened.ScreeningRecorded, now_ms: int) -> list[Follow]:
    """What was called a dispute is violence: it is handled as such."""
    incident = board.incidents.get(event.incident_id)
    if not event.found or incident is None or event.incident_id in slice_of(board).of_incident:
        return []
    follows: list[Follow] = [words.OpenHousehold(incident_id=event.incident_id, by=event.by)]
    known = board.reference.types.get(incident.type_code)
    past = next((t for t in board.reference.types.values() if t.key == PAST_VIOLENCE), None)
    if past is None or is_violence(known) or incident.is_over:
        return follows
    if incident.state != "reviewed":
        update = incidents.UpdateIncident(incident_id=event.incident_id, type_code=past.code)
        return [*follows, update]
    # A final type is a person's word, and only a person corrects it: he is asked to.
    return [*follows, _correct_the_type(incident, f"{past.code} {past.name_cn}", now_ms)]


def _correct_the_type(incident: Incident, to: str, now_ms: int) -> Follow:
    return items.GiveTask(
        incident_id=incident.incident_id,
        text=f"评查后筛查为家暴：请再次评查，最终类别改为 {to} · "
        f"violence was found after the review: review it again, as {to}",
        to=items.Owner("desk", incident.desk_id),
        due_at_ms=now_ms + CORRECT_WITHIN_MS,
        by=BY_RULE,
    )


def on_facts(
    board: Board,
    event: happened.ViolenceConfirmed | happened.ProtectedCallJudged | happened.HouseholdsJoined,
    _now_ms: int,
) -> list[Follow]:
    """The rule looks again at the case."""
    mine = slice_of(board)
    household_id = mine.of_incident.get(event.incident_id, "")
    if isinstance(event, happened.ProtectedCallJudged):
        household_id = mine.protections[event.protection_id].household_id
    return [words.ReviewAttention(household_id=household_id)] if household_id else []


def on_level(_board: Board, event: happened.AttentionConfirmed, _now_ms: int) -> list[Follow]:
    """It ends some day, and then somebody looks again."""
    review = words.ReviewAttention(household_id=event.household_id)
    return [SetTimer(_clock(event.household_id), event.until_ms, review)]


def on_closed(
    _board: Board, event: happened.HouseholdClosed | happened.HouseholdsJoined, _now_ms: int
) -> list[Follow]:
    """Nothing is looked at any more."""
    return [CancelTimer(_clock(event.household_id))]


def _clock(household_id: str) -> str:
    return f"attention:{household_id}"


REACTIONS: Final = {
    incidents.IncidentOpened: [on_incident],
    incidents.IncidentUpdated: [on_incident],
    incidents.IncidentPlaced: [on_placed],
    incidents.IncidentMerged: [on_merged],
    kinship.IncidentSplit: [on_split],
    order.UnitAssigned: [on_assigned],
    order.FeedbackGiven: [on_feedback],
    talk.TransferAccepted: [on_transfer],
    happened.ScreeningRecorded: [on_screened],
    happened.ViolenceConfirmed: [on_facts],
    happened.ProtectedCallJudged: [on_facts],
    happened.HouseholdsJoined: [on_facts, on_closed],
    happened.AttentionConfirmed: [on_level],
    happened.HouseholdClosed: [on_closed],
}
