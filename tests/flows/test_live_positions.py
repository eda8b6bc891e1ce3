"""A car with a phone (车载终端): raw fixes move it, its arrival follows them, and it arrives."""

import httpx
import numpy as np
import pytest
from toy_city import BURGLARY, START_MS, UNITS, Desk, corner, image, toy_reference
from web_desk import WAIT_S, Served

from kuaifan.app.live_positions import open_fix_desk
from kuaifan.app.replay import Replay
from kuaifan.gateway.fixes import FixMatcher, Marker
from kuaifan.roads.matching import Matcher
from kuaifan.roads.ride import Ride
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import road as roads
from kuaifan.vocabulary.position import PositionReport

SCENE = corner(0, 8)
NOISE_DEG = 4 / 111_195
STEP_S = 10


class Drive:
    """A unit on its way to the scene, as its phone reports it: each ten seconds, with noise."""

    def __init__(self, desk):
        self.desk, self.rng = desk, np.random.default_rng(7)
        self.fixes = FixMatcher(Matcher(desk.reference.snapper), self._marker)
        snapper = desk.reference.snapper
        origin, goal = (snapper.snap_one(*at).position for at in (corner(4, 4), SCENE))
        self.ride = Ride(snapper.lines, desk.reference.travel.path(origin, goal))

    def _marker(self, unit_id):
        fleet = self.desk.board.fleet
        row = fleet.index[unit_id]
        return Marker(int(fleet.fix_at_ms[row]), (float(fleet.lat[row]), float(fleet.lon[row])))

    def report(self, driven_s, at_s, *, stray=None):
        """The phone says where the car is after so long a drive; returns what was decided."""
        at_ms = START_MS + round(at_s * 1000)
        place = self.ride.places_at(np.array([min(driven_s * 1000, self.ride.travel_ms)]))
        lat, lon = stray or (float(place.lat[0]), float(place.lon[0]))
        lat, lon = lat + self.rng.normal(0, NOISE_DEG), lon + self.rng.normal(0, NOISE_DEG)
        report = PositionReport(unit_id="P1", lat=lat, lon=lon, at_ms=at_ms, accuracy_m=5.0)
        (mark,), batch = self.fixes.match([report], at_ms)
        n_records = len(self.desk.journal.records)
        self.desk._submit(batch, at_s, "gateway")
        return mark, self.desk.journal.records[n_records:]


@pytest.fixture
def desk():
    made = Desk()
    made.on_duty("P1", "P2")
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def test_a_car_drives_there_by_its_own_fixes_and_a_closure_delays_it(desk):
    order_id = desk.sent(desk.opened(BURGLARY, SCENE), "P1", at_s=100)
    desk.do(orders.ReportEnRoute(order_id=order_id), at_s=110)
    drive, order = Drive(desk), desk.board.orders[order_id]
    # It sets off late: what was promised no longer holds. Then it flies.
    for at_s in range(120, 160, STEP_S):
        assert drive.report(0, at_s)[0] == "ok"
    late_ms = order.expected_at_ms
    assert late_ms > START_MS + 110_000 + order.travel_ms
    marks = [drive.report(2 * driven_s, 160 + driven_s) for driven_s in range(0, 70, STEP_S)]
    assert {mark for mark, _ in marks} == {"ok"}
    sooner_ms = order.expected_at_ms
    assert sooner_ms < late_ms - 30_000
    # One fix far from every street: it is said, the marker stays.
    row = desk.board.fleet.index["P1"]
    before = float(desk.board.fleet.lat[row]), int(desk.board.fleet.fix_at_ms[row])
    assert drive.report(125, 230, stray=corner(0.5, 6.5))[0] == "off_road"
    assert before == (float(desk.board.fleet.lat[row]), int(desk.board.fleet.fix_at_ms[row]))
    # The streets before the scene are closed: it is expected later at once, by the roads.
    later = []
    for line in ([corner(0, col) for col in (7, 8)], [corner(row, 8) for row in (2, 1, 0)]):
        slow = roads.SlowRoad(points=tuple(line), percent=10, reason="积水", by="d-1", minutes=60)
        later += desk.do(slow, at_s=231).events
    told = [event for event in later if isinstance(event, roads.EtaUpdated)]
    assert {event.cause for event in told} == {"roads"}
    assert order.expected_at_ms > sooner_ms + 10_000


def test_it_arrives_where_its_fixes_say_so(desk):
    order_id = desk.sent(desk.opened(BURGLARY, SCENE), "P1", at_s=100)
    desk.do(orders.ReportEnRoute(order_id=order_id), at_s=110)
    drive = Drive(desk)
    travel_s = drive.ride.travel_ms // 1000
    for driven_s in range(0, travel_s, STEP_S):
        mark, records = drive.report(driven_s, 120 + driven_s)
        assert mark == "ok"
    for at_s in (130 + travel_s, 140 + travel_s):
        mark, records = drive.report(travel_s, at_s)
        if desk.board.orders[order_id].state == "on_scene":
            break
    arrived = records[-1].events[0]
    assert (type(arrived).__name__, arrived.source) == ("UnitArrived", "gps")


