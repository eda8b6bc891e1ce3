"""A broken rule costs its input, and nothing else: the board, the timers and the log stay whole."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from memory_journal import MemoryJournal
from toy_machine import (
    BOOK,
    RULES,
    Board,
    Break,
    Glimpse,
    LightFor,
    Machine,
    Note,
    Press,
    PutOut,
    Spread,
    UnlistedCommand,
    Whistle,
    picture,
)
from toy_scripts import play, scripts

from kuaifan.kernel.engine import MAX_COMMANDS, MAX_GENERATIONS, replay_state
from kuaifan.kernel.inbox import Arrival
from kuaifan.kernel.journal import State, StorageError
from kuaifan.kernel.message import MAX_TEXT_CHARS, Observed
from kuaifan.kernel.record import Scope
from kuaifan.kernel.rulebook import Rulebook, Rules
from kuaifan.kernel.ticket import Ticket

PLACES = {
    "decide": "ZeroDivisionError",
    "fold": "ZeroDivisionError",
    "react": "ZeroDivisionError",
    "scope": "ZeroDivisionError",
    "rows": "ZeroDivisionError",
    "nan": "ValidationError",
    "unlisted": "UnknownMessageError",
    "a number of numpy's kind": "TypeError",
    "timer": "UnknownMessageError",
    "orphan": "KeyError",
}


def busy_machine():
    """A machine with something on its board and a timer pending."""
    run = Machine()
    for payload in (Press(lamp_id="a"), LightFor(lamp_id="a", for_ms=50), Glimpse(places=(3,))):
        run.engine.submit(Arrival(1, "seat", payload, f"key-{payload}"))
    return run


def board_of(run):
    """The board without the number of the record, which a fault moves on too."""
    found = copy.deepcopy(vars(run.engine.board))
    del found["seq"]
    return found, run.engine.state.timers.save()


@pytest.mark.parametrize(("where", "error"), PLACES.items())
def test_wherever_a_rule_breaks_the_input_is_faulted_and_the_board_as_before(where, error):
    run = busy_machine()
    before, ticket = board_of(run), Ticket()
    run.engine.submit(Arrival(2, "seat", Break(where=where), "key", ticket))
    record = ticket.wait(0)
    assert record is not None
    assert record is run.watched[-1]
    assert record.fault is not None
    assert record.fault.startswith(error)
    assert (record.events, record.refused, record.refusal) == ((), (), None)
    assert record.scope == Scope()
    assert board_of(run) == before
    folded = replay_state(State(Board()), BOOK, run.journal.items)
    assert picture(folded) == picture(run.engine.state)
    assert run.engine.board.seq == record.seq == len(run.journal.records)


@pytest.mark.parametrize("where", PLACES)
def test_a_retry_of_a_faulted_input_gets_that_answer_and_breaks_nothing_again(where):
    run = busy_machine()
    run.engine.submit(Arrival(2, "seat", Break(where=where), "key"))
    n_items, ticket = len(run.journal.items), Ticket()
    run.engine.submit(Arrival(3, "seat", Break(where=where), "key", ticket))
    assert ticket.wait(0) is run.watched[-1]
    assert len(run.journal.items) == n_items


@pytest.mark.parametrize("where", PLACES)
def test_after_a_fault_the_desk_goes_on(where):
    run = busy_machine()
    run.engine.submit(Arrival(2, "seat", Break(where=where)))
    run.engine.submit(Arrival(3, "seat", Press(lamp_id="a")))
    run.run()
    assert run.engine.board.n_presses == {"a": 2}
    assert [record.timer_id for record in run.watched if record.timer_id] == ["out:a"]


def test_a_timer_whose_command_always_breaks_fires_once():
    run = busy_machine()
    run.engine.submit(Arrival(2, "seat", Break(where="bomb")))
    restarted = Machine(
        journal=run.journal, state=replay_state(State(Board()), BOOK, run.journal.items)
    )
    for _ in range(10):
        restarted.engine.step()
    [fired] = [record for record in run.journal.records if record.timer_id == "bomb"]
    assert fired.fault == "ZeroDivisionError: a rule broke"
    assert fired.at_ms == 7
    assert not len(restarted.engine.state.timers)
    again = replay_state(State(Board()), BOOK, run.journal.items)
    assert not len(again.timers)


@pytest.mark.parametrize("places", [(7,), (8,), (8, 7)])
def test_a_rule_that_breaks_over_an_observation_leaves_only_what_was_seen(places):
    run = busy_machine()
    presses, ticket = dict(run.engine.board.n_presses), Ticket()
    run.engine.submit(Arrival(2, "radio", Glimpse(places=places), None, ticket))
    record = ticket.wait(0)
    assert record is not None
    assert record.fault == "ZeroDivisionError: a rule broke"
    assert isinstance(record.command, Observed)
    assert record.command.input_no == record.input_no == run.sighted[-1].input_no
    assert run.engine.board.n_presses == presses
    assert run.engine.board.places == [*places]
    folded = replay_state(State(Board()), BOOK, run.journal.items)
    assert picture(folded) == picture(run.engine.state)


def test_an_observation_makes_a_record_only_if_it_led_to_something():
    run, ticket = Machine(), Ticket()
    run.engine.submit(Arrival(1, "radio", Glimpse(places=(1,)), None, ticket))
    assert ticket.wait(0) is None
    run.engine.submit(Arrival(1, "radio", Glimpse(places=(1,))))
    assert run.watched == []
    for _ in range(6):
        run.engine.submit(Arrival(2, "radio", Glimpse(places=(0,))))
    assert len(run.watched) == 6
    assert [len(record.events) for record in run.watched] == [2, 2, 1, 2, 2, 0]
    last = run.watched[-1]
    assert (last.refusal, last.refused[0].refusal.code) == (None, "worn_out")
    assert last.actor == "radio"


def test_a_watcher_of_sightings_sees_a_board_that_is_whole():
    run = busy_machine()
    seen = list[int]()
    run.engine.sighting_watchers.append(lambda _: seen.append(run.engine.board.checksum))
    run.engine.submit(Arrival(2, "radio", Glimpse(places=(7,))))
    assert seen == [run.engine.board.checksum]
    assert seen != [-1]


def test_sixty_four_generations_are_taken_and_one_more_is_faulted():
    for n_deep, is_faulted in ((MAX_GENERATIONS, False), (MAX_GENERATIONS + 1, True)):
        run = busy_machine()
        before = board_of(run)
        run.engine.submit(Arrival(2, "seat", Spread(n_deep=n_deep, n_wide=1)))
        record = run.watched[-1]
        assert (record.fault is not None) == is_faulted
        assert len(record.events) == (0 if is_faulted else MAX_GENERATIONS + 1)
        assert board_of(run) == before
        if is_faulted:
            assert record.fault == "CascadeLimitError: Spread in generation 65, command 66"


def test_four_thousand_and_ninety_six_commands_are_taken_and_one_more_is_faulted():
    for n_wide, is_faulted in ((MAX_COMMANDS - 1, False), (MAX_COMMANDS, True)):
        run = busy_machine()
        before = board_of(run)
        run.engine.submit(Arrival(2, "seat", Spread(n_deep=1, n_wide=n_wide)))
        record = run.watched[-1]
        assert len(record.events) == (0 if is_faulted else MAX_COMMANDS)
        assert (record.fault is not None) == is_faulted
        assert board_of(run) == before
        if is_faulted:
            assert record.fault == "CascadeLimitError: Spread in generation 1, command 4097"


def test_reactions_go_generation_by_generation():
    run = Machine()
    run.engine.submit(Arrival(1, "seat", Spread(n_deep=2, n_wide=2)))
    assert [event.n_deep for event in run.watched[-1].events] == [2, 1, 1, 0, 0, 0, 0]


def test_a_refused_reaction_is_written_down_and_fails_nothing():
    run = Machine()
    for _ in range(3):
        run.engine.submit(Arrival(1, "seat", Press(lamp_id="a")))
    third = run.watched[-1]
    assert third.refusal is None
    assert third.fault is None
    assert [type(event).__name__ for event in third.events] == ["Pressed"]
    [refused] = third.refused
    assert refused.command == Note(press_no=3)
    assert refused.refusal.code == "no_paper"
    assert refused.refusal.reason_zh == "无纸 3"
    assert refused.refusal.reason_en == "no paper for 3"
    assert run.engine.board.n_presses == {"a": 3}
    assert run.engine.board.n_notes == {1: 1, 2: 1}


def test_a_rule_may_follow_a_reaction_that_was_refused_but_not_a_command_that_was():
    told = []

    def on_refused(_board, command, refusal):
        told.append((command, refusal.code))
        return [Note(press_no=4)]

    parts = [RULES, Rules(refusals={Note: [on_refused]})]
    asks = (BOOK.observe, BOOK.fold_observation, BOOK.scope_of, BOOK.rows_of)
    names = ("observe", "fold_observation", "scope_of", "rows_of")
    run = Machine()
    run.engine.rules = Rulebook(parts, **dict(zip(names, asks, strict=True)))
    for _ in range(3):
        run.engine.submit(Arrival(1, "seat", Press(lamp_id="a")))
    assert [event.press_no for event in run.watched[-1].events] == [3, 4]
    run.engine.submit(Arrival(1, "seat", Note(press_no=6)))
    assert run.watched[-1].refusal is not None
    assert told == [(Note(press_no=3), "no_paper")]


def test_a_refused_command_changes_nothing_but_the_log():
    run = busy_machine()
    before, ticket = board_of(run), Ticket()
    run.engine.submit(Arrival(2, "seat", PutOut(lamp_id="z"), None, ticket))
    record = ticket.wait(0)
    assert record is not None
    assert record.refusal is not None
    assert (record.refusal.code, record.events, record.fault) == ("is_dark", (), None)
    assert record.scope == Scope("")
    assert board_of(run) == before


def test_a_timer_whose_command_is_refused_is_gone_all_the_same():
    run = Machine()
    run.engine.submit(Arrival(1, "seat", Whistle(n_times=2, every_ms=10)))
    run.engine.submit(Arrival(2, "seat", LightFor(lamp_id="a", for_ms=10)))
    run.engine.state.board.lit.clear()
    run.run()
    assert run.watched[-1].refusal is not None
    assert not len(run.engine.state.timers)


def test_a_command_that_cannot_be_written_down_stops_the_engine_before_the_log_is_spoilt():
    run = busy_machine()
    n_items = len(run.journal.items)
    with pytest.raises(ValueError, match="'UnlistedCommand' is unknown to this build"):
        run.engine.submit(Arrival(2, "seat", UnlistedCommand()))
    assert len(run.journal.items) == n_items


def test_the_words_of_a_fault_have_a_limit():
    run = Machine()
    run.engine.rules = copy.copy(BOOK)
    run.engine.rules.scope_of = _break_at_length
    run.engine.submit(Arrival(2, "seat", Press(lamp_id="a")))
    assert run.watched[-1].fault == f"ZeroDivisionError: {'x' * MAX_TEXT_CHARS}"[:MAX_TEXT_CHARS]


class FullDisk(MemoryJournal[Board]):
    """A journal whose disk is full."""

    def append(self, *_args: object) -> None:
        raise StorageError("the disk is full")


def test_a_disk_that_refuses_is_no_fault_of_a_rule():
    run = Machine(journal=FullDisk())
    with pytest.raises(StorageError, match="the disk is full"):
        run.engine.submit(Arrival(1, "seat", Press(lamp_id="a")))
    assert run.watched == []


@given(scripts)
def test_a_faulted_input_in_between_changes_nothing_for_the_others(script):
    spoilt = [pair for step in script for pair in (step, (0, Break(where="react")))]
    plain, broken = play(script), play(spoilt)
    assert broken.engine.board.n_presses == plain.engine.board.n_presses
    assert broken.engine.board.lit == plain.engine.board.lit
    assert broken.engine.board.n_notes == plain.engine.board.n_notes


def _break_at_length(*_args: object) -> Scope:
    raise ZeroDivisionError("x" * 2 * MAX_TEXT_CHARS)
