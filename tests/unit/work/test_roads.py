"""Roads closed and slowed: in force with the decision, for rankings, ETAs and circles alike."""

import numpy as np
import pytest
from toy_city import BURGLARY, FIGHT, N_SIDE, START_MS, Desk, corner, image, names

from kuaifan.app.rules import new_board
from kuaifan.board.driving import is_urgent
from kuaifan.board.recommend import MAX_ASKED, travel_of
from kuaifan.board.road_changes import NO_CHANGES, Closure, changes_of
from kuaifan.board.road_times import times_to
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import RoadPosition
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import road as roads
from kuaifan.vocabulary.incident import PlaceIncident, SetPriority

ROW_4 = tuple(corner(4, col) for col in range(4, 8))


@pytest.fixture
def desk():
    made = Desk()
    made.on_duty("P1", "P2", "P3")
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def close(points=ROW_4, **more):
    return roads.CloseRoad(
        points=points, **({"reason": "burst pipe", "by": "Sun", "minutes": 60} | more)
    )


def travel_ms(desk, incident_id, unit_id):
    incident = desk.board.incidents[incident_id]
    at = incident.recommended_unit_ids.index(unit_id)
    return incident.recommended_travel_ms[at]


def test_a_closed_street_lengthens_the_way_at_once_and_opens_again(desk):
    incident_id = desk.opened(BURGLARY, corner(4, 7))
    before = travel_ms(desk, incident_id, "P1")
    record = desk.do(close())
    assert names(record)[:2] == ["RoadClosed", "WeightsUsed"]
    assert "RecommendationMade" in names(record)
    closed = record.events[0]
    assert closed.closure_id == "R1"
    assert len(closed.arcs) % 2 == 0
    during = travel_ms(desk, incident_id, "P1")
    assert during > before
    desk.do(roads.OpenRoad(closure_id="R1", by="Sun"))
    assert travel_ms(desk, incident_id, "P1") == before
    assert desk.board.road_changes is NO_CHANGES


def sought_ms(desk, incident_id, unit_id):
    """The road time of a unit by a search made for it alone."""
    incident, row = desk.board.incidents[incident_id], desk.board.fleet.index[unit_id]
    place = RoadPosition(incident.arc, incident.fraction_ppm)
    haste = is_urgent(incident)
    return int(times_to(desk.board, np.array([row]), place, is_urgent=haste)[0])


def test_who_is_sent_takes_as_long_as_it_takes_now_whatever_was_ranked_before(desk):
    incident_id = desk.opened(BURGLARY, corner(4, 7))
    incident = desk.board.incidents[incident_id]

    def taken_ms(unit_id):
        found = travel_of(desk.board, incident, unit_id)
        assert found == sought_ms(desk, incident_id, unit_id)
        return found

    ranked_ms = taken_ms("P1")
    assert ranked_ms == travel_ms(desk, incident_id, "P1")
    board = desk.board
    kept = board.asked_times[incident_id]
    board.asked_times[incident_id] = kept._replace(travel_ms=kept.travel_ms + 7)
    assert travel_of(board, incident, "P1") == ranked_ms + 7, "it is the ranking that answers"
    board.asked_times[incident_id] = kept
    desk.fix("P1", *corner(2, 2), at_s=60)
    assert taken_ms("P1") != ranked_ms
    desk.do(close())
    board.asked_times[incident_id] = kept
    taken_ms("P2")
    desk.do(PlaceIncident(incident_id=incident_id, lat=corner(1, 1)[0], lon=corner(1, 1)[1]))
    board.asked_times[incident_id] = kept
    taken_ms("P2")
    desk.do(SetPriority(incident_id=incident_id, priority=1, reason="knife"))
    taken_ms("P2")


def test_no_more_rankings_are_kept_than_there_is_room_for(desk):
    for i in range(MAX_ASKED + 3):
        desk.opened(BURGLARY, corner(4, i % N_SIDE))
    assert len(desk.board.asked_times) == MAX_ASKED


def test_a_slow_street_costs_more_and_a_closed_one_on_top_of_it_is_closed(desk):
    incident_id = desk.opened(BURGLARY, corner(4, 7))
    before = travel_ms(desk, incident_id, "P1")
    slow = roads.SlowRoad(points=ROW_4, percent=50, reason="snow", by="Sun", minutes=60)
    desk.do(slow)
    slowed = travel_ms(desk, incident_id, "P1")
    assert before < slowed <= 2 * before + 10
    desk.do(close())
    shut = desk.board.road_changes.travel_ms
    assert (shut == UNREACHABLE_MS).all()
    desk.do(roads.OpenRoad(closure_id="R2", by="Sun"))
    assert travel_ms(desk, incident_id, "P1") == slowed


