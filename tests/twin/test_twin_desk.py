"""The desk under raw calls: silent lines, repeats, callers who give up, crews on the radio only."""

from collections import Counter

import msgspec
import numpy as np
import pytest
from toy_city import FIGHT, JAM, LOCKSMITH, START_MS, corner
from twin_runs import MINUTE_MS, TYPES, run_toy, toy_calls, toy_reference

from kuaifan.app.rules import core_rulebook, new_board
from kuaifan.kernel.engine import replay_state
from kuaifan.kernel.journal import State
from kuaifan.twin.demand_raw import RAW_PER_HANDLED, add_raw_calls
from kuaifan.twin.world import SimCall
from kuaifan.vocabulary import agency, alarm, kinship, missed, reinforce, seat, talk, voice
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units

HOUR_MS = 3_600_000
SILENT, ENQUIRY, REFERRED, DV, FIRE = "130101", "110101", "100101", "020103", "040101"


def _at(minute, kind="effective", type_code=FIGHT, place=(4, 5), **more):
    lat, lon = corner(*place)
    at_ms = START_MS + round(minute * MINUTE_MS)
    return SimCall(at_ms=at_ms, type_code=type_code, lat=lat, lon=lon, kind=kind, **more)


def _names(told):
    return Counter(type(event).__name__ for record in told.records for event in record.events)


def _is_at_rest(told):
    assert told.figures.faults == {}
    assert told.figures.n_open == 0
    assert told.figures.n_unexplained == 0, told.figures.refusals


# --- silent and missed calls ----------------------------------------------------------------


@pytest.mark.parametrize("sign", ["distress", "whisper", "keypad_yes"])
def test_a_sign_of_danger_on_a_silent_line_brings_a_unit_and_no_ring_back(sign):
    told = run_toy([_at(0, "silent", SILENT, sign=sign)])
    _is_at_rest(told)
    names = _names(told)
    assert names["UnitAssigned"] >= 1
    assert names["CallBackStarted"] == names["TextSent"] == 0
    assert told.figures.n_closed == 1


def test_a_quiet_line_is_rung_back_and_cleared_by_a_person():
    told = run_toy([_at(i * 4, "silent", SILENT, sign="quiet") for i in range(12)])
    _is_at_rest(told)
    names = _names(told)
    assert names["SilenceReported"] == 12
    assert names["CallBackStarted"] >= 12
    cleared = [event for _, event in told.events(missed.MissedCallCleared)]
    assert len(cleared) + names["IncidentOpened"] >= 12
    assert all(event.cleared_by and event.reason for event in cleared)


def test_who_gives_up_while_it_rings_is_rung_back_and_heard():
    rush = [_at(0, type_code=FIGHT, place=(i, 2)) for i in range(4)]
    impatient = [_at(0.1, type_code=JAM, place=(6, i), patience_ms=5_000) for i in range(1, 7)]
    told = run_toy([*rush, *impatient], n_seats=1)
    _is_at_rest(told)
    gave_up = list(told.events(calls.CallAbandoned))
    assert len(gave_up) == 6
    assert all(record.actor.startswith("sim:caller:") for record, _ in gave_up)
    rung = {event.call_id for _, event in told.events(missed.CallBackStarted)}
    assert rung == {event.call_id for _, event in gave_up}
    opened = {event.call_id for _, event in told.events(incidents.IncidentOpened)}
    assert len(rung & opened) >= 4, "most are reached, and told of an incident"
    cleared = {event.call_id for _, event in told.events(missed.MissedCallCleared)}
    assert rung - opened <= cleared


def test_a_line_that_must_never_ring_is_flagged_during_the_talk():
    told = run_toy([_at(0, type_code=DV, never_ring=True)])
    _is_at_rest(told)
    assert [event.call_id for _, event in told.events(missed.NeverRingFlagged)] == ["C1"]


# --- calls that end without an incident -----------------------------------------------------


def test_misdials_nuisance_and_enquiries_end_without_an_incident():
    kinds = ("misdial", "nuisance", "test", "enquiry")
    told = run_toy([_at(i * 3, kinds[i % 4], ENQUIRY) for i in range(40)])
    _is_at_rest(told)
    assert told.figures.n_incidents == 0
    assert told.figures.calls.n_without == 40


