"""Who speaks to a simulated desk (仿真外界): consoles, telephones, radios, screens; and the net.

A console repeats what it was not answered, with the same key. Telephone events come doubled and
out of order, positions late and doubled. Requests and replies are lost or doubled on the way.
"""

from __future__ import annotations

import msgspec
from random_lives import ACTIONS
from simulated_oracle import promise
from simulated_process import MAX_QUEUED
from toy_city import POSTS, UNITS, corner

from kuaifan.gateway.phone_message import read_message
from kuaifan.gateway.phone_plan import PhonePlan, plan_calls
from kuaifan.gateway.phone_web import sender_of
from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.vocabulary.position import PositionReport
from kuaifan.vocabulary.unit import StartShift
from kuaifan.web.masking import masked_row
from kuaifan.web.view_store import Cursor
from kuaifan.web.viewer import Viewer

MAX_OPEN = 10
N_CALLS = 4
SCREENS = (Viewer("dispatcher"), Viewer("wall"), Viewer("crew", "P1"))


class Request:
    """Something that somebody wants done, until they know that it is."""

    def __init__(self, command, actor, key):
        self.command, self.actor, self.key = command, actor, key
        self.is_done = False
        self.n_tries = 0


class Screen:
    """A console's rows, from a snapshot and the frames after it."""

    def __init__(self, viewer):
        self.viewer, self.rows = viewer, {}
        self.line = self.cursor = self.pump = None
        self.is_reading = True

    def read(self, process):
        """Take what waits; come back where the line was cut or the desk is another."""
        if self.line is None or self.line.is_cut or self.pump is not process.pump:
            self.pump = process.pump
            if self.cursor is None:
                self._load(process.store)
            self.line = self.pump.open(self.viewer, self.cursor)
        frames = b"".join(self.line._frames)
        self.line._frames.clear()
        self.line._n_bytes = 0
        for frame in frames.split(b"\n\n"):
            self._take(frame, process.store)

    def check(self, store):
        """What it shows is what a new console would be shown."""
        fresh = snapshot_of(store, self.viewer)
        odd = [place for place in {*fresh, *self.rows} if fresh.get(place) != self.rows.get(place)]
        promise(not odd, f"the {self.viewer.role}'s screen shows other rows: {sorted(odd)[:3]}")

    def _load(self, store):
        self.rows, self.cursor = snapshot_of(store, self.viewer), Cursor(store.cursor.seq)

    def _take(self, frame, store):
        fields = dict(line.split(b": ", 1) for line in frame.split(b"\n") if b": " in line)
        if fields.get(b"event") == b"reset":
            self._load(store)
        elif b"id" in fields:
            self.cursor = Cursor(*map(int, fields[b"id"].split(b"-")))
            for change in msgspec.json.decode(fields[b"data"])["changes"]:
                place = (change["view"], change["key"])
                self.rows.pop(place, None)
                if change["row"] is not None:
                    self.rows[place] = change["row"]


def snapshot_of(store, viewer):
    """The rows of a viewer, as GET /v1/board gives them."""
    _, rows = store.snapshot()
    seen = {
        (view, key): masked_row(viewer, shown) for view in rows for key, shown in rows[view].items()
    }
    return {
        place: msgspec.json.decode(msgspec.json.encode(row))
        for place, row in seen.items()
        if row is not None
    }


