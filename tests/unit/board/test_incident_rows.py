"""The row of an incident (警情行): what is known of it is shown, masked where personal."""

from toy_city import FIGHT, MURDER, Desk, corner
from watched_desk import Watched

from kuaifan.board.view_builders import incident_row
from kuaifan.vocabulary.facts import AddNote, AddPossiblePlace, DeclareMajor, RecordFact
from kuaifan.vocabulary.kinship import LinkIncidents, SplitIncident
from kuaifan.web.masking import mask


def test_the_row_shows_facts_places_notes_and_kin():
    desk = Desk()
    other, incident_id = desk.opened(MURDER, corner(1, 1)), desk.opened(FIGHT, corner(4, 6))
    lat, lon = corner(4, 5)
    for command in (
        RecordFact(incident_id=incident_id, fact="weapon", answer="yes"),
        AddPossiblePlace(incident_id=incident_id, lat=lat, lon=lon, address="gate 2"),
        AddNote(incident_id=incident_id, text="red jacket"),
        DeclareMajor(incident_id=incident_id, reason="r", declared_by="Li"),
        LinkIncidents(incident_id=incident_id, other_incident_id=other),
    ):
        desk.do(command)
    row = incident_row(desk.board, incident_id, None)
    assert (row.desk_id, row.district, row.priority) == ("d1", "east", 1)
    assert (row.facts, row.is_major, row.linked_ids) == ({"weapon": "yes"}, True, (other,))
    assert [place.address for place in row.places] == ["gate 2"]
    assert [note.text for note in row.notes] == ["red jacket"]
    hidden = mask(row)
    assert [place.address for place in hidden.places] == [""]
    assert [(note.note_no, note.text) for note in hidden.notes] == [(1, "")]


def test_the_row_is_a_copy_that_later_changes_leave_alone():
    desk = Desk()
    incident_id = desk.opened(FIGHT, corner(4, 6))
    row = incident_row(desk.board, incident_id, None)
    desk.do(RecordFact(incident_id=incident_id, fact="weapon", answer="yes"))
    assert row.facts == {}


def test_a_split_shows_on_every_row_it_touches():
    desk = Watched()
    desk.on_duty("P1")
    old = desk.opened(FIGHT, corner(4, 4), call_id=desk.rang())
    order_id = desk.sent(old, "P1")
    desk.run_until(40)
    split = SplitIncident(
        incident_id=old, type_code=MURDER, reason="r", call_ids=("C1",), order_ids=(order_id,)
    )
    new = desk.do(split).events[0].incident_id
    assert desk.row("incidents", new).split_from == old
    assert desk.row("calls", "C1").incident_id == desk.row("units", "P1").incident_id == new
    assert desk.row("alarms", f"unsigned:{order_id}").incident_id == new
    assert desk.seen == desk.fresh()
