"""A seat's archive behind a log-on (专席归档检索): by days and words, for a purpose, logged."""

import copy

import msgspec
import pytest
from door_desk import GuardedDesk
from mediation_acts import ask
from toy_city import corner, toy_reference

from kuaifan.board.day_tally import date_of, day_of
from kuaifan.seats.mediation.words import EndMediation
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.access import RecordRead, SearchLogged
from kuaifan.vocabulary.seat_archive import RetireSeatPapers

NEIGHBOURS = "060103"
PATH = "/v1/seats/mediation/archive/search"


def leaving_at_once():
    """A city whose closed incidents leave the board after a millisecond instead of two days."""
    reference = copy.copy(toy_reference())
    reference.clocks = msgspec.structs.replace(reference.clocks, retire_ms=1)
    return reference


@pytest.fixture(name="guarded", scope="module")
def fixture_guarded(tmp_path_factory):
    """Two mediations that have left the board, and people of several roles."""
    reference = leaving_at_once()
    with GuardedDesk(tmp_path_factory.mktemp("archive"), reference=reference) as desk:
        desk.account("zhou", "dispatcher")
        desk.account("chen", "commander")
        desk.account("ma", "reviewer")
        desk.account("wang", "planner")
        ids = [mediated(desk, party) for party in ("张大山", "孙小海")]
        board = desk.desk.live.engine.board
        while any(each in board.incidents for each in ids):
            do(desk, calls.RegisterCall(line="110"))
        do(desk, RetireSeatPapers())
        assert board.seats["mediation"].cases == {}
        yield desk, ids


def do(desk, command):
    """At the rules themselves: behind the door nobody acts in another's name."""
    record = desk.desk.submit(command, actor="seat:1", key=None, seen_seq=None).wait(10)
    assert record.refusal is None, record.refusal
    return record


def mediated(desk, party):
    lat, lon = corner(4, 5)
    record = do(desk, incidents.OpenIncident(type_code=NEIGHBOURS, lat=lat, lon=lon))
    incident_id = record.events[0].incident_id
    mediation_id = (
        do(desk, msgspec.structs.replace(ask(incident_id), party_a=party)).events[0].mediation_id
    )
    do(desk, EndMediation(mediation_id=mediation_id, why="withdrawn", note="不谈了", by="王警官"))
    settle = {"disposition": "by_phone", "approved_by": "值班长"}
    do(desk, incidents.SettleByPhone(incident_id=incident_id, **settle))
    do(desk, incidents.ReviewIncident(incident_id=incident_id, reviewer_id="R1"))
    do(desk, incidents.CloseIncident(incident_id=incident_id))
    return incident_id


def search(client, **asked):
    return client.post(PATH, json=asked)


def found(client, **asked):
    reply = search(client, **asked)
    assert reply.status_code == 200, reply.text
    return reply.json()


def logged(desk, kind):
    with desk.desk.open_reader() as reader:
        events = [event for record in reader.read_records() for event in record.events]
    return [each for each in events if isinstance(each, kind)]


def test_it_is_listed_by_days_without_anybodys_name_and_written_down_first(guarded):
    desk, ids = guarded
    with desk.session("chen", "commander") as chen:
        told = found(chen, purpose="handling")
        assert {each["incident_id"] for each in told["lines"]} == set(ids)
        assert told["n_looked"] == 2
        assert [each for each in ("张大山", "孙小海") if each in str(told)] == []
        assert [each["paper"]["party_a"] for each in told["lines"]] == ["", ""]
        assert {each["paper"]["incident_id"] for each in told["lines"]} == set(ids)
        assert all(each["archived_at_ms"] > 0 for each in told["lines"])
    last = logged(desk, SearchLogged)[-1]
    assert (last.person, last.purpose, last.n_found) == ("chen", "handling", 2)
    assert "归档" in last.text


def test_words_and_days_narrow_it_and_a_name_finds_nothing(guarded):
    desk, ids = guarded
    today = day_of(desk.desk.clock()[0])
    with desk.session("chen", "commander") as chen:
        one = found(chen, purpose="handling", text=ids[1].lower())
        assert [each["incident_id"] for each in one["lines"]] == [ids[1]]
        assert found(chen, purpose="handling", text="张大山")["lines"] == []
        days = {"from_day": date_of(today - 9), "to_day": date_of(today - 1)}
        past = found(chen, purpose="handling", **days)
        assert (past["lines"], past["n_looked"]) == ([], 0)
        assert (past["from_day"], past["to_day"]) == (days["from_day"], days["to_day"])
        back = search(chen, purpose="handling", from_day="2023-11-09", to_day="2023-11-01")
        assert back.status_code == 422


def test_nobody_looks_without_a_purpose_of_its_own(guarded):
    desk, _ = guarded
    with desk.session("chen", "commander") as chen:
        assert search(chen).json()["code"] == "purpose_needed"
        assert search(chen, purpose="complaint").json()["code"] == "reason_needed"
        assert search(chen, purpose="review").json()["code"] == "purpose_does_not_open"
        assert found(chen, purpose="complaint", reason="投诉 12 号")["lines"]
    with desk.session("wang", "planner") as wang:
        assert search(wang, purpose="handling").json()["code"] == "not_this_seat"
    n_before = len(logged(desk, SearchLogged))
    with desk.session("zhou", "dispatcher") as zhou:
        assert search(zhou).status_code == 403
    assert len(logged(desk, SearchLogged)) == n_before


def test_a_paper_is_opened_with_its_names_for_a_purpose_only(guarded):
    desk, ids = guarded
    path = f"/v1/seats/mediation/archive?incident_id={ids[0]}"
    with desk.session("zhou", "dispatcher") as zhou:
        n_before = len(logged(desk, RecordRead))
        [masked] = zhou.get(path).json()["papers"]
        assert (masked["is_masked"], masked["paper"]["party_a"]) == (True, "")
        assert len(logged(desk, RecordRead)) == n_before
        [opened] = zhou.get(f"{path}&purpose=handling").json()["papers"]
        assert (opened["is_masked"], opened["paper"]["party_a"]) == (False, "张大山")
    read = logged(desk, RecordRead)[-1]
    assert (read.person, read.what, read.purpose) == ("zhou", "seat_archive", "handling")
    assert read.incident_id == ids[0]
