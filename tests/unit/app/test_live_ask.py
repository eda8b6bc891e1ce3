"""What is asked of the engine between two inputs (试算): who gives up does not end the engine."""

import threading

import pytest
from toy_city import toy_reference

from kuaifan.app.live import LiveEngine
from kuaifan.kernel.journal import StorageError
from kuaifan.vocabulary.setting import ChangeClock

WAIT_S = 20
ASKED = ChangeClock(by="admin", reason="试算", clock="backup", levels=(61, 121))


@pytest.fixture
def live(tmp_path):
    made = LiveEngine(tmp_path / "log.db", toy_reference())
    yield made
    made.stop()


def seq_of(board, _events):
    return board.seq


def test_who_gave_up_before_the_engine_came_to_it_is_passed_over(live):
    given_up = live.ask(ASKED, seq_of)
    assert given_up.cancel()
    asked = live.ask(ASKED, lambda _board, events: len(events))
    live.start().wait(WAIT_S)
    assert asked.result(WAIT_S) == 1
    assert live.error is None


def test_what_is_being_looked_at_can_be_given_up_no_more(live):
    held = []

    def give_up(_board, events):
        held.append(asked.cancel())
        return len(events)

    asked = live.ask(ASKED, give_up)
    live.start().wait(WAIT_S)
    assert asked.result(WAIT_S) == 1
    assert held == [False]


def test_a_look_that_breaks_is_told_to_who_asked_and_to_nobody_else(live):
    def broken(_board, _events):
        raise KeyError("x")

    asked = live.ask(ASKED, broken)
    live.start().wait(WAIT_S)
    with pytest.raises(KeyError):
        asked.result(WAIT_S)
    assert live.ask(ASKED, lambda _board, events: len(events)).result(WAIT_S) == 1


def test_whoever_asks_once_the_engine_has_ended_is_told_at_once(live):
    live.start().wait(WAIT_S)
    live.end()
    with pytest.raises(StorageError, match="stopping"):
        live.look(lambda board: board.seq).result(WAIT_S)


def test_a_look_runs_on_the_engines_own_thread(live):
    live.start().wait(WAIT_S)
    assert live.look(lambda _board: threading.current_thread().name).result(WAIT_S) == "engine"
