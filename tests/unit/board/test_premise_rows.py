"""Dangers of places on the screens (场所提示行): with the incidents near them, while they stand."""

from toy_city import BURGLARY, FIGHT, UNITS, corner
from watched_desk import Watched

from kuaifan.board.versions import version_of
from kuaifan.vocabulary import premise
from kuaifan.vocabulary.incident import PlaceIncident
from kuaifan.web.masking import masked_row
from kuaifan.web.viewer import Viewer

HERE = corner(4, 4)
TOLD = {"kind": "dog", "text": "大型犬", "radius_m": 90, "by": "Sun", "days": 30}
END = premise.EndPremiseNote(note_id="N1", by="Sun", reason="gone")


def manned():
    desk = Watched()
    desk.on_duty(*UNITS)
    return desk


def add(desk, place=HERE):
    return desk.do(premise.AddPremiseNote(lat=place[0], lon=place[1], **TOLD))


def test_an_open_incident_near_a_new_note_shows_it_at_once_and_not_after_its_end():
    desk = manned()
    near, far = desk.opened(FIGHT, HERE), desk.opened(BURGLARY, corner(4, 7))
    record = add(desk)
    shown = desk.row("incidents", near).premises
    assert [(each.note_id, each.kind, each.text, each.distance_m) for each in shown] == [
        ("N1", "dog", "大型犬", 0)
    ]
    assert shown[0].expires_at_ms == record.events[0].expires_at_ms
    assert desk.row("incidents", far).premises == ()
    desk.do(END)
    assert desk.row("incidents", near).premises == ()
    assert desk.keys("premises") == []
    assert desk.fresh() == desk.seen


def test_an_incident_that_is_placed_anew_shows_the_notes_of_its_new_place():
    desk = manned()
    add(desk)
    incident_id = desk.opened(FIGHT, corner(4, 7))
    desk.do(PlaceIncident(incident_id=incident_id, lat=HERE[0], lon=HERE[1]))
    assert [each.note_id for each in desk.row("incidents", incident_id).premises] == ["N1"]


def test_a_note_is_a_row_for_the_desks_and_its_version_that_of_its_record():
    desk = manned()
    record = add(desk)
    row = desk.row("premises", "N1")
    assert (row.by, row.radius_m, row.seq) == ("Sun", 90, record.seq)
    assert version_of(desk.board, END) == record.seq
    shown = desk.seen["premises", "N1"]
    assert masked_row(Viewer("call_taker"), shown) == row
    assert masked_row(Viewer("crew", "P1"), shown) is None


def test_a_crew_is_told_with_its_own_incident():
    desk = manned()
    add(desk)
    incident_id = desk.opened(FIGHT, HERE)
    desk.sent(incident_id, "P1")
    shown = desk.seen["incidents", incident_id]
    assert masked_row(Viewer("crew", "P1"), shown).premises[0].note_id == "N1"
    assert masked_row(Viewer("crew", "P2"), shown) is None