def test_a_matter_of_the_hotline_is_passed_on_and_kept_until_it_is_taken():
    told = run_toy([_at(i * 3, "hotline", REFERRED) for i in range(30)])
    _is_at_rest(told)
    names = _names(told)
    assert names["TransferOffered"] == names["TransferAccepted"] + names["TransferRefused"] == 30
    assert names["TransferAccepted"] > names["TransferRefused"] > 0
    taken_up = [event for _, event in told.events(alarm.AlarmTakenUp)]
    assert len(taken_up) >= names["TransferRefused"], "a refusal goes to a person"


# --- one thing, several callers -------------------------------------------------------------


def test_a_repeat_joins_its_incident_or_is_merged_with_it_by_a_person():
    told = run_toy(
        [
            call
            for i in range(12)
            for call in (
                _at(i * 30, place=(i % 8 + 0.5, 4.3)),
                _at(i * 30 + 4, "repeat", place=(i % 8 + 0.5, 4.3), original_no=i * 2),
            )
        ]
    )
    _is_at_rest(told)
    names = _names(told)
    assert names["CallAttached"] + names["IncidentMerged"] + names["DuplicateDismissed"] >= 12
    assert names["CallAttached"] > names["IncidentMerged"] > 0
    merged = [record for record, _ in told.events(incidents.IncidentMerged)]
    assert all(record.actor.startswith("sim:dispatcher:") for record in merged)
    assert names["OrderWithdrawn"] < 24, "a crew that was called back is not sent anew"


def test_two_incidents_at_one_place_stay_two_after_a_person_has_looked():
    told = run_toy([_at(0), _at(3, place=(4, 5.3))])
    _is_at_rest(told)
    names = _names(told)
    assert names["DuplicateSuggested"] == names["DuplicateDismissed"] == 1
    assert names["IncidentMerged"] == 0
    assert told.figures.n_closed == 2


# --- crews ----------------------------------------------------------------------------------


def test_a_wrong_place_is_corrected_and_the_crew_signs_again():
    lat, lon = corner(8, 8)
    wrong = [
        _at(i * 40, place=(i % 5, 1), wrong_lat=lat, wrong_lon=lon, service_ms=40 * MINUTE_MS)
        for i in range(10)
    ]
    told = run_toy(wrong)
    _is_at_rest(told)
    amended = [event for _, event in told.events(reinforce.OrderAmended) if event.what == "place"]
    assert len(amended) >= 5
    signed = [event.order_id for _, event in told.events(reinforce.AmendmentAcknowledged)]
    assert {event.order_id for event in amended} <= set(signed)
    (arrived, *_) = [r.at_ms for r, e in told.events(orders.UnitArrived) if e.source == "gps"]
    assert arrived


def test_a_crew_on_the_radio_goes_from_call_to_feedback_by_voice_alone():
    everybody = tuple(toy_reference().units)
    told = run_toy(toy_calls(25), reference=toy_reference(radio_only=everybody))
    _is_at_rest(told)
    assert told.figures.n_closed == told.figures.n_incidents >= 25
    assert told.sightings == [], "no satellite knows where they are"
    sources = {
        event.source
        for _, event in told.events(
            orders.OrderAcknowledged, orders.UnitEnRoute, orders.UnitArrived, orders.OrderHandled
        )
    }
    assert sources == {"voice"}
    said = Counter(event.word for _, event in told.events(voice.VoiceReported))
    assert min(said[word] for word in ("signed", "en_route", "arrived", "handled", "back")) > 5
    assert all(
        record.actor.startswith(("sim:radio_room:", "sim:dispatcher:"))
        for record, _ in told.events(voice.VoiceReported)
    )


def test_a_unit_that_works_day_and_night_is_handed_over_with_its_papers():
    told = run_toy(toy_calls(120, every_ms=20 * MINUTE_MS))
    _is_at_rest(told)
    handed = [event for _, event in told.events(units.ShiftHandedOver)]
    assert len(handed) >= len(toy_reference().units)
    assert all(event.handed_by != event.taken_by for event in handed)


def test_where_nobody_is_free_a_crew_on_scene_sees_to_the_next_door_too():
    crowd = [_at(i, place=(4 + i % 3 / 4, 4), type_code=JAM) for i in range(24)]
    told = run_toy(crowd)
    _is_at_rest(told)
    beside = [event for _, event in told.events(orders.UnitAssigned) if event.beside]
    assert beside
    fed_back = {event.order_id for _, event in told.events(orders.FeedbackGiven)}
    assert {event.order_id for event in beside} <= fed_back
    assert told.figures.n_closed + told.figures.events["IncidentMerged"] == (
        told.figures.n_incidents
    )


