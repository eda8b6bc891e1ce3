"""What is known of an incident (警情要素): each command accepted, and refused by code."""

import pytest
from toy_city import BURGLARY, DOMESTIC, FIGHT, LOCKSMITH, MURDER, Desk, corner, image, names

from kuaifan.vocabulary.alarm import TakeUpAlarm
from kuaifan.vocabulary.call import AttachCall
from kuaifan.vocabulary.facts import (
    AddNote,
    AddPossiblePlace,
    DeclareMajor,
    EndMajor,
    RecordFact,
    RuleOutPlace,
    StrikeNote,
)
from kuaifan.vocabulary.incident import (
    OpenIncident,
    PlaceIncident,
    ReviewIncident,
    SetPriority,
    SettleByPhone,
    UpdateIncident,
)
from kuaifan.vocabulary.undo import Undo

FAMILY, NEIGHBOURS, LOST, SILENT = "060101", "060103", "070301", "130101"


@pytest.fixture
def desk():
    return Desk()


def fact(incident_id, name, answer="yes"):
    return RecordFact(incident_id=incident_id, fact=name, answer=answer)


def reviewed(desk):
    incident_id = desk.opened(LOCKSMITH, corner(4, 4))
    desk.do(SettleByPhone(incident_id=incident_id, disposition="advised"))
    desk.do(ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    return incident_id


# --- facts -----------------------------------------------------------------------------------


def test_a_weapon_makes_it_a_p1_with_the_fact_as_the_reason(desk):
    incident_id = desk.opened(BURGLARY, corner(4, 4))
    record = desk.do(fact(incident_id, "weapon"))
    assert names(record)[:2] == ["FactRecorded", "PrioritySet"]
    assert (record.events[1].reason, record.events[1].approved_by) == ("fact weapon", "")
    incident = desk.board.incidents[incident_id]
    assert (incident.priority, incident.facts) == (1, {"weapon": "yes"})


def test_a_child_raises_no_lost_property(desk):
    incident_id = desk.opened(LOST)
    assert names(desk.do(fact(incident_id, "child"))) == ["FactRecorded"]
    assert desk.board.incidents[incident_id].priority == 4


def test_distress_on_a_silent_line_is_a_p1(desk):
    incident_id = desk.opened(SILENT)
    desk.do(fact(incident_id, "distress"))
    assert desk.board.incidents[incident_id].priority == 1


def test_a_no_never_lowers_what_a_yes_has_raised(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    desk.do(fact(incident_id, "violence"))
    assert names(desk.do(fact(incident_id, "violence", "no"))) == ["FactRecorded"]
    assert desk.board.incidents[incident_id].priority == 2


def test_the_same_answer_is_not_recorded_twice(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    desk.do(fact(incident_id, "weapon", "unknown"))
    assert desk.code(fact(incident_id, "weapon", "unknown")) == "same_fact"
    assert desk.code(fact("J9", "weapon")) == "unknown_incident"


def test_violence_in_a_family_dispute_is_domestic_violence_and_a_restricted_record(desk):
    incident_id = desk.opened(FAMILY, corner(4, 4))
    record = desk.do(fact(incident_id, "violence"))
    assert names(record)[:3] == ["FactRecorded", "IncidentUpdated", "PrioritySet"]
    incident = desk.board.incidents[incident_id]
    assert (incident.type_code, incident.priority) == (DOMESTIC, 1)
    assert (incident.record_class, incident.n_needed) == ("restricted", 2)


def test_what_was_recorded_is_applied_to_a_new_type(desk):
    incident_id = desk.opened(LOST, corner(4, 4))
    desk.do(fact(incident_id, "violence"))
    desk.do(fact(incident_id, "crowd"))
    assert desk.board.incidents[incident_id].priority == 4
    desk.do(UpdateIncident(incident_id=incident_id, type_code=NEIGHBOURS))
    incident = desk.board.incidents[incident_id]
    assert (incident.type_code, incident.priority) == ("020101", 1)


def test_a_priority_raised_by_a_fact_is_not_undone_but_lowered_by_a_supervisor(desk):
    incident_id = desk.opened(BURGLARY, corner(4, 4))
    record = desk.do(fact(incident_id, "weapon"))
    assert desk.code(Undo(seq=record.seq)) == "nothing_to_undo"
    lower = SetPriority(incident_id=incident_id, priority=3, reason="toy gun")
    assert desk.code(lower) == "supervisor_needed"


def test_a_reviewed_incident_takes_no_facts_and_no_places(desk):
    incident_id = reviewed(desk)
    assert desk.code(fact(incident_id, "weapon")) == "incident_reviewed"
    lat, lon = corner(1, 1)
    add = AddPossiblePlace(incident_id=incident_id, lat=lat, lon=lon)
    assert desk.code(add) == "incident_reviewed"


# --- places ----------------------------------------------------------------------------------


def possible(incident_id, place, address=""):
    return AddPossiblePlace(incident_id=incident_id, lat=place[0], lon=place[1], address=address)


def test_possible_places_are_numbered_kept_and_ruled_out(desk):
    incident_id = desk.opened(FIGHT)
    desk.do(possible(incident_id, corner(1, 1), "north gate"))
    desk.do(possible(incident_id, corner(6, 6), "south gate"))
    desk.do(RuleOutPlace(incident_id=incident_id, place_no=1, reason="guard says no"))
    first, second = desk.board.incidents[incident_id].places
    assert (first.place_no, first.ruled_out, first.reason) == (1, True, "guard says no")
    assert (second.place_no, second.ruled_out, second.address) == (2, False, "south gate")
    assert not desk.board.incidents[incident_id].is_placed


def test_a_place_ruled_out_may_be_added_again_but_not_while_it_stands(desk):
    incident_id = desk.opened(FIGHT)
    desk.do(possible(incident_id, corner(1, 1)))
    assert desk.code(possible(incident_id, corner(1, 1))) == "same_place"
    out = RuleOutPlace(incident_id=incident_id, place_no=1, reason="r")
    desk.do(out)
    assert desk.code(out) == "already_ruled_out"
    desk.do(possible(incident_id, corner(1, 1)))
    assert desk.code(RuleOutPlace(incident_id=incident_id, place_no=3, reason="r")) == (
        "unknown_place"
    )


def test_a_possible_place_off_the_roads_is_refused_as_a_decided_one_is(desk):
    incident_id = desk.opened(FIGHT)
    assert desk.code(possible(incident_id, (31.0, 121.0))) == "place_off_roads"


def test_there_is_an_end_to_possible_places_and_notes(desk):
    incident_id = desk.opened(FIGHT)
    for i in range(20):
        desk.do(possible(incident_id, corner(i % 9, i / 9)))
    assert desk.code(possible(incident_id, corner(8, 8))) == "too_many_places"
    for _ in range(500):
        desk.do(AddNote(incident_id=incident_id, text="t"))
    assert desk.code(AddNote(incident_id=incident_id, text="t")) == "too_many_notes"


# --- notes and corrections -------------------------------------------------------------------


def test_a_note_is_struck_and_stays_readable(desk):
    incident_id = desk.opened(FIGHT, at_s=1)
    desk.do(AddNote(incident_id=incident_id, text="two men"), at_s=5)
    strike = StrikeNote(
        incident_id=incident_id, note_no=1, reason="heard wrong", correction="ten men"
    )
    desk.do(strike)
    note = desk.board.incidents[incident_id].notes[0]
    assert (note.text, note.struck, note.correction) == ("two men", "heard wrong", "ten men")
    assert desk.code(strike) == "already_struck"
    unknown = StrikeNote(incident_id=incident_id, note_no=2, reason="r")
    assert desk.code(unknown) == "unknown_note"
    desk.do(AddNote(incident_id=incident_id, text="more"))
    assert desk.code(StrikeNote(incident_id=incident_id, note_no=2, reason="")) == "reason_needed"
    assert desk.code(AddNote(incident_id="J9", text="t")) == "unknown_incident"


def test_a_replaced_story_stands_struck_through(desk):
    opened = OpenIncident(type_code=FIGHT, narrative="two men fight", address="old road")
    incident_id = desk.do(opened).events[0].incident_id
    desk.do(UpdateIncident(incident_id=incident_id, narrative="ten men fight"))
    desk.do(UpdateIncident(incident_id=incident_id, narrative="ten men fight"))
    incident = desk.board.incidents[incident_id]
    assert incident.narrative == "ten men fight"
    assert [(note.text, note.struck) for note in incident.notes] == [("two men fight", "replaced")]


def test_a_replaced_address_stands_struck_through(desk):
    incident_id = desk.do(OpenIncident(type_code=FIGHT, address="old road")).events[0].incident_id
    lat, lon = corner(1, 1)
    desk.do(PlaceIncident(incident_id=incident_id, lat=lat, lon=lon))
    assert desk.board.incidents[incident_id].address == "old road"
    desk.do(PlaceIncident(incident_id=incident_id, lat=lat, lon=lon, address="new road"))
    incident = desk.board.incidents[incident_id]
    assert incident.address == "new road"
    assert [(note.note_no, note.text) for note in incident.notes] == [(1, "old road")]


# --- major -----------------------------------------------------------------------------------


def major(incident_id, by="Li"):
    return DeclareMajor(incident_id=incident_id, reason="many hurt", declared_by=by)


def test_a_person_declares_it_major_and_the_leader_is_told(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    desk.do(major(incident_id))
    assert desk.board.incidents[incident_id].is_major
    alarm = desk.board.alarms[f"major:{incident_id}"]
    assert (alarm.to, alarm.incident_id, alarm.text) == ("leader", incident_id, "many hurt")
    assert desk.code(major(incident_id)) == "already_major"
    assert desk.code(major(desk.opened(FIGHT), by="")) == "no_name"


def test_only_a_supervisor_ends_it_and_the_alarm_with_it(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    assert desk.code(EndMajor(incident_id=incident_id, approved_by="Wang")) == "not_major"
    desk.do(major(incident_id))
    assert desk.code(EndMajor(incident_id=incident_id, approved_by="")) == "supervisor_needed"
    desk.do(EndMajor(incident_id=incident_id, approved_by="Wang"))
    assert not desk.board.incidents[incident_id].is_major
    assert f"major:{incident_id}" not in desk.board.alarms


def test_the_tenth_call_has_a_supervisor_told_once(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    told = f"leader_told:{incident_id}-size"
    for n in range(1, 12):
        desk.do(AttachCall(call_id=desk.rang(), incident_id=incident_id))
        assert (told in desk.board.alarms) == (n == 10)
        if n == 10:
            assert desk.board.alarms[told].to == "supervisor"
            desk.do(TakeUpAlarm(alarm_id=told, by="Wang"))
    assert not desk.board.incidents[incident_id].is_major


def test_a_plan_of_six_units_and_a_plan_that_tells_the_leader_raise_one_alarm_each(desk):
    attack = desk.opened("050103", corner(4, 4))
    kinds = [(alarm.subject_id, alarm.to) for alarm in desk.board.alarms.values()]
    assert kinds == [(attack, "leader"), (f"{attack}-size", "supervisor")]
    desk.do(UpdateIncident(incident_id=attack, narrative="n"))
    murder = desk.opened(MURDER, corner(0, 0))
    assert desk.board.alarms[f"leader_told:{murder}"].to == "leader"
    desk.opened(FIGHT, corner(8, 8))
    told = [each for each in desk.board.alarms if each.startswith("leader_told")]
    assert len(told) == 3


def test_all_of_it_is_folded_again_from_the_log(desk):
    incident_id = desk.opened(FAMILY, corner(4, 4))
    desk.do(fact(incident_id, "violence"))
    desk.do(possible(incident_id, corner(1, 1)))
    desk.do(AddNote(incident_id=incident_id, text="t"))
    desk.do(StrikeNote(incident_id=incident_id, note_no=1, reason="r"))
    desk.do(major(incident_id))
    assert image(desk.engine.state) == image(desk.rebuilt())
