"""Masking (脱敏): whatever is marked as personal is shown to nobody who may not see it."""

from __future__ import annotations

from typing import get_args, get_origin, get_type_hints

import msgspec
import pytest

from kuaifan import vocabulary
from kuaifan.board.call_view_rows import CallRow, PartyRow
from kuaifan.board.papers import CallTextLine
from kuaifan.board.view_rows import ROW_TYPES
from kuaifan.board.views import Shown
from kuaifan.kernel.personal import personal_marks
from kuaifan.vocabulary.order import FeedbackGiven, Party
from kuaifan.web.masking import MASKED, mask, mask_plan, masked_row
from kuaifan.web.viewer import ROLES, Viewer

OPEN_ROLES = {"call_taker", "dispatcher", "crew", "dv_officer", "minors_officer"}

MARK = "marked-4711"
STRUCTS = (*ROW_TYPES.values(), *vocabulary.EVENTS)


def filled(struct):
    """A value of a struct with MARK in every field that can hold a marked text."""
    hints = get_type_hints(struct, include_extras=True)
    return struct(**{name: fill(struct, name, hints[name]) for name in struct.__struct_fields__})


def fill(struct, name, hint):
    marked = dict(personal_marks(struct))
    nested = [part for part in parts(hint) if is_struct(part)]
    if nested:
        return (filled(nested[0]),) if holds_tuple(hint) else filled(nested[0])
    return MARK if name in marked else "x"


def parts(hint):
    yield hint
    for part in get_args(hint):
        yield from parts(part)


def is_struct(part):
    return isinstance(part, type) and issubclass(part, msgspec.Struct)


def holds_tuple(hint):
    return any(get_origin(part) is tuple for part in parts(hint))


def holds_marks(struct):
    hints = get_type_hints(struct, include_extras=True)
    inner = (part for hint in hints.values() for part in parts(hint) if is_struct(part))
    return bool(personal_marks(struct)) or any(holds_marks(part) for part in inner)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_no_marked_text_is_left_at_any_depth(struct):
    value = filled(struct)
    assert (MARK in repr(value)) == holds_marks(struct)
    assert MARK not in repr(mask(value))
    assert msgspec.json.encode(mask(value))


def test_there_are_marked_fields_in_rows_and_events():
    names = {struct.__name__ for struct in STRUCTS if holds_marks(struct)}
    assert {"CallRow", "IncidentRow", "CallRegistered", "IncidentOpened", "FeedbackGiven"} <= names


def test_what_is_not_personal_stays_and_what_needs_no_mask_is_the_same_value():
    parties = (Party(role="victim", name="a", identity_number="b", phone="c"),)
    event = FeedbackGiven(
        order_id="J1-1",
        incident_id="J1",
        disposition="handled",
        story="s",
        parties=parties,
        n_caught=1,
        n_rescued=0,
    )
    masked = mask(event)
    assert masked.parties == (Party(role="victim"),)
    assert (masked.story, masked.n_caught, masked.disposition) == (MASKED, 1, "handled")
    assert mask(masked) == masked
    assert mask_plan(FeedbackGiven).nested == ("parties", "letter")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_numbers_only_where_its_work_needs_them(role):
    row = CallRow(
        call_id="C1",
        line="110",
        state="ringing",
        seat_id="",
        caller_number="13800000000",
        caller_name="王",
        incident_id="J1",
        t0_ms=0,
        t2_ms=0,
        t3_ms=0,
        seq=1,
    )
    own = masked_row(Viewer(role, "P1"), Shown(row, ("P1",)))
    others = masked_row(Viewer(role, "P1"), Shown(row, ("P2",)))
    is_open = role in OPEN_ROLES
    assert own.caller_number == ("13800000000" if is_open else "")
    assert own.caller_name == ("王" if is_open else "")
    assert (others is None) == (role == "crew")
    assert masked_row(Viewer(role), None) is None


@pytest.mark.parametrize("role", ROLES)
def test_what_a_caller_writes_is_for_those_who_work_on_the_call(role):
    row = CallRow(
        call_id="C1",
        line="12110",
        state="talking",
        seat_id="A",
        caller_number="13800000000",
        caller_name="",
        incident_id="J1",
        t0_ms=0,
        t2_ms=0,
        t3_ms=0,
        seq=1,
        texts=(CallTextLine(text_no=0, kind="plain", text="他有刀", at_ms=1),),
        parties=(PartyRow(party_no=1, kind="interpreter", name="手语", left=False),),
    )
    seen = masked_row(Viewer(role, "P1"), Shown(row, ("P1",)))
    is_open = role in OPEN_ROLES
    assert [line.text for line in seen.texts] == ["他有刀" if is_open else MASKED]
    assert [(party.kind, party.name) for party in seen.parties] == [
        ("interpreter", "手语" if is_open else MASKED)
    ]
    assert row.texts[0].text == "他有刀"
