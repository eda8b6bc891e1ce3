"""A served invented city for browsers (浏览器测试台): `kuaifan serve` itself, on a free port.

with ServedCity(city_dir, tmp_path) as desk:
    desk.man(12)
    incident_id = desk.open_incident(priority=1)
"""

from __future__ import annotations

import select
import socket
import threading
import time
from contextlib import suppress

import httpx
from toy_city import fix_batch

from kuaifan.app.serve import ServeOptions, Service, Wiring
from kuaifan.kernel.inbox import LiveInbox, SteadyClock
from kuaifan.vocabulary.unit import StartShift
from kuaifan.web.server import WebServer, bind

WAIT_S = 20
CLOCKS = {"wall": time.time, "monotonic": time.monotonic}


class ServedCity:
    """A desk of an invented city; speed: how fast its clock runs; boards: how they are kept."""

    def __init__(self, city_dir, folder, *, speed=1.0, boards=None, door=None):
        log = folder / "log.db"
        options = ServeOptions(city=city_dir, log=log, port=0, boards=boards, door=door)
        self._ahead_s = 0.0
        clocks = {name: self._ahead(of) for name, of in CLOCKS.items()}
        wiring = Wiring(
            make_inbox=lambda last_at_ms: LiveInbox(
                SteadyClock(start_ms=last_at_ms or None, speed=speed, **clocks)
            )
        )
        self.service = Service(options, wiring)
        self.desk = self.service.desk
        listener = bind("127.0.0.1", 0)
        self.port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._listening = threading.Event()
        self._server = WebServer(self.service.app, listener, on_listening=self._listening.set)
        self._thread = threading.Thread(target=self._server.run_here, name="web")
        self.http = httpx.Client(base_url=self.url, timeout=WAIT_S)

    def __enter__(self):
        self._thread.start()
        assert self._listening.wait(WAIT_S)
        return self

    def __exit__(self, *_error):
        self.http.close()
        self._server.stop()
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()
        self.service.stop()

    def _ahead(self, read_s):
        return lambda: read_s() + self._ahead_s

    def pass_s(self, seconds):
        """So many seconds of the desk's own time go by at once."""
        self._ahead_s += seconds

    @property
    def reference(self):
        return self.desk.reference

    @property
    def centre(self):
        centre = self.city()["centre"]
        return centre["lat"], centre["lon"]

    @property
    def hour_class(self):
        """Which hours the roads are in now."""
        return self.desk.road_changes().hour_class

    def city(self):
        return self.http.get("/v1/city").json()

    def board(self):
        return self.http.get("/v1/board", params={"role": "dispatcher"}).json()

    def incident(self, incident_id):
        return self.board()["views"]["incidents"][incident_id]

    def man(self, n_units=12):
        """Units on duty at their posts; returns their ids."""
        unit_ids = list(self.reference.units)[:n_units]
        now_ms = self.desk.clock()[0]
        posts = [self.reference.posts[self.reference.units[each].home_post_id] for each in unit_ids]
        fixes = [
            (unit_id, post.lat, post.lon, 0.0, now_ms)
            for unit_id, post in zip(unit_ids, posts, strict=True)
        ]
        self._submit(fix_batch(*fixes, reference=self.reference))
        for unit_id in unit_ids:
            self._submit(StartShift(unit_id=unit_id, n_officers=2))
        return unit_ids

    def move(self, unit_id, lat, lon, *, speed_mps=0.0):
        """A fix of one unit."""
        fix = (unit_id, lat, lon, speed_mps, self.desk.clock()[0])
        self._submit(fix_batch(fix, reference=self.reference))

    def done(self, name, **fields):
        """Submit a command that must be accepted; returns its first event."""
        reply = self.http.post(f"/v1/commands/{name}", json=fields)
        assert reply.status_code == 200, reply.text
        return reply.json()["events"][0]

    def open_incident(self, *, priority=2, north_m=0, east_m=0, type_code=None, **fields):
        """An incident in the middle of the city, or so far off it; returns its id."""
        lat, lon = self.centre
        body = {
            "type_code": type_code or self.type_code(priority),
            "narrative": "测试警情",
            "address": "人民路 1 号",
            "lat": lat + north_m / 111_320,
            "lon": lon + east_m / 93_000,
        }
        return self.done("OpenIncident", **{**body, **fields})["incident_id"]

    def type_code(self, priority, n_units=1):
        """A type that is dispatched at once, of a priority, for so many units."""
        types = self.reference.types.values()
        # Of no special seat, which would owe something for it before it can be closed.
        fits = (t for t in types if t.priority == priority and t.seat == "general")
        return next(t.code for t in fits if t.needs_units and t.min_units == n_units)

    def _submit(self, payload):
        return self.desk.live.submit(payload, actor="test").wait(WAIT_S)


class CuttableLine:
    """A line to the server that can be cut and mended: a plain TCP relay on its own port."""

    def __init__(self, port):
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._is_cut = self._is_over = False
        self._thread = threading.Thread(target=self._relay, name="line", daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._is_over = True
        self._thread.join(WAIT_S)
        self._listener.close()
        self.cut()

    def cut(self):
        """Every open connection breaks, and new ones break at once."""
        self._is_cut = True
        for pair in [*self._pairs]:
            self._drop(pair)

    def mend(self):
        self._is_cut = False

    def _relay(self):
        while not self._is_over:
            ends = [end for pair in self._pairs for end in pair]
            with suppress(OSError, ValueError):
                ready, _, _ = select.select([self._listener, *ends], [], [], 0.05)
                for end in ready:
                    self._accept() if end is self._listener else self._pass_on(end)

    def _accept(self):
        near, _ = self._listener.accept()
        if self._is_cut:
            near.close()
            return
        self._pairs.append((near, socket.create_connection(("127.0.0.1", self._port))))

    def _pass_on(self, end):
        pair = next((pair for pair in self._pairs if end in pair), None)
        if pair is None:  # cut in the meantime
            return
        other = pair[1] if end is pair[0] else pair[0]
        try:
            data = end.recv(1 << 16)
            other.sendall(data)
        except OSError:
            data = b""
        if not data:
            self._drop(pair)

    def _drop(self, pair):
        for end in pair:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        with suppress(ValueError):
            self._pairs.remove(pair)
