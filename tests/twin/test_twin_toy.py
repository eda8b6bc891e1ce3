"""Seeded runs of the toy city in memory: every call ends, luck belongs to the call, shifts hold."""

from collections import defaultdict
from datetime import datetime

import pytest
from toy_city import FIGHT, START_MS, corner
from twin_runs import ZONE, ends_of_calls, run_toy, toy_calls, toy_reference

from kuaifan.app.rules import core_rulebook, new_board
from kuaifan.kernel.engine import replay_state
from kuaifan.kernel.journal import State
from kuaifan.twin.world import SimCall
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units

N_CALLS = 60
HOUR_MS = 3_600_000


@pytest.fixture(name="told", scope="module")
def fixture_told():
    return run_toy(toy_calls(N_CALLS))


def test_every_call_is_closed_and_nothing_breaks(told):
    assert ends_of_calls(told.records) == dict.fromkeys(range(N_CALLS), "closed")
    assert told.figures.n_calls == told.figures.n_closed == N_CALLS
    assert (told.figures.n_open, told.figures.faults) == (0, {})


def test_two_runs_are_equal_and_another_seed_is_not(told):
    again = run_toy(toy_calls(N_CALLS))
    assert again.content_hash == told.content_hash
    assert again.sightings == told.sightings
    assert run_toy(toy_calls(N_CALLS), seed=2).content_hash != told.content_hash


def test_a_rush_of_calls_for_a_single_seat_is_worked_off(told):
    rushed = run_toy(toy_calls(N_CALLS, every_ms=1_000), n_seats=1)
    assert rushed.figures.n_calls == N_CALLS
    assert rushed.figures.n_closed == rushed.figures.n_incidents
    answered = [record.at_ms for record, _ in rushed.events(calls.CallAnswered)]
    ended = [record.at_ms for record, _ in rushed.events(calls.CallEnded)]
    assert all(end < following for end, following in zip(ended, answered[1:], strict=False))
    assert rushed.figures.n_recommendations > told.figures.n_recommendations


def _durations(told, begin, end, key):
    """Milliseconds from one event to another of the same call, order or unit."""
    began = {getattr(event, key): record.at_ms for record, event in told.events(begin)}
    return {
        getattr(event, key): record.at_ms - began[getattr(event, key)]
        for record, event in told.events(end)
    }


def test_a_call_draws_the_same_luck_under_another_number_of_seats():
    """Common random numbers: what differs between two runs is what was changed, not the luck."""
    crowded = run_toy(toy_calls(N_CALLS, every_ms=20_000), n_seats=2)
    roomy = run_toy(toy_calls(N_CALLS, every_ms=20_000), n_seats=9)
    talks = [
        _durations(run, calls.CallAnswered, calls.CallEnded, "call_id") for run in (crowded, roomy)
    ]
    assert talks[0] == talks[1]
    waits = [
        _durations(run, calls.CallRegistered, calls.CallAnswered, "call_id")
        for run in (crowded, roomy)
    ]
    assert all(waits[0][call_id] >= waits[1][call_id] for call_id in waits[0])
    assert sum(waits[0].values()) > sum(waits[1].values())
    assert crowded.content_hash != roomy.content_hash


def test_a_crew_signs_as_fast_whoever_takes_the_call():
    """Luck of a crew belongs to the call and the unit: equal where the same unit is sent."""
    runs = [run_toy(toy_calls(30), n_seats=n_seats) for n_seats in (3, 8)]
    signed = []
    for told in runs:
        sent = {e.order_id: (e.incident_id, e.unit_id) for _, e in told.events(orders.UnitAssigned)}
        took = _durations(told, orders.UnitAssigned, orders.OrderAcknowledged, "order_id")
        signed.append({sent[order_id]: took_ms for order_id, took_ms in took.items()})
    both = signed[0].keys() & signed[1].keys()
    assert len(both) >= 15
    assert all(signed[0][pair] == signed[1][pair] for pair in both)


