"""Approvals (批准): asked, given by another, done in one record; over after fifteen minutes."""

import msgspec
import pytest
from toy_city import DOMESTIC, FIGHT, Desk, corner, image

from kuaifan.app.rules import core_codec
from kuaifan.board.approval_rows import approval_row
from kuaifan.board.view_scope import scope_of_row
from kuaifan.kernel.journal import State
from kuaifan.vocabulary.approval import (
    VALID_MS,
    ApprovalGiven,
    AskApproval,
    GiveApproval,
    RefuseApproval,
)
from kuaifan.vocabulary.facts import DeclareMajor
from kuaifan.vocabulary.incident import PrioritySet, SetPriority, SettleByPhone
from kuaifan.vocabulary.item import EndTask, GiveTask, Owner
from kuaifan.vocabulary.missed import LimitCaller


@pytest.fixture
def desk():
    desk = Desk()
    desk.opened(FIGHT, corner(4, 5))
    return desk


def lower(priority=4, **more):
    return SetPriority(incident_id="J1", priority=priority, reason="calm now", **more)


def asked(desk, what=None):
    command = AskApproval(person="li", what=what or lower())
    return desk.do(command).events[0].approval_id


def test_what_was_asked_happens_in_the_record_of_the_consent(desk):
    approval_id = asked(desk, lower(approved_by="somebody typed"))
    assert desk.board.incidents["J1"].priority != 4
    record = desk.do(GiveApproval(approval_id=approval_id, person="chen"))
    given, done, *_ = record.events
    assert isinstance(given, ApprovalGiven)
    assert isinstance(done, PrioritySet)
    assert (done.priority, done.approved_by) == (4, "chen")
    assert desk.board.incidents["J1"].priority == 4


def test_what_the_rules_refuse_by_then_is_recorded_and_nothing_else_happens(desk):
    approval_id = asked(desk, SettleByPhone(incident_id="J1", disposition="by_phone"))
    desk.do(DeclareMajor(incident_id="J1", reason="many hurt", declared_by="li"))
    desk.do(lower(1))
    desk.on_duty("P1")
    desk.sent("J1", "P1")
    record = desk.do(GiveApproval(approval_id=approval_id, person="chen"))
    assert [each.command.__class__ for each in record.refused] == [SettleByPhone]
    assert not desk.board.incidents["J1"].settled


def test_one_request_is_asked_once_and_answered_once(desk):
    approval_id = asked(desk)
    again = AskApproval(person="li", what=lower())
    assert desk.code(again) == "already_asked"
    desk.do(RefuseApproval(approval_id=approval_id, person="chen", reason="two are armed"))
    assert desk.code(GiveApproval(approval_id=approval_id, person="zhou")) == "already_decided"
    assert desk.do(again).events[0].approval_id == "AP2"


def test_a_request_is_over_after_a_quarter_of_an_hour(desk):
    approval_id = asked(desk)
    desk.run_until(desk.now_s + VALID_MS / 1_000 + 1)
    assert not desk.board.approvals.approvals
    assert desk.code(GiveApproval(approval_id=approval_id, person="chen")) == "unknown_approval"


def test_requests_come_back_from_a_snapshot(desk):
    asked(desk)
    stored = msgspec.msgpack.encode(desk.board.snapshot())
    loaded = desk.empty_board()
    loaded.load(msgspec.msgpack.decode(stored, type=loaded.snapshot_type))
    state = desk.engine.state
    assert image(State(loaded, state.timers, state.head)) == image(state)
    assert loaded.approvals.approvals["AP1"].what == lower()


@pytest.fixture
def refused_about(desk):
    def about(command):
        record = desk.do(command)
        assert record.refusal is not None
        return record.about

    return about


def test_a_refused_answer_and_a_refused_step_of_an_item_say_what_case_they_are_about(
    desk, refused_about
):
    approval_id = asked(desk)
    mine = RefuseApproval(approval_id=approval_id, person="li", reason="he is known to us")
    assert refused_about(mine) == "incident:J1"
    assert desk.journal.records[-1].scope.jurisdiction == desk.board.incidents["J1"].jurisdiction
    due_at_ms = desk.inbox.now_ms() + 600_000
    task = {"incident_id": "J1", "text": "t", "due_at_ms": due_at_ms, "by": "li"}
    desk.do(GiveTask(to=Owner("person", "Sun"), **task))
    end = EndTask(item_id="W1", outcome="dropped", by="li")
    assert refused_about(end) == "incident:J1"
    assert refused_about(EndTask(item_id="W9", outcome="done", by="li")) is msgspec.UNSET
    stored = core_codec().encode(desk.journal.records[-1])
    assert b"about" not in stored
    assert core_codec().decode_record(stored) == desk.journal.records[-1]


def test_what_is_asked_about_a_call_alone_is_of_the_call_and_then_of_its_case(desk, refused_about):
    call_id = desk.rang()
    limit = LimitCaller(call_id=call_id, approved_by="", reason="r", minutes=60)
    approval_id = asked(desk, limit)
    mine = RefuseApproval(approval_id=approval_id, person="li", reason="r")
    assert refused_about(mine) == f"call:{call_id}"
    row = approval_row(desk.board, approval_id)
    assert (row.incident_id, row.call_id) == ("", call_id)
    incident_id = desk.opened(DOMESTIC, call_id=call_id)
    row = approval_row(desk.board, approval_id)
    assert (row.incident_id, row.call_id) == (incident_id, call_id)
    assert scope_of_row(desk.board, row).record_class != "ordinary"
    answered = desk.do(RefuseApproval(approval_id=approval_id, person="chen", reason="no"))
    event = answered.events[0]
    assert (event.incident_id, event.call_id) == (incident_id, call_id)
    assert answered.scope.record_class != "ordinary"
