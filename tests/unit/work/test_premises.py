"""Dangers of places: noted by name for a time, told where an incident is near, never of people."""

import msgspec
import pytest
from toy_city import FIGHT, Desk, corner, image, names

from kuaifan.board.premises import premises_near
from kuaifan.vocabulary import premise
from kuaifan.vocabulary.premise_words import find_personal_word

DAY_S = 86_400
HERE = corner(4, 4)


@pytest.fixture
def desk():
    made = Desk()
    made.on_duty("P1")
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def note(text="院内有大型犬", place=HERE, **more):
    told = {"kind": "dog", "radius_m": 80, "by": "王警官", "days": 30} | more
    return premise.AddPremiseNote(text=text, lat=place[0], lon=place[1], **told)


def code(desk, command):
    return desk.code(command)


def test_a_note_stands_with_author_and_expiry_until_it_runs_out(desk):
    desk.do(note())
    standing = desk.board.premises["N1"]
    assert (standing.by, standing.kind, standing.text) == ("王警官", "dog", "院内有大型犬")
    assert standing.expires_at_ms - standing.added_at_ms == 30 * DAY_S * 1_000
    desk.run_until(29 * DAY_S)
    assert list(desk.board.premises) == ["N1"]
    desk.run_until(31 * DAY_S)
    assert not desk.board.premises
    assert not list(desk.board.premise_places.near(*HERE))


def test_a_note_is_ended_by_name_and_reason_and_its_timer_with_it(desk):
    desk.do(note())
    assert code(desk, premise.EndPremiseNote(note_id="N1", by="", reason="gone")) == "reason_needed"
    ended = desk.do(premise.EndPremiseNote(note_id="N1", by="王警官", reason="犬已移走"))
    assert names(ended)[0] == "PremiseNoteEnded"
    again = premise.EndPremiseNote(note_id="N1", by="王警官", reason="犬已移走")
    assert code(desk, again) == "unknown_note"
    desk.do(note("井盖松动", kind="other_danger"))
    assert list(desk.board.premises) == ["N2"]


@pytest.mark.parametrize(
    "text",
    [
        "此处住户有前科",
        "户内有精神病人",
        "上访人常住",
        "屋主信徒聚会",
        "艾滋患者",
        "an Addict lives here",
        "联系人 13800001234",
        "11010119900307123X",
    ],
)
def test_words_about_people_are_refused_with_the_cure(desk, text):
    assert code(desk, note(text)) == "about_a_person"
    assert not desk.board.premises


@pytest.mark.parametrize(
    "text",
    ["地下室有煤气罐 8 个", "大门密码 4412，夜间上锁", "三楼楼梯陡、无灯", "chemicals stored"],
)
def test_dangers_of_a_place_are_taken(text):
    assert find_personal_word(text) is None


def test_a_note_needs_an_author_a_text_and_a_place_on_our_roads(desk):
    assert code(desk, note(by="  ")) == "no_name"
    assert code(desk, note(" ")) == "no_text"
    assert code(desk, note(place=(39.9, 116.4))) == "place_off_roads"
    desk.do(note())
    assert code(desk, note()) == "same_note"


def test_no_note_outlives_half_a_year():
    raw = msgspec.to_builtins(note()) | {"days": premise.MAX_DAYS + 1}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(raw, premise.AddPremiseNote)


def test_notes_come_back_from_a_snapshot_and_are_found_there_again(desk):
    desk.do(note())
    before = desk.engine.board.snapshot()
    again = type(desk.board)(desk.reference)
    again.load(before)
    assert again.premises == desk.board.premises
    assert list(again.premise_places.near(*HERE)) == ["N1"]
    assert again.n_premises == 1


def test_a_snapshot_of_before_there_were_notes_is_an_empty_list(desk):
    kind = type(desk.board.snapshot())
    old = msgspec.to_builtins(desk.board.snapshot())
    del old["premises"], old["n_premises"]
    assert msgspec.convert(old, kind).premises == []


def test_an_incident_within_the_radius_is_told_and_one_beyond_is_not(desk):
    desk.do(note())
    desk.do(note("墙体开裂", kind="unstable_structure", place=(HERE[0] + 0.0003, HERE[1])))
    near = desk.opened(FIGHT, (HERE[0] + 0.0002, HERE[1]))
    far = desk.opened(FIGHT, corner(4, 6))
    told = premises_near(desk.board, desk.board.incidents[near])
    assert [(each.note_id, each.kind) for each in told] == [
        ("N2", "unstable_structure"),
        ("N1", "dog"),
    ]
    assert told[0].distance_m < told[1].distance_m <= 80
    assert premises_near(desk.board, desk.board.incidents[far]) == ()
