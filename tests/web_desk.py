"""A served toy city (网页测试台): a real engine, log and web server on a free port, and clients.

with Served(tmp_path) as served:
    with served.client("dispatcher") as client:
        call_id = client.done("RegisterCall", line="110")["events"][0]["call_id"]
    with served.stream(after=0) as stream:
        stream.frame_with("calls", call_id)
"""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager

import httpx
import msgspec
from toy_city import UNITS, fix_batch, toy_reference

from kuaifan.app.case_search import CaseFinder
from kuaifan.app.incident_history import IncidentHistory
from kuaifan.app.known_incidents import KnownIncidents
from kuaifan.app.live import LiveEngine
from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.person_desk import PersonDesk
from kuaifan.app.rules import asked_commands, inner_commands
from kuaifan.app.served_seats import installed_public_page, installed_seats
from kuaifan.vocabulary.unit import StartShift
from kuaifan.web.app import WebApp
from kuaifan.web.desk import Parts
from kuaifan.web.server import WebServer, bind

WAIT_S = 20
BUFFER_BYTES = 65_536
ROLES = ("call_taker", "dispatcher", "commander", "crew", "wall", "admin")
SERVED_COMMANDS = asked_commands()
DEFAULT_UNIT = "P1"


class Served:
    """A desk with its web server, from entering to leaving."""

    def __init__(
        self,
        folder,
        *,
        make_engine=None,
        reopen_s=0.05,
        make_routes=None,
        reference=None,
        make_door=None,
        **parts,
    ):
        self.log, self.reference = folder / "log.db", reference or toy_reference()
        self.crashed = threading.Event()
        self.desk = LiveDesk(
            make_engine or self.open_engine,
            self.reference,
            on_crash=self.crashed.set,
            reopen_s=reopen_s,
        )
        known = KnownIncidents(self.desk)
        card = {"name": "toy", "posts": []}
        about = {
            "city_card": card,
            "history": IncidentHistory(self.desk, known),
            "search": CaseFinder(self.desk, known),
            "export_person": PersonDesk(self.desk),
        }
        about |= {"inner": inner_commands(), "public_page": installed_public_page(), **parts}
        if make_door is not None:
            about["door"] = make_door(self.desk, self.log)
        about.setdefault("seats", installed_seats())
        routes = make_routes(self.desk) if make_routes else ()
        self.parts = Parts(desk=self.desk, commands=asked_commands(), more_routes=routes, **about)
        self.web = WebApp(self.parts)
        self._listening = threading.Event()
        listener = bind("127.0.0.1", 0)
        # Small, so that a screen that does not read is noticed soon.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        self.port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = WebServer(self.web, listener, on_listening=self._listening.set)
        self._thread = threading.Thread(target=self._server.run_here, name="web")

    def open_engine(self):
        return LiveEngine(self.log, self.reference)

    def __enter__(self):
        self.desk.start()
        self._thread.start()
        assert self._listening.wait(WAIT_S)
        return self

    def __exit__(self, *_error):
        self._server.stop()
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()
        self.desk.stop()

    def client(self, role="dispatcher", unit_id=DEFAULT_UNIT):
        return Client(self.url, role, unit_id)

    @contextmanager
    def stream(self, role="dispatcher", unit_id=DEFAULT_UNIT, *, after=None, last_event_id=None):
        """An open stream of events; after: the seq to go on from."""
        params = {} if after is None else {"after": str(after)}
        headers = _headers(role, unit_id)
        if last_event_id is not None:
            headers["Last-Event-ID"] = str(last_event_id)
        timeout = httpx.Timeout(WAIT_S)
        with (
            httpx.Client(timeout=timeout) as client,
            client.stream("GET", self.url + "/v1/events", params=params, headers=headers) as reply,
        ):
            assert reply.status_code == 200, reply.read()
            yield Stream(reply)

    def man(self, *unit_ids):
        """Units on duty, each at its post."""
        for unit_id in unit_ids:
            post = toy_reference().posts[UNITS[unit_id][1]]
            fix = (unit_id, post.lat, post.lon, 0.0, self.desk.clock()[0])
            self.submit(fix_batch(fix))
            self.submit(StartShift(unit_id=unit_id, n_officers=2))

    def submit(self, payload, actor="test"):
        return self.desk.live.submit(payload, actor=actor).wait(WAIT_S)


class Client(httpx.Client):
    """A client of one role."""

    def __init__(self, url, role, unit_id):
        super().__init__(base_url=url, headers=_headers(role, unit_id), timeout=WAIT_S)

    def order(self, command, *, key=None, seen_seq=None, **fields):
        """Submit a command by name and return the response."""
        headers = {}
        if key is not None:
            headers["Idempotency-Key"] = key
        if seen_seq is not None:
            headers["If-Match"] = str(seen_seq)
        return self.post(f"/v1/commands/{command}", json=fields, headers=headers)

    def done(self, command, **fields):
        """Submit a command that must be accepted and return its answer."""
        reply = self.order(command, **fields)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def made(self, command, field, **fields):
        """Submit a command and return a field of its first event."""
        return self.done(command, **fields)["events"][0][field]

    def board(self):
        reply = self.get("/v1/board")
        assert reply.status_code == 200, reply.text
        return reply.json()


class Stream:
    """Frames as they come; waits for the one wanted, never for a time."""

    def __init__(self, reply):
        self._lines = reply.iter_lines()
        self.last_id = None

    def next_event(self):
        """(event name, data) of the next event."""
        name, data = "message", None
        for line in self._lines:
            if not line and data is not None:
                return name, json.loads(data)
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data = value
            elif field == "id":
                self.last_id = value
        raise EOFError("the stream ended")

    def next_frame(self):
        """The next frame of changes."""
        return self.next_named("message")

    def row(self, view):
        """The next row of a view that comes or changes."""
        return self._change(view, lambda row: row is not None)["row"]

    def gone(self, view):
        """The key of the next row of a view that leaves."""
        return self._change(view, lambda row: row is None)["key"]

    def _change(self, view, fits):
        while True:
            for change in self.next_frame()["changes"]:
                if change["view"] == view and fits(change["row"]):
                    return change

    def next_named(self, wanted):
        while True:
            name, data = self.next_event()
            if name == wanted:
                return data

    def frames_until(self, seq):
        """Frames up to and with a seq."""
        frames = [self.next_frame()]
        while frames[-1]["seq"] < seq:
            frames.append(self.next_frame())
        return frames


def apply_frame(views, frame):
    """What the console's reducer does."""
    for change in frame["changes"]:
        if change["row"] is None:
            views[change["view"]].pop(change["key"], None)
        else:
            views[change["view"]][change["key"]] = change["row"]


def raw_stream(port, path="/v1/events"):
    """A socket that has asked for the stream and reads nothing of it."""
    quiet = socket.socket()
    quiet.settimeout(WAIT_S)
    quiet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    quiet.connect(("127.0.0.1", port))
    quiet.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return quiet


def plain(value):
    """A struct as the JSON that a client sees."""
    return json.loads(msgspec.json.encode(value))


def _headers(role, unit_id):
    headers = {"X-Kuaifan-Role": role, "X-Kuaifan-Seat": f"{role}-1"}
    if role == "crew":
        headers["X-Kuaifan-Unit"] = unit_id
    return headers