# --- over HTTP ---------------------------------------------------------------------------------


@pytest.fixture
def served(tmp_path):
    with Served(tmp_path) as desk:
        desk.man(*UNITS)
        yield desk


@pytest.fixture
def taking(tmp_path):
    """A served desk that takes positions, as `kuaifan serve` wires it."""
    held = []

    def take(reports):
        return held[0].take(reports)

    with Served(tmp_path, take_positions=take) as desk:
        held.append(open_fix_desk(desk.desk))
        desk.man("P1", "P2")
        yield desk
        held[0].stop()


def body(desk, row, col, unit_id="P1", ahead_ms=0, **more):
    lat, lon = corner(row, col)
    at_ms = desk.desk.clock()[0] + ahead_ms
    return {"unit_id": unit_id, "lat": lat, "lon": lon, "at_ms": at_ms, **more}


def marks(reply):
    assert reply.status_code == 200, reply.text
    return [taken["mark"] for taken in reply.json()["positions"]]


def test_a_device_reports_and_the_marker_moves(taking):
    with taking.client() as client:
        one = body(taking, 4, 4.2, speed_mps=8.0, heading_deg=90, accuracy_m=6)
        assert marks(client.post("/v1/positions", json=one)) == ["ok"]
        assert marks(client.post("/v1/positions", json=one)) == ["known"]
        odd = body(taking, 4.5, 4.5, ahead_ms=1_000)
        clock = body(taking, 4, 4, ahead_ms=3_600_000)
        reply = client.post("/v1/positions", json=[odd, clock, body(taking, 4, 4, unit_id="X9")])
        assert marks(reply) == ["off_road", "future", "unknown_unit"]
        assert all(taken["words_zh"] and taken["words_en"] for taken in reply.json()["positions"])
    marker = taking.desk.find_marker("P1")
    assert marker == Marker(one["at_ms"], (one["lat"], one["lon"]))


def test_a_log_of_matched_and_doubted_fixes_is_decided_the_same_again(taking):
    with taking.client() as client:
        for place in ((4, 4.2), (4.5, 4.5), (4, 4.4)):
            client.post("/v1/positions", json=body(taking, *place, speed_mps=8.0))
    taking.desk.stop()
    replay = Replay(taking.log, toy_reference())
    report = replay.run()
    assert report.identical
    assert report.n_fixes == 5


def test_many_devices_at_once_are_each_answered(taking):
    with taking.client() as client:
        reports = [body(taking, 4, 4 + i / 20, ahead_ms=i * 400) for i in range(10)]
        assert marks(client.post("/v1/positions", json=reports)) == ["ok"] * 10


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lat": 95}, "lat is 95"),
        ({"lon": -200.5}, "lon is -200.5"),
        ({"at_ms": -1}, "at_ms is -1"),
        ({"speed_mps": -3}, "speed_mps"),
        ({"heading_deg": 400}, "heading_deg"),
        ({"accuracy_m": -1}, "accuracy_m"),
        ({"unit_id": ""}, "unit_id has 1 to 64"),
        ({"lat": "north"}, "Expected `float`"),
        ({"altitude": 3}, "unknown field `altitude`"),
    ],
)
def test_a_bad_value_gets_a_sentence_and_nothing_is_taken(taking, change, words):
    with taking.client() as client:
        reply = client.post("/v1/positions", json=body(taking, 4, 4) | change)
    assert reply.status_code == 422
    assert words in reply.json()["reason_en"]
    assert reply.json()["reason_zh"]


def test_of_many_the_one_at_fault_is_named(taking):
    with taking.client() as client:
        good, bad = body(taking, 4, 4), body(taking, 4, 4) | {"lat": 91}
        reply = client.post("/v1/positions", json=[good, bad])
        assert reply.json()["reason_zh"].startswith("第 2 条：")
        assert client.post("/v1/positions", json=[]).status_code == 422


def test_a_crew_reports_its_own_unit_only(taking):
    with taking.client("crew", "P2") as client:
        assert client.post("/v1/positions", json=body(taking, 4, 4)).status_code == 422
        assert marks(client.post("/v1/positions", json=body(taking, 7, 2.1, unit_id="P2"))) == [
            "ok"
        ]


def test_a_desk_that_takes_no_positions_has_no_such_address(served):
    reply = httpx.post(f"{served.url}/v1/positions", json={}, timeout=WAIT_S)
    assert reply.status_code == 404


def test_the_description_of_the_api_names_it(taking):
    with taking.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    assert "PositionReport" in str(paths["/v1/positions"]["post"]["requestBody"])
