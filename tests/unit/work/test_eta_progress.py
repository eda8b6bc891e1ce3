"""A unit's time of arrival follows it as it drives: later when it stands, earlier when it flies."""

import msgspec
import numpy as np
import pytest
from toy_city import BURGLARY, RADIO_CREW, START_MS, Desk, corner, fix_batch, image, names
from toy_city import toy_reference as reference_of

from kuaifan.app.rules import new_board
from kuaifan.board.entities import Order
from kuaifan.board.fold_positions import ETA_EVERY_MS, MAX_ETAS, fold_batch
from kuaifan.policy.fleet import EN_ROUTE
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import road as roads

HOME, SCENE = corner(4, 4), corner(0, 8)


@pytest.fixture
def desk():
    made = Desk()
    made.on_duty("P1", "P2")
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


@pytest.fixture
def order_id(desk):
    order_id = desk.sent(desk.opened(BURGLARY, SCENE), "P1", at_s=100)
    desk.do(orders.ReportEnRoute(order_id=order_id), at_s=110)
    return order_id


def expected_s(desk, order_id):
    return (desk.board.orders[order_id].expected_at_ms - START_MS) / 1000


def test_a_unit_that_stands_still_is_expected_later_and_later(desk, order_id):
    promised_s = expected_s(desk, order_id)
    assert desk.fix("P1", *HOME, at_s=125) is None
    record = desk.fix("P1", *HOME, at_s=160)
    assert names(record) == ["EtaUpdated"]
    assert (record.events[0].cause, record.events[0].unit_id) == ("progress", "P1")
    first_s = expected_s(desk, order_id)
    assert first_s - promised_s == pytest.approx(50, abs=1)
    desk.fix("P1", *HOME, at_s=210)
    assert expected_s(desk, order_id) - first_s == pytest.approx(50, abs=1)


def test_a_unit_that_drives_faster_is_expected_earlier(desk, order_id):
    promised_s = expected_s(desk, order_id)
    record = desk.fix("P1", *corner(0, 7), speed_mps=20.0, at_s=130)
    assert names(record) == ["EtaUpdated"]
    assert 130 < expected_s(desk, order_id) < promised_s - 30


def test_a_unit_that_keeps_its_time_makes_no_news(desk, order_id):
    promised_s = expected_s(desk, order_id)
    travel_s = promised_s - 110
    # Half of the way in half of the time, as the crow flies over equal streets.
    assert desk.fix("P1", *corner(2, 6), speed_mps=10.0, at_s=110 + travel_s / 2) is None
    assert expected_s(desk, order_id) == promised_s


def test_it_is_worked_out_once_in_half_a_minute(desk, order_id):
    row = desk.board.fleet.index["P1"]
    desk.fix("P1", *HOME, at_s=150)
    due_at_ms = int(desk.board.fleet.eta_due_at_ms[row])
    assert due_at_ms == START_MS + 150_000 + ETA_EVERY_MS
    assert desk.fix("P1", *corner(0, 7), speed_mps=20.0, at_s=175) is None
    assert desk.board.fleet.eta_due_at_ms[row] == due_at_ms
    assert names(desk.fix("P1", *corner(0, 7), speed_mps=20.0, at_s=180)) == ["EtaUpdated"]
    assert desk.board.orders[order_id].eta_at_ms


def test_a_unit_that_is_not_under_way_is_not_asked(desk):
    order_id = desk.sent(desk.opened(BURGLARY, SCENE), "P1", at_s=100)
    assert desk.fix("P1", *HOME, at_s=190) is None
    assert desk.board.orders[order_id].eta_at_ms == 0
    assert not desk.board.fleet.eta_due_at_ms.any()


def test_arrival_in_the_same_batch_leaves_no_time_to_expect(desk, order_id):
    record = desk.fix("P1", *SCENE, speed_mps=1.0, at_s=160)
    assert names(record) == ["UnitArrived"]
    assert desk.board.orders[order_id].expected_at_ms == 0


def test_who_stands_still_does_not_put_the_alarm_off(desk, order_id):
    late_ms = desk.board.reference.clocks.eta_passed_ms[0]
    due_s = expected_s(desk, order_id) + late_ms / 1000
    for at_s in range(130, int(due_s), 30):
        desk.fix("P1", *HOME, at_s=at_s)
    records = desk.run_until(due_s + 1)
    raised = [event for record in records for event in record.events if hasattr(event, "kind")]
    assert [(event.kind, event.subject_id) for event in raised] == [("eta_passed", order_id)]


def test_two_units_of_one_incident_are_told_of_in_one_record(desk, order_id):
    other_id = desk.sent(desk.board.orders[order_id].incident_id, "P2")
    desk.do(orders.ReportEnRoute(order_id=other_id), at_s=111)
    at_ms = START_MS + 200_000
    record = desk.do(fix_batch(("P2", *corner(7, 2), 0, at_ms), ("P1", *HOME, 0, at_ms)), at_s=200)
    told = [event.order_id for event in record.events if isinstance(event, roads.EtaUpdated)]
    assert told == [order_id, other_id]


def test_an_order_sent_without_a_road_time_has_one_once_it_is_worked_out():
    order = Order(
        order_id="J1-1", incident_id="J1", unit_id="P1", n_crew=2, rank=1, travel_ms=0, t4_ms=1
    )
    assert order.expected_at_ms == 0
    order.eta_at_ms = 200_000
    assert order.expected_at_ms == 200_000


def test_a_snapshot_remembers_whose_turn_it_is(desk, order_id):
    desk.fix("P1", *HOME, at_s=150)
    loaded = new_board(desk.reference)
    loaded.load(desk.board.snapshot())
    assert loaded.fleet.eta_due_at_ms.tolist() == desk.board.fleet.eta_due_at_ms.tolist()
    assert loaded.fleet.eta_due_at_ms.any()
    assert loaded.orders[order_id].eta_at_ms


def test_of_a_crowd_a_batch_takes_those_that_have_waited_longest():
    numbers = range(MAX_ETAS + 3)
    crews = [msgspec.structs.replace(RADIO_CREW, unit_id=f"X{i:02}", has_gps=True) for i in numbers]
    reference = reference_of(*crews)
    board = new_board(reference)
    ids = [crew.unit_id for crew in crews]
    rows = np.array([board.fleet.index[unit_id] for unit_id in ids])
    board.fleet.state[rows] = EN_ROUTE

    def due(at_ms):
        fixes = [(unit_id, *HOME, 0.0, at_ms) for unit_id in ids]
        return fold_batch(board, fix_batch(*fixes, reference=reference), at_ms).due

    first, second = due(1_000), due(2_000)
    assert first == rows[:MAX_ETAS].tolist()
    assert second == rows[MAX_ETAS:].tolist()
    assert due(3_000) == []
    assert due(1_000 + ETA_EVERY_MS) == first
