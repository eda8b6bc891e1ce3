"""Inboxes and clocks: one order, one time that never goes back, a full queue says so."""

from __future__ import annotations

from itertools import pairwise
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_machine import Glimpse, Press

from kuaifan.kernel.inbox import SPAN_MS, InboxFullError, LiveInbox, SimInbox, SteadyClock

PRESS = Press(lamp_id="a")


class Hands:
    """The two clocks of a machine, set by hand."""

    def __init__(self, wall_s: float = 1_700_000_000.0) -> None:
        self.wall_s, self.steady_s = wall_s, 50.0

    def clock(self, **options: float) -> SteadyClock:
        return SteadyClock(wall=lambda: self.wall_s, monotonic=lambda: self.steady_s, **options)

    def pass_by(self, s: float) -> None:
        self.wall_s += s
        self.steady_s += s


def test_a_clock_starts_at_wall_time_and_goes_on_with_the_steady_clock():
    hands = Hands()
    clock = hands.clock()
    assert clock.now_ms() == 1_700_000_000_000
    hands.pass_by(1.25)
    assert clock.now_ms() == 1_700_000_001_250
    assert clock.behind_ms() == 0


@pytest.mark.parametrize("step_s", [-3_600.0, -2.5, 2.5, 86_400.0])
def test_a_clock_says_how_far_the_wall_was_set_and_does_not_follow_it(step_s):
    hands = Hands()
    clock = hands.clock()
    hands.pass_by(10.0)
    hands.wall_s += step_s
    assert clock.now_ms() == 1_700_000_010_000
    assert clock.behind_ms() == step_s * 1000
    hands.pass_by(10.0)
    assert clock.behind_ms() == step_s * 1000
    assert clock.now_ms() == 1_700_000_020_000


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(-100, 100)), max_size=20))
def test_the_time_of_a_clock_never_goes_back(moves):
    hands = Hands()
    clock, seen = hands.clock(), [0]
    for pass_s, step_s in moves:
        hands.pass_by(pass_s)
        hands.wall_s += step_s
        seen.append(clock.now_ms())
    assert all(a <= b for a, b in pairwise(seen))


def test_a_clock_may_begin_elsewhere_and_run_faster():
    hands = Hands()
    clock = hands.clock(start_ms=1_000, speed=10.0)
    hands.pass_by(2.0)
    assert clock.now_ms() == 21_000
    assert clock.seconds_until(31_000) == 1.0
    assert clock.seconds_until(20_000) == 0.0


def test_a_change_of_speed_goes_on_from_now():
    hands = Hands()
    clock = hands.clock(start_ms=0)
    hands.pass_by(2.0)
    clock.set_speed(10.0)
    assert (clock.now_ms(), clock.speed) == (2_000, 10.0)
    hands.pass_by(1.0)
    assert clock.now_ms() == 12_000
    assert clock.seconds_until(13_000) == 0.1


def test_a_reader_that_meets_a_change_of_speed_does_not_see_time_go_back():
    hands = Hands()
    clock = hands.clock(start_ms=0)
    hands.pass_by(2.0)
    seen_ms = clock.now_ms()
    clock.set_speed(1_000.0)
    hands.steady_s -= 0.001  # read before the change, used after it
    assert clock.now_ms() >= seen_ms


def test_the_clock_of_the_machine_is_taken_when_no_other_is_given():
    clock = SteadyClock()
    first = clock.now_ms()
    assert first > 1_700_000_000_000
    assert clock.now_ms() >= first
    assert abs(clock.behind_ms()) < 60_000


def test_a_live_inbox_stamps_an_input_when_it_is_put():
    hands = Hands()
    inbox = LiveInbox(hands.clock(start_ms=0))
    hands.pass_by(0.5)
    ticket = inbox.put(PRESS, actor="seat", key="k")
    hands.pass_by(2.0)
    inbox.put(Glimpse(places=(1,)), actor="radio")
    first, second = inbox.receive(None), inbox.receive(10)
    assert first is not None
    assert second is not None
    assert (first.at_ms, first.actor, first.payload, first.key) == (500, "seat", PRESS, "k")
    assert first.ticket is ticket
    assert (second.at_ms, second.actor, second.key) == (2_500, "radio", None)
    assert inbox.now_ms() == 2_500


