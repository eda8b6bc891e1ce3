"""The stream as screens live it (事件流): resumed, reset, masked, never held up by a slow one."""

import contextlib
import socket
import threading

import httpx
import pytest
from toy_city import FIGHT, UNITS, corner
from web_desk import ROLES, WAIT_S, Served, apply_frame, raw_stream

from kuaifan.web.stream import MAX_BACKLOG

PLACE = dict(zip(("lat", "lon"), corner(4, 5), strict=True))
NUMBER = "13812345678"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with Served(tmp_path_factory.mktemp("desk")) as desk:
        desk.man(*UNITS)
        yield desk


@pytest.fixture
def client(served):
    with served.client() as each:
        yield each


def lead_a_life(client):
    """One incident from the ring to the close; returns the seq of the last record."""
    call_id = client.made("RegisterCall", "call_id", line="110", caller_number=NUMBER)
    client.done("AnswerCall", call_id=call_id, seat_id="s1")
    about = {"type_code": FIGHT, "call_id": call_id, "narrative": f"打架 {NUMBER}"}
    incident_id = client.made("OpenIncident", "incident_id", **about, **PLACE)
    client.done("HangUpCall", call_id=call_id)
    free = [key for key, row in client.get("/v1/units").json().items() if not row["order_id"]]
    order_id = client.made("AssignUnit", "order_id", incident_id=incident_id, unit_id=free[0])
    client.done("ReportHandled", order_id=order_id)
    feedback = {"disposition": "handled", "story": NUMBER}
    client.done("GiveFeedback", order_id=order_id, incident_id=incident_id, **feedback)
    client.done("ReviewIncident", incident_id=incident_id, reviewer_id="r1")
    return client.done("CloseIncident", incident_id=incident_id)["seq"]


@pytest.mark.parametrize("role", ROLES)
def test_a_board_and_the_stream_after_it_are_the_board_of_later(served, client, role):
    with served.client(role) as viewer:
        board = viewer.board()
        with served.stream(role, after=board["seq"]) as stream:
            seq = lead_a_life(client)
            for frame in stream.frames_until(seq):
                apply_frame(board["views"], frame)
            now = viewer.board()
    assert now["seq"] == seq
    assert board["views"] == now["views"]


def test_a_stream_that_was_cut_goes_on_without_gap_or_repeat(served, client):
    start = client.board()["seq"]
    seen = []
    last_id = start
    for _ in range(4):
        with served.stream(last_event_id=last_id) as stream:
            seq = client.done("RegisterCall", line="110")["seq"]
            # Cut off in the middle: the next record is made while nobody listens.
            seen += [frame["seq"] for frame in stream.frames_until(seq)]
            last_id = stream.last_id
        client.done("RegisterCall", line="122")
    with served.stream(last_event_id=last_id, after=start) as stream:
        seen += [frame["seq"] for frame in stream.frames_until(client.board()["seq"])]
    assert seen == sorted(set(seen))
    with served.stream(after=start) as stream:
        whole = stream.frames_until(client.board()["seq"])
    keys = {change["key"] for frame in whole for change in frame["changes"]}
    assert len([key for key in keys if key.startswith("C")]) == 8


def test_the_first_frame_of_a_late_screen_has_all_it_missed_in_one(served, client):
    before = client.board()
    seq = lead_a_life(client)
    with served.stream(after=before["seq"]) as stream:
        frame = stream.next_frame()
    assert frame["seq"] == seq
    apply_frame(before["views"], frame)
    assert before["views"] == client.board()["views"]


@pytest.mark.parametrize("after", [10**9, "5000-7"])
def test_a_screen_of_another_log_is_told_to_load_the_board(served, after):
    with served.stream(after=after) as stream:
        stream.next_named("reset")


def test_a_screen_too_far_behind_is_told_to_load_the_board(tmp_path):
    with Served(tmp_path) as desk, desk.client() as client:
        start = client.board()["seq"]
        for n in range(MAX_BACKLOG + 1):
            desk.desk.store.built(None, n, [])
        with desk.stream(after=start) as stream:
            stream.next_named("reset")


def test_after_a_restart_every_screen_loads_the_board_and_goes_on_from_there(tmp_path):
    with Served(tmp_path) as first, first.client() as client:
        seq = client.done("RegisterCall", line="110")["seq"]
    with Served(tmp_path) as second, second.client() as client:
        assert list(client.board()["views"]["calls"]) == ["C1"]
        for seen in (seq, seq - 1):
            with second.stream(after=seen) as stream:
                stream.next_named("reset")
        start = client.board()["seq"]
        assert start > seq
        with second.stream(after=start) as stream:
            client.done("RegisterCall", line="110")
            assert stream.next_frame()["seq"] > start


@pytest.mark.parametrize("after", ["abc", "1-2-3", "-1", "1" * 30])
def test_a_cursor_that_cannot_be_read_is_malformed(client, after):
    reply = client.get("/v1/events", params={"after": after})
    assert reply.status_code == 422
    assert "after" in reply.json()["reason_en"]


