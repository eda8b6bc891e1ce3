"""Consents at special seats: declared by the seat, tried by its rule, given by another person."""

import msgspec
import pytest
from toy_city import DOMESTIC, Desk, corner, image

from kuaifan.board.approval_rows import approval_row
from kuaifan.board.seat_consents import act_of
from kuaifan.board.view_scope import scope_of_row
from kuaifan.kernel.journal import State
from kuaifan.seats.domestic_violence import words
from kuaifan.seats.domestic_violence.form import SHIFT_MS
from kuaifan.seats.domestic_violence.happened import AttentionConfirmed, ViolenceRejected
from kuaifan.seats.domestic_violence.papers import SEAT_ID
from kuaifan.vocabulary.approval import (
    ApprovalAsked,
    ApprovalNotDone,
    AskApproval,
    GiveApproval,
    RefuseApproval,
    SeatAct,
)

REASON = "双方陈述及现场均无暴力"


@pytest.fixture
def desk():
    desk = Desk()
    desk.opened(DOMESTIC, corner(4, 2))
    yield desk
    assert image(desk.engine.state) == image(desk.rebuilt())


def unfounded(**more):
    return words.RejectViolence(incident_id="J1", reason=REASON, by="沈（shen）", **more)


def asking(what=None, person="shen"):
    return AskApproval(person=person, what=act_of(what or unfounded()))


def give(person="qin"):
    return GiveApproval(approval_id="AP1", person=person)


def household(desk):
    return desk.board.seats[SEAT_ID].households["J1-H"]


def test_another_of_the_team_consents_and_it_happens_in_the_same_record(desk):
    asked = desk.do(asking(unfounded(approved_by="somebody typed"))).events[0]
    assert isinstance(asked, ApprovalAsked)
    assert "somebody typed" not in asked.what.said
    _given, rejected, *_ = desk.do(give()).events
    assert isinstance(rejected, ViolenceRejected)
    assert (rejected.by, rejected.approved_by) == ("沈（shen）", "qin")
    assert household(desk).happenings[0].verdict == "unfounded"


def test_whoever_is_asked_reads_what_it_is_about_and_nobody_else_reads_it(desk):
    desk.do(asking())
    row = approval_row(desk.board, "AP1")
    assert (row.command, row.title_zh, row.incident_id) == ("RejectViolence", "家暴不成立", "J1")
    assert row.reason == REASON
    scope = scope_of_row(desk.board, row)
    assert (scope.readers, scope.record_class) == (("dv_officer",), "domestic_violence")
    assert scope.unit_ids == ()


def test_only_what_the_rules_ask_for_is_asked(desk):
    desk.do(words.ConfirmViolence(incident_id="J1", facts=("weapon",), by="shen"))
    level = words.ConfirmAttention(household_id="J1-H", level="red", by="shen", reason="r")
    lower = msgspec.structs.replace(level, level="blue")
    assert desk.code(asking(level)) == "no_consent_needed"
    asked = desk.do(asking(lower)).events[0]
    assert (asked.of_seat.zh, asked.incident_id) == ("关注等级降为蓝色", "J1")
    kinds = [type(each) for each in desk.do(give()).events]
    assert AttentionConfirmed in kinds
    assert household(desk).level == "blue"


def test_refusals_say_what_is_wrong(desk):
    assert desk.code(unfounded()) == "consent_needed"
    assert desk.code(asking(unfounded().__class__(incident_id="J9", reason="r", by="s"))) == (
        "no_household"
    )
    strange = AskApproval(person="shen", what=SeatAct(name="DropMaterial", said="{}"))
    assert desk.code(strange) == "no_consent_needed"
    broken = AskApproval(person="shen", what=SeatAct(name="RejectViolence", said="{"))
    assert desk.code(broken) == "not_readable"
    desk.do(asking())
    assert desk.code(asking()) == "already_asked"
    assert desk.code(give("shen")) == "own_approval"
    desk.do(RefuseApproval(approval_id="AP1", person="qin", reason="先看伤情"))
    assert desk.code(give()) == "already_decided"


def test_a_request_waits_for_a_shift_and_not_longer(desk):
    desk.do(asking())
    desk.run_until(desk.now_s + SHIFT_MS / 1000 - 1)
    assert desk.board.approvals.approvals
    desk.run_until(desk.now_s + 2)
    assert desk.code(give()) == "unknown_approval"


def test_whoever_asked_is_told_that_it_came_too_late(desk):
    desk.do(asking())
    desk.do(words.ConfirmViolence(incident_id="J1", facts=(), by="qin"))
    record = desk.do(give())
    assert isinstance(record.events[-1], ApprovalNotDone)
    row = approval_row(desk.board, "AP1")
    assert row.state == "not_done"
    assert "已核实" in row.not_done_zh


def test_one_that_does_not_consent_by_the_commands_own_two_names_is_told_so(desk):
    """The seat's rule compares names too: who acts as itself under another name gains nothing."""
    desk.do(asking(msgspec.structs.replace(unfounded(), by="qin")))
    record = desk.do(give("qin"))
    assert isinstance(record.events[-1], ApprovalNotDone)
    assert record.events[-1].code == "own_approval"


def test_a_name_that_an_old_log_has_in_the_field_still_folds(desk):
    events = desk.do(unfounded(approved_by="值班领导")).events
    assert isinstance(events[0], ViolenceRejected)


def test_requests_of_seats_come_back_from_a_snapshot(desk):
    desk.do(asking())
    stored = msgspec.msgpack.encode(desk.board.snapshot())
    loaded = desk.empty_board()
    loaded.load(msgspec.msgpack.decode(stored, type=loaded.snapshot_type))
    state = desk.engine.state
    assert image(State(loaded, state.timers, state.head)) == image(state)
