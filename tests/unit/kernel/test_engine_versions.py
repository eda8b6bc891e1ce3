"""If-Match in the engine (版本校验): told apart before anything is taken, and never a retry."""

import pytest
from toy_city import FIGHT, Desk, corner

from kuaifan.kernel.engine import StaleError
from kuaifan.kernel.inbox import Arrival
from kuaifan.kernel.ticket import Ticket
from kuaifan.vocabulary.incident import SetPriority


def submit(desk, priority, *, seen_seq, key=None):
    ticket = Ticket()
    command = SetPriority(incident_id="J1", priority=priority, reason="r", approved_by="b")
    now_ms = desk.inbox.now_ms()
    desk.engine.submit(Arrival(now_ms, "seat", command, key, ticket, seen_seq))
    return ticket.wait(1)


def fighting_desk():
    desk = Desk()
    desk.opened(FIGHT, corner(4, 5))
    return desk, desk.board.incidents["J1"].seq


def test_who_saw_the_last_version_is_decided_and_who_did_not_is_told_it():
    desk, seen_seq = fighting_desk()
    record = submit(desk, 1, seen_seq=seen_seq)
    n_items, head = len(desk.journal.items), desk.engine.state.head.input_no
    with pytest.raises(StaleError) as told:
        submit(desk, 2, seen_seq=seen_seq)
    assert told.value.version == record.seq
    # Nothing was taken: no record, no input, nothing for a replay to meet.
    assert (len(desk.journal.items), desk.engine.state.head.input_no) == (n_items, head)
    assert submit(desk, 2, seen_seq=record.seq).seq == record.seq + 1
    assert submit(desk, 3, seen_seq=None).refusal is None


def test_a_retry_with_its_key_is_answered_again_though_it_made_its_own_version_old():
    desk, seen_seq = fighting_desk()
    first = submit(desk, 1, seen_seq=seen_seq, key="k")
    assert submit(desk, 1, seen_seq=seen_seq, key="k") == first
