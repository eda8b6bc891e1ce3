"""A ticket is answered once; everybody who asks gets that answer."""

from __future__ import annotations

from threading import Thread

import pytest
from toy_machine import Press

from kuaifan.kernel.record import Record, Scope
from kuaifan.kernel.ticket import Ticket

RECORD = Record(seq=1, input_no=1, at_ms=0, actor="seat", scope=Scope(), command=Press(lamp_id="a"))


def test_an_answer_is_there_for_whoever_asks_before_or_after():
    ticket, answers = Ticket(), list[object]()
    ticket.when_done(lambda *answer: answers.append(("before", *answer)))
    assert answers == []
    ticket.resolve(RECORD)
    ticket.when_done(lambda *answer: answers.append(("after", *answer)))
    assert answers == [("before", RECORD, None), ("after", RECORD, None)]
    assert ticket.wait(0) is ticket.wait(0) is RECORD


def test_the_first_answer_wins():
    ticket, answers = Ticket(), list[object]()
    ticket.when_done(lambda *answer: answers.append(answer))
    ticket.resolve(RECORD)
    ticket.resolve(None, ValueError("too late"))
    ticket.resolve(None)
    assert ticket.wait(0) is RECORD
    assert answers == [(RECORD, None)]


def test_an_error_is_raised_to_each_who_waits():
    ticket, error = Ticket(), ValueError("no")
    ticket.resolve(None, error)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            ticket.wait(0)


def test_without_an_answer_the_outcome_is_unknown():
    with pytest.raises(TimeoutError, match="the outcome is unknown, retry with the same key"):
        Ticket().wait(0)


def test_an_observation_that_led_to_nothing_answers_none():
    ticket = Ticket()
    ticket.resolve(None)
    assert ticket.wait(0) is None


def test_of_many_threads_that_answer_one_does_and_each_listener_hears_once():
    for _ in range(50):
        answers = answer_from_threads(Ticket())
        assert len(answers) == 3
        assert len({id(error) for _, error in answers}) == 1


def answer_from_threads(ticket):
    answers = list[tuple[object, object]]()

    def listen():
        ticket.when_done(lambda record, error: answers.append((record, error)))

    def answer(no):
        ticket.resolve(None, ValueError(str(no)))

    threads = [Thread(target=answer, args=(no,)) for no in range(3)]
    threads += [Thread(target=listen) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
