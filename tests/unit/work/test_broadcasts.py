"""Broadcasts: to whom, for how long, read by whom; a person only under a running incident."""

import msgspec
import pytest
from toy_city import EAST_DESK, FIGHT, UNITS, Desk, corner, image

from kuaifan.vocabulary import broadcast
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.premise_words import find_personal_word


@pytest.fixture
def desk():
    made = Desk()
    made.on_duty(*UNITS)
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def told(text="留意白色面包车", **more):
    return broadcast.Broadcast(**{"text": text, "by": "Sun", "minutes": 30} | more)


def lookout(incident_id, text="", **more):
    about = {"subject": "person", "person": "高个，红外套", "incident_id": incident_id}
    return told(text, **about | more)


def audience(desk, **more):
    return set(desk.do(told(**more)).events[0].unit_ids)


def test_everybody_on_duty_is_told_or_those_who_were_meant(desk):
    assert audience(desk) == set(UNITS)
    assert audience(desk, audience="line", to=("traffic",)) == {"T1", "T2"}
    assert audience(desk, audience="units", to=("P1", "P3", "X9")) == {"P1", "P3"}
    assert audience(desk, audience="desk", to=("city",)) == set(UNITS)
    east = audience(desk, audience="district", to=("east",))
    assert east == {"P3", "T2", "S2"}
    assert desk.code(told(audience="desk", to=(EAST_DESK,))) == "nobody_there"


def test_each_unit_reads_it_once_and_the_desk_sees_when(desk):
    desk.do(told(audience="units", to=("P1", "P2")))
    read = broadcast.ReadBroadcast(broadcast_id="B1", unit_id="P1")
    at_ms = desk.do(read, at_s=desk.now_s + 9).at_ms
    assert desk.board.broadcasts["B1"].read_at_ms == {"P1": at_ms}
    assert desk.code(read) == "already_read"
    assert desk.code(broadcast.ReadBroadcast(broadcast_id="B1", unit_id="P3")) == "not_addressed"
    strange = broadcast.ReadBroadcast(broadcast_id="B9", unit_id="P1")
    assert desk.code(strange) == "unknown_broadcast"


def test_it_runs_out_or_is_ended_by_name(desk):
    desk.do(told())
    desk.do(told("封路绕行"))
    assert desk.code(broadcast.EndBroadcast(broadcast_id="B1", by=" ")) == "no_name"
    desk.do(broadcast.EndBroadcast(broadcast_id="B1", by="Sun"))
    assert desk.code(broadcast.EndBroadcast(broadcast_id="B1", by="Sun")) == "unknown_broadcast"
    desk.run_until(desk.now_s + 30 * 60 + 1)
    assert not desk.board.broadcasts


def test_a_person_is_looked_out_for_only_within_a_running_incident(desk):
    assert desk.code(lookout("")) == "person_without_incident"
    assert desk.code(lookout("J9")) == "unknown_incident"
    incident_id = desk.opened(FIGHT, corner(4, 2))
    assert desk.code(lookout(incident_id, text="找人", person="")) == "no_person"
    assert desk.code(lookout(incident_id, subject="vehicle")) == "not_about_a_person"
    desk.do(lookout(incident_id, minutes=24 * 60))
    desk.do(told("同时留意车辆", subject="vehicle", incident_id=incident_id))
    desk.do(
        incidents.SettleByPhone(
            incident_id=incident_id, disposition="by_phone", approved_by="chief"
        )
    )
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    assert "B1" in desk.board.broadcasts
    desk.do(incidents.CloseIncident(incident_id=incident_id))
    assert list(desk.board.broadcasts) == ["B2"]
    assert desk.code(lookout(incident_id)) == "incident_over"


@pytest.mark.parametrize("number", ["13800001111", "34040119900101123X"])
def test_numbers_of_people_are_not_sent_round(desk, number):
    assert desk.code(told(f"找 {number}")) == "about_a_person"
    assert find_personal_word(f"找 {number}") == number


@pytest.mark.parametrize("number", ["12012345678", "138000011112", "20261122"])
def test_what_is_nobodys_number_is_in_order_in_broadcasts_and_notes_of_places(desk, number):
    assert desk.do(told(f"单号 {number}")).refusal is None
    assert find_personal_word(f"单号 {number}") is None


def test_it_says_something_and_who_says_it(desk):
    assert desk.code(told(" ")) == "no_text"
    assert desk.code(told(by="")) == "no_name"


def test_no_more_hold_at_once_than_anybody_reads(desk):
    for i in range(broadcast.MAX_STANDING):
        desk.do(told(f"{i}"))
    assert desk.code(told("one more")) == "too_many_broadcasts"


def test_no_broadcast_is_longer_than_a_day_or_than_a_glance():
    for more in ({"minutes": 24 * 60 + 1}, {"minutes": 0}, {"text": "长" * 401}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"text": "x", "by": "d", "minutes": 5} | more, broadcast.Broadcast)
