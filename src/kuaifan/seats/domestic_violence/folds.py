"""Folds of the seat (家暴专席归并): its papers as its events leave them, and what is counted."""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.state import Board
from kuaifan.seats.domestic_violence import happened
from kuaifan.seats.domestic_violence.papers import (
    Happening,
    Household,
    Households,
    Letter,
    Material,
    Protection,
    Referral,
    slice_of,
)

BOTH: Final = {"victim", "respondent"}
REPEAT_MS: Final = 90 * DAY_MS
"""So soon after another one an incident counts as a repeat (90 日内再发)."""


def opened(board: Board, event: happened.HouseholdOpened, at_ms: int) -> None:
    """A new case, or one incident more of a household that has one."""
    mine = slice_of(board)
    found = mine.households.get(event.household_id)
    if found is None:
        found = mine.households[event.household_id] = Household(
            household_id=event.household_id,
            incident_id=event.incident_id,
            desk_id=event.desk_id,
            opened_at_ms=at_ms,
            address=event.address,
            lat=event.lat,
            lon=event.lon,
            is_placed=event.is_placed,
        )
        mine.tally.add(at_ms, "households")
    found.happenings.append(Happening(incident_id=event.incident_id, at_ms=at_ms))
    mine.of_incident[event.incident_id] = found.household_id
    mine.tally.add(at_ms, "incidents")


def placed(board: Board, event: happened.HouseholdPlaced, _at_ms: int) -> None:
    """Where it is."""
    found = slice_of(board).households[event.household_id]
    found.address, found.lat, found.lon = event.address or found.address, event.lat, event.lon
    found.is_placed = True


def joined(board: Board, event: happened.HouseholdsJoined, at_ms: int) -> None:
    """Everything of the one belongs to the other."""
    mine = slice_of(board)
    one, other = mine.households[event.household_id], mine.households[event.into_household_id]
    one.closed_at_ms, one.joined_to = at_ms, other.household_id
    other.happenings = sorted([*other.happenings, *one.happenings], key=lambda each: each.at_ms)
    other.contacts_at_ms = sorted([*other.contacts_at_ms, *one.contacts_at_ms])
    one.happenings = []
    for incident_id, household_id in mine.of_incident.items():
        if household_id == one.household_id:
            mine.of_incident[incident_id] = other.household_id
    for papers in (mine.letters, mine.protections, mine.referrals):
        for paper in papers.values():
            if paper.household_id == one.household_id:
                paper.household_id = other.household_id


def screened(board: Board, event: happened.ScreeningRecorded, at_ms: int) -> None:
    """A dispute was looked at."""
    mine = slice_of(board)
    mine.screened[event.incident_id] = event.found
    mine.tally.add(at_ms, "screened")
    mine.tally.add(at_ms, "screened_violence", int(event.found))


def taken(board: Board, _event: happened.ViolenceCallTaken, at_ms: int) -> None:
    """The seat has it."""
    slice_of(board).tally.add(at_ms, "calls_taken")


def confirmed(board: Board, event: happened.ViolenceConfirmed, at_ms: int) -> None:
    """An officer said so."""
    mine = slice_of(board)
    household = mine.households[event.household_id]
    before = [each.at_ms for each in household.confirmed if each.incident_id != event.incident_id]
    for each in household.happenings:
        if each.incident_id == event.incident_id:
            each.verdict, each.facts = "confirmed", event.facts
            again = any(0 <= each.at_ms - past <= REPEAT_MS for past in before)
            mine.tally.add(at_ms, "repeats", int(again))
    mine.tally.add(at_ms, "confirmed")


def rejected(board: Board, event: happened.ViolenceRejected, at_ms: int) -> None:
    """It was none."""
    mine = slice_of(board)
    for each in mine.households[event.household_id].happenings:
        if each.incident_id == event.incident_id:
            each.verdict, each.facts = "unfounded", ()
    mine.tally.add(at_ms, "unfounded")


def proposed(board: Board, event: happened.AttentionProposed, _at_ms: int) -> None:
    """What the rule says."""
    household = slice_of(board).households[event.household_id]
    household.proposed, household.reasons = event.level, event.reasons


def level_confirmed(board: Board, event: happened.AttentionConfirmed, at_ms: int) -> None:
    """What an officer says."""
    household = slice_of(board).households[event.household_id]
    household.level, household.level_since_ms = event.level, at_ms
    household.level_until_ms, household.confirmed_by = event.until_ms, event.by
    household.reasons = event.reasons


