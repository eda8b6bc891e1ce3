"""Timers come by due time, then as they were set; saved and loaded they are the same."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_machine import Noted

from kuaifan.kernel import timers as module
from kuaifan.kernel.message import TimerCancelled, TimerSet
from kuaifan.kernel.timers import MAX_DEAD, Timers

names = st.sampled_from("abcd")
changes = st.lists(
    st.tuples(names, st.none() | st.integers(0, 4))  # due then, or cancelled
    | st.just("fire"),
    max_size=20,
)


def timer_set(timer_id, due_at_ms):
    command = msgspec.Raw(f'"{timer_id} at {due_at_ms}"'.encode())
    return TimerSet(timer_id=timer_id, due_at_ms=due_at_ms, command=command)


def change(timers, step):
    """Fold one change; fire returns the timer that was next."""
    if step == "fire":
        due = timers.find_next()
        if due is not None:
            timers.fired(due.timer_id)
        return due and (due.due_at_ms, due.timer_id, due.command)
    timer_id, due_at_ms = step
    event = TimerCancelled(timer_id=timer_id)
    timers.fold(event if due_at_ms is None else timer_set(timer_id, due_at_ms))
    return None


def drain(timers):
    found = []
    while (fired := change(timers, "fire")) is not None:
        found.append(fired)
    return found


def expected(steps):
    """What fires and what is left, by a plain list in the order of setting."""
    pending, fired = [], []
    for step in steps:
        if step == "fire":
            first = min(pending, key=lambda timer: timer[0], default=None)
            if first is not None:
                pending.remove(first)
                fired.append(first)
            continue
        timer_id, due_at_ms = step
        pending = [timer for timer in pending if timer[1] != timer_id]
        if due_at_ms is not None:
            pending.append((due_at_ms, timer_id, f'"{timer_id} at {due_at_ms}"'.encode()))
    return fired, sorted(pending, key=lambda timer: timer[0])


@given(changes)
def test_timers_fire_by_due_time_then_as_they_were_set(steps):
    timers = Timers()
    fired = [found for step in steps if (found := change(timers, step)) is not None]
    expected_fired, left = expected(steps)
    assert fired == expected_fired
    assert len(timers) == len(left)
    assert [timers.is_pending(name) for name in "abcd"] == [
        name in {timer[1] for timer in left} for name in "abcd"
    ]
    assert drain(timers) == left
    assert len(timers) == 0


@given(changes, changes)
def test_timers_saved_and_loaded_go_on_as_if_nothing_had_been(before, after):
    timers, loaded = Timers(), Timers()
    for step in before:
        change(timers, step)
    change(loaded, ("left over", 1))
    loaded.load(timers.save())
    assert loaded.save() == timers.save()
    assert [change(loaded, step) for step in after] == [change(timers, step) for step in after]
    assert drain(loaded) == drain(timers)


@given(changes)
def test_saved_timers_are_in_the_order_in_which_they_fall_due(steps):
    timers = Timers()
    for step in steps:
        change(timers, step)
    saved = [(timer.due_at_ms, timer.timer_id, timer.command) for timer in timers.save()]
    assert saved == expected(steps)[1]
    assert saved == drain(timers)


def test_other_events_pass_by():
    timers = Timers()
    timers.fold(Noted(press_no=1))
    assert timers.find_next() is None


def test_timers_set_again_and_again_do_not_pile_up():
    timers = Timers()
    timers.fold(timer_set("kept", 1))
    for due_at_ms in range(10 * MAX_DEAD):
        timers.fold(timer_set("moved", 1_000_000 + due_at_ms))
    assert len(timers) == 2
    assert len(timers._heap) < 2 * MAX_DEAD
    assert [due_at_ms for due_at_ms, *_ in drain(timers)] == [1, 1_000_000 + 10 * MAX_DEAD - 1]


def test_there_is_a_limit_which_setting_one_again_does_not_meet(monkeypatch):
    monkeypatch.setattr(module, "MAX_TIMERS", 2)
    timers = Timers()
    timers.fold(timer_set("a", 1))
    timers.fold(timer_set("b", 1))
    timers.fold(timer_set("b", 2))
    with pytest.raises(OverflowError, match="2 timers are pending; c is one too many"):
        timers.fold(timer_set("c", 1))
    assert [timer_id for _, timer_id, _ in drain(timers)] == ["a", "b"]
