"""What a crew adds (处警附项): warning letters, photos, what to mend, vehicle and skills."""

import pytest
from toy_city import DOMESTIC, FIGHT, UNITS, Desk, corner, image

from kuaifan.vocabulary.letter import WarningLetter
from kuaifan.vocabulary.order import GiveFeedback, Party, ReportHandled, ReturnFeedback
from kuaifan.vocabulary.photo import MAX_PHOTOS, AttachPhoto, ReadPhoto
from kuaifan.vocabulary.unit import EndShift, StartShift


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def handled(desk, type_code, unit_id="P1"):
    order_id = desk.sent(desk.opened(type_code, corner(4, 6)), unit_id)
    desk.do(ReportHandled(order_id=order_id))
    return order_id


def feedback(letter=None, **more):
    given = {"order_id": "J1-1", "incident_id": "J1", "disposition": "warned", **more}
    return GiveFeedback(letter=letter, **given)


def photo(photo_id="p-1", **more):
    told = {"order_id": "J1-1", "sha256": "0" * 64, "n_bytes": 9, "kind": "image/jpeg", **more}
    return AttachPhoto(photo_id=photo_id, **told)


def test_domestic_violence_asks_whether_a_warning_letter_was_issued(desk):
    order_id = handled(desk, DOMESTIC)
    assert desk.code(feedback()) == "letter_needed"
    assert desk.code(feedback(WarningLetter(issued=True))) == "letter_incomplete"
    numbered = WarningLetter(issued=True, kind="domestic_violence")
    assert desk.code(feedback(numbered)) == "letter_incomplete"
    assert desk.code(feedback(WarningLetter(issued=False, reason=" "))) == "letter_reason"
    letter = WarningLetter(issued=True, kind="domestic_violence", number="淮公告〔2026〕7号")
    desk.do(feedback(letter))
    assert desk.board.orders[order_id].letter == letter
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_one_crew_of_several_says_it_for_all(desk):
    desk.sent(desk.opened(DOMESTIC, corner(4, 6)), "P1")
    second = desk.sent("J1", "P2")
    for order_id in ("J1-1", second):
        desk.do(ReportHandled(order_id=order_id))
    desk.do(feedback(WarningLetter(issued=False, reason="双方互殴，已立案")))
    desk.do(feedback(order_id=second))
    assert desk.board.incidents["J1"].state == "fed_back"


def test_other_types_ask_for_no_letter_and_take_one(desk):
    handled(desk, FIGHT)
    desk.do(feedback(WarningLetter(issued=True, kind="admonition", number="7")))
    assert desk.board.orders["J1-1"].letter.kind == "admonition"


def test_a_returned_feedback_says_what_to_mend_and_shows_what_was_written(desk):
    handled(desk, FIGHT)
    party = Party(role="victim", name="李某", phone="137")
    desk.do(feedback(story="双方和解", parties=(party,)))
    desk.do(ReturnFeedback(order_id="J1-1", reason="缺嫌疑人身份"))
    order = desk.board.orders["J1-1"]
    assert (order.state, order.returned_reason) == ("handled", "缺嫌疑人身份")
    assert order.story == "双方和解"
    desk.do(feedback(story="双方和解，嫌疑人张某"))
    assert order.returned_reason == ""


def test_a_photo_belongs_to_its_order_once(desk):
    desk.sent(desk.opened(FIGHT, corner(4, 6)), "P1")
    desk.do(photo(device_at_ms=desk.inbox.now_ms() - 1))
    (kept,) = desk.board.orders["J1-1"].photos
    assert (kept.photo_id, kept.clock_off) == ("p-1", False)
    assert desk.code(photo()) == "already_attached"
    assert desk.code(photo(order_id="J9-1")) == "unknown_order"
    desk.do(photo("p-2", device_at_ms=1))
    assert desk.board.orders["J1-1"].photos[1].clock_off
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_an_order_takes_so_many_photos_and_no_more(desk):
    desk.sent(desk.opened(FIGHT, corner(4, 6)), "P1")
    for n in range(MAX_PHOTOS):
        desk.do(photo(f"p-{n}"))
    assert desk.code(photo("one-more")) == "too_many_photos"


def test_looking_at_a_photo_is_written_down_and_is_no_change(desk):
    desk.sent(desk.opened(FIGHT, corner(4, 6)), "P1")
    desk.do(photo())
    before = desk.board.orders["J1-1"].seq
    desk.do(ReadPhoto(photo_id="p-1", order_id="J1-1", purpose="评查"))
    assert desk.board.orders["J1-1"].photos[0].n_reads == 1
    assert desk.board.orders["J1-1"].seq == before
    assert desk.code(ReadPhoto(photo_id="p-1", order_id="J1-1", purpose=" ")) == "no_purpose"
    assert desk.code(ReadPhoto(photo_id="p-2", order_id="J1-1", purpose="x")) == "unknown_photo"
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_a_crew_brings_its_car_and_its_skills_until_the_shift_ends(desk):
    desk.do(EndShift(unit_id="P1"))
    more = {"vehicle": "皖D0123警", "skills": ("interpreter", "armed")}
    desk.do(StartShift(unit_id="P1", n_officers=2, **more))
    unit, row = desk.board.units["P1"], desk.board.fleet.index["P1"]
    assert (unit.vehicle, unit.skills) == ("皖D0123警", ("patrol", "armed", "interpreter"))
    with_more = int(desk.board.fleet.skills[row])
    assert int(desk.rebuilt().board.fleet.skills[row]) == with_more
    assert image(desk.rebuilt()) == image(desk.engine.state)
    desk.do(EndShift(unit_id="P1"))
    assert (unit.vehicle, unit.skills) == ("", ("patrol", "armed"))
    assert int(desk.board.fleet.skills[row]) < with_more
    wrong = StartShift(unit_id="P1", n_officers=2, skills=("flying",))
    assert desk.code(wrong) == "unknown_skill"
