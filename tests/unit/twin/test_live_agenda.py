"""The live agenda on a clock that the test moves: plans come due, people at desks come first."""

import pytest

from kuaifan.kernel.inbox import SteadyClock
from kuaifan.twin.live_agenda import LiveAgenda, People
from kuaifan.vocabulary.call import RegisterCall

START_MS = 1_000_000
RING = RegisterCall(line="110", caller_number="1")
AGAIN = RegisterCall(line="110", caller_number="2")


class Moved:
    """An agenda and the hand on its clock."""

    def __init__(self, speed=1.0):
        self.now_s = 0.0
        clock = SteadyClock(
            start_ms=START_MS, speed=speed, wall=lambda: 0.0, monotonic=lambda: self.now_s
        )
        self.agenda = LiveAgenda(clock)
        self.people = People(self.agenda)

    def taken(self, until_ms=START_MS):
        """What comes now, without waiting: a moment that has passed is given to `receive`."""
        arrival = self.agenda.receive(until_ms)
        return None if arrival is None else (arrival.at_ms, arrival.actor, arrival.payload)


@pytest.fixture(name="moved")
def fixture_moved():
    return Moved()


def test_a_plan_is_done_when_its_moment_comes_and_stamped_with_it(moved):
    moved.people.put(RING, actor="sim:a", at_ms=START_MS + 5_000)
    moved.now_s = 5.0
    assert moved.taken(until_ms=None) == (START_MS + 5_000, "sim:a", RING)
    assert moved.taken() is None


def test_a_choice_is_made_only_then_and_may_come_to_nothing(moved):
    seen = []
    moved.people.put(seen.append, actor="sim:a", at_ms=START_MS + 1_000)
    moved.people.put(
        lambda at_ms: seen.append(at_ms) or RING, actor="sim:b", at_ms=START_MS + 1_500
    )
    moved.now_s = 2.0
    assert seen == []
    assert moved.taken(until_ms=None) is None
    assert moved.taken(until_ms=None) == (START_MS + 2_000, "sim:b", RING)
    assert seen == [START_MS + 1_000, START_MS + 1_500]


def test_plans_of_one_moment_come_in_the_order_in_which_they_were_made(moved):
    for actor in ("sim:c", "sim:a", "sim:b"):
        moved.people.put(RING, actor=actor)
    assert [moved.taken(until_ms=None)[1] for _ in range(3)] == ["sim:c", "sim:a", "sim:b"]


def test_people_at_the_desk_come_before_simulated_ones(moved):
    moved.people.put(RING, actor="sim:a")
    moved.agenda.put(AGAIN, actor="desk")
    assert moved.taken(until_ms=None)[1:] == ("desk", AGAIN)
    assert moved.taken(until_ms=None)[1:] == ("sim:a", RING)


def test_a_timer_that_is_due_comes_before_a_plan_of_that_moment_or_later(moved):
    moved.people.put(RING, actor="sim:a", at_ms=START_MS + 3_000)
    moved.now_s = 4.0
    assert moved.taken(until_ms=START_MS + 3_000) is None
    assert moved.taken(until_ms=START_MS + 3_001)[1] == "sim:a"


def test_what_one_plans_and_may_no_longer_do_is_dropped_when_due(moved):
    moved.people.put(RING, actor="sim:a")
    moved.people.put(RING, actor="sim:b")
    moved.agenda.may_act = lambda actor: actor == "sim:b"
    assert moved.taken(until_ms=None) is None
    assert moved.taken(until_ms=None)[1] == "sim:b"


def test_forgotten_plans_are_gone_and_the_others_keep_their_order(moved):
    for i, actor in enumerate(("sim:a", "sim:b", "sim:a", "sim:c", "sim:b")):
        moved.people.put(RING, actor=actor, at_ms=START_MS + 5_000 - i)
    moved.agenda.forget(lambda actor: actor == "sim:b")
    moved.now_s = 5.0
    assert [moved.taken(until_ms=None)[1] for _ in range(3)] == ["sim:c", "sim:a", "sim:a"]
    assert moved.taken() is None


def test_what_is_asked_is_done_between_two_inputs(moved):
    done = []
    moved.agenda.ask(lambda: done.append(moved.agenda.now_ms()))
    moved.agenda.put(AGAIN, actor="desk")
    assert done == []
    assert moved.taken(until_ms=None) is None, "a wake brings no input"
    assert done == [START_MS]
    assert moved.taken(until_ms=None)[1] == "desk"


def test_a_faster_city_comes_to_its_plans_sooner():
    moved = Moved(speed=10.0)
    moved.people.put(RING, actor="sim:a", at_ms=START_MS + 60_000)
    moved.now_s = 5.0
    assert moved.taken() is None
    moved.agenda.clock.set_speed(60.0)
    moved.now_s = 5.5
    assert moved.taken(until_ms=None)[0] == START_MS + 80_000
