"""Serving a desk (启动服务): city folder, reference, engine, web; kernels once people are served.

The order is that of what can fail and of what people wait for: the port first, then the log, then
the first answer; whatever takes longer comes after it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from importlib import resources
from pathlib import Path
from socket import socket
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from kuaifan.app.ahead_desk import AheadDesk
from kuaifan.app.call_aid import CallAid
from kuaifan.app.case_search import CaseFinder
from kuaifan.app.checkpoint_keeper import CheckpointKeeper
from kuaifan.app.city_card import basemap_path, make_city_card, make_settled_card
from kuaifan.app.collector import settle_down
from kuaifan.app.continuity_keeper import BoardKeeper, ContinuityOptions
from kuaifan.app.door import DoorOptions, ServedDoor
from kuaifan.app.eraser import Eraser, ErasureKeeper
from kuaifan.app.gazetteer import find_gazetteer_fault
from kuaifan.app.incident_history import IncidentHistory
from kuaifan.app.known_incidents import KnownIncidents
from kuaifan.app.live import Keeping, LiveEngine
from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.live_figures import LiveFigures
from kuaifan.app.live_photos import LivePhotos
from kuaifan.app.live_positions import open_fix_desk
from kuaifan.app.outbox import make_outbox
from kuaifan.app.person_desk import PersonDesk
from kuaifan.app.phone import PHONE_OPERATIONS, PhoneOptions, phone_routes_of
from kuaifan.app.phone_hour import PhoneHour
from kuaifan.app.place_search import CityPlaces
from kuaifan.app.planner import Planner
from kuaifan.app.policy_desk import PolicyTrials
from kuaifan.app.printing import print_progress
from kuaifan.app.reference import make_reference
from kuaifan.app.rules import asked_commands
from kuaifan.app.served_seats import installed_seats
from kuaifan.app.shadow import Shadow
from kuaifan.app.stand_by import wait_until_free
from kuaifan.app.what_if_desk import WhatIfDesk
from kuaifan.city.city import City
from kuaifan.city.folder import read_city
from kuaifan.city.phones import read_phones
from kuaifan.gateway.outbox import Outbox
from kuaifan.kernel.inbox import LiveInbox
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.record import Record
from kuaifan.store.log_error import LogBusyError
from kuaifan.store.log_place import LogPlace, files_of
from kuaifan.store.photos import default_photo_folder
from kuaifan.store.suite import SuiteName
from kuaifan.vocabulary.outbox import PHONE
from kuaifan.web.app import WebApp
from kuaifan.web.desk import Life, LifeState, Parts, PhoneFigures
from kuaifan.web.server import WebServer, bind
from kuaifan.web.server_options import ServerOptions

OK, FELL_SHORT = 0, 1
AGAIN_S: Final = 1.0
"""Who was to take over and could not (the other was there first, no standby) stands by again."""


class ServeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to serve and where (服务选项).

    stand_by_s: wait for the desk that writes the log to end, or to be silent for so long, and take
    over; None does not wait. door: None stands open, for a demo and a bench only. anchor: a second
    place for the head of the log. accepts_shorter: go on with a log that is shorter than was noted.
    suite: which ciphers a new log has. services_file: where other services are told.
    """

    city: Path
    log: LogPlace
    host: str = "127.0.0.1"
    port: int = 8110
    boards: ContinuityOptions | None = None
    door: DoorOptions | None = None
    phone: PhoneOptions = PhoneOptions()
    services_file: Path | None = None
    server: ServerOptions = ServerOptions()
    stand_by_s: float | None = None
    anchor: Path | None = None
    accepts_shorter: bool = False
    suite: SuiteName | None = None


class Wiring(msgspec.Struct, frozen=True, kw_only=True):
    """What a demo adds to a desk (接线).

    make_inbox: as of LiveEngine. bring_to_life: adds simulated people to an engine that is not
    started yet; called again with the engine that comes after a bad disk.
    """

    make_inbox: Callable[[int], LiveInbox] | None = None
    bring_to_life: Callable[[LiveEngine, City], Life] | None = None


