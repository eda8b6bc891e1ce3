"""Hours and ways of going: what is in force changes with the hour, and each goes by what it is."""

import numpy as np
import pytest
from toy_city import (
    BURGLARY,
    MURDER,
    RIDER,
    START_MS,
    WALKER,
    Desk,
    corner,
    image,
    names,
    toy_reference,
)
from unit.roads.made_networks import network_of

from kuaifan.app.rules import new_board
from kuaifan.board.driving import unit_profiles
from kuaifan.board.reference import HOLDING_RING_MS
from kuaifan.kernel.message import Observed, StartEngine
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import RoadPosition
from kuaifan.vocabulary import road as roads
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary import voice
from kuaifan.work.publish_roads import HOURS_TIMER

# The toy city's clock starts on a Wednesday, 06:13:20 in Shanghai.
PEAK_AT_S, PEAK_ENDS_AT_S = 2_800, 10_000
START = StartEngine(build="test", plugins=(), city_hash="toy")
WALK = 3


@pytest.fixture
def desk():
    made = Desk(toy_reference(RIDER, WALKER, has_hours=True))
    made.do(START)
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def weights_used(records):
    return [e for r in records for e in r.events if isinstance(e, roads.WeightsUsed)]


def close(row=4, **more):
    points = tuple(corner(row, col) for col in range(4, 8))
    told = {"reason": "burst pipe", "by": "Sun", "minutes": 60} | more
    return roads.CloseRoad(points=points, **told)


def times(desk, incident_id):
    incident = desk.board.incidents[incident_id]
    return dict(zip(incident.recommended_unit_ids, incident.recommended_travel_ms, strict=True))


def test_a_run_begins_in_the_hours_of_its_clock_and_other_hours_follow_by_timer(desk):
    assert desk.board.road_changes.hour_class == "weekday_day"
    assert desk.board.hours_until_ms == START_MS + PEAK_AT_S * 1000
    assert desk.engine.state.timers.is_pending(HOURS_TIMER)
    peak = weights_used(desk.run_until(PEAK_AT_S + 1))
    assert [(event.hour_class, event.until_ms) for event in peak] == [
        ("weekday_peak", START_MS + PEAK_ENDS_AT_S * 1000)
    ]
    after = weights_used(desk.run_until(PEAK_ENDS_AT_S + 1))
    assert [event.hour_class for event in after] == ["weekday_day"]
    assert len({event.weights_hash for event in (*peak, *after)}) == 2


def test_a_city_that_tells_no_hours_apart_stays_under_the_map():
    desk = Desk()
    assert names(desk.do(START)) == ["EngineStarted"]
    assert desk.board.road_changes.hash == ""


def test_hours_that_ran_out_while_nobody_ran_are_told_anew(desk):
    """A desk stands still for a day: the class is the same again, its end is not."""
    before = desk.board.hours_until_ms
    desk.board.hours_until_ms = desk.inbox.now_ms() - 1
    again = desk.do(START)
    assert [event.until_ms for event in weights_used([again])] == [before]
    assert weights_used([desk.do(START)]) == []


def test_a_car_is_slower_in_the_peak_and_the_closure_stays_on_top(desk):
    desk.on_duty("P1", "P2", "P3")
    desk.do(close())
    by_day = desk.board.road_changes
    incident_id = desk.opened(BURGLARY, corner(4, 7))
    calm = times(desk, incident_id)["P1"]
    desk.run_until(PEAK_AT_S + 1)
    peak = desk.board.road_changes
    assert peak.hour_class == "weekday_peak"
    assert np.array_equal(peak.arcs, by_day.arcs)
    assert (peak.travel_ms[:3] == UNREACHABLE_MS).all()
    busy_id = desk.opened(BURGLARY, corner(4, 7))
    assert times(desk, busy_id)["P1"] > calm
    desk.run_until(3_602)
    assert len(desk.board.road_changes.arcs) == 0
    assert desk.board.road_changes.hour_class == "weekday_peak"


def test_nobody_drives_along_a_closed_road_and_whoever_walks_passes(desk):
    desk.do(close())
    changes, network = desk.board.road_changes, desk.reference.network
    assert (changes.travel_ms[:3] == UNREACHABLE_MS).all()
    assert np.array_equal(changes.travel_ms[WALK], network.travel_ms[WALK, changes.arcs])
    assert len(changes.closed_to(0)) == len(changes.arcs)
    assert len(changes.closed_to(WALK)) == 0


def test_each_is_timed_by_what_it_is_and_the_motorcycle_wins_in_the_peak(desk):
    desk.run_until(PEAK_AT_S + 1)
    desk.on_duty("P1", "M1", "W1")
    incident_id = desk.opened(BURGLARY, corner(4, 7))
    found = times(desk, incident_id)
    assert found["M1"] < found["P1"] < found["W1"]
    assert desk.board.incidents[incident_id].recommended_unit_ids[0] == "M1"
    target = desk.board.incidents[incident_id]
    goal = RoadPosition(target.arc, target.fraction_ppm)
    fleet = desk.board.fleet
    for unit_id, profile in {"P1": 0, "M1": 2, "W1": WALK}.items():
        row = fleet.index[unit_id]
        place = [fleet.arc[row]], [fleet.fraction_ppm[row]]
        assert found[unit_id] == desk.board.travel.to_one(*place, goal, profile=profile)[0]


def test_whoever_walks_does_not_hurry_by_siren(desk):
    desk.on_duty("P1", "W1")
    calm, urgent = (desk.opened(code, corner(4, 6)) for code in (BURGLARY, MURDER))
    assert times(desk, calm)["W1"] == times(desk, urgent)["W1"]
    assert times(desk, calm)["P1"] > times(desk, urgent)["P1"]