def test_a_shift_ends_on_the_roster_and_never_with_an_open_order():
    shifts = {"P1": (8, 20), "P2": (20, 8), "P3": (7, 15), "T1": (8, 20), "S1": (6, 14)}
    spread = toy_calls(150, every_ms=12 * 60_000)
    told = run_toy(spread, reference=toy_reference(shifts=shifts))
    assert told.figures.n_closed == 150
    open_order, n_ended = defaultdict(set), 0
    for _, event in told.events(
        orders.UnitAssigned, orders.OrderHandled, orders.OrderWithdrawn, units.ShiftEnded
    ):
        if isinstance(event, orders.UnitAssigned):
            open_order[event.unit_id].add(event.order_id)
        elif isinstance(event, units.ShiftEnded):
            assert not open_order[event.unit_id]
            n_ended += 1
        else:
            open_order[event.unit_id].discard(event.order_id)
    assert n_ended > len(shifts)
    hours = defaultdict(list)
    for record, event in told.events(units.ShiftStarted):
        hours[event.unit_id].append(datetime.fromtimestamp(record.at_ms / 1000, ZONE).hour)
    for unit_id, (begins, _) in shifts.items():
        # Who is on shift when the run begins starts with it; from then on by the roster.
        assert set(hours[unit_id][1:]) == {begins}


def test_a_crew_that_is_busy_at_the_end_of_its_shift_goes_home_the_moment_it_is_free():
    """In a city that has too few crews, whose calls never stop."""
    shifts = {"P1": (6, 8), "P4": (6, 9), "T1": (6, 8)}
    told = run_toy(toy_calls(150, every_ms=90_000), reference=toy_reference(shifts=shifts))
    freed_at_ms, n_late = {}, 0
    for record, event in told.events(orders.OrderHandled, units.ShiftEnded):
        if isinstance(event, orders.OrderHandled):
            freed_at_ms[event.unit_id] = record.at_ms
        elif event.unit_id in shifts and record.at_ms % HOUR_MS:
            assert record.at_ms == freed_at_ms[event.unit_id]
            n_late += 1
    assert n_late >= 2


def test_nobody_is_sent_who_is_off_duty():
    told = run_toy(toy_calls(60), reference=toy_reference(shifts={"P1": (3, 4), "P4": (3, 4)}))
    on_duty = set()
    for _, event in told.events(units.ShiftStarted, units.ShiftEnded, orders.UnitAssigned):
        if isinstance(event, units.ShiftStarted):
            on_duty.add(event.unit_id)
        elif isinstance(event, units.ShiftEnded):
            on_duty.discard(event.unit_id)
        else:
            assert event.unit_id in on_duty


def test_a_recorded_time_on_scene_is_kept():
    lat, lon = corner(4, 5)
    call = SimCall(at_ms=START_MS, type_code=FIGHT, lat=lat, lon=lon, service_ms=17 * 60_000)
    told = run_toy([call])
    arrived = {
        event.order_id: record.at_ms
        for record, event in reversed(list(told.events(orders.UnitArrived)))
    }
    (handled,) = told.events(orders.OrderHandled)
    assert handled[0].at_ms - arrived[handled[1].order_id] == 17 * 60_000


def test_folding_the_records_and_fixes_gives_the_board_of_the_run(told):
    items = sorted(
        [*told.records, *told.sightings], key=lambda item: (item.input_no, hasattr(item, "seq"))
    )
    state = replay_state(State(new_board(toy_reference(), ())), core_rulebook(()), items)
    assert state.board.snapshot() == told.board.snapshot()
    assert state.head.seq == len(told.records)


def test_no_call_ever_rings_twice_and_numbers_are_nobodys(told):
    ringing = [event for _, event in told.events(calls.CallRegistered)]
    assert len({event.call_id for event in ringing}) == N_CALLS
    assert all(event.caller_number.startswith("000") for event in ringing)
    assert all(record.actor.startswith(("sim:", "engine", "timer")) for record in told.records)