def test_it_opens_by_itself_when_it_runs_out(desk):
    desk.do(close(minutes=10))
    (record,) = desk.run_until(desk.now_s + 600)
    assert names(record) == ["RoadOpened", "WeightsUsed"]
    assert record.events[0].by == ""
    assert not desk.board.closures


def test_one_way_only_where_only_one_way_is_closed(desk):
    both = desk.do(close()).events[0].arcs
    desk.do(roads.OpenRoad(closure_id="R1", by="Sun"))
    one = desk.do(close(both_ways=False)).events[0].arcs
    assert len(one) * 2 == len(both)


def test_a_unit_under_way_is_expected_later(desk):
    incident_id = desk.opened(FIGHT, corner(4, 7))
    order_id = desk.sent(incident_id, "P1")
    desk.do(orders.ReportEnRoute(order_id=order_id))
    before = desk.board.orders[order_id].expected_at_ms
    record = desk.do(close(points=tuple(corner(4, col) for col in range(3, 8))))
    # On a grid the way round may be as long as the way through; then nothing is said.
    if "EtaUpdated" in names(record):
        assert desk.board.orders[order_id].expected_at_ms > before
    for row in range(N_SIDE):
        desk.do(_ice(corner(row, 0), corner(row, N_SIDE - 1)))
        desk.do(_ice(corner(0, row), corner(N_SIDE - 1, row)))
    assert desk.board.orders[order_id].expected_at_ms > before + 10_000


def test_an_incident_on_a_closed_street_and_its_guard_are_reached_up_to_there(desk):
    desk.do(close())
    on_it = desk.opened(BURGLARY, corner(4, 5.5))
    assert desk.board.reference.network.n_arcs > desk.board.incidents[on_it].arc
    assert "P1" in desk.board.incidents[on_it].recommended_unit_ids
    desk.fix("P1", *corner(4, 5.5))
    elsewhere = desk.opened(BURGLARY, corner(7, 7))
    assert "P1" in desk.board.incidents[elsewhere].recommended_unit_ids


def _ice(*points):
    return roads.SlowRoad(points=points, percent=5, reason="ice", by="Sun", minutes=60)


def test_circles_follow_the_roads(desk):
    held = desk.board.coverage.states(desk.board.fleet.available())
    desk.do(close(points=(corner(4, 4), corner(4, 5))))
    desk.do(close(points=(corner(4, 4), corner(4, 3))))
    desk.do(close(points=(corner(4, 4), corner(5, 4))))
    desk.do(close(points=(corner(4, 4), corner(3, 4))))
    shut = desk.board.coverage.states(desk.board.fleet.available())
    assert held["KS-M"] != shut["KS-M"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (close(reason=""), "reason_needed"),
        (close(by=""), "reason_needed"),
        (close(points=((10.0, 10.0),)), "off_street"),
        (roads.OpenRoad(closure_id="R9", by="Sun"), "unknown_closure"),
    ],
)
def test_refused_in_words(desk, command, code):
    assert desk.code(command) == code


def test_an_opening_needs_a_name(desk):
    desk.do(close())
    assert desk.code(roads.OpenRoad(closure_id="R1", by="")) == "no_name"


def test_two_boards_on_one_reference_keep_their_own_roads():
    one, other = Desk(), Desk()
    for each in (one, other):
        each.on_duty("P1")
    first, second = (each.opened(BURGLARY, corner(4, 7)) for each in (one, other))
    before = travel_ms(other, second, "P1")
    one.do(close())
    assert travel_ms(one, first, "P1") > before
    again = other.opened(BURGLARY, corner(4, 7))
    assert travel_ms(other, again, "P1") == before


def test_a_restored_board_has_the_weights_of_its_log_and_of_its_snapshot(desk):
    desk.do(close())
    rebuilt = desk.rebuilt().board
    assert rebuilt.road_changes.hash == desk.board.road_changes.hash
    loaded = new_board(desk.reference)
    loaded.load(desk.board.snapshot())
    assert loaded.road_changes.hash == desk.board.road_changes.hash


def test_where_closures_overlap_the_slower_holds():
    network = Desk().reference.network
    shared = {"points": ((0.0, 0.0),), "reason": "r", "by": "b", "until_ms": START_MS}
    slow = Closure(closure_id="R1", arcs=(3, 4), percent=50, **shared)
    shut = Closure(closure_id="R2", arcs=(4,), percent=0, **shared)
    changes = changes_of(network, [slow, shut])
    assert changes.arcs.tolist() == [3, 4]
    assert changes.travel_ms[0].tolist() == [int(network.travel_ms[0, 3]) * 2, UNREACHABLE_MS]
    assert changes.hash != changes_of(network, [slow]).hash