def visited(board: Board, event: happened.SafetyVisitRecorded, at_ms: int) -> None:
    """A visit, tried or done."""
    mine = slice_of(board)
    household = mine.households[event.household_id]
    _count_try(mine, event.item_id, is_over=event.is_over)
    mine.tally.add(at_ms, "visit_tries")
    if event.is_over:
        mine.tally.add(at_ms, "visits")
        mine.tally.add(at_ms, "visits_on_time", int(not event.is_late))
    if event.result == "done" and event.is_safe:
        household.contacts_at_ms.append(at_ms)


def agreed(board: Board, event: happened.SafeContactAgreed, _at_ms: int) -> None:
    """Where and when somebody may be rung."""
    household = slice_of(board).households[event.household_id]
    household.safe_number = event.number
    household.call_from_min, household.call_to_min = event.from_min, event.to_min


def called(board: Board, event: happened.SafetyCallRecorded, at_ms: int) -> None:
    """A safety call, tried or done."""
    mine = slice_of(board)
    _count_try(mine, event.item_id, is_over=event.is_over)
    mine.tally.add(at_ms, "safety_calls")
    if event.is_reached:
        mine.tally.add(at_ms, "safety_calls_reached")
        if event.is_safe:
            mine.households[event.household_id].contacts_at_ms.append(at_ms)


def issued(board: Board, event: happened.WarningIssued, at_ms: int) -> None:
    """A letter begins."""
    mine = slice_of(board)
    mine.letters[event.letter_id] = Letter(
        letter_id=event.letter_id,
        household_id=event.household_id,
        incident_id=event.incident_id,
        number=event.number,
        facts=event.facts,
        issued_at_ms=at_ms,
    )
    for each in mine.households[event.household_id].happenings:
        if each.incident_id == event.incident_id:
            each.has_letter = True
    mine.tally.add(at_ms, "letters")


def served(board: Board, event: happened.WarningServed, at_ms: int) -> None:
    """One side has it."""
    mine = slice_of(board)
    letter = mine.letters[event.letter_id]
    letter.served[event.party] = "signed" if event.is_signed else "refused"
    mine.tally.add(at_ms, "letters_served", int({*letter.served} == BOTH))


def told(board: Board, event: happened.CommitteeTold, _at_ms: int) -> None:
    """The committee has it."""
    slice_of(board).letters[event.letter_id].committee = event.committee


def withdrawn(board: Board, event: happened.WarningWithdrawn, at_ms: int) -> None:
    """The letter does not count."""
    mine = slice_of(board)
    letter = mine.letters[event.letter_id]
    letter.withdrawn = True
    for each in mine.households[letter.household_id].happenings:
        if each.incident_id == letter.incident_id:
            each.has_letter = False
    mine.tally.add(at_ms, "letters", -1)


def registered(board: Board, event: happened.ProtectionRegistered, at_ms: int) -> None:
    """An order begins."""
    mine = slice_of(board)
    mine.protections[event.protection_id] = Protection(
        protection_id=event.protection_id,
        household_id=event.household_id,
        incident_id=event.incident_id,
        court=event.court,
        number=event.number,
        address=event.address,
        measures=event.measures,
        lat=event.lat,
        lon=event.lon,
        from_ms=event.from_ms,
        until_ms=event.until_ms,
    )
    mine.tally.add(at_ms, "protections")


def extended(board: Board, event: happened.ProtectionExtended, _at_ms: int) -> None:
    """It holds longer."""
    order = slice_of(board).protections[event.protection_id]
    order.until_ms, order.n_extended = event.until_ms, order.n_extended + 1


def ended(board: Board, event: happened.ProtectionEnded, _at_ms: int) -> None:
    """It holds no more."""
    slice_of(board).protections[event.protection_id].ended = event.outcome


def protected_call(board: Board, event: happened.ProtectedCallNoted, at_ms: int) -> None:
    """Somebody calls from there; nobody has judged it yet."""
    mine = slice_of(board)
    mine.protections[event.protection_id].judged[event.incident_id] = ""
    mine.tally.add(at_ms, "protected_calls")


def judged(board: Board, event: happened.ProtectedCallJudged, at_ms: int) -> None:
    """A breach is a fact of the incident, and of its household."""
    mine = slice_of(board)
    order = mine.protections[event.protection_id]
    order.judged[event.incident_id] = "breach" if event.is_breach else "no_breach"
    if event.is_breach:
        order.breach_incident_ids.append(event.incident_id)
        mine.tally.add(at_ms, "breaches")
        _note_breach(mine, order.household_id, event.incident_id, at_ms)


def referred(board: Board, event: happened.HouseholdReferred, at_ms: int) -> None:
    """Somebody is asked."""
    mine = slice_of(board)
    mine.referrals[event.referral_id] = Referral(
        referral_id=event.referral_id,
        household_id=event.household_id,
        incident_id=event.incident_id,
        to=event.to,
        what=event.what,
        sent_at_ms=at_ms,
    )
    mine.tally.add(at_ms, "referrals")


