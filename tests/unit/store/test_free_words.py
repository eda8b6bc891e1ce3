"""Reasons and results in a person's own words are sealed with whose they are; codes are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from toy_city import FIGHT, Desk, corner, image

from kuaifan import vocabulary
from kuaifan.app.rules import core_codec, new_board
from kuaifan.board.approvals import Approval
from kuaifan.kernel.engine import replay_state
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import Refusal
from kuaifan.kernel.personal import Personal, personal_marks
from kuaifan.kernel.record import Record, Scope
from kuaifan.store.opening import open_log
from kuaifan.vocabulary import (
    access,
    agency,
    approval,
    emergency,
    facts,
    letter,
    missed,
    talk,
    voice,
)
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units

CODEC = core_codec()
SAID = "李某已道歉"
NO = Refusal("no", "不可", "no")
RELIEF = {"unit_id": "P1", "n_officers": 2, "handed_by": "li", "taken_by": "wang"}
BY_ORDER = {"order_id": "J3-1"}
CLOSED = incidents.CloseIncident(incident_id="J3", disposition=SAID)
LETTER = letter.WarningLetter(issued=True, kind="other", number=SAID)


def record_of(command: Any, *events: Any, **more: Any) -> Record:
    about = {"seq": 1, "input_no": 1, "at_ms": 1, "actor": "a", "scope": Scope()}
    return Record(**about, command=command, events=events, **more)  # type: ignore[arg-type]


@pytest.fixture
def journal(tmp_path: Path) -> Any:
    with open_log(tmp_path / "log.db", CODEC) as opened:
        yield opened


def sealed(journal: Any, record: Record) -> tuple[bytes, set[str]]:
    stored = journal._sealer.encode_record(record)
    assert journal._sealer.open_json(stored) == CODEC.encode(record)
    return stored, {key.owner for key in journal._ring.list_fresh()}


@pytest.mark.parametrize(
    ("record", "owner"),
    [
        (record_of(CLOSED, incidents.IncidentClosed(incident_id="J3", disposition=SAID)), "J3"),
        (record_of(incidents.SetPriority(incident_id="J3", priority=2, reason=SAID)), "J3"),
        (record_of(facts.StrikeNote(incident_id="J3", note_no=1, reason=SAID)), "J3"),
        (
            record_of(
                orders.WithdrawUnit(order_id="J4-1", reason=SAID),
                # It was split off: the order goes by its old name.
                orders.OrderWithdrawn(order_id="J4-1", incident_id="J3", unit_id="P1", reason=SAID),
            ),
            "J3",
        ),
        (
            record_of(
                orders.GiveFeedback(
                    **BY_ORDER, incident_id="J3", disposition="handled", letter=LETTER
                )
            ),
            "J3",
        ),
    ],
)
def test_what_is_said_about_an_incident_is_sealed_with_it(
    journal: Any, record: Record, owner: str
) -> None:
    stored, owners = sealed(journal, record)
    assert SAID.encode() not in stored
    assert owners == {f"incident:{owner}"}


@pytest.mark.parametrize(
    ("command", "owner"),
    [
        (incidents.OpenIncident(type_code=FIGHT, call_id="C5", narrative=SAID), "call:C5"),
        (orders.WithdrawUnit(**BY_ORDER, reason=SAID), "incident:J3"),
        (orders.ReturnFeedback(**BY_ORDER, reason=SAID), "incident:J3"),
        (agency.CallOffAgency(request_id="J3-A1", reason=SAID), "incident:J3"),
        (missed.FlagNeverRing(call_id="C5", reason=SAID), "call:C5"),
        (talk.TransferCall(call_id="C5", to_kind="seat", to_id="B", reason=SAID), "call:C5"),
        (incidents.OpenIncident(type_code=FIGHT, narrative=SAID), "input:1"),
        (talk.RefuseTransfer(call_id="C5", by=SAID, reason="busy"), "call:C5"),
        (emergency.EndEmergency(emergency_id="E1", by="li", reason=SAID), "input:1"),
        (units.HandOverShift(**RELIEF, notes=SAID), "input:1"),
        (voice.EnterVoiceReport(text=SAID, entered_by="li"), "input:1"),
        (access.LogSearch(person="li", text=SAID, n_found=1), "input:1"),
    ],
)
def test_what_was_typed_with_a_refused_command_goes_with_whom_it_names(
    journal: Any, command: Any, owner: str
) -> None:
    stored, owners = sealed(journal, record_of(command, refusal=NO))
    assert SAID.encode() not in stored
    assert owners == {owner}


@pytest.mark.parametrize("about", ["incident:J3", "call:C5"])
def test_what_was_typed_about_something_of_a_case_goes_with_the_case(
    journal: Any, about: str
) -> None:
    for command in (
        items.EndTask(item_id="W1", outcome="dropped", by="li", note=SAID),
        items.HandOnItem(item_id="W1", to=items.Owner("desk", "d1"), by="li", reason=SAID),
        approval.RefuseApproval(approval_id="AP1", person="li", reason=SAID),
        emergency.EndEmergency(emergency_id="E1", by="li", reason=SAID),
    ):
        record = record_of(command, refusal=NO, about=about)
        stored, owners = sealed(journal, record)
        assert SAID.encode() not in stored
        assert owners == {about}


def test_an_answer_to_an_approval_goes_with_the_case_in_a_record_and_in_a_snapshot(
    journal: Any,
) -> None:
    lower = incidents.SetPriority(incident_id="J3", priority=4, reason=SAID)
    said = {"approval_id": "AP1", "person": "chen", "reason": SAID}
    refused = approval.ApprovalRefused(**said, incident_id="J3")
    sealed(journal, record_of(approval.RefuseApproval(**said), refused))
    kept = Approval(
        approval_id="AP1", person="li", what=lower, asked_at_ms=1, until_ms=2, answer=SAID
    )
    stored = journal._sealer.encode_struct(kept, journal._sealer.owners("snapshot:1"))
    assert SAID.encode() not in stored
    assert {key.owner for key in journal._ring.list_fresh()} == {"incident:J3"}


def test_erasing_the_call_reaches_a_refused_command(journal: Any) -> None:
    command = incidents.OpenIncident(type_code="000000", call_id="C5", narrative=SAID)
    journal.append(record_of(command, refusal=NO), [], None)
    journal.flush()
    journal.erase_owner("call", "C5")
    (kept,) = journal.reader.read_records()
    assert kept.command.narrative == "■已销毁"


def test_codes_stay_as_they_are(journal: Any) -> None:
    closed = incidents.CloseIncident(incident_id="J3", disposition="mediated")
    undone = orders.WithdrawUnit(**BY_ORDER, reason="undo")
    for record in (record_of(closed), record_of(undone)):
        stored, owners = sealed(journal, record)
        assert stored == CODEC.encode(record)
        assert owners == set()


def test_a_log_of_old_with_reasons_in_clear_is_read_and_folded_as_it_was(journal: Any) -> None:
    desk = Desk()
    desk.on_duty("P1")
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1")
    desk.do(orders.WithdrawUnit(order_id=order_id, reason=SAID))
    opened = journal._sealer.open_json
    items = [
        CODEC.decode_record(opened(CODEC.encode(item))) if isinstance(item, Record) else item
        for item in desk.journal.items
    ]
    folded = replay_state(State(new_board(desk.reference)), desk.rules, items)
    assert image(folded) == image(desk.engine.state)
    assert folded.board.orders[order_id].withdrawn_reason == SAID


def test_erased_words_fold_into_the_same_board_but_for_the_words(journal: Any) -> None:
    desk = Desk()
    desk.on_duty("P1")
    incident_id = desk.opened(FIGHT, corner(4, 4))
    order_id = desk.sent(incident_id, "P1")
    desk.do(orders.WithdrawUnit(order_id=order_id, reason=SAID))
    for item in desk.journal.records:
        journal.append(item, [], None)
    journal.flush()
    journal.erase_owner("incident", incident_id)
    folded = replay_state(
        State(new_board(desk.reference)), desk.rules, journal.reader.read_records()
    )
    assert folded.board.orders[order_id].withdrawn_reason == "■已销毁"
    assert folded.board.incidents[incident_id].asked_unit_ids == ["P1"]


def test_every_reason_and_result_of_a_call_or_an_incident_is_marked() -> None:
    """A new command with an owner cannot forget it."""
    open_ones = {
        f"{struct.__name__}.{name}"
        for struct in (*vocabulary.COMMANDS, *vocabulary.EVENTS)
        for name in {"reason", "disposition", "settled"} & set(struct.__struct_fields__)
        if {"call_id", "incident_id", "order_id", "request_id"} & set(struct.__struct_fields__)
        if name not in dict(personal_marks(struct))
    }
    assert open_ones == {"RetirementPutOff.reason"}


def test_a_code_is_not_covered_by_a_mark_and_everything_else_said_is() -> None:
    mark = Personal("case", codes=frozenset({"undo"}))
    assert [mark.covers(text) for text in ("", "undo", "undone", ("undo",))] == [
        False,
        False,
        True,
        True,
    ]
