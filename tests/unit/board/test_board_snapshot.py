"""Snapshots (快照): stored, loaded, and equal to the board they were taken from."""

import msgspec
import pytest
from toy_city import FIGHT, LOCKSMITH, MURDER, UNITS, Desk, corner, image, toy_reference

from kuaifan.app.rules import new_board
from kuaifan.board.reference import Reference
from kuaifan.kernel.journal import State
from kuaifan.kernel.timers import Timers
from kuaifan.vocabulary.call import AnswerCall
from kuaifan.vocabulary.incident import MergeIncident, SettleByPhone
from kuaifan.vocabulary.order import ReportHandled, WithdrawUnit


@pytest.fixture
def busy_desk():
    """A desk in the middle of everything."""
    desk = Desk()
    desk.on_duty(*UNITS)
    answered, _ringing = desk.rang(), desk.rang()
    desk.do(AnswerCall(call_id=answered, seat_id="seat-1"))
    first = desk.opened(MURDER, corner(4, 4), call_id=answered)
    desk.fix("P1", *corner(4, 4), at_s=5)
    handled = desk.sent(first, "P1")
    desk.sent(first, "P2")
    desk.do(ReportHandled(order_id=handled))
    second = desk.opened(FIGHT, corner(1, 1))
    desk.do(WithdrawUnit(order_id=desk.sent(second, "P3"), reason="r"))
    merged = desk.opened(FIGHT, corner(1, 1))
    desk.do(MergeIncident(incident_id=merged, into_incident_id=second))
    settled = desk.opened(LOCKSMITH)
    desk.do(SettleByPhone(incident_id=settled, disposition="d"))
    return desk


def stored_and_read(board):
    data = msgspec.msgpack.encode(board.snapshot())
    return msgspec.msgpack.decode(data, type=board.snapshot_type)


def test_a_loaded_board_equals_the_original(busy_desk):
    loaded = new_board(toy_reference())
    loaded.load(stored_and_read(busy_desk.board))
    state = busy_desk.engine.state
    assert image(State(loaded, state.timers, state.head)) == image(state)


def test_a_loaded_board_decides_as_the_original_does(busy_desk):
    loaded = new_board(toy_reference())
    loaded.load(stored_and_read(busy_desk.board))
    other, state = Desk(), busy_desk.engine.state
    timers = Timers()
    timers.load(state.timers.save())
    other.engine.state = State(loaded, timers, msgspec.structs.replace(state.head))
    incident = busy_desk.board.incidents["J2"]
    here, there = (
        desk.opened(FIGHT, (incident.lat, incident.lon), at_s=9) for desk in (busy_desk, other)
    )
    assert here == there
    assert image(busy_desk.engine.state) == image(other.engine.state)


def test_a_board_that_was_used_before_forgets_what_it_knew():
    used = Desk()
    used.on_duty(*UNITS)
    used.rang()
    empty = Desk()
    used.board.load(stored_and_read(empty.board))
    state = empty.engine.state
    assert image(State(used.board, state.timers, state.head)) == image(state)


def test_a_snapshot_of_another_version_is_refused(busy_desk):
    snapshot = msgspec.structs.replace(busy_desk.board.snapshot(), version=99)
    with pytest.raises(ValueError, match="version 99"):
        new_board(toy_reference()).load(snapshot)


def test_a_snapshot_of_another_city_is_refused_and_changes_nothing(busy_desk):
    snapshot = busy_desk.board.snapshot()
    one_unit = msgspec.structs.replace(snapshot, units=snapshot.units[:1])
    board = new_board(toy_reference())
    with pytest.raises(ValueError, match="other units"):
        board.load(one_unit)
    assert not board.incidents


def test_a_city_without_circles_has_a_board(busy_desk):
    of = toy_reference()
    plain = Reference(
        types=of.types,
        posts=[post for post in of.posts.values() if post.kind == "station"],
        units=list(of.units.values()),
        targets_ms={},
        network=of.network,
        travel=of.travel,
        snapper=of.snapper,
        city_hash="plain",
    )
    board = new_board(plain)
    board.load(stored_and_read(busy_desk.board))
    assert board.coverage.states(board.fleet.available()) == {}
    assert plain.target_ms(1, "urban") == 0
