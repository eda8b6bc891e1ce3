"""Laws of dispatch (派警不变量): two orders, reservations, changes and diversions in any life."""

from hypothesis import HealthCheck, given, settings
from random_lives import life, live
from toy_city import UNITS, Desk, corner, image

from kuaifan.board.sendable import MAX_BESIDE
from kuaifan.vocabulary.order import OrderWithdrawn, UnitAssigned
from kuaifan.vocabulary.reinforce import OrderAmended, UnitDiverted
from kuaifan.vocabulary.unit import MoveUpSuggested

ORDERLY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def manned_desk():
    """Most crews on duty, one at work, so that a life soon has what it needs."""
    desk = Desk()
    desk.on_duty(*UNITS)
    for spot in ((4, 4), (4, 5), (7, 2)):
        desk.opened("020302", corner(*spot))
    desk.opened("010101", corner(4, 3))
    desk.sent("J1", "P1")
    return desk


def check_reservations(board):
    """Both sides say the same, and a reservation is no order and no reason not to wait."""
    pairs = {(u.unit_id, each) for u in board.units.values() for each in u.reserved_incident_ids}
    kept = {(each, i.incident_id) for i in board.incidents.values() for each in i.reserved_unit_ids}
    assert pairs == kept
    assert set(board.reserved_unit_ids) == {unit_id for unit_id, _ in pairs}
    for unit_id, incident_id in kept:
        incident = board.incidents[incident_id]
        assert not incident.is_over
        assert board.units[unit_id].status != "off_duty"
        active = [o.unit_id for o in board.active_orders(incident) if o.is_active]
        assert unit_id not in active


def check_beside(board):
    """A second order is one beside, and there are few of them."""
    for unit in board.units.values():
        assert len(unit.beside_order_ids) <= MAX_BESIDE
        if unit.beside_order_ids:
            assert board.orders[unit.order_id].is_active


def check_changes(board):
    """Nothing is signed that was not told."""
    for order in board.orders.values():
        assert 0 <= order.amendment_signed_no <= order.amendment_no
        assert bool(order.amended_at_ms) == bool(order.amendment_no)


def check_told(board):
    """Every crew at work has been told the place and the type that hold."""
    for order in board.orders.values():
        incident = board.incidents[order.incident_id]
        if order.is_active:
            assert (order.told_lat, order.told_lon) == (incident.lat, incident.lon)
            assert order.told_type_code == incident.type_code


def check_posts(board):
    """Who stands away from home is known without looking at every unit."""
    away = {u.unit_id for u in board.units.values() if u.post_id != u.home_post_id}
    assert set(board.moved_up_unit_ids) == away


def check_record(board, record):
    """A diversion is one withdrawal and one order; at most one move is suggested."""
    diverted = [e for e in record.events if isinstance(e, UnitDiverted)]
    for event in diverted:
        gone = [e for e in record.events if isinstance(e, OrderWithdrawn)]
        sent = [e for e in record.events if isinstance(e, UnitAssigned)]
        assert [e.order_id for e in gone] == [event.from_order_id]
        assert [e.diverted_from for e in sent] == [event.from_order_id]
        left = board.incidents[gone[0].incident_id]
        if not board.active_orders(left) and left.is_placed and left.n_needed:
            assert left.incident_id in board.waiting
    assert sum(isinstance(e, MoveUpSuggested) for e in record.events) <= 1
    told = [e.order_id for e in record.events if isinstance(e, OrderAmended)]
    assert all(board.orders[order_id].amendment_no for order_id in told)


@ORDERLY
@given(life)
def test_the_laws_of_dispatch_hold_in_every_life(drawn):
    desk = manned_desk()
    n_records = len(desk.journal.records)
    for _ in live(desk, drawn):
        for check in (check_reservations, check_beside, check_changes, check_told, check_posts):
            check(desk.board)
        for record in desk.journal.records[n_records:][-1:]:
            check_record(desk.board, record)
        n_records = len(desk.journal.records)
    assert image(desk.rebuilt()) == image(desk.engine.state)