def test_fire_calls_are_shared_with_the_fire_service_which_answers_and_comes():
    told = run_toy([_at(i * 40, type_code=FIRE, place=(i % 8, 3)) for i in range(6)])
    _is_at_rest(told)
    told_to = {event.agency for _, event in told.events(agency.AgencyTold)}
    assert "119" in told_to
    names = _names(told)
    assert names["AgencyAccepted"] + names["AgencyRefused"] == names["AgencyTold"]
    assert names["AgencyArrived"] >= 4
    assert names["TransferAccepted"] >= 4, "the caller speaks with the fire service too"


# --- seats ----------------------------------------------------------------------------------


def test_seats_change_hands_at_eight_sixteen_and_midnight_signed_by_both():
    told = run_toy(toy_calls(60, every_ms=30 * MINUTE_MS), n_seats=3)
    _is_at_rest(told)
    handed = [event for _, event in told.events(seat.SeatHandedOver)]
    assert len(handed) >= 3 * 3
    assert all(event.from_person != event.person for event in handed)
    logged_on = [event for _, event in told.events(seat.SeatLoggedOn)]
    assert [event.seat_id for event in logged_on] == ["seat-1", "seat-2", "seat-3"]


def test_a_call_is_offered_to_one_seat_which_answers_it():
    told = run_toy(toy_calls(30))
    offered = {event.call_id: event.seat_id for _, event in told.events(talk.CallOffered)}
    for _, event in told.events(calls.CallAnswered):
        assert offered[event.call_id] == event.seat_id


# --- everything together --------------------------------------------------------------------


@pytest.fixture(name="raw", scope="module")
def fixture_raw():
    """A day and a half of raw calls over the toy city, a third of them urgent."""
    handled = [
        msgspec.structs.replace(call, type_code=(*TYPES, LOCKSMITH, DV, FIRE)[i % 10])
        for i, call in enumerate(toy_calls(110, every_ms=20 * MINUTE_MS))
    ]
    return add_raw_calls(
        toy_reference(),
        handled,
        n_days=2,
        start_ms=START_MS,
        raw_per_handled=RAW_PER_HANDLED,
        rng=np.random.Generator(np.random.Philox(key=[7, 0])),
    )


@pytest.fixture(name="told", scope="module")
def fixture_told(raw):
    return run_toy(raw, reference=toy_reference(radio_only=("P3", "S1")))


def test_every_raw_call_comes_to_its_end_under_all_rules(told, raw):
    _is_at_rest(told)
    found = told.figures.calls
    assert found.n_raw == len(raw)
    assert found.n_opening + found.n_attached + found.n_without == len(raw)
    assert told.figures.n_closed + told.figures.events["IncidentMerged"] == told.figures.n_incidents


def test_two_raw_runs_are_equal_and_another_seed_is_not(told, raw):
    reference = toy_reference(radio_only=("P3", "S1"))
    assert run_toy(raw, reference=reference).content_hash == told.content_hash
    assert run_toy(raw, reference=reference, seed=2).content_hash != told.content_hash


def test_folding_a_raw_run_gives_the_board_of_the_run(told):
    items = sorted(
        [*told.records, *told.sightings], key=lambda item: (item.input_no, hasattr(item, "seq"))
    )
    reference = toy_reference(radio_only=("P3", "S1"))
    state = replay_state(State(new_board(reference, ())), core_rulebook(()), items)
    assert state.board.snapshot() == told.board.snapshot()


def test_every_alarm_ends_with_a_person_or_with_its_reason(told):
    raised = {event.alarm_id for _, event in told.events(alarm.AlarmRaised)}
    seen = {event.alarm_id for _, event in told.events(alarm.AlarmTakenUp, alarm.AlarmCleared)}
    assert raised == seen
    assert told.board.alarms == {}


def test_what_is_retired_is_forgotten_and_nobody_stumbles_over_it():
    early = toy_calls(20)
    late = toy_calls(10, start_ms=START_MS + 80 * HOUR_MS)
    told = run_toy([*early, *late])
    _is_at_rest(told)
    assert len(list(told.events(kinship.IncidentRetired))) >= 15
    assert len(told.board.incidents) < 20