def test_positions_and_the_clock_come_at_once_and_again(served):
    with served.stream() as stream:
        first, second = stream.next_named("positions"), stream.next_named("positions")
        assert first["at_ms"] <= second["at_ms"]
        assert set(second["unit_ids"]) == set(UNITS)
        assert len(second["lat"]) == len(second["fix_at_ms"]) == len(UNITS)
        assert stream.next_named("clock")["now_ms"] > 0


def test_a_crew_sees_its_own_marker_and_units_only(served, client):
    with served.client("crew", "P2") as crew, served.stream("crew", "P2") as stream:
        assert stream.next_named("positions")["unit_ids"] == ["P2"]
        board = crew.board()
    assert list(board["views"]["units"]) == ["P2"]
    assert board["positions"]["unit_ids"] == ["P2"]
    assert board["views"]["circles"] == {}
    assert client.get("/v1/units/P2").json()["unit_id"] == "P2"


@pytest.mark.parametrize("role", ["wall", "commander"])
def test_no_number_reaches_wall_or_commander_by_any_way(served, client, role):
    with served.client(role) as viewer:
        start = viewer.board()["seq"]
        open_call = client.made("RegisterCall", "call_id", line="110", caller_number=NUMBER)
        about = {"type_code": FIGHT, "call_id": open_call, "narrative": NUMBER, "address": NUMBER}
        incident_id = client.made("OpenIncident", "incident_id", **about, **PLACE)
        seq = lead_a_life(client)
        with served.stream(role, after=start) as stream:
            frames = stream.frames_until(seq)
        told = [
            str(frames),
            viewer.get("/v1/board").text,
            viewer.get("/v1/incidents").text,
            viewer.get(f"/v1/incidents/{incident_id}").text,
            viewer.get(f"/v1/incidents/{incident_id}/timeline").text,
            viewer.get(f"/v1/incidents/{incident_id}/nearby").text,
            viewer.get(f"/v1/calls/{open_call}").text,
            viewer.order("UpdateCall", call_id=open_call, caller_number=NUMBER).text,
            viewer.order("CloseIncident", incident_id=incident_id).text,
        ]
    assert "C" in told[0]
    for text in told:
        assert NUMBER not in text
    assert NUMBER in client.get(f"/v1/calls/{open_call}").text


def test_a_crew_reads_of_its_own_incidents_only(served, client):
    incident_id = client.made("OpenIncident", "incident_id", type_code=FIGHT, **PLACE)
    paths = [f"/v1/incidents/{incident_id}{rest}" for rest in ("", "/timeline", "/recommendation")]
    with served.client("crew", "P3") as crew:
        assert [crew.get(path).status_code for path in paths] == [404, 404, 404]
        order_id = client.made("AssignUnit", "order_id", incident_id=incident_id, unit_id="P3")
        assert [crew.get(path).status_code for path in paths] == [200, 200, 200]
        client.done("WithdrawUnit", order_id=order_id, reason="r")
        assert crew.get(paths[0]).status_code == 404


def test_a_screen_that_stops_reading_is_dropped_and_slows_nobody(tmp_path):
    with Served(tmp_path, max_queued=8) as desk, desk.client() as client:
        quiet = raw_stream(desk.port)
        while len(desk.web.pump.screens) < 1:
            client.get("/healthz")
        incident_id = client.made("OpenIncident", "incident_id", type_code=FIGHT, **PLACE)
        with desk.stream(after=client.board()["seq"]) as stream:
            reader = Reader(stream)
            while desk.web.pump.n_cut == 0:
                about = {"incident_id": incident_id, "narrative": "长" * 3_900}
                client.done("UpdateIncident", **about)["seq"]
            # The other screen has missed nothing, and the quiet one's connection is gone.
            assert reader.has_seen(client.done("RegisterCall", line="110")["seq"])
            assert len(desk.web.pump.screens) == 1
        assert is_ended(quiet)
        quiet.close()


def test_a_reader_of_http_1_0_gets_the_frames_without_chunks(served, client):
    with socket.create_connection(("127.0.0.1", served.port), WAIT_S) as old:
        old.sendall(b"GET /v1/events HTTP/1.0\r\n\r\n")
        lines = old.makefile("rb")
        while lines.readline() != b"\r\n":
            pass
        assert lines.readline() == b"retry: 1000\n"
        seq = client.done("RegisterCall", line="110")["seq"]
        got = b""
        while b"id: %d\n" % seq not in got:
            got += lines.readline()
        assert b"\r\n" not in got


class Reader:
    """Reads a stream all the while, as a browser does."""

    def __init__(self, stream):
        self._stream, self._seen, self._condition = stream, 0, threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with contextlib.suppress(EOFError, httpx.HTTPError):
            while True:
                frame = self._stream.next_frame()
                with self._condition:
                    assert frame["seq"] > self._seen
                    self._seen = frame["seq"]
                    self._condition.notify_all()

    def has_seen(self, seq):
        with self._condition:
            return self._condition.wait_for(lambda: self._seen >= seq, WAIT_S)


def is_ended(connection):
    """Whether the other side has ended a connection, once what was on its way is read."""
    connection.settimeout(WAIT_S)
    with contextlib.suppress(ConnectionResetError):
        while connection.recv(1 << 20):
            pass
    return True