def received(board: Board, event: happened.ReferralReceived, at_ms: int) -> None:
    """They have it."""
    mine = slice_of(board)
    mine.referrals[event.referral_id].receiver = event.receiver
    mine.tally.add(at_ms, "referrals_received")


def referral_ended(board: Board, event: happened.ReferralEnded, _at_ms: int) -> None:
    """What came of it."""
    slice_of(board).referrals[event.referral_id].outcome = event.outcome


def material_put(board: Board, event: happened.MaterialPut, _at_ms: int) -> None:
    """There is one thing more to hand out, or a newer one."""
    mine = slice_of(board)
    old = mine.materials.get(event.material_id)
    mine.n_materials += int(old is None)
    mine.materials[event.material_id] = Material(
        material_id=event.material_id,
        title=event.title,
        version=event.version,
        where=event.where,
        n_handed_out=old.n_handed_out if old else 0,
    )


def handed_out(board: Board, event: happened.MaterialHandedOut, at_ms: int) -> None:
    """So many more."""
    mine = slice_of(board)
    mine.materials[event.material_id].n_handed_out += event.n
    mine.tally.add(at_ms, "material", event.n)


def dropped(board: Board, event: happened.MaterialDropped, _at_ms: int) -> None:
    """One less."""
    slice_of(board).materials.pop(event.material_id, None)


def closed(board: Board, event: happened.HouseholdClosed, at_ms: int) -> None:
    """The case is over: what it kept of anybody's number goes."""
    household = slice_of(board).households[event.household_id]
    household.closed_at_ms, household.level, household.proposed = at_ms, "", ""
    household.safe_number = ""


def term_set(board: Board, event: happened.ViolenceTermSet, _at_ms: int) -> None:
    """Another number is in force."""
    mine = slice_of(board)
    mine.terms = msgspec.structs.replace(mine.terms, **{event.name: event.value})


def merged(board: Board, event: happened.HappeningsMerged, _at_ms: int) -> None:
    """The child's entry goes, or becomes the main one's."""
    mine = slice_of(board)
    household = mine.households[mine.of_incident.pop(event.incident_id)]
    child = next(e for e in household.happenings if e.incident_id == event.incident_id)
    if event.into_incident_id in mine.of_incident:
        household.happenings.remove(child)
    else:
        child.incident_id = event.into_incident_id
        mine.of_incident[event.into_incident_id] = household.household_id


def _count_try(mine: Households, item_id: str, *, is_over: bool) -> None:
    if is_over:
        mine.tries.pop(item_id, None)
    else:
        mine.tries[item_id] = mine.tries.get(item_id, 0) + 1


def _note_breach(mine: Households, household_id: str, incident_id: str, at_ms: int) -> None:
    """The incident is one of the household's, confirmed, with the breach among its facts."""
    household = mine.households[household_id]
    found = next((e for e in household.happenings if e.incident_id == incident_id), None)
    if found is None:
        found = Happening(incident_id=incident_id, at_ms=at_ms)
        household.happenings.append(found)
        mine.of_incident.setdefault(incident_id, household_id)
    found.verdict = "confirmed"
    found.facts = tuple(dict.fromkeys((*found.facts, "breach")))


EVOLVERS = {
    happened.HappeningsMerged: merged,
    happened.HouseholdOpened: opened,
    happened.HouseholdPlaced: placed,
    happened.HouseholdsJoined: joined,
    happened.ScreeningRecorded: screened,
    happened.ViolenceCallTaken: taken,
    happened.ViolenceConfirmed: confirmed,
    happened.ViolenceRejected: rejected,
    happened.AttentionProposed: proposed,
    happened.AttentionConfirmed: level_confirmed,
    happened.SafetyVisitRecorded: visited,
    happened.SafeContactAgreed: agreed,
    happened.SafetyCallRecorded: called,
    happened.WarningIssued: issued,
    happened.WarningServed: served,
    happened.CommitteeTold: told,
    happened.WarningWithdrawn: withdrawn,
    happened.ProtectionRegistered: registered,
    happened.ProtectionExtended: extended,
    happened.ProtectionEnded: ended,
    happened.ProtectedCallNoted: protected_call,
    happened.ProtectedCallJudged: judged,
    happened.HouseholdReferred: referred,
    happened.ReferralReceived: received,
    happened.ReferralEnded: referral_ended,
    happened.MaterialPut: material_put,
    happened.MaterialHandedOut: handed_out,
    happened.MaterialDropped: dropped,
    happened.HouseholdClosed: closed,
    happened.ViolenceTermSet: term_set,
}