def test_a_crew_on_foot_stands_in_the_lane_and_a_car_beside_it_does_not(desk):
    desk.on_duty("P1", "W1")
    lane = corner(0.5, 0.5)
    desk.fix("W1", *lane, at_s=10)
    desk.fix("P1", *lane, at_s=10)
    network, fleet = desk.reference.network, desk.board.fleet
    walker, car = (int(fleet.arc[fleet.index[unit_id]]) for unit_id in ("W1", "P1"))
    assert network.names[network.name_i[walker]] == "Lane"
    assert not network.is_driven[walker]
    assert network.is_driven[car]
    incident_id = desk.opened(BURGLARY, corner(1, 1))
    found = times(desk, incident_id)
    assert found["W1"] < 110_000
    assert found["P1"] < UNREACHABLE_MS


def test_a_crew_on_foot_that_says_where_it_is_stands_where_one_walks(desk):
    desk.on_duty("M1", "W1")
    lat, lon = corner(0.5, 0.5)
    for call_sign in ("步巡001", "铁骑001"):
        text = f"{call_sign} 在 巷"
        desk.do(voice.EnterVoiceReport(text=text, entered_by="Sun", lat=lat, lon=lon))
    network, fleet = desk.reference.network, desk.board.fleet
    arcs = [int(fleet.arc[fleet.index[unit_id]]) for unit_id in ("W1", "M1")]
    assert network.is_driven[arcs].tolist() == [False, True]


def test_a_circle_is_held_on_foot_by_the_minutes_of_a_walk(desk):
    desk.on_duty("W1", "P1")
    circle = desk.board.coverage.circle_ids.index("KS-M")
    walker, car = (desk.board.fleet.index[unit_id] for unit_id in ("W1", "P1"))
    assert desk.board.coverage.within[[walker, car], circle].all()
    for unit_id in ("W1", "P1"):
        desk.fix(unit_id, *corner(4, 6), at_s=20)
    assert desk.board.coverage.within[[walker, car], circle].tolist() == [False, True]


def test_each_ring_of_a_circle_is_reached_by_each_as_it_goes(desk):
    desk.on_duty("W1", "P1", "M1")
    desk.run_until(PEAK_AT_S + 1)
    posts, fleet, coverage = desk.reference.circle_posts, desk.board.fleet, desk.board.coverage
    seen = 0
    for unit_id, profile in {"P1": 0, "M1": 2, "W1": WALK}.items():
        row = fleet.index[unit_id]
        place = [fleet.arc[row]], [fleet.fraction_ppm[row]]
        for circle_i, post in enumerate(posts):
            goal = RoadPosition(post.arc, post.fraction_ppm)
            ms = int(desk.board.travel.to_one(*place, goal, profile=profile)[0])
            n_narrower = sum(bound_ms < ms for bound_ms in desk.reference.rings_ms)
            assert coverage.ring[row, circle_i] == n_narrower
            assert coverage.within[row, circle_i] == (ms <= HOLDING_RING_MS)
            seen |= 1 << n_narrower
    assert seen & (seen - 1)


def test_a_crew_on_foot_is_not_moved_up_to_another_circle(desk):
    desk.on_duty("W1", "P1")
    incident_id = desk.opened(BURGLARY, corner(4, 7))
    desk.sent(incident_id, "P1")
    moved = [
        event
        for record in desk.journal.records
        for event in record.events
        if isinstance(event, units.MoveUpSuggested)
    ]
    assert all(event.unit_id != "W1" for event in moved)


def test_deciding_everything_again_over_an_hour_and_a_closure_gives_the_same_records(desk):
    desk.on_duty("P1", "P2", "M1", "W1")
    desk.opened(BURGLARY, corner(4, 7))
    desk.do(close(minutes=120), at_s=2_000)
    desk.opened(BURGLARY, corner(2, 5), at_s=2_500)
    desk.run_until(PEAK_AT_S + 1)
    desk.opened(MURDER, corner(4, 7), at_s=3_000)
    desk.run_until(PEAK_ENDS_AT_S + 1)
    again = Desk(toy_reference(RIDER, WALKER, has_hours=True))
    for item in desk.journal.items:
        command = getattr(item, "command", None) or item.observation
        # Timers fall due by themselves, and what an observation shows is found again.
        if getattr(item, "timer_id", None) or isinstance(command, Observed):
            continue
        again.engine.run_timers(item.at_ms)
        again.inbox.put(command, actor=item.actor, at_ms=item.at_ms)
        again.inbox.receive(item.at_ms)
        again.engine.step()
    again.engine.run_timers(desk.inbox.now_ms())
    assert [r.events for r in again.journal.records] == [r.events for r in desk.journal.records]
    assert {e.hour_class for e in weights_used(again.journal.records)} == {
        "weekday_day",
        "weekday_peak",
    }


def test_an_old_snapshot_without_hours_is_that_of_the_map(desk):
    fresh = Desk()
    snapshot = fresh.board.snapshot()
    assert (snapshot.hour_class, snapshot.hours_until_ms) == ("", 0)
    desk.do(close())
    board = new_board(desk.reference)
    board.load(desk.board.snapshot())
    assert board.road_changes.hash == desk.board.road_changes.hash
    assert board.hours_until_ms == desk.board.hours_until_ms


def test_a_map_from_before_times_motorcycles_and_walkers_as_cars():
    older = network_of(2, [(0, 1, 100, 100)])
    found = unit_profiles(older, ["motorcycle", "foot_patrol", "patrol_car"])
    assert found.tolist() == [[0, 0, 0], [1, 1, 1]]
    # Nobody walks in the toy city's map either.
    assert unit_profiles(toy_reference().network, ["foot_patrol"]).tolist() == [[0], [1]]
