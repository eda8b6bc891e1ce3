"""What the desk wants of the telephones is told to them: after it is durable, at least once."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from web_desk import WAIT_S, Served

from kuaifan.app.phone import PhoneLog
from kuaifan.gateway.phone_key import HEADER, is_signed
from kuaifan.gateway.phone_outbox import PhoneOutbox
from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.phone import ReportPhoneEvent

KEY = b"0123456789abcdef0123456789abcdef"


class Exchange:
    """A telephone system that writes down what it is told; statuses: its first answers."""

    def __init__(self, *statuses):
        self.told, self.statuses = [], list(statuses)
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
            return self.statuses.pop(0) if self.statuses else 200

    def wait_for(self, n):
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.told) >= n, WAIT_S), self.told
            return [wish["command"] for wish in self.told]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def told(tmp_path):
    """A served desk, an exchange, and a function that starts the worker between them."""
    running = []
    with Served(tmp_path) as served:

        def begin(*statuses):
            exchange = Exchange(*statuses)
            outbox = PhoneOutbox(
                PhoneLog(served.desk),
                exchange.url,
                KEY,
                cursor_file=tmp_path / "log.db.phone",
                say=lambda _text: None,
                first_pause_s=0.01,
            )
            served.desk.live.journal.listeners.append(lambda _records: outbox.wake())
            outbox.start()
            running.append((outbox, exchange))
            return served, exchange, outbox

        begin.served = served
        yield begin
        for outbox, exchange in running:
            outbox.stop()
            exchange.close()


def test_what_a_seat_does_with_a_line_is_told_in_order(told, tmp_path):
    (tmp_path / "log.db.phone").write_text("0")
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


def test_a_call_back_is_dialled_and_a_text_reports_back(told, tmp_path):
    (tmp_path / "log.db.phone").write_text("0")
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


def test_what_a_failing_exchange_did_not_take_is_told_again_with_the_same_key(told, tmp_path):
    (tmp_path / "log.db.phone").write_text("0")
    served, exchange, _ = told(500, 503)
    with served.client("call_taker") as client:
        call_id = client.made(
            "RegisterCall", "call_id", line="110", caller_number="138", phone_id="p/1"
        )
        client.done("AnswerCall", call_id=call_id, seat_id="A")
    exchange.wait_for(3)
    assert len({wish["key"] for wish in exchange.told}) == 1


def test_what_the_telephones_told_themselves_is_not_told_back(told, tmp_path):
    (tmp_path / "log.db.phone").write_text("0")
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


@pytest.mark.parametrize("url", ["pbx:8088", "ftp://pbx/x", "http://"])
def test_an_address_that_is_none_is_refused_in_a_sentence(url, tmp_path):
    with pytest.raises(BadInputError, match="is no address"):
        PhoneOutbox(None, url, KEY, cursor_file=tmp_path / "c", say=print)
