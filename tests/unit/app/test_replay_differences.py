"""What a replay says of a difference: which fields, what was there, and nothing personal."""

from __future__ import annotations

from typing import Any

import msgspec
from unit.store.toy_desk import (
    CODEC,
    CaseClosed,
    CaseNoted,
    CaseOpened,
    NoteCase,
    OpenCase,
    Party,
    Remind,
)

from kuaifan.app.differences import list_differences
from kuaifan.kernel.message import TimerSet
from kuaifan.kernel.record import Record, Scope

OPENED = CaseOpened(case_id="C1", title="theft", caller="13800138000", parties=(Party("张三", 40),))
BASE: dict[str, Any] = {"seq": 7, "input_no": 9, "at_ms": 5, "actor": "a", "scope": Scope("east")}
COMMAND = OpenCase(title="theft", caller="13800138000")


def differ(recorded: dict[str, Any], decided: dict[str, Any]) -> list[tuple[str, str, str]]:
    one = Record(**BASE | {"command": COMMAND} | recorded)
    two = Record(**BASE | {"command": COMMAND} | decided)
    found = list(list_differences(one, two, CODEC))
    assert not any(word in str(found) for word in ("138", "139", "张三", "李四", "whispers"))
    return [(each.path, each.recorded, each.decided) for each in found]


def test_equal_records_do_not_differ() -> None:
    assert differ({"events": (OPENED,)}, {"events": (OPENED,)}) == []


def test_a_field_is_named_by_its_path_with_both_values() -> None:
    other = msgspec.structs.replace(OPENED, title="noise")
    found = differ({"events": (OPENED,)}, {"events": (other,), "at_ms": 6})
    assert found == [("at_ms", "5", "6"), ("events[0].title", "theft", "noise")]


def test_of_a_personal_text_only_that_it_differs_is_said() -> None:
    other = msgspec.structs.replace(OPENED, caller="13900139000", parties=(Party("李四", 41),))
    assert differ({"events": (OPENED,)}, {"events": (other,)}) == [
        ("events[0].caller", "■", "■"),
        ("events[0].parties[0].name", "■", "■"),
        ("events[0].parties[0].age", "40", "41"),
    ]
    noted, empty = CaseNoted(case_id="C1", note="whispers"), CaseNoted(case_id="C1", note=None)
    assert differ({"events": (noted,)}, {"events": (empty,)}) == [
        ("events[0].note", "■", "(nothing)")
    ]


def test_what_is_there_on_one_side_only_is_named_by_its_kind() -> None:
    found = differ({"events": (OPENED,)}, {"events": (CaseClosed(case_id="C1"), OPENED)})
    assert found == [
        ("events[0]", "CaseOpened", "CaseClosed"),
        ("events[1]", "(nothing)", "CaseOpened"),
    ]
    assert differ({}, {"command": NoteCase(case_id="C1", note="whispers")}) == [
        ("command", "OpenCase", "NoteCase")
    ]


def test_a_command_in_a_timer_and_the_words_of_a_fault_are_masked_too() -> None:
    timers = [
        TimerSet(
            timer_id="t",
            due_at_ms=9,
            command=msgspec.Raw(CODEC.encode(Remind(case_id="C1", words=words))),
        )
        for words in ("13800138000", "13900139000")
    ]
    assert differ({"events": (timers[0],)}, {"events": (timers[1],)}) == [
        ("events[0].command.words", "■", "■")
    ]
    assert differ({"fault": "李四 whispers"}, {"fault": None}) == [("fault", "■", "(nothing)")]
