"""What the desk wants outside is told there: durable first, in order, once, or by a person."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from toy_city import LOCKSMITH, corner
from web_desk import WAIT_S, Served

from kuaifan.app.live_figures import LiveFigures
from kuaifan.app.outbox import OutboxLog, read_services
from kuaifan.gateway.effect_post import HttpReceiver
from kuaifan.gateway.outbox import Outbox, Rhythm
from kuaifan.gateway.outbox_lanes import Pace
from kuaifan.gateway.phone_key import HEADER, is_signed
from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.phone import ReportPhoneEvent

KEY = b"0123456789abcdef0123456789abcdef"
FIRE = "040101"
OFTEN = Rhythm(note_s=0.05)


class Exchange:
    """Whom a desk tells things; it writes them down, and does each key once.

    statuses: its first answers. refuse: whether it says 503 to a wish.
    """

    def __init__(self, *statuses):
        self.told, self.statuses, self.done = [], list(statuses), {}
        self.refuse = lambda _wish: False
        self._changed = threading.Condition()
        exchange = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                assert is_signed(KEY, body, self.headers[HEADER])
                self.send_response(exchange.take(json.loads(body)))
                self.end_headers()

            def log_message(self, *_args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/commands"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, wish):
        with self._changed:
            self.told.append(wish)
            self._changed.notify_all()
            if self.refuse(wish):
                return 503
            status = self.statuses.pop(0) if self.statuses else 200
            if status == 200:
                self.done[wish["key"]] = wish["command"]
            return status

    def wait_until(self, holds):
        with self._changed:
            assert self._changed.wait_for(lambda: self.told and holds(self.told), WAIT_S), self.told

    def wait_for(self, n):
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.told) >= n, WAIT_S), self.told
            return [wish["command"] for wish in self.told]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Telling:
    """A served desk and an outbox between it and whom it tells; one life after the other."""

    def __init__(self, folder):
        self.folder, self.exchanges = folder, []
        self.outbox = None

    def exchange(self, *statuses):
        self.exchanges.append(Exchange(*statuses))
        return self.exchanges[-1]

    def begin(self, served, **exchanges):
        receivers = {name: HttpReceiver(each.url, KEY) for name, each in exchanges.items()}
        source, pace = OutboxLog(served.desk), Pace(first_ms=1, last_ms=5)
        outbox = self.outbox = Outbox(
            source, receivers, say=lambda _text: None, pace=pace, rhythm=OFTEN
        )
        served.desk.live.journal.listeners.append(lambda _records: outbox.wake())
        outbox.start()
        return outbox


@pytest.fixture
def telling(tmp_path):
    made = Telling(tmp_path)
    yield made
    for exchange in made.exchanges:
        exchange.close()


@pytest.fixture
def told(telling, tmp_path):
    """A served desk, an exchange, and a function that starts the outbox between them."""
    with Served(tmp_path) as served:

        def begin(*statuses):
            exchange = telling.exchange(*statuses)
            return served, exchange, telling.begin(served, phone=exchange)

        begin.served = served
        yield begin
        telling.outbox.stop()


def test_what_a_seat_does_with_a_line_is_told_in_order(told):
    served, exchange, _ = told()
    with served.client("call_taker") as client:
        client.done("LogOnSeat", seat_id="A", person="王", extension="8001")
        call_id = client.made(
            "RegisterCall", "call_id", line="110", caller_number="13800001111", phone_id="p/1"
        )
        client.done("AnswerCall", call_id=call_id, seat_id="A")
        client.done("HoldCall", call_id=call_id)
        client.done("ResumeCall", call_id=call_id)
        client.done("AddParty", call_id=call_id, kind="interpreter", name="译员", number="8700")
        client.done("HangUpCall", call_id=call_id, by="desk")
    commands = exchange.wait_for(5)
    assert commands == ["answer", "hold", "resume", "add_party", "hang_up"]
    assert exchange.told[0]["extension"] == "8001"
    assert len({wish["key"] for wish in exchange.told}) == 5


def test_a_call_back_is_dialled_and_a_text_reports_back(told):
    served, exchange, _ = told()
    with served.client("call_taker") as client, served.stream("call_taker") as stream:
        call_id = client.made("RegisterCall", "call_id", line="110", caller_number="13800001111")
        client.done("HangUpCall", call_id=call_id)
        client.done("CallBack", call_id=call_id, seat_id="A")
        client.done("SendText", call_id=call_id, text="110 请回电")
        assert exchange.wait_for(2) == ["call_back", "text"]
        assert exchange.told[0]["number"] == "13800001111"
        row = {"texts": []}
        while not any(line["outcome"] for line in row["texts"]):
            for change in stream.next_frame()["changes"]:
                if change["key"] == call_id:
                    row = change["row"]
        assert row["texts"][0]["outcome"] == "delivered"


def test_a_line_is_hung_up_and_a_text_goes_out_though_the_incident_is_closed(told):
    served, exchange, _ = told()
    lat, lon = corner(4, 5)
    with served.client() as client:
        call_id = client.made(
            "RegisterCall", "call_id", line="110", caller_number="13800001111", phone_id="p/1"
        )
        client.done("AnswerCall", call_id=call_id, seat_id="A")
        incident_id = client.made(
            "OpenIncident", "incident_id", call_id=call_id, type_code=LOCKSMITH, lat=lat, lon=lon
        )
        client.done("SettleByPhone", incident_id=incident_id, disposition="by_phone")
        client.done("ReviewIncident", incident_id=incident_id, reviewer_id="r1")
        client.done("CloseIncident", incident_id=incident_id)
        client.done("HangUpCall", call_id=call_id)
        client.done("SendText", call_id=call_id, text="110 已办结")
    assert exchange.wait_for(3) == ["answer", "hang_up", "text"]
    assert exchange.told[1]["call"] == "1"
    assert exchange.told[2]["number"] == "13800001111"


def test_what_a_failing_exchange_did_not_take_is_told_again_with_the_same_key(told):
    served, exchange, _ = told(500, 503)
    with served.client("call_taker") as client:
        call_id = client.made(
            "RegisterCall", "call_id", line="110", caller_number="138", phone_id="p/1"
        )
        client.done("AnswerCall", call_id=call_id, seat_id="A")
    exchange.wait_for(3)
    assert len({wish["key"] for wish in exchange.told}) == 1


def test_what_the_telephones_told_themselves_is_not_told_back(told):
    served, exchange, _ = told()
    for event_no, kind in ((1, "ring"), (2, "answer"), (3, "hold")):
        served.submit(
            ReportPhoneEvent(
                pbx_id="p", phone_call_id="1", event_no=event_no, kind=kind, device_at_ms=0
            )
        )
    with served.client("call_taker") as client:
        client.done("ResumeCall", call_id="C1")
    assert exchange.wait_for(1) == ["resume"]
    assert (exchange.told[0]["pbx"], exchange.told[0]["call"]) == ("p", "1")


def test_a_worker_that_never_ran_before_tells_nothing_of_the_past(told):
    served = told.served
    with served.client("call_taker") as client:
        call_id = client.made(
            "RegisterCall", "call_id", line="110", caller_number="138", phone_id="p/1"
        )
        client.done("AnswerCall", call_id=call_id, seat_id="A")
        _, exchange, _ = told()
        client.done("HoldCall", call_id=call_id)
    assert exchange.wait_for(1) == ["hold"]


def test_one_call_that_hangs_does_not_hold_up_another(told):
    served, exchange, _ = told()
    exchange.refuse = lambda wish: wish["call_id"] == "C1"
    with served.client("call_taker") as client:
        for call_id in ("C1", "C2"):
            client.done("RegisterCall", line="110", caller_number="138", phone_id=f"p/{call_id}")
            client.done("AnswerCall", call_id=call_id, seat_id=f"S{call_id}")
            client.done("HoldCall", call_id=call_id)
        exchange.wait_until(lambda told: [w["command"] for w in told if w["call_id"] == "C2"][1:])
        assert {w["command"] for w in exchange.told if w["call_id"] == "C1"} == {"answer"}
        exchange.refuse = lambda _wish: False
        exchange.wait_until(
            lambda told: {"call_id": "C1", "command": "hold"}.items() <= told[-1].items()
        )


def test_a_killed_outbox_goes_on_after_a_restart_and_each_is_done_once(telling, tmp_path):
    flaky = telling.exchange()
    flaky.refuse = lambda _wish: True
    with Served(tmp_path) as served, served.client("call_taker") as client:
        telling.begin(served, phone=flaky)
        client.done("RegisterCall", line="110", caller_number="138", phone_id="p/1")
        client.done("AnswerCall", call_id="C1", seat_id="A")
        client.done("HoldCall", call_id="C1")
        flaky.wait_for(2)
        telling.outbox.stop()
    flaky.refuse = lambda _wish: False
    with Served(tmp_path) as served:
        outbox = telling.begin(served, phone=flaky)
        flaky.wait_until(lambda told: told[-1]["command"] == "hold")
        outbox.stop()
        assert served.desk.live.engine.board.outbox.upto_seq >= 4
    n_told = len(flaky.told)
    assert list(flaky.done.values()) == ["answer", "hold"]
    with Served(tmp_path) as served:
        outbox = telling.begin(served, phone=flaky)
        with served.client("call_taker") as client:
            client.done("ResumeCall", call_id="C1")
        flaky.wait_until(lambda told: told[-1]["command"] == "resume")
        outbox.stop()
    assert len(flaky.told) == n_told + 1


def test_a_service_that_refuses_is_a_letter_that_a_person_repeats(telling, tmp_path):
    fire_brigade = telling.exchange(404)
    lat, lon = corner(5, 3)
    with Served(tmp_path) as served:
        outbox = telling.begin(served, **{"119": fire_brigade})
        with served.client() as client, served.stream() as stream:
            incident_id = client.made(
                "OpenIncident", "incident_id", type_code=FIRE, narrative="二楼冒烟"
            )
            client.done("PlaceIncident", incident_id=incident_id, lat=lat, lon=lon, address="8 号")
            letter = stream.row("letters")
            assert (letter["channel"], letter["why"], letter["status"]) == ("119", "refused", 404)
            alarms = client.board()["views"]["alarms"]
            assert f"agency_untold:{letter['request_id']}" in alarms
            figures = LiveFigures(lambda: outbox)
            figures.follow(served.desk.live)
            lines = figures.lines()
            assert 'kuaifan_outbox_dead_letters{channel="119"} 1' in lines
            assert 'kuaifan_outbox_settled_total{channel="119",outcome="refused"} 1' in lines
            assert 'kuaifan_outbox_waiting{channel="119"} 0' in lines
            client.done("RepeatEffect", effect_id=letter["effect_id"])
            assert stream.gone("letters") == letter["effect_id"]
            assert client.order("RepeatEffect", effect_id=letter["effect_id"]).status_code == 409
        first, again = fire_brigade.told
        assert first == again
        assert (first["command"], first["address"], first["lat"]) == ("request", "8 号", lat)
        assert "冒烟" not in str(first)
        outbox.stop()


def test_services_are_read_from_a_file_or_refused_in_a_sentence(tmp_path):
    (tmp_path / "119.key").write_text("0123456789abcdef")
    file = tmp_path / "services.toml"
    file.write_text('[119]\nurl = "https://fire.example/kuaifan"\nkey_file = "119.key"\n')
    assert read_services(file)["119"].where == "fire.example:443"
    for text, wrong in (
        ("[118]\nurl = 1", "there is no service 118"),
        ('[119]\nurl = "http://x"', "needs url and key_file"),
        ("[", "is no TOML"),
    ):
        file.write_text(text)
        with pytest.raises(BadInputError, match=wrong):
            read_services(file)
    with pytest.raises(BadInputError, match="cannot be read"):
        read_services(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    "url", ["pbx:8088", "ftp://pbx/x", "http://", "http://pbx:99999", "http://pbx/接口"]
)
def test_an_address_that_is_none_is_refused_in_a_sentence(url):
    with pytest.raises(BadInputError, match="is no address"):
        HttpReceiver(url, KEY)
