"""The order of inputs is total: by time, timers first, then by who came first."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from memory_journal import MemoryJournal
from toy_machine import (
    BOOK,
    CODEC,
    Board,
    Glimpse,
    LightFor,
    Machine,
    Press,
    PutOut,
    Whistle,
)
from toy_scripts import play, scripts

from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import StartEngine

# A light goes on for so long, at a time that often is that of another input or timer.
lights = st.tuples(st.integers(0, 8), st.sampled_from(["a", "b", "c"]), st.integers(-3, 5))


def expected_order(inputs):
    """Time, actor and lamp of every record, worked out with plain lists instead of heaps."""
    coming = sorted(range(len(inputs)), key=lambda i: (inputs[i][0], i))
    timers, order, now_ms, n_set = [], [], 0, 0
    while coming or timers:
        timers.sort()
        due_ms = timers[0][0] if timers else None
        if coming and (due_ms is None or inputs[coming[0]][0] < due_ms):
            i = coming.pop(0)
            at_ms, lamp_id, for_ms = inputs[i]
            # Time may have been pushed on by a timer that was set for a moment already gone.
            now_ms = max(now_ms, at_ms)
            while timers and timers[0][0] <= now_ms:
                order.append((now_ms, "timer", timers[0][2]))
                timers.pop(0)
            order.append((now_ms, f"seat-{i}", lamp_id))
            timers = [t for t in timers if t[2] != lamp_id]
            timers.append((now_ms + for_ms, n_set, lamp_id))
            n_set += 1
        else:
            now_ms = max(now_ms, due_ms)
            order.append((now_ms, "timer", timers.pop(0)[2]))
    return order


@given(st.lists(lights, max_size=12))
def test_arrivals_timers_and_ties_come_in_the_one_order_worked_out_by_hand(inputs):
    inbox = SimInbox(0)
    for i, (at_ms, lamp_id, for_ms) in enumerate(inputs):
        inbox.put(LightFor(lamp_id=lamp_id, for_ms=for_ms), actor=f"seat-{i}", at_ms=at_ms)
    run = Machine(inbox).run()
    found = [(r.at_ms, r.actor, r.command.lamp_id) for r in run.journal.records]
    assert found == expected_order(inputs)


@given(scripts, st.randoms(use_true_random=False))
def test_inputs_put_in_any_order_come_by_time_then_by_when_they_were_put(script, random):
    order = [*range(len(script))]
    random.shuffle(order)
    inbox, at_ms = SimInbox(0), {}
    for put_no, i in enumerate(order):
        at_ms[put_no] = script[i][0]
        inbox.put(script[i][1], actor=f"{put_no}", at_ms=script[i][0])
    items = Machine(inbox).run().journal.items
    came = list(dict.fromkeys(int(item.actor) for item in items if item.actor != "timer"))
    assert came == sorted(at_ms, key=lambda put_no: (at_ms[put_no], put_no))


@given(scripts)
def test_time_never_goes_back(script):
    run = play(script)
    assert all(a.at_ms <= b.at_ms for a, b in pairwise(run.journal.items))
    assert run.engine.state.head.at_ms == max([0, *(i.at_ms for i in run.journal.items)])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=12))
def test_a_late_stamp_counts_as_now_and_is_recorded_so(arrivals):
    run, now_ms = Machine(), 0
    for no, (at_ms, for_ms) in enumerate(arrivals):
        run.engine.submit(Arrival(at_ms, "seat", LightFor(lamp_id=f"{no}", for_ms=for_ms)))
        now_ms = max(now_ms, at_ms)
        assert run.watched[-1].at_ms == now_ms
    own = [record for record in run.watched if record.actor == "seat"]
    assert len(own) == len(arrivals)


def test_timers_due_at_or_before_an_arrival_run_first_each_at_its_own_time():
    run = Machine()
    run.engine.submit(Arrival(0, "seat", LightFor(lamp_id="late", for_ms=10)))
    run.engine.submit(Arrival(0, "seat", LightFor(lamp_id="early", for_ms=4)))
    run.engine.submit(Arrival(0, "seat", LightFor(lamp_id="later", for_ms=11)))
    run.engine.submit(Arrival(10, "seat", Press(lamp_id="a")))
    assert [(r.at_ms, r.timer_id) for r in run.watched[3:]] == [
        (4, "out:early"),
        (10, "out:late"),
        (10, None),
    ]


def test_timers_due_together_run_in_the_order_in_which_they_were_set():
    run = Machine()
    for lamp_id, for_ms in (("c", 9), ("a", 9), ("b", 9), ("c", 9)):
        run.inbox.put(LightFor(lamp_id=lamp_id, for_ms=for_ms), actor="seat")
    run.run()
    assert [r.timer_id for r in run.watched if r.timer_id] == ["out:a", "out:b", "out:c"]


def test_a_timer_set_for_the_past_fires_at_once_and_is_stamped_now():
    run = Machine(SimInbox(100))
    run.inbox.put(LightFor(lamp_id="a", for_ms=-50), actor="seat")
    run.inbox.put(Press(lamp_id="a"), actor="seat")
    run.run()
    assert [(r.at_ms, r.actor) for r in run.watched] == [
        (100, "seat"),
        (100, "timer"),
        (100, "seat"),
    ]


def test_a_cancelled_timer_does_not_fire_and_a_replaced_one_fires_once():
    run = Machine()
    run.inbox.put(LightFor(lamp_id="a", for_ms=5), actor="seat", at_ms=0)
    run.inbox.put(PutOut(lamp_id="a"), actor="seat", at_ms=1)
    run.inbox.put(LightFor(lamp_id="b", for_ms=5), actor="seat", at_ms=2)
    run.inbox.put(LightFor(lamp_id="b", for_ms=5), actor="seat", at_ms=4)
    run.run()
    assert [(r.at_ms, r.timer_id) for r in run.watched if r.timer_id] == [(9, "out:b")]


def test_a_timer_may_set_itself_again():
    run = Machine()
    run.inbox.put(Whistle(n_times=3, every_ms=10), actor="seat")
    run.run()
    whistles = [record for record in run.watched if isinstance(record.command, Whistle)]
    assert [record.at_ms for record in whistles] == [0, 10, 20]


def test_a_step_with_nothing_to_do_says_so():
    run = Machine()
    assert not run.engine.step()
    run.inbox.put(LightFor(lamp_id="a", for_ms=5), actor="seat")
    assert [run.engine.step() for _ in range(3)] == [True, True, False]


class NotYet(SimInbox):
    """An inbox whose time has not come when `receive` returns, as on a wake."""

    def receive(self, until_ms: int | None) -> Arrival | None:
        return None if until_ms is not None else super().receive(until_ms)


def test_a_timer_does_not_fire_before_its_time_when_receiving_was_cut_short():
    run = Machine(NotYet(0))
    run.engine.submit(Arrival(0, "seat", LightFor(lamp_id="a", for_ms=5)))
    assert not run.engine.step()
    assert len(run.engine.state.timers) == 1


def test_the_board_knows_the_record_it_is_asked_for():
    seen = list[int]()
    journal = MemoryJournal[Board]()
    state = State(Board())
    engine = Engine(state, BOOK, CODEC, SimInbox(0), journal, restore=lambda: state)
    engine.watchers.append(lambda record: seen.append(engine.board.seq - record.seq))
    for payload in (Press(lamp_id="a"), Glimpse(places=(1,)), Press(lamp_id="a")):
        engine.submit(Arrival(0, "seat", payload))
    assert seen == [0, 0]
    assert [item.input_no for item in journal.items] == [1, 2, 3]


def test_a_start_of_the_engine_is_a_record_like_any_other():
    run = Machine()
    run.inbox.put(StartEngine(build="b", plugins=("x",), city_hash="c"), actor="engine")
    run.run()
    [record] = run.watched
    [event] = record.events
    assert (event.build, event.plugins, event.city_hash) == ("b", ("x",), "c")


def test_a_choice_is_made_when_its_moment_comes_or_never():
    run = Machine()
    run.inbox.put(lambda at_ms: Press(lamp_id=f"{at_ms}"), actor="chooser", at_ms=7)
    run.inbox.put(lambda _at_ms: None, actor="idler", at_ms=3)
    run.inbox.put(LightFor(lamp_id="a", for_ms=5), actor="seat")
    run.run()
    assert [(r.at_ms, r.actor) for r in run.watched] == [(0, "seat"), (5, "timer"), (7, "chooser")]
    assert run.engine.board.n_presses == {"7": 1}
