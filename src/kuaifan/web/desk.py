"""What the web is given (接口): the running desk and its city, as far as requests need them.

Everything comes in from app, so that this package knows neither the store nor the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Final, Literal, Protocol, TypeVar

import msgspec
from starlette.routing import BaseRoute

from kuaifan.board.keeping import KeepingPapers
from kuaifan.board.people import BrokenGlass
from kuaifan.board.plan_papers import PlanPapers
from kuaifan.board.public_page import PublicPage
from kuaifan.board.reference import Reference
from kuaifan.board.road_changes import RoadChanges
from kuaifan.board.settings import Settings
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record
from kuaifan.kernel.ticket import Ticket
from kuaifan.vocabulary.facts import Answer
from kuaifan.vocabulary.free_words import ResultTold
from kuaifan.vocabulary.incident import Address
from kuaifan.vocabulary.position import PositionReport
from kuaifan.vocabulary.scripts import Script
from kuaifan.vocabulary.seat_archive import SeatPaper
from kuaifan.vocabulary.suggest_type import Suggested
from kuaifan.web.ahead_looks import AheadLook, WhatIfLook
from kuaifan.web.case_scope import MayMeet, Whose, anybody
from kuaifan.web.continuity import Boards
from kuaifan.web.event_log import EventLog
from kuaifan.web.gate import Door
from kuaifan.web.operation import Operation
from kuaifan.web.person_rows import PersonExport
from kuaifan.web.photo_desk import Photos
from kuaifan.web.planner_desk import PlannerDesk
from kuaifan.web.policy_desk import PolicyDesk
from kuaifan.web.search_rows import CaseSearch
from kuaifan.web.seat_archive_rows import ArchiveLook, ArchiveLooked
from kuaifan.web.seat_rows import SeatHere
from kuaifan.web.view_store import ViewStore

T = TypeVar("T")
MAX_QUEUED: Final = 256
"""Frames that may wait for one screen: over ten seconds of a busy city."""


Routes = tuple[BaseRoute, ...]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the desk can work (健康状态); banner: what to tell everybody, empty when all is well.

    kernels: whether the compiled engines are loaded; the plain ones answer the same until then.
    """

    log: Literal["writable", "refused"]
    engine: Literal["alive", "ended"]
    kernels: Literal["loaded", "loading"]
    seq: int
    banner_zh: str = ""
    banner_en: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether commands are taken."""
        return self.log == "writable" and self.engine == "alive"


class Desk(Protocol):
    """The running desk (运行中的指挥台)."""

    @property
    def store(self) -> ViewStore:
        """The durable rows."""

    @property
    def reference(self) -> Reference:
        """What the rules look up."""

    @property
    def settings(self) -> Settings:
        """What was changed of the city's data, and by whom."""

    @property
    def plans(self) -> PlanPapers:
        """Plans of where to stand that wait, hold or held."""

    def try_out(self, command: Command, look: Callable[[Board, list[Event]], T]) -> Future[T]:
        """Decide a command without any effect, and look at what it would lead to.

        look: called on the engine's thread. The future raises what the rules raise, or Refused.
        """

    def look_at(self, look: Callable[[Board], T]) -> Future[T]:
        """Look at the board, on the engine's thread between two inputs: shortly, and copy."""

    def read_since(self, since_ms: int, each: Callable[[Record], None]) -> int:
        """Hand over the records since an instant, as far back as is read; returns from when."""

    def submit(
        self, command: Command, *, actor: str, key: str | None, seen_seq: int | None
    ) -> Ticket:
        """Hand in a command; raises StorageError or InboxFullError where nothing is taken."""

    def needs_archive(self, command: Command) -> bool:
        """Whether a command names an incident or order that is not on the board."""

    def list_recalls(self, command: Command) -> list[Command]:
        """What brings back the retired incidents that a command names; blocks on the disk."""

    def list_seat_papers(self, incident_id: str) -> tuple[SeatPaper, ...]:
        """What special seats kept of an incident and the board let go; blocks on the disk."""

    def search_archive(self, seat_id: str, asked: ArchiveLook) -> ArchiveLooked:
        """Papers that a seat kept and the board let go, without a text; blocks on the disk."""

    def clock(self) -> tuple[int, float]:
        """City time in milliseconds, and its speed."""

    def road_changes(self) -> RoadChanges:
        """What differs from the map on the roads now; never changed once made."""

    def health(self) -> Health:
        """Whether it works."""

    def find_stored_whose(self, view: str, key: str) -> Whose | None:
        """Whose an incident or a call is that has left the screens; blocks on the disk."""

    def list_glass(self) -> list[BrokenGlass]:
        """Uses of break-glass that nobody has reviewed."""

    def list_kept(self, kept_id: str) -> list[tuple[str, str]]:
        """(field, id) of the records that a hold or an erasure names."""

    def list_keeping(self) -> KeepingPapers:
        """Holds that stand, and erasures that wait."""

    def find_asked(self, approval_id: str) -> Command | None:
        """What waits for an approval by an id, None where nothing does."""

    def find_undo_subject(self, seq: int) -> str:
        """What an action that may still be undone was about, empty where there is none."""

    def read_touching(self, incident_id: str) -> list[Record]:
        """Records that touched an incident or one of its calls, in order; blocks on the disk."""


class FoundPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place found by name (地点).

    uncertainty_m: radius around it within which lies what is meant, if this place is meant.
    datum: that a typed position was read in; "" for other places. lat and lon are WGS-84.
    """

    name: str
    kind: str
    lat: float
    lon: float
    confidence: float
    uncertainty_m: float
    address: str = ""
    datum: str = ""


class PlaceSearch(Protocol):
    """Finds places by name, pinyin or initials (地点检索); blocks."""

    def __call__(
        self, text: str, *, lat: float | None, lon: float | None, limit: int
    ) -> list[FoundPlace]:
        """List the best places, best first; near (lat, lon) first among equals."""


class Aid(Protocol):
    """Helps a call-taker with a caller's words (接警辅助); blocks for some milliseconds."""

    def suggest(self, text: str, *, type_code: str, answers: Mapping[str, Answer]) -> Suggested:
        """What the words point to; type_code: as it stands, "" where none is chosen."""

    def find_script(self, type_code: str) -> Script | None:
        """What to ask and to tell for a type; None where there is no such type."""


class PastIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier incident as a fact of the past (历史警情); nothing is said about anybody.

    disposition: how it ended, empty while it is open. distance_m: -1 where no place was asked for.
    """

    incident_id: str
    type_code: str
    type_name: str
    priority: int
    state: str
    disposition: ResultTold
    opened_at_ms: int
    n_calls: int
    distance_m: int
    address: Address


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What was before (历史), newest first.

    n_calls: of the number asked for, in so many days; n_incidents: all of them, of which only the
    last are listed. n_restricted: those that only their own seat may read, listed nowhere here.
    """

    days: int
    n_calls: int = 0
    n_incidents: int = 0
    n_restricted: int = 0
    incidents: tuple[PastIncident, ...] = ()


class PastFinder(Protocol):
    """Finds what was before (历史查询); blocks."""

    def of_number(
        self, number: str, *, besides: str, now_ms: int, may_meet: MayMeet = anybody
    ) -> Past:
        """Earlier calls of a number and what came of them; besides: the call in the ear.

        may_meet: of whose cases anything may be said.
        """

    def of_place(
        self, lat: float, lon: float, *, radius_m: int, now_ms: int, may_meet: MayMeet = anybody
    ) -> Past:
        """Earlier and open incidents around a place."""


PositionIntake = Callable[[Sequence[PositionReport]], Future[list[str]]]
"""Takes positions of devices (定位受理); what became of each, once it is durable.

Raises InboxFullError, or the future does, or StorageError.
"""


class LifeState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which simulated people are at work (城市生活); in a change, what is None stays."""

    speed: float | None = None
    roles: dict[str, bool] | None = None
    units_human: tuple[str, ...] | None = None


class Life(Protocol):
    """Simulated people whom humans take over from, seat by seat; only in the demo."""

    def get(self) -> LifeState:
        """What is on."""

    def set(self, change: LifeState) -> LifeState:
        """Change what is named; blocks. Raises ValueError in words, or TimeoutError."""


class PhoneFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How the desk answers (接听指标): what the last hour was, and what its load lets expect.

    n_calls: rang in the window, of them n_answered, n_missed. in_target_share, mean_wait_ms: seen,
    None without an answer. load: in erlang. expected_*: Erlang C with n_seats_on; None where the
    load is no less than the seats: callers then wait without end, or hang up. seats_needed: for
    target_share. n_odd_events: of the telephone system, late, unfit or of unknown calls. outbox:
    whether the telephones are told what the desk wants of them.
    """

    window_ms: int
    target_ms: int
    target_share: float
    n_ringing: int
    n_calls: int
    n_answered: int
    n_missed: int
    in_target_share: float | None
    mean_wait_ms: int | None
    mean_talk_ms: int | None
    load: float
    n_seats_on: int
    n_seats_paused: int
    expected_in_target_share: float | None
    expected_mean_wait_ms: int | None
    seats_needed: int | None
    n_odd_events: int
    outbox: Literal["off", "telling", "troubled"] = "off"


class Parts(msgspec.Struct, kw_only=True):
    """Everything the web app is made of (组成).

    city_card: the body of /v1/city without what changes. rings_min: minutes of a circle's rings,
    ascending. more_routes: of the gateway; operations: how they are described. phone_figures:
    blocks on nothing. settled_card: the part of the city card that settings change. max_queued:
    frames that may wait for a screen before it is dropped. door: None for one that stands open.
    figures: of the engine and its workers, as lines of /metrics. inner: commands that rules and
    timers alone ask for.
    """

    desk: Desk
    commands: tuple[type[Command], ...]
    city_card: dict[str, object]
    find_places: Callable[..., list[FoundPlace]] | None = None
    aid: Aid | None = None
    take_positions: PositionIntake | None = None
    life: Life | None = None
    history: PastFinder | None = None
    search: CaseSearch | None = None
    export_person: PersonExport | None = None
    static_dir: Path | None = None
    basemap: Path | None = None
    rings_min: tuple[float, ...] = (1, 3, 5)
    photos: Photos | None = None
    boards: Boards | None = None
    more_routes: Routes = ()
    operations: tuple[Operation, ...] = ()
    phone_figures: Callable[[], PhoneFigures] | None = None
    max_queued: int = MAX_QUEUED
    door: Door | None = None
    event_log: EventLog = EventLog()
    figures: Callable[[], list[str]] | None = None
    settled_card: Callable[[Reference], dict[str, object]] | None = None
    planner: PlannerDesk | None = None
    seats: tuple[SeatHere, ...] = ()
    inner: tuple[type[Command], ...] = ()
    public_page: PublicPage | None = None
    policies: PolicyDesk | None = None
    ahead: AheadLook | None = None
    what_if: WhatIfLook | None = None