def test_a_live_inbox_does_not_wait_for_a_moment_that_has_passed():
    inbox = LiveInbox(Hands().clock(start_ms=100))
    assert inbox.receive(100) is None
    assert inbox.receive(-5) is None


def test_a_live_inbox_waits_no_longer_than_until_the_next_timer():
    # The steady clock moves on each time it is read, as the real one does while waiting.
    readings = iter([0.0, *(0.001 * n for n in range(100))])
    inbox = LiveInbox(SteadyClock(start_ms=0, wall=lambda: 0.0, monotonic=lambda: next(readings)))
    assert inbox.receive(3) is None


def test_a_wake_ends_a_waiting_receive():
    inbox = LiveInbox(SteadyClock())
    received = list[object]()
    waiting = Thread(target=lambda: received.append(inbox.receive(None)))
    waiting.start()
    inbox.wake()
    waiting.join()
    assert received == [None]


def test_a_full_inbox_refuses_at_the_door_and_keeps_what_it_has():
    inbox = LiveInbox(Hands().clock(start_ms=0), max_inputs=2)
    inbox.put(PRESS, actor="first")
    inbox.put(PRESS, actor="second")
    with pytest.raises(InboxFullError, match="the engine is behind; retry with the same key"):
        inbox.put(PRESS, actor="third")
    inbox.wake()  # nobody waits where there is something to receive
    received = [inbox.receive(0) for _ in range(3)]
    assert [arrival and arrival.actor for arrival in received] == ["first", "second", None]
    inbox.put(PRESS, actor="fourth")


@given(st.lists(st.integers(0, 5), max_size=20))
def test_a_sim_inbox_gives_by_time_and_equal_times_as_they_were_put(times):
    inbox = SimInbox(2)
    for no, at_ms in enumerate(times):
        inbox.put(PRESS, actor=f"{no}", at_ms=at_ms)
    assert len(inbox) == len(times)
    came = []
    while (arrival := inbox.receive(None)) is not None:
        assert inbox.now_ms() == arrival.at_ms
        came.append((arrival.at_ms, int(arrival.actor)))
    # What is put for the past comes now.
    assert came == sorted((max(2, at_ms), no) for no, at_ms in enumerate(times))


@given(st.lists(st.tuples(st.integers(0, 20 * SPAN_MS), st.booleans()), max_size=40))
def test_what_is_planned_for_much_later_comes_in_its_turn_too(plan):
    """Against a plain list: put far ahead, and between one arrival and the next."""
    inbox, waiting, came, expected = SimInbox(7), [], [], []

    def take() -> None:
        arrival = inbox.receive(None)
        if arrival is not None:
            came.append((arrival.at_ms, int(arrival.actor)))
            waiting.sort()
            expected.append(waiting.pop(0))

    for no, (at_ms, is_taken) in enumerate(plan):
        inbox.put(PRESS, actor=f"{no}", at_ms=at_ms)
        waiting.append((max(inbox.now_ms(), at_ms), no))
        assert len(inbox) == len(waiting)
        if is_taken:
            take()
    while waiting:
        take()
    assert came == expected
    assert len(inbox) == 0


def test_a_sim_inbox_keeps_back_what_comes_at_the_moment_asked_for():
    inbox = SimInbox(0)
    inbox.put(PRESS, actor="seat", at_ms=10)
    assert inbox.receive(10) is None
    assert inbox.now_ms() == 10
    arrival = inbox.receive(11)
    assert arrival is not None
    assert arrival.at_ms == 10
    assert inbox.receive(5) is None
    assert inbox.now_ms() == 10


def test_a_choice_may_put_more_inputs():
    inbox = SimInbox(0)

    def choose(at_ms: int) -> None:
        inbox.put(PRESS, actor="chosen", at_ms=at_ms + 5)

    inbox.put(choose, actor="chooser", at_ms=3)
    arrival = inbox.receive(None)
    assert arrival is not None
    assert (arrival.at_ms, arrival.actor) == (8, "chosen")
