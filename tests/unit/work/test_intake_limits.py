"""Nuisance (骚扰限呼): marked and last in the queue for a time; never blocked, never a child."""

import pytest
from call_desk import CallDesk
from toy_city import FIGHT, MURDER, START_MS, corner

from kuaifan.board.silence import has_number
from kuaifan.board.state import Board
from kuaifan.kernel.personal import ERASED
from kuaifan.vocabulary.call import RegisterCall
from kuaifan.vocabulary.missed import (
    CallerLimited,
    CallerLimitEnded,
    ExpireCallerLimit,
    LiftCallerLimit,
    LimitCaller,
)

PEST, CITIZEN = "13000000000", "13900000000"


@pytest.fixture
def desk():
    return CallDesk()


def limit(call_id, **more):
    given = {"approved_by": "陈", "reason": "40 empty calls today", "minutes": 60} | more
    return LimitCaller(call_id=call_id, **given)


def test_calls_of_a_limited_number_ring_are_marked_and_are_offered_last(desk):
    desk.ok(limit(desk.missed(number=PEST)))
    pest, citizen = desk.registered(number=PEST), desk.registered(number=CITIZEN)
    assert (desk.call(pest).is_limited, desk.call(citizen).is_limited) == (True, False)
    assert list(desk.board.ringing) == [pest, citizen]
    desk.manned("A")
    assert desk.call(citizen).offered_seat_id == "A"
    desk.manned("B")
    assert desk.call(pest).offered_seat_id == "B"
    desk.check_rebuilt()


def test_a_limit_runs_out_by_itself(desk):
    desk.ok(limit(desk.missed(number=PEST), minutes=30), at_s=10)
    assert desk.board.limits[PEST].until_ms == START_MS + 1_810_000
    desk.run_until(1_809)
    assert desk.call(desk.registered(number=PEST)).is_limited
    assert desk.code(ExpireCallerLimit(limit_id="L1")) == "limit_running"
    desk.run_until(1_811)
    assert not desk.board.limits
    assert not desk.call(desk.registered(number=PEST)).is_limited
    assert desk.code(ExpireCallerLimit(limit_id="L1")) == "unknown_limit"


def test_a_supervisor_lifts_a_limit_before_its_time(desk):
    desk.ok(limit(desk.missed(number=PEST)))
    assert desk.code(LiftCallerLimit(limit_id="L1", approved_by="")) == "supervisor_needed"
    assert desk.code(LiftCallerLimit(limit_id="L9", approved_by="陈")) == "unknown_limit"
    desk.ok(LiftCallerLimit(limit_id="L1", approved_by="陈"))
    assert not desk.board.limits
    assert all(timer.timer_id != "limit:L1" for timer in desk.engine.state.timers.save())
    desk.ok(limit(desk.missed(number=PEST)))
    assert desk.board.limits[PEST].limit_id == "L2"
    desk.check_rebuilt()


def test_what_a_limit_refuses(desk):
    call_id = desk.missed(number=PEST)
    for command, code in (
        (limit(call_id, approved_by=""), "supervisor_needed"),
        (limit(call_id, reason=""), "reason_needed"),
        (limit(call_id, is_child=True), "children_never"),
        (limit(desk.missed(number="")), "no_number"),
        (limit("C99"), "unknown_call"),
    ):
        assert desk.code(command) == code
    desk.ok(limit(call_id))
    assert desk.code(limit(desk.missed(number=PEST))) == "already_limited"


def test_a_number_with_an_urgent_incident_open_is_not_limited(desk):
    call_id, other = desk.missed(number=PEST), desk.missed(number=PEST)
    desk.opened(MURDER, corner(3, 3), call_id=other)
    assert desk.code(limit(call_id)) == "serious_incident"
    calm = desk.missed(number=CITIZEN)
    desk.opened(FIGHT, corner(1, 1), call_id=calm)
    priority = desk.board.incidents["J2"].priority
    assert priority > 2
    desk.ok(limit(calm))


def test_an_erased_number_limits_nobody_and_still_folds(desk):
    call_id = desk.missed(number=PEST)
    board: Board = desk.board
    folds = desk.rules
    made = CallerLimited(
        limit_id="L1",
        call_id=call_id,
        caller_number=ERASED,
        approved_by="陈",
        reason="r",
        until_ms=START_MS + 1,
    )
    folds.fold(board, made, START_MS)
    folds.fold(board, msgspec_copy(made, "L2"), START_MS)
    record = desk.ok(RegisterCall(line="110", caller_number=str(ERASED)))
    assert not record.events[0].is_limited
    assert not has_number(desk.call(record.events[0].call_id))
    for limit_id in ("L1", "L2"):
        ended = CallerLimitEnded(limit_id=limit_id, call_id=call_id, approved_by="")
        folds.fold(board, ended, START_MS)
    assert not board.limits
    assert board.n_limits == 2


def msgspec_copy(event, limit_id):
    """The same event under another limit."""
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    return CallerLimited(**fields | {"limit_id": limit_id})
