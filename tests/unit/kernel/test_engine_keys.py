"""The same key is answered once: the same words get the same answer, other words a refusal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_machine import BOOK, Board, Glimpse, LightFor, Machine, Press, PutOut, picture

from kuaifan.kernel.engine import KeyReusedError, replay_state
from kuaifan.kernel.inbox import Arrival
from kuaifan.kernel.journal import State
from kuaifan.kernel.ticket import Ticket

presses = st.builds(Press, lamp_id=st.sampled_from(["a", "b"]))


def hand_in(run, payload, key=None, at_ms=1, actor="seat"):
    ticket = Ticket()
    run.engine.submit(Arrival(at_ms, actor, payload, key, ticket))
    return ticket


def test_the_same_key_with_the_same_command_gets_the_same_record():
    run = Machine()
    first = hand_in(run, Press(lamp_id="a"), "k").wait(0)
    again = hand_in(run, Press(lamp_id="a"), "k", at_ms=9).wait(0)
    assert again is first
    assert run.watched == [first]
    assert run.engine.board.n_presses == {"a": 1}


def test_the_same_key_with_another_command_is_an_error_and_nothing_is_recorded():
    run = Machine()
    first = hand_in(run, Press(lamp_id="a"), "k").wait(0)
    before = picture(run.engine.state)
    for other in (Press(lamp_id="b"), PutOut(lamp_id="a")):
        with pytest.raises(KeyReusedError, match="key k was used before"):
            hand_in(run, other, "k").wait(0)
    assert run.journal.items == [first]
    assert picture(run.engine.state) == before


def test_the_same_key_of_another_sender_is_another_key():
    run = Machine()
    first = hand_in(run, Press(lamp_id="a"), "k").wait(0)
    other = hand_in(run, Press(lamp_id="a"), "k", actor="other seat").wait(0)
    assert (other.actor, run.engine.board.n_presses) == ("other seat", {"a": 2})
    for actor, record in (("seat", first), ("other seat", other)):
        assert hand_in(run, Press(lamp_id="a"), "k", actor=actor).wait(0) is record
    assert hand_in(run, PutOut(lamp_id="a"), "k", actor="third").wait(0).command.lamp_id == "a"


def test_a_refusal_is_an_answer_that_a_retry_gets_too():
    run = Machine()
    first = hand_in(run, PutOut(lamp_id="a"), "k").wait(0)
    hand_in(run, LightFor(lamp_id="a", for_ms=100))
    assert hand_in(run, PutOut(lamp_id="a"), "k").wait(0) is first
    assert "a" in run.engine.board.lit


def test_a_retry_without_a_ticket_is_passed_by_in_silence():
    run = Machine()
    for payload in (Press(lamp_id="a"), Press(lamp_id="a"), Press(lamp_id="b")):
        run.engine.submit(Arrival(1, "seat", payload, "k"))
    assert run.engine.board.n_presses == {"a": 1}


def test_a_retry_does_not_move_time_but_lets_what_is_due_go_first():
    run = Machine()
    hand_in(run, LightFor(lamp_id="a", for_ms=5), "k")
    hand_in(run, LightFor(lamp_id="a", for_ms=5), "k", at_ms=50)
    assert [record.at_ms for record in run.watched] == [1, 6]
    assert run.engine.state.head.at_ms == 6


def test_observations_have_no_keys():
    run = Machine()
    for _ in range(2):
        assert hand_in(run, Glimpse(places=(1,)), "k").wait(0) is None
    assert len(run.sighted) == 2


@given(st.lists(st.tuples(st.none() | st.sampled_from("xyz"), presses), max_size=12))
def test_each_key_is_decided_once_whatever_comes_under_it(inputs):
    run = Machine()
    first: dict[str, Press] = {}
    for key, payload in inputs:
        ticket = hand_in(run, payload, key)
        if key is None or first.setdefault(key, payload) == payload:
            record = ticket.wait(0)
            assert (record.command, record.key) == (payload, key)
        else:
            with pytest.raises(KeyReusedError):
                ticket.wait(0)
    keys = [record.key for record in run.watched if record.key is not None]
    assert keys == [*first]
    folded = replay_state(State(Board()), BOOK, run.journal.items)
    assert picture(folded) == picture(run.engine.state)
