"""Special seats over the wire (专席接口): a seat in a folder has a page's data without an edit."""

from urllib.parse import urlencode

import pytest
from door_desk import QuietDesk
from promises_seat import promises_installed
from toy_city import DOMESTIC, FIGHT, corner

STRIKE = "/v1/commands/StrikePromise"
WHOM = "林女士 3 栋 402"


@pytest.fixture(name="desk", scope="module")
def fixture_desk(tmp_path_factory):
    people = (
        *(("ma", "dispatcher"), ("li", "commander"), ("wu", "reviewer")),
        ("xu", "call_taker", "commander"),
    )
    with (
        promises_installed(tmp_path_factory.mktemp("plugins")),
        QuietDesk(tmp_path_factory.mktemp("desk")) as desk,
    ):
        for name, *roles in people:
            desk.account(name, *roles)
        yield desk


def opened(client, type_code=FIGHT):
    lat, lon = corner(4, 2)
    told = {"type_code": type_code, "narrative": "n", "address": "a", "lat": lat, "lon": lon}
    return client.made("OpenIncident", "incident_id", **told)


def done(client, command, **fields):
    reply = client.post(f"/v1/commands/{command}", **fields)
    assert reply.status_code == 200, reply.text
    return reply.json()["events"]


def promised(client, incident_id, **fields):
    told = {"incident_id": incident_id, "whom": WHOM, "within_ms": 60_000, "by": "", **fields}
    return done(client, "Promise", **told)


@pytest.fixture(name="kept", scope="module")
def fixture_kept(desk):
    """Three promises, two of them ended; the ids of their items."""
    taker = desk.session("xu", role="call_taker")
    client = desk.session("ma")
    ids = []
    for type_code, deposit in ((FIGHT, 1250), (FIGHT, 0), (DOMESTIC, 50)):
        events = promised(client, opened(taker, type_code), deposit=deposit)
        ids.append(events[1]["item_id"])
    done(client, "EndPromise", item_id=ids[1], how="kept", by="")
    done(client, "EndPromise", item_id=ids[2], how="broken", by="")
    return ids


def asked(client, **query):
    return client.get(f"/v1/seats/promises?{urlencode(query)}")


def seat(client, **query):
    reply = asked(client, **query)
    assert reply.status_code == 200, reply.text
    return reply.json()


def problem(reply):
    return reply.status_code, reply.json()["code"]


def test_a_seat_is_listed_for_its_readers_with_its_forms_as_data(desk, kept):
    assert kept
    listed = {each["seat_id"]: each for each in desk.session("ma").get("/v1/seats").json()["seats"]}
    mine = listed["promises"]
    assert (mine["role"], mine["n_open"], mine["n_late"]) == ("dispatcher", 1, 0)
    assert mine["declaration"]["kinds"][0]["words"]["called"] == ["已回电", "called"]
    assert [each["key"] for each in mine["declaration"]["actions"]] == ["P", "C", "E", "X"]
    others = desk.session("wu").get("/v1/seats").json()["seats"]
    assert "promises" not in {each["seat_id"] for each in others}
    # Somebody with several roles is told in which one it may open it.
    both = desk.session("xu", role="call_taker").get("/v1/seats").json()["seats"]
    assert {each["seat_id"]: each["role"] for each in both}["promises"] == "commander"


def test_a_seat_is_read_by_its_readers_alone(desk):
    assert problem(desk.session("wu").get("/v1/seats/promises")) == (403, "not_this_seat")
    assert problem(desk.session("ma").get("/v1/seats/nothing")) == (404, "not_found")


def test_items_tables_and_figures_of_a_seat_in_one_answer(desk, kept):
    seen = seat(desk.session("ma"))
    assert [each["item_id"] for each in seen["items"]] == [kept[0]]
    (table,) = seen["tables"]
    assert (table["n_rows"], table["is_capped"]) == (3, False)
    assert [each["deposit"] for each in table["rows"]] == [50, 0, 1250]
    figures = {each["name"]: each for each in seen["figures"]}
    assert figures["made"]["value"] == 3
    assert figures["deposits"]["numerator"] == 1300
    share = figures["kept_share"]
    assert (share["numerator"], share["denominator"], share["value"]) == (1, 2, 0.5)
    assert (round(share["low"], 3), round(share["high"], 3)) == (0.095, 0.905)
    assert seen["commands"] == ["Promise", "SayCalled", "EndPromise"]


def test_figures_are_of_the_days_asked_for(desk, kept):
    assert kept
    client = desk.session("ma")
    before = seat(client, **{"from": "2001-01-01", "to": "2001-02-01"})
    share = {each["name"]: each for each in before["figures"]}["kept_share"]
    assert (share["denominator"], share["value"], share["low"]) == (0, None, 0.0)
    for odd in ({"from": "yesterday"}, {"from": "2020-01-01", "to": "2026-01-01"}, {"skip": "-1"}):
        assert problem(asked(client, **odd)) == (422, "malformed")


def test_personal_words_in_a_table_are_for_whoever_may_read_the_case(desk, kept):
    assert kept
    whom = [each["whom"] for each in seat(desk.session("ma"))["tables"][0]["rows"]]
    assert whom == [WHOM] * 3
    rows = seat(desk.session("li"))["tables"][0]["rows"]
    assert [(each["whom"], each["is_masked"]) for each in rows] == [("", True)] * 3


def test_a_page_of_a_table_goes_on_where_the_last_one_ended(desk, kept):
    assert kept
    (table,) = seat(desk.session("ma"), table="kept", skip=2)["tables"]
    assert [each["row_id"] for each in table["rows"]] == ["PR1"]
    assert table["n_rows"] == 3
    odd = asked(desk.session("ma"), table="odd")
    assert problem(odd) == (404, "not_found")


def test_a_seats_commands_ask_for_the_rights_that_it_declares_and_are_signed(desk, kept):
    assert kept
    client = desk.session("ma")
    assert problem(client.post(STRIKE, promise_id="PR1", by="")) == (403, "no_right")
    done(desk.session("li"), "StrikePromise", promise_id="PR1", by="")
    signed = promised(client, opened(desk.session("xu", role="call_taker")))[0]
    assert signed["by"] == "ma"
    other = client.post("/v1/commands/SayCalled", item_id=kept[0], by="somebody else")
    assert problem(other) == (403, "not_in_your_name")


def test_the_timeline_of_an_incident_tells_of_its_seat_in_the_seats_own_words(desk, kept):
    assert kept
    client = desk.session("ma")
    incident_id = opened(desk.session("xu", role="call_taker"))
    item_id = promised(client, incident_id)[1]["item_id"]
    done(client, "SayCalled", item_id=item_id, by="")
    done(client, "EndPromise", item_id=item_id, how="broken", by="", note=WHOM)
    steps = client.get(f"/v1/incidents/{incident_id}/timeline").json()
    told = [(step["text_zh"], step["text_en"]) for step in steps if step["link"] == "review"]
    promise_id = told[0][1].split()[1]
    assert told == [
        (f"承诺回电 {promise_id}", f"call {promise_id} promised"),
        (f"建立事项 {item_id}：承诺回电", f"item {item_id} opened: promised call"),
        (f"承诺回电 {item_id} 转为：已回电", f"promised call {item_id} is now: called"),
        ("承诺未兑现", "promise broken"),
        (f"承诺回电 {item_id} 办结：未兑现", f"promised call {item_id} closed: broken"),
    ]