def serve(options: ServeOptions, wiring: Wiring | None = None) -> int:
    """Serve a desk until it is told to stop; exit code 0, or 1 if it broke.

    Raises ValueError in one sentence where it cannot begin.
    """
    options.server.check()
    listener, service = _take_the_desk(options, wiring or Wiring())
    server = WebServer(
        service.app, listener, on_listening=service.on_listening, options=options.server
    )
    service.on_crash = server.stop
    service.on_settled = settle_down
    if fault := find_gazetteer_fault(options.city):
        print_progress(f"note: no place will be found by name: {fault}")
    url = f"{options.server.scheme}://{options.host}:{listener.getsockname()[1]}"
    print_progress(f"{url}  Ctrl-C stops it")
    if service.door is not None:
        service.door.say_first_link(url)
    server.run_here()
    service.stop()
    return FELL_SHORT if service.has_crashed or not server.started else OK


def _take_the_desk(options: ServeOptions, wiring: Wiring) -> tuple[socket, Service]:
    """Open the port and the desk behind it; who stands by waits, and waits again if it was late."""
    while True:
        if options.stand_by_s is not None:
            wait_until_free(options.log, silent_s=options.stand_by_s)
        listener = bind(options.host, options.port)
        try:
            return listener, Service(options, wiring)
        except (LogBusyError, StorageError):
            listener.close()
            if options.stand_by_s is None:
                raise
            time.sleep(AGAIN_S)
        except BaseException:
            listener.close()
            raise


