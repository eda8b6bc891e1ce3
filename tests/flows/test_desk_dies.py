"""The desk dies in mid-work (断电演练): paper with reserved numbers, and back at the true times."""

import signal
import time

import pytest
from serving_process import Process, served
from toy_city import FIGHT, START_MS, UNITS, Desk, corner, image

from kuaifan.twin.figures import Tally
from kuaifan.vocabulary.incident import CloseIncident, ReviewIncident
from kuaifan.vocabulary.paper import EnterPaperCard, PaperOrder, ReserveCardNumbers

HOUR_S = 3_600


def done(desk: Process, name, **body):
    reply = desk.client.post(f"/v1/commands/{name}", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()["events"]


def refused(desk: Process, name, **body):
    reply = desk.client.post(f"/v1/commands/{name}", json=body)
    assert reply.status_code == 409, reply.text
    return reply.json()["code"]


@pytest.fixture(name="log")
def fixture_log(tmp_path):
    return tmp_path / "log.db"


def a_card(number, killed_ms, unit_id):
    """Written by hand while the desk was down, which is sooner back than a hand writes."""
    stamps = {"sent": 10, "signed": 15, "arrived": 40, "handled": 80}
    order = {f"{name}_at_ms": killed_ms + at for name, at in stamps.items()}
    return {
        "incident_id": number,
        "type_code": FIGHT,
        "called_at_ms": killed_ms + 5,
        "caller_number": "13812345678",
        "narrative": "two men, one knife",
        "address": "by the bridge",
        "by": "Qian",
        "written_by": "Sun",
        "outage_from_ms": killed_ms,
        "orders": [{"unit_id": unit_id, "disposition": "mediated", **order}],
    }


def test_the_desk_dies_and_nothing_of_the_hour_on_paper_is_lost(town, log, kuaifan):
    db = f"sqlite:///{log}"
    with served(town, log) as desk:
        (block,) = done(desk, "ReserveCardNumbers", n_cards=3, by="Zhao")
        assert (block["first_no"], block["n_cards"]) == (1, 3)
        done(desk, "OpenIncident", type_code=FIGHT, narrative="before the cut")
        assert desk.end(signal.SIGKILL)[0] == -signal.SIGKILL
    killed_ms = int(time.time() * 1000)

    with served(town, log) as desk:
        board = desk.client.get("/v1/board").json()["views"]
        assert list(board["incidents"]) == ["J4"], "the live one has the number after the cards'"
        assert board["cards"]["K1"]["used"] == []
        unit_id = town_unit(town)
        card = a_card("J1", killed_ms, unit_id)
        done(desk, "EnterPaperCard", **card)
        assert refused(desk, "EnterPaperCard", **card) == "card_used"
        assert refused(desk, "EnterPaperCard", **{**card, "incident_id": "J9"}) == (
            "card_not_reserved"
        )
        too_soon = {**card, "incident_id": "J2", "outage_from_ms": killed_ms + 6}
        assert refused(desk, "EnterPaperCard", **too_soon) == "before_outage"
        done(desk, "EnterPaperCard", **{**card, "incident_id": "J2", "orders": []})

        row = desk.client.get("/v1/incidents/J1").json()
        assert (row["state"], row["opened_at_ms"]) == ("fed_back", killed_ms + 5)
        assert row["orders"][0]["t7_ms"] == killed_ms + 40
        assert (row["entered_by"], row["entered_at_ms"] > killed_ms) == ("Qian", True)
        assert desk.client.get("/v1/incidents/J2").json()["state"] == "registered", "still open"
        steps = desk.client.get("/v1/incidents/J1/timeline").json()
        assert [step["at_ms"] - killed_ms for step in steps if step["entered_at_ms"]] == [
            *(5, 5, 5, 5, 10, 15, 40, 80, 80),
        ]
        assert all("【纸质补录】" in step["text_zh"] for step in steps if step["entered_at_ms"])
        (opened, *_) = done(desk, "OpenIncident", type_code=FIGHT)
        assert opened["incident_id"] == "J5"
        assert desk.end(signal.SIGTERM)[0] == 0

    assert kuaifan("log", "verify", "--db", db) == 0
    assert kuaifan("replay", "--db", db, "--city", town.city) == 0
    assert b"13812345678" not in log.read_bytes(), "what a card says is sealed like any call"


def town_unit(town):
    from kuaifan.app.reference import make_reference
    from kuaifan.city.folder import read_city

    return next(iter(make_reference(read_city(town.city)).units))


def test_the_figures_of_the_day_count_a_card_at_its_true_times():
    desk, tally = Desk(), Tally()
    desk.on_duty(*UNITS)
    desk.do(ReserveCardNumbers(n_cards=5, by="Zhao"))
    lat, lon = corner(4, 6)
    sent, arrived, handled = (START_MS + second * 1_000 for second in (100, 400, 1_500))
    order = PaperOrder(
        unit_id="P1",
        sent_at_ms=sent,
        arrived_at_ms=arrived,
        handled_at_ms=handled,
        disposition="mediated",
    )
    card = EnterPaperCard(
        incident_id="J1",
        type_code=FIGHT,
        called_at_ms=START_MS + 60_000,
        by="Qian",
        lat=lat,
        lon=lon,
        orders=(order,),
    )
    records = [
        desk.do(card, at_s=10 * HOUR_S),
        desk.do(ReviewIncident(incident_id="J1", reviewer_id="r")),
        desk.do(CloseIncident(incident_id="J1")),
    ]
    for record in records:
        assert record.refusal is None
        tally.count(desk.board, record)
    figures = tally.figures()
    (of_priority,) = figures.by_priority.values()
    assert of_priority.unit_response_s.p50_s == 300
    assert of_priority.response_s.p50_s == 340
    assert (figures.n_calls, figures.n_incidents, figures.n_orders) == (1, 1, 1)
    assert figures.calls.n_answered == 0, "since when it had rung stands on no card"
    assert image(desk.rebuilt()) == image(desk.engine.state)
