"""No code of the programme stands raw in a timeline (时间线代码): each has words."""

import re
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from kuaifan.app.served_seats import installed_seats
from kuaifan.board.seat_words import codes_of
from kuaifan.web.timeline_calls import CALL_WORDS
from kuaifan.web.timeline_incidents import CODE_WORDS

CODE = re.compile(r"[a-z]+(_[a-z]+)*")
NAMED = re.compile(r"\{(?:event\.)?(\w+)\}")


def literals(hint: Any) -> set[str]:
    """The codes that a type can be, those of its parts among them."""
    if get_origin(hint) is not None and "Literal" in str(get_origin(hint)):
        return {each for each in get_args(hint) if isinstance(each, str) and CODE.fullmatch(each)}
    return {code for each in get_args(hint) for code in literals(each)}


def codes_told(event, template):
    hints = get_type_hints(event)
    for name in NAMED.findall(template):
        for code in literals(hints[name]):
            yield name, code


def test_every_code_of_a_call_that_a_timeline_names_has_words():
    raw = {
        f"{event.__name__}.{name}={code}"
        for event, words in CALL_WORDS.items()
        for name, code in codes_told(event, words[0])
        if code not in CODE_WORDS
    }
    assert raw == set()


SEATS = {here.seat_id: here for here in installed_seats()}


@pytest.mark.parametrize("seat_id", SEATS)
def test_every_code_of_a_seats_event_that_a_timeline_names_has_words(seat_id):
    here = SEATS[seat_id]
    codes = codes_of(here.seat)
    raw = {
        f"{event.__name__}.{name}={code}"
        for event, words in here.told.items()
        for name, code in codes_told(event, words[0])
        if not codes.get((name, code)) and not codes.get(("", code))
    }
    assert raw == set()