class People:
    """Everybody outside (外界); what they do next is drawn from the world's luck."""

    def __init__(self, world):
        self._world, self._rng = world, world.rng
        self.requests = [self._on_duty(unit_id) for unit_id in UNITS]
        self._n_keys = 0
        plan = PhonePlan(n_calls=N_CALLS, seed=world.seed, faults=True)
        self._phone = list(plan_calls(plan))
        self._phone_from_ms = int(world.wall() * 1000)
        self.reports = [self._at_post(unit_id) for unit_id in UNITS]
        self.screens = [Screen(viewer) for viewer in SCREENS]

    def act(self):
        """A console asks for something that mostly fits what it sees."""
        process, rng = self._world.process, self._rng
        if process is None or len(self.requests) >= MAX_OPEN:
            return
        act = ACTIONS[rng.choice(TOLD_OUTSIDE if rng.random() < 0.5 else NAMES)]
        command = act(process.board, rng.randrange(61), rng.randrange(61))
        self._n_keys += 1
        request = Request(command, f"seat-{rng.randrange(3)}", f"k{self._n_keys}")
        self.requests.append(request)
        self.send(request)

    def retry(self):
        """Whoever was not answered asks again with the same key, in any order."""
        if self.requests:
            self.send(self._rng.choice(self.requests))

    def ring(self):
        """The next events of the telephone system whose time has come."""
        past_ms = int(self._world.mono_s * 1000)
        while self._phone and self._phone[0].after_ms <= past_ms:
            posting = self._phone.pop(0)
            at_ms = self._phone_from_ms + posting.after_ms + posting.clock_off_ms
            body = msgspec.json.encode({**posting.message, "at": at_ms})
            command = read_message(body).command
            request = Request(command, *sender_of(command))
            self.requests.append(request)
            self.send(request)

    def report(self):
        """Radios measure; a report may be sent late, twice, or after a later one."""
        process, rng = self._world.process, self._rng
        unit_id = rng.choice(list(UNITS))
        place = corner(rng.randrange(9), rng.randrange(9))
        if process is not None and rng.random() < 0.5:
            placed = [i for i in process.board.incidents.values() if i.is_placed]
            if placed:
                incident = rng.choice(placed)
                place = (incident.lat, incident.lon)
        self.reports.append(self._position(unit_id, *place))
        rng.shuffle(self.reports)
        n_sent = rng.randint(0, len(self.reports))
        sent, self.reports = self.reports[:n_sent], self.reports[n_sent:]
        if sent and rng.random() < 0.3:
            sent.append(sent[0])
        self.send_reports(sent)

    def send_reports(self, reports):
        """Match them onto the roads and hand them in; what was refused is sent again."""
        process = self._world.process
        if process is None or process.is_over:
            self.reports += reports
            return
        _, batch = process.fixes.match(reports, process.now_ms())
        if batch is None:
            return

        def done(_record, error):
            if error is not None:
                process.fixes.forget(reports)
                self.reports += reports[: MAX_OPEN - len(self.reports)]

        try:
            ticket = process.live.submit(batch, actor="gateway")
        except InboxFullError as error:
            done(None, error)
        else:
            ticket.when_done(done)

    def send(self, request):
        """Over the net, which may lose or double the request, and lose the reply."""
        process, rng, loss = self._world.process, self._rng, self._world.loss
        request.n_tries += 1
        if process is None or process.is_over or rng.random() < loss:
            return
        for _ in range(1 + (rng.random() < loss)):
            seen_seq = process.store.cursor.seq if rng.random() < 0.05 else None
            try:
                ticket = process.live.submit(
                    request.command, actor=request.actor, key=request.key, seen_seq=seen_seq
                )
            except InboxFullError:
                continue
            ticket.when_done(lambda record, error: self._answered(request, record, error))

    def read(self):
        """Every screen that reads takes what waits for it."""
        process = self._world.process
        if process is not None:
            process.show()
            for screen in self.screens:
                if screen.is_reading:
                    screen.read(process)

    def stop_reading(self):
        """One screen stops, or goes on."""
        screen = self._rng.choice(self.screens)
        screen.is_reading = not screen.is_reading

    def check_bounds(self):
        """A screen that does not read holds a bounded queue and is cut off."""
        for screen in self.screens:
            if screen.line is not None:
                n_frames = len(screen.line._frames)
                promise(n_frames <= MAX_QUEUED, f"{n_frames} frames wait for one screen")

    def check_screens(self):
        """All screens read again and show the same."""
        process = self._world.process
        for screen in self.screens:
            screen.is_reading = True
        self.read()
        for screen in self.screens:
            screen.check(process.store)

    def _answered(self, request, record, error):
        if error is None:
            self._world.oracle.answered((request.actor, request.key), record)
        elif isinstance(error, StorageError):
            return
        # A stale version and a reply that arrives settle it; a lost reply does not.
        if self._rng.random() >= self._world.loss and not request.is_done:
            request.is_done = True
            self.requests.remove(request)

    def _on_duty(self, unit_id):
        return Request(StartShift(unit_id=unit_id, n_officers=2), "roster", f"on {unit_id}")

    def _at_post(self, unit_id):
        _, spot = POSTS[UNITS[unit_id][1]]
        return self._position(unit_id, *corner(*spot))

    def _position(self, unit_id, lat, lon):
        at_ms = int(self._world.wall() * 1000)
        return PositionReport(unit_id=unit_id, lat=lat, lon=lon, at_ms=at_ms)


TOLD_OUTSIDE = (
    *("open", "text", "text", "ask a service", "ask a service"),
    *("hold", "go on talking", "hang up", "call back"),
)
"""What somebody outside has to be told of; by luck alone it would be done once in ten lives."""
NAMES = [name for name in ACTIONS if name != "so far"]
"""Of consoles; how far the outbox has come only the outbox says, which is here itself."""
