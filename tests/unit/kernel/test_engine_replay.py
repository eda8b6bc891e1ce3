"""What was decided once comes out again: from the inputs, and from any point of the log."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from threading import Lock, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_journal import MemoryJournal
from toy_machine import (
    BOOK,
    CODEC,
    Board,
    Break,
    Glimpse,
    LightFor,
    Machine,
    Noted,
    Press,
    Pressed,
    PutOut,
    Whistle,
    is_input,
    picture,
    put_again,
    without_keys,
)
from toy_scripts import play, put_script, scripts

from kuaifan.kernel.engine import replay_state
from kuaifan.kernel.inbox import Arrival, LiveInbox, SimInbox, SteadyClock
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import Command, Observation, Observed
from kuaifan.kernel.record import ContentHash, Record, Sighting

N_THREADS, N_EACH = 4, 60


class Dial:
    """A monotonic clock that moves when somebody turns it, from any thread."""

    def __init__(self) -> None:
        self._s, self._lock = 0.0, Lock()

    def read(self) -> float:
        return self._s

    def turn(self, s: float) -> None:
        with self._lock:
            self._s += s


def decide_again(items):
    """Run the inputs of a log on a new machine, to the last timer."""
    inbox = SimInbox(0)
    put_again(inbox, items)
    return Machine(inbox).run()


def hash_of(records):
    content = ContentHash()
    for record in records:
        content.add(CODEC.encode(record))
    return content.hexdigest()


@given(scripts)
def test_replaying_the_inputs_of_a_run_gives_identical_records(script):
    first = play(script)
    again = decide_again(first.journal.items)
    assert again.journal.items == first.journal.items
    assert hash_of(again.journal.records) == hash_of(first.journal.records)
    assert picture(again.engine.state) == picture(first.engine.state)


@given(scripts)
def test_the_fold_of_the_log_is_the_board_of_the_run(script):
    run = play(script)
    folded = replay_state(State(Board()), BOOK, run.journal.items)
    assert picture(folded) == picture(run.engine.state)


@settings(max_examples=60)
@given(scripts)
def test_a_restart_at_any_point_loses_and_doubles_nothing(script):
    whole = play(script)
    items = whole.journal.items
    for n_kept in range(len(items) + 1):
        kept, rest = items[:n_kept], items[n_kept:]
        if kept and rest and kept[-1].input_no == rest[0].input_no:
            continue  # a journal keeps a sighting and the record it led to together
        journal = MemoryJournal[Board]()
        journal.items.extend(kept)
        inbox = SimInbox(kept[-1].at_ms if kept else 0)
        put_again(inbox, rest)
        state = replay_state(State(Board()), BOOK, kept)
        restarted = Machine(inbox, journal=journal, state=state).run()
        assert restarted.journal.items == items
        assert picture(restarted.engine.state) == picture(whole.engine.state)


@given(scripts)
def test_every_record_is_watched_once_and_in_order(script):
    run = play(script)
    assert run.watched == run.journal.records
    assert run.sighted == [item for item in run.journal.items if isinstance(item, Sighting)]
    assert [record.seq for record in run.watched] == [*range(1, len(run.watched) + 1)]


@given(scripts)
def test_every_input_gets_one_number_and_at_most_one_record(script):
    items = play(script).journal.items
    numbers = [item.input_no for item in items if not is_stand_in(item)]
    assert numbers == [*range(1, len(numbers) + 1)]
    assert sum(is_input(item) for item in items) == len(script)
    records = Counter(item.input_no for item in items if isinstance(item, Record))
    assert set(records.values()) <= {1}


@given(scripts)
def test_every_event_is_reacted_to_once(script):
    run = play(script)
    pressed, noted = Counter[int](), Counter[int]()
    for record in run.journal.records:
        pressed.update(event.press_no for event in record.events if isinstance(event, Pressed))
        noted.update(event.press_no for event in record.events if isinstance(event, Noted))
        noted.update(refused.command.press_no for refused in record.refused if is_note(refused))
    assert noted == pressed
    assert set(pressed.values()) <= {1}
    assert run.engine.board.n_notes == {no: 1 for no in pressed if no % 3}


@given(scripts)
def test_every_timer_that_was_set_fires_once_unless_replaced_or_cancelled(script):
    run = play(script)
    pending, n_fired = dict[str, bytes](), 0
    for record in run.journal.records:
        if record.timer_id is not None:
            assert CODEC.encode(record.command) == pending.pop(record.timer_id)
            n_fired += 1
        for event in record.events:
            if type(event).__name__ == "TimerSet":
                pending[event.timer_id] = bytes(event.command)
            elif type(event).__name__ == "TimerCancelled":
                pending.pop(event.timer_id, None)
    assert not pending
    assert n_fired == sum(record.timer_id is not None for record in run.watched)
    assert run.engine.state.timers.find_next() is None


def test_a_live_run_with_four_threads_is_decided_again_identically():
    dial = Dial()
    clock = SteadyClock(start_ms=1_000, wall=lambda: 0.0, monotonic=dial.read)
    live = Machine(LiveInbox(clock))
    n_answers = play_live(live, lambda: dial.turn(0.000_4))
    dial.turn(60.0)
    run_timers(live)
    assert n_answers == N_THREADS * N_EACH
    check_decided_again(live)


def test_a_live_run_on_the_real_clock_is_decided_again_identically():
    live = Machine(LiveInbox(SteadyClock(start_ms=1_000, speed=1_000.0)))
    play_live(live, lambda: None)
    run_timers(live)
    check_decided_again(live)


def play_live(live, turn):
    """Let threads hand in what they have while this one decides; returns the number of answers."""
    answers: list[object] = []

    def hand_in(thread_no):
        for no in range(N_EACH):
            payload, key = live_input(thread_no, no)
            ticket = live.inbox.put(payload, actor=f"thread-{thread_no}", key=key)
            ticket.when_done(lambda record, error: answers.append((record, error)))
            turn()
        live.inbox.wake()

    threads = [Thread(target=hand_in, args=(no,)) for no in range(N_THREADS)]
    for thread in threads:
        thread.start()
    while len(answers) < N_THREADS * N_EACH:
        live.engine.step()
    for thread in threads:
        thread.join()
    return len(answers)


def run_timers(live):
    """Handle what is pending; a live inbox would wait for more."""
    while len(live.engine.state.timers):
        live.engine.step()


def live_input(thread_no, no) -> tuple[Command | Observation, str | None]:
    lamp_id = f"{thread_no}-{no // 20}"
    kinds: list[Command | Observation] = [
        Press(lamp_id=lamp_id),
        LightFor(lamp_id=f"lamp-{no % 5}", for_ms=no % 7),
        Glimpse(places=(0, no) if no % 3 else (8,)),
        PutOut(lamp_id=f"lamp-{no % 5}"),
        Whistle(n_times=3, every_ms=no % 3),
        Break(where="react" if no % 2 else "bomb"),
    ]
    payload = kinds[(no + thread_no) % len(kinds)]
    # Every tenth key has been used before, by this thread with this command or another.
    return payload, f"{thread_no}-{no - (no % 10 == 9) * 6}" if no % 2 else None


def check_decided_again(live):
    items = live.journal.items
    assert live.watched == live.journal.records
    assert [a.at_ms <= b.at_ms for a, b in pairwise(items)] == [True] * (len(items) - 1)
    assert {record.fault is None for record in live.journal.records} == {True, False}
    assert any(record.timer_id for record in live.journal.records)
    assert picture(replay_state(State(Board()), BOOK, items)) == picture(live.engine.state)
    for _ in range(3):
        assert decide_again(items).journal.items == without_keys(items)


def test_a_replay_that_hands_in_the_keys_too_is_identical_byte_for_byte():
    first, again = Machine(), Machine()
    for no in range(30):
        payload, key = live_input(1, no)
        first.engine.submit(Arrival(no // 2, "seat", payload, key))
    for item in filter(is_input, first.journal.items):
        is_command = isinstance(item, Record)
        payload, key = (item.command, item.key) if is_command else (item.observation, None)
        again.engine.submit(Arrival(item.at_ms, item.actor, payload, key))
    again.engine.run_timers(first.journal.items[-1].at_ms)
    assert hash_of(again.journal.records) == hash_of(first.journal.records)


@given(scripts, st.data())
def test_one_input_more_or_less_gives_another_hash(script, data):
    first = play([*script, (1, Press(lamp_id="last"))])
    at = data.draw(st.integers(0, len(script)))
    second = play([*script[:at], (0, Press(lamp_id="more")), *script[at:]])
    assert hash_of(first.journal.records) != hash_of(second.journal.records)


def test_the_sim_inbox_and_submit_decide_alike():
    script = [(no % 3, live_input(0, no)[0]) for no in range(40)]
    inbox = SimInbox(0)
    put_script(inbox, script)
    stepped, handed = Machine(inbox).run(), Machine()
    at_ms = 0
    for no, (gap_ms, payload) in enumerate(script):
        at_ms += gap_ms
        handed.engine.submit(Arrival(at_ms, f"seat-{no}", payload))
    handed.run()
    assert handed.journal.items == stepped.journal.items


@pytest.mark.parametrize("n_kept", [0, 1, 2])
def test_overdue_timers_fire_at_their_own_time_before_the_first_input_after_a_restart(n_kept):
    first = Machine()
    for lamp_id in ("a", "b"):
        first.engine.submit(Arrival(10, "seat", LightFor(lamp_id=lamp_id, for_ms=20)))
    journal = MemoryJournal[Board]()
    journal.items.extend(first.journal.items[:n_kept])
    state = replay_state(State(Board()), BOOK, journal.items)
    later = Machine(SimInbox(1_000), journal=journal, state=state)
    later.inbox.put(Press(lamp_id="a"), actor="seat")
    later.run()
    new = [(record.at_ms, type(record.command).__name__) for record in later.watched]
    assert new == [(30, "PutOut")] * n_kept + [(1_000, "Press")]


def is_stand_in(item):
    return isinstance(item, Record) and isinstance(item.command, Observed)


def is_note(refused):
    return type(refused.command).__name__ == "Note"
