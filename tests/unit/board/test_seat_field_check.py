"""A list in a seat's form (表单列表) fits the list of its command, or the start says why not."""

from typing import Annotated

import msgspec
import pytest

from kuaifan.board.seat_field_check import list_faults
from kuaifan.board.seat_forms import Field


class Gate(msgspec.Struct):
    """One of the things listed."""

    name: str
    lat: float
    note: str = ""


class Put(msgspec.Struct):
    """A command with lists."""

    gates: Annotated[tuple[Gate, ...], msgspec.Meta(min_length=1, max_length=3)]
    days: tuple[str, ...] = ()
    n: int = 0


NAME = Field(name="name", zh="名", en="name", kind="text")
LAT = Field(name="lat", zh="纬度", en="latitude", kind="lat")
DAY = Field(name="", zh="日期", en="day", kind="day")
GATES = Field(name="gates", zh="校门", en="gates", kind="rows", rows=(NAME, LAT), most=3)
DAYS = Field(
    name="days", zh="日", en="days", kind="rows", rows=(DAY,), most=9, required=False, begins="days"
)


def faults(field, **changes):
    changed = msgspec.structs.replace(field, **changes)
    infos = {each.name: each for each in msgspec.structs.fields(Put)}
    return "; ".join(list_faults(changed, infos[changed.name]))


def test_lists_of_structs_and_of_plain_values_hold():
    assert faults(GATES) == ""
    assert faults(DAYS) == ""


@pytest.mark.parametrize(
    ("field", "changes", "said"),
    [
        (GATES, {"rows": ()}, "is a rows with 0 fields to a row"),
        (GATES, {"rows": (NAME,)}, "nobody fills 'lat' of a row"),
        (GATES, {"rows": (NAME, LAT, NAME)}, "'name' stands there twice"),
        (GATES, {"rows": (NAME, LAT, DAYS)}, "a row holds no further rows"),
        (GATES, {"rows": (NAME, msgspec.structs.replace(LAT, name="x"))}, "a row has no 'x'"),
        (GATES, {"rows": (NAME, msgspec.structs.replace(LAT, kind="day"))}, "takes no text"),
        (GATES, {"most": 4}, "has most=4; its command takes 3"),
        (GATES, {"most": 0}, "has most=0"),
        (GATES, {"required": False}, "may have no row, but its command needs 1"),
        (DAYS, {"rows": (NAME,)}, "a list of plain values"),
        (DAYS, {"kind": "text"}, "is a text with 1 fields to a row"),
        (DAYS, {"name": "n"}, "its command takes no list"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_list_that_does_not_fit_its_command_is_told(field, changes, said):
    assert said in faults(field, **changes)


def test_a_form_begins_only_with_what_is_typed_as_it_is_kept():
    yuan = Field(name="n", zh="元", en="yuan", kind="yuan", begins="n")
    assert "which no form begins with" in faults(yuan)
