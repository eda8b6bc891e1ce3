"""A jump of the wall clock (时钟跳变) is noted once and made good slowly."""

import pytest

from kuaifan.app.clock_watch import ClockWatch
from kuaifan.kernel.inbox import SteadyClock
from kuaifan.kernel.message import NoteClockStep


class Hands:
    """The two clocks of a machine, moved by hand."""

    def __init__(self):
        self.wall_s, self.steady_s = 1_000_000.0, 50.0
        self.clock = SteadyClock(wall=lambda: self.wall_s, monotonic=lambda: self.steady_s)
        self.noted = []
        self.watch = ClockWatch(self.clock, self.noted.append)

    def pass_by(self, s):
        self.wall_s += s
        self.steady_s += s
        self.watch()


def test_while_both_clocks_agree_nothing_is_noted():
    hands = Hands()
    for _ in range(100):
        hands.pass_by(1.0)
    assert hands.noted == []
    assert hands.clock.speed == 1.0


@pytest.mark.parametrize("step_s", [-3_600, 3_600])
def test_an_hour_is_noted_once_and_never_followed_at_once(step_s):
    hands = Hands()
    hands.wall_s += step_s
    hands.pass_by(1.0)
    hands.pass_by(1.0)
    assert hands.noted == [NoteClockStep(step_ms=step_s * 1000)]
    before_ms = hands.clock.now_ms()
    hands.pass_by(10.0)
    assert 9_900 <= hands.clock.now_ms() - before_ms <= 10_100


def test_a_few_seconds_are_made_good_within_a_quarter_of_an_hour():
    hands = Hands()
    hands.wall_s += 3.0
    for _ in range(900):
        hands.pass_by(1.0)
    assert abs(hands.clock.behind_ms()) <= 60
    assert len(hands.noted) == 1


def test_a_drift_too_small_to_be_a_jump_is_made_good_without_a_note():
    hands = Hands()
    hands.wall_s += 0.5
    for _ in range(200):
        hands.pass_by(1.0)
    assert abs(hands.clock.behind_ms()) <= 60
    assert hands.noted == []
