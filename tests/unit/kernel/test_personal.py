"""Marks of personal data are found in the types, however deep they stand in the hint."""

from __future__ import annotations

from typing import Annotated

import msgspec
import pytest
from toy_machine import LightFor, Press

from kuaifan.kernel.personal import (
    ERASED,
    Erased,
    Personal,
    find_owner_id,
    is_erased,
    personal_fields,
    personal_marks,
)


class Visit(msgspec.Struct):
    visit_id: str
    lamp_id: str | None
    plain: Annotated[str, msgspec.Meta(max_length=3)]
    name: Annotated[str, Personal("visit")]
    number: Annotated[str, msgspec.Meta(max_length=3), Personal("call", lookup=True)] | None = None
    others: tuple[Annotated[str, Personal("lamp")], ...] = ()


def test_marked_fields_are_listed_with_their_owner():
    assert personal_fields(Visit) == (("name", "visit"), ("number", "call"), ("others", "lamp"))
    assert personal_fields(Press) == (("words", "lamp"),)
    assert personal_fields(LightFor) == ()


def test_a_mark_says_whether_rows_are_found_by_the_text():
    assert [mark.lookup for _, mark in personal_marks(Visit)] == [False, True, False]


@pytest.mark.parametrize(
    ("noun", "owner_id"), [("visit", "V1"), ("lamp", None), ("call", None), ("plain", None)]
)
def test_the_owner_is_the_structs_own_id_once_it_has_one(noun, owner_id):
    visit = Visit(visit_id="V1", lamp_id=None, plain="x", name="n")
    assert find_owner_id(visit, noun) == owner_id


def test_an_empty_id_is_no_owner():
    assert find_owner_id(Press(lamp_id=""), "lamp") is None


def test_an_erased_text_is_known_by_its_type_and_by_its_words():
    assert is_erased(ERASED)
    assert is_erased(str(ERASED))
    assert is_erased(Erased("whatever"))
    assert not is_erased("a name")
