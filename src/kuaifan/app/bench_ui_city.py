"""A served city with many units for `bench ui` (界面基准的城市): they are on duty and they move."""

from __future__ import annotations

import csv
import threading
from pathlib import Path
from typing import Any, Final, Self

import msgspec
import numpy as np

from kuaifan.app.gazetteer import make_gazetteer
from kuaifan.app.serve import ServeOptions, Service, Wiring
from kuaifan.city.check import accept_edits
from kuaifan.city.invent import invent_city
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import Command
from kuaifan.vocabulary.call import AnswerCall, CallRegistered, RegisterCall
from kuaifan.vocabulary.incident import IncidentOpened, OpenIncident
from kuaifan.vocabulary.order import AssignUnit
from kuaifan.vocabulary.unit import FixBatch, StartShift
from kuaifan.web.server import WebServer, bind

SEED: Final = 110
WAIT_S: Final = 30.0
FORCES_FILE: Final = "forces.csv"
N_ROUNDS: Final = 12
"""Places that a unit comes by before it begins anew."""
STEP_DEG: Final = 0.0006
"""Sixty metres or so: what a car drives in five seconds."""
MADE_UP: Final = "测试警情"


class BenchCity:
    """A city of so many units behind a web server of its own, from entering to leaving."""

    def __init__(self, folder: Path, n_units: int) -> None:
        city = folder / "city"
        invent_city(city, seed=SEED, size="small", progress=_say_nothing)
        _multiply_units(city / FORCES_FILE, n_units)
        accept_edits(city)
        make_gazetteer(city, progress=_say_nothing)
        self._service = Service(ServeOptions(city=city, log=folder / "log.db", port=0), Wiring())
        listener = bind("127.0.0.1", 0)
        self.port = listener.getsockname()[1]
        self._is_up = threading.Event()
        self._server = WebServer(self._service.app, listener, on_listening=self._is_up.set)
        self._thread = threading.Thread(target=self._server.run_here, name="web")
        self._reference = self._service.desk.reference
        self.unit_ids = tuple(sorted(self._reference.units))[:n_units]
        self._rounds: list[FixBatch] = []
        self._n_moves = 0

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def street_names(self) -> list[str]:
        """Names that a place search finds, each once."""
        return sorted({name for name in self._reference.network.names if name})

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._is_up.wait(WAIT_S):
            raise BadInputError("the city of the bench was not served in time: try again")
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()
        self._thread.join(WAIT_S)
        self._service.stop()

    def man(self) -> None:
        """Every unit is on duty, near a post."""
        self._rounds = self._make_rounds()
        self.move()
        for unit_id in self.unit_ids:
            self._submit(StartShift(unit_id=unit_id, n_officers=2))

    def move(self) -> None:
        """Every unit is a little further on."""
        batch = self._rounds[self._n_moves % len(self._rounds)]
        self._n_moves += 1
        now_ms = self._service.desk.clock()[0]
        self._submit(msgspec.structs.replace(batch, fix_at_ms=(now_ms,) * len(batch.unit_ids)))

    def ring(self, number: str) -> str:
        """A call rings; returns its id."""
        record = self._submit(RegisterCall(line="110", caller_number=number))
        return _find(record, CallRegistered).call_id  # type: ignore[no-any-return] # the event has it

    def answer(self, call_id: str, seat_id: str) -> None:
        """A seat talks with a caller."""
        self._submit(AnswerCall(call_id=call_id, seat_id=seat_id))

    def open_incident(self) -> str:
        """An incident that one unit is enough for, somewhere in the city; returns its id."""
        types = self._reference.types.values()
        code = next(t.code for t in types if t.needs_units and t.min_units == 1)
        post = list(self._reference.posts.values())[self._n_moves % len(self._reference.posts)]
        self._n_moves += 1
        command = OpenIncident(
            type_code=code, narrative=MADE_UP, address=MADE_UP, lat=post.lat, lon=post.lon
        )
        return _find(self._submit(command), IncidentOpened).incident_id  # type: ignore[no-any-return] # the event has it

    def send(self, incident_id: str) -> str:
        """Send the last unit there, for it to have a task; returns the unit."""
        unit_id = self.unit_ids[-1]
        self._submit(AssignUnit(incident_id=incident_id, unit_id=unit_id))
        return unit_id

    def _make_rounds(self) -> list[FixBatch]:
        rng, posts = np.random.default_rng(1), list(self._reference.posts.values())
        rounds = []
        for _ in range(N_ROUNDS):
            off = rng.uniform(-STEP_DEG, STEP_DEG, (len(self.unit_ids), 2)).tolist()
            places = [
                (posts[i % len(posts)].lat + north, posts[i % len(posts)].lon + east)
                for i, (north, east) in enumerate(off)
            ]
            rounds.append(self._batch(places))
        return rounds

    def _batch(self, places: list[tuple[float, float]]) -> FixBatch:
        n = len(places)
        snapped = [self._reference.snapper.snap_one(*place).position for place in places]
        return FixBatch(
            unit_ids=self.unit_ids,
            fix_at_ms=(0,) * n,
            lat=tuple(lat for lat, _ in places),
            lon=tuple(lon for _, lon in places),
            arc=tuple(each.arc for each in snapped),
            fraction_ppm=tuple(each.fraction_ppm for each in snapped),
            speed_mps=(8.0,) * n,
            heading_deg=(-1,) * n,
        )

    def _submit(self, payload: Command | FixBatch) -> Any:  # noqa: ANN401 - a record, None of an observation
        return self._service.desk.live.submit(payload, actor="bench").wait(WAIT_S)


def _multiply_units(path: Path, n_units: int) -> None:
    """The same crews again under other numbers, until there are enough."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        names, rows = list(reader.fieldnames or []), list(reader)
    crews = [row for row in rows if row["record"] == "unit"]
    for i in range(max(0, n_units - len(crews))):
        crew, turn = crews[i % len(crews)], 2 + i // len(crews)
        rows.append({**crew, "id": f"{crew['id']}-{turn}", "name": f"{crew['name']}-{turn}"})
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _find(record: Any, kind: type) -> Any:  # noqa: ANN401 - the event of that kind
    return next(event for event in record.events if isinstance(event, kind))


def _say_nothing(_text: str) -> None:
    pass