class Service:
    """A desk with its web app (服务)."""

    def __init__(self, options: ServeOptions, wiring: Wiring) -> None:
        self._options, self._wiring = options, wiring
        self._keeping = Keeping(
            take_over_after_s=options.stand_by_s,
            anchor=options.anchor,
            accepts_shorter=options.accepts_shorter,
            suite=options.suite,
        )
        self._city = read_city(options.city)
        self._reference = make_reference(self._city)
        self.life: Life | None = None
        self._phone_key = options.phone.find_key()
        self._phone_hour = PhoneHour()
        self._figures = LiveFigures(lambda: self._outbox)
        self._shadow = Shadow(options.city)
        self._outbox: Outbox | None = None
        self.has_crashed = False
        self.on_crash: Callable[[], None] = lambda: None
        self.on_settled: Callable[[], None] = lambda: None
        if isinstance(options.log, Path):
            options.log.parent.mkdir(parents=True, exist_ok=True)
        self.desk = LiveDesk(self._open_engine, self._reference, on_crash=self._crashed)
        try:
            self._outbox = make_outbox(
                self.desk, options.phone, self._phone_key, options.services_file
            )
            self.desk.start()
            self.boards = self._open_boards(options.boards)
            self.door = _open_door(options, self.desk)
        except BaseException:
            self.desk.stop()
            raise
        if self._outbox is not None:
            self._outbox.start()
        self._fixes = open_fix_desk(self.desk)
        self._open_planning(options)
        self._shadow.start()
        self._checkpoints = CheckpointKeeper(self.desk.open_reader, files_of(options.log))
        self._erasures = ErasureKeeper(
            Eraser(lambda: self.desk.live, self._city.meta.retention_days)
        )
        self.app = WebApp(self._parts())

    def _open_planning(self, options: ServeOptions) -> None:
        """What runs in processes beside the desk: plans, policies, the hour ahead, what-ifs."""
        zone = ZoneInfo(self._city.meta.time_zone)
        self._planner = Planner(
            options.city,
            self.desk,
            n_waiting=self._n_waiting,
            clock_ms=self._clock_ms,
            zone=zone,
        )
        self._planner.start()
        self._policies = PolicyTrials(
            options.city,
            self.desk,
            n_waiting=self._n_waiting,
            clock_ms=self._clock_ms,
            shadow=self._shadow.figures,
        )
        self._policies.start()
        self._ahead = AheadDesk(
            options.city,
            self.desk.save_state,
            n_waiting=self._n_waiting,
            clock_ms=self._clock_ms,
        )
        self._what_if = WhatIfDesk(
            options.city,
            self.desk,
            options.log,
            n_waiting=self._n_waiting,
            clock_ms=self._clock_ms,
            zone=zone,
        )

    def _n_waiting(self) -> int:
        return self.desk.live.inbox.n_waiting

    def _clock_ms(self) -> int:
        return self.desk.clock()[0]

    def on_listening(self) -> None:
        """People are served: now there is time for what is only faster."""
        threading.Thread(target=self._load, name="kernels", daemon=True).start()
        if self.boards is not None:
            self.boards.start()
        if self.door is not None:
            self.door.start()
        self._checkpoints.start()
        self._erasures.start()

    def _load(self) -> None:
        self.on_settled()
        self.desk.load_kernels()
        self.on_settled()

    def stop(self) -> None:
        """Stop the desk, after the web and what still brings positions."""
        self._planner.stop()
        self._policies.stop()
        self._ahead.stop()
        self._what_if.stop()
        self._shadow.stop()
        self._erasures.stop()
        self._checkpoints.stop()
        if self.boards is not None:
            self.boards.stop()
        self._fixes.stop()
        if self.door is not None:
            self.door.stop()
        if self._outbox is not None:
            self._outbox.stop()
        self.desk.stop()

    def _open_engine(self) -> LiveEngine:
        live = LiveEngine(
            self._options.log,
            self._reference,
            make_inbox=self._wiring.make_inbox,
            city_path=str(self._options.city.resolve()),
            keeping=self._keeping,
        )
        # Told once: a log that comes back shorter from a bad disk is another matter.
        self._keeping = msgspec.structs.replace(self._keeping, accepts_shorter=False)
        self._phone_hour.follow(live)
        self._figures.follow(live)
        self._shadow.follow(live)
        live.journal.listeners.append(self._wake_outbox)
        if self._wiring.bring_to_life is not None:
            self.life = self._wiring.bring_to_life(live, self._city)
        return live

    def _open_boards(self, options: ContinuityOptions | None) -> BoardKeeper | None:
        if options is None:
            return None
        zone, phones = ZoneInfo(self._city.meta.time_zone), read_phones(self._options.city)
        return BoardKeeper(self.desk, options, zone=zone, phones=phones)

    def _wake_outbox(self, _records: list[Record]) -> None:
        if self._outbox is not None:
            self._outbox.wake()

    def _phone_figures(self) -> PhoneFigures:
        figures = self._phone_hour.figures(self.desk.store, self.desk.clock()[0])
        if self._outbox is None or PHONE not in self._outbox.channels:
            return figures
        outbox = "troubled" if self._outbox.trouble(PHONE) else "telling"
        return msgspec.structs.replace(figures, outbox=outbox)

    def _crashed(self) -> None:
        self.has_crashed = True
        self.on_crash()

    def _parts(self) -> Parts:
        known = KnownIncidents(self.desk)
        return Parts(
            desk=self.desk,
            commands=asked_commands(),
            city_card=make_city_card(self._city, self._reference),
            find_places=CityPlaces(self._options.city),
            aid=CallAid(self._reference, self._options.city, settled=lambda: self.desk.reference),
            take_positions=self._fixes.take,
            life=None if self.life is None else _LifeOfNow(self),
            history=IncidentHistory(self.desk, known),
            search=CaseFinder(self.desk, known),
            export_person=PersonDesk(self.desk),
            static_dir=static_dir(),
            basemap=basemap_path(self._city),
            rings_min=tuple(sorted(self._city.meta.rings_min)),
            boards=self.boards,
            door=None if self.door is None else self.door.door,
            settled_card=partial(make_settled_card, self._city),
            planner=self._planner,
            seats=installed_seats(),
            policies=self._policies,
            ahead=self._ahead,
            what_if=self._what_if,
            photos=LivePhotos(
                default_photo_folder(files_of(self._options.log)), lambda: self.desk.live.journal
            ),
            more_routes=phone_routes_of(self.desk, self._phone_key),
            operations=PHONE_OPERATIONS,
            phone_figures=self._phone_figures,
            figures=self._figures.lines,
            event_log=self._options.server.make_log(),
        )


def _open_door(options: ServeOptions, desk: LiveDesk) -> ServedDoor | None:
    if options.door is None:
        return None
    return ServedDoor(options.door, files_of(options.log), desk)


class _LifeOfNow:
    """The simulated people of the engine of now: after a bad disk there are others."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def get(self) -> LifeState:
        """What is on."""
        return self._people().get()

    def set(self, change: LifeState) -> LifeState:
        """Change what is named."""
        return self._people().set(change)

    def _people(self) -> Life:
        assert self._service.life is not None  # noqa: S101 - made only where there are some
        return self._service.life


def static_dir() -> Path:
    """Where the built console lies, whether it is built or not."""
    return Path(str(resources.files("kuaifan.web"))) / "static"
