"""A toy city (玩具城市) and a desk to try the rules on: eight units on a grid of real arcs.

Nine by nine crossings 200 m apart; row 2 runs one way east, column 6 one way north. The network,
snapper and travel times are those of a city folder; only the drawing of the streets is ours.

    desk = Desk()
    desk.on_duty("P1")
    incident_id = desk.opened("020302", corner(4, 4))
    record = desk.do(AssignUnit(incident_id=incident_id, unit_id="P1"))
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from memory_journal import MemoryJournal

from kuaifan.app.rules import core_codec, core_rulebook, new_board
from kuaifan.board.reference import AreaGround, District, Post, Reference, UnitProfile
from kuaifan.board.reference import Desk as DeskProfile
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import SimInbox
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import Observed
from kuaifan.roads.build import build_network
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.hours import HourTable, HourTimes, usual_week
from kuaifan.roads.raw import DRIVEN, FOOT, RawWay, RawWays
from kuaifan.roads.snap import Snapper
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.agency import AcceptAgencyRequest
from kuaifan.vocabulary.incident_types import read_incident_types
from kuaifan.vocabulary.priority_rules import read_priority_rules

N_SIDE = 9
STEP_DEG = 200 / 111_195.0
SOUTH, WEST = 32.60, 117.00
EAST_SCALE = float(np.cos(np.radians(SOUTH)))
ONE_WAY_ROW, ONE_WAY_COLUMN, MAIN_ROAD = 2, 6, 4
EAST_DESK, EAST_FROM_COLUMN = "d1", 4.5
"""Columns 5 to 8 are the ground of a desk of their own; the west is the city desk's."""
START_MS = 1_700_000_000_000
SHANGHAI = ZoneInfo("Asia/Shanghai")

TYPES_FILE = (
    Path(__file__).resolve().parents[1] / "src" / "kuaifan" / "vocabulary" / "incident_types.csv"
)
RULES_FILE = TYPES_FILE.with_name("priority_rules.csv")
FIGHT, BURGLARY, MURDER, JAM, LOCKSMITH, DOMESTIC = (
    "020302",
    "010203",
    "010101",
    "030202",
    "070303",
    "020103",
)
"""Types by what the desk does: one unit, one unit, three units, traffic, by phone, restricted."""

POSTS = {
    "ST-W": ("station", (1, 1)),
    "ST-E": ("station", (7, 7)),
    "KS-M": ("street_station", (4, 4)),
    "SB-N": ("standby_post", (7, 2)),
    "SB-S": ("standby_post", (1, 6)),
}
UNITS = {
    "P1": ("patrol", "KS-M", ("patrol", "armed")),
    "P2": ("patrol", "SB-N", ("patrol",)),
    "P3": ("patrol", "SB-S", ("patrol", "female_officer")),
    "P4": ("patrol", "KS-M", ("patrol", "first_aid")),
    "S1": ("station", "ST-W", ("mediation",)),
    "S2": ("station", "ST-E", ("mediation", "minors")),
    "T1": ("traffic", "KS-M", ("traffic",)),
    "T2": ("traffic", "SB-S", ("traffic",)),
}


def corner(row, col):
    """Latitude and longitude of a crossing; row 0 is the south, column 0 the west."""
    return SOUTH + row * STEP_DEG, WEST + col * STEP_DEG / EAST_SCALE


def _streets():
    node = np.arange(1, N_SIDE * N_SIDE + 1).reshape(N_SIDE, N_SIDE)
    ways = []
    for i in range(N_SIDE):
        highway = "primary" if i == MAIN_ROAD else "residential"
        row, col = tuple(node[i].tolist()), tuple(node[:, i].tolist())
        ways.append(RawWay(i + 1, row, highway, int(i == ONE_WAY_ROW), name=f"Row {i}"))
        ways.append(RawWay(i + 101, col, highway, int(i == ONE_WAY_COLUMN), name=f"Column {i}"))
    spots = np.array([corner(i // N_SIDE, i % N_SIDE) for i in range(N_SIDE * N_SIDE)])
    return RawWays(node.ravel(), spots[:, 0], spots[:, 1], ways, attribution="made for a test")


RIDER = UnitProfile("M1", "铁骑001", "motorcycle", "patrol", ("patrol",), "KS-M", 1, 0, "d", 0, 24)
WALKER = UnitProfile(
    "W1", "步巡001", "foot_patrol", "patrol", ("patrol",), "KS-M", 2, 0, "d", 0, 24
)
"""A motorcycle and a crew on foot; only in a toy city that was asked for them."""

RADIO_CREW = UnitProfile(
    *("R1", "巡逻012", "car", "patrol", ("patrol",), "SB-N", 2, 0, "day", 0, 24), has_gps=False
)
"""A crew without phone or GPS; only in a toy city that was asked for it."""


@cache
def toy_reference(*more_units, has_hours=False):
    """The reference data of the toy city; made once, changed by nobody.

    has_hours: its streets are walked too, between corners (0, 0) and (1, 1) across the block, and
    its roads are slower in the peak.
    """
    network, _ = build_network(_walked(_streets()) if has_hours else _streets())
    snapper = Snapper(network)
    return Reference(
        types=read_incident_types(TYPES_FILE.read_text(encoding="utf-8")),
        posts=[_post(snapper, post_id) for post_id in POSTS],
        units=[*map(_profile, UNITS), *more_units],
        targets_ms={(p, "urban"): 60_000 * p for p in range(1, 6)},
        network=network,
        travel=DijkstraTravelTimes(network),
        snapper=snapper,
        city_hash="toy",
        areas=[AreaGround("suburban", (_north_ring(),))],
        priority_rules=read_priority_rules(RULES_FILE.read_text(encoding="utf-8")),
        districts=_districts(),
        desks=[DeskProfile(EAST_DESK, "东区指挥席", "district", ("east",))],
        hours=HourTimes(network, HourTable(usual_week(), SHANGHAI)) if has_hours else None,
    )


def _walked(streets):
    ways = [replace(way, modes=DRIVEN | FOOT) for way in streets.ways]
    lane = RawWay(201, (1, N_SIDE + 2), "pedestrian", name="Lane", modes=FOOT)
    return replace(streets, ways=[*ways, lane])


def _post(snapper, post_id):
    kind, (row, col) = POSTS[post_id]
    lat, lon = corner(row, col)
    position = snapper.snap_one(lat, lon).position
    return Post(post_id, kind, f"post {post_id}", lat, lon, position.arc, position.fraction_ppm)


def _profile(unit_id):
    line, home, skills = UNITS[unit_id]
    return UnitProfile(unit_id, f"call {unit_id}", "car", line, skills, home, 2, 1, "day", 0, 24)


def _north_ring():
    return _ring(corner(7.5, -1), corner(9, 9))


def _districts():
    halves = {"west": (-1, EAST_FROM_COLUMN), "east": (EAST_FROM_COLUMN, 9)}
    return [
        District(area_id, f"{area_id} half", (_ring(corner(-1, low), corner(9, high)),))
        for area_id, (low, high) in halves.items()
    ]


def _ring(south_west, north_east):
    (south, west), (north, east) = south_west, north_east
    return ((south, west), (south, east), (north, east), (north, west), (south, west))


class TableJournal(MemoryJournal):
    """A journal in memory that keeps the read tables beside the records, as the store does."""

    def __init__(self):
        super().__init__()
        self.tables = {}

    def append(self, record, rows, ticket):
        super().append(record, rows, ticket)
        for row in rows:
            self.tables[row.table, row.row_id] = (row.scope, msgspec.msgpack.encode(row.body))


class Desk:
    """An engine with its inbox and journal, driven command by command in simulated time.

    at_s: seconds since the start; None means now.
    """

    def __init__(self, reference=None, plugins=None):
        self.reference, self.plugins = reference or toy_reference(), plugins
        self.rules, self.codec = core_rulebook(plugins), core_codec(plugins)
        self.inbox, self.journal = SimInbox(START_MS), TableJournal()
        state = State(self.empty_board())
        self.engine = Engine(
            state, self.rules, self.codec, self.inbox, self.journal, restore=self.rebuilt
        )

    @property
    def board(self):
        """The board as of the last input."""
        return self.engine.board

    @property
    def now_s(self):
        """Seconds since the start."""
        return (self.inbox.now_ms() - START_MS) / 1000

    def rebuilt(self):
        """The state that folding the journal gives, from an empty board."""
        return self.journal.restore(self.rules, self.empty_board)

    def empty_board(self):
        """A board on which nothing has happened yet."""
        return new_board(self.reference, self.plugins)

    def do(self, command, *, at_s=None, actor="desk"):
        """Submit a command and return its record; a broken rule fails the test."""
        record = self._submit(command, at_s, actor)
        assert record.fault is None, record.fault
        return record

    def code(self, command, *, at_s=None):
        """Submit a command that must be refused and return the code of the refusal."""
        record = self.do(command, at_s=at_s)
        assert record.refusal is not None, f"accepted: {record.events}"
        assert record.events == ()
        return record.refusal.code

    def fix(self, unit_id, lat, lon, *, speed_mps=0.0, at_s=None, fix_at_s=None):
        """A unit's radio reports; returns the record that came of it, if any."""
        at_ms = self._at_ms(at_s)
        fix_at_ms = at_ms if fix_at_s is None else self._at_ms(fix_at_s)
        batch = fix_batch((unit_id, lat, lon, speed_mps, fix_at_ms), reference=self.reference)
        n_items = len(self.journal.items)
        self._submit(batch, at_s, f"radio:{unit_id}")
        new = [item for item in self.journal.items[n_items:] if getattr(item, "command", None)]
        made = [record for record in new if isinstance(record.command, Observed)]
        assert all(record.fault is None for record in new), new
        return made[-1] if made else None

    def run_until(self, at_s):
        """Let time pass; timers fire. Returns the records they made."""
        n_records = len(self.journal.records)
        self.engine.run_timers(self._at_ms(at_s))
        self.inbox.receive(self._at_ms(at_s))
        return self.journal.records[n_records:]

    def on_duty(self, *unit_ids, status="at_post"):
        """Start the shifts of some units, each standing at its post."""
        for unit_id in unit_ids:
            post = self.reference.posts[self.reference.units[unit_id].home_post_id]
            self.fix(unit_id, post.lat, post.lon)
            self.do(units.StartShift(unit_id=unit_id, n_officers=2, status=status))

    def rang(self, *, at_s=None, caller_number="13800000000"):
        """A call on 110; returns its id."""
        ring = calls.RegisterCall(line="110", caller_number=caller_number)
        return self.do(ring, at_s=at_s).events[0].call_id

    def opened(self, type_code, place=None, *, call_id="", at_s=None):
        """An incident, placed where a place is given; returns its id."""
        lat, lon = place or (None, None)
        command = incidents.OpenIncident(type_code=type_code, call_id=call_id, lat=lat, lon=lon)
        return self.do(command, at_s=at_s).events[0].incident_id

    def sent(self, incident_id, unit_id, *, at_s=None):
        """A unit sent to an incident; returns the order's id."""
        command = orders.AssignUnit(
            incident_id=incident_id,
            unit_id=unit_id,
            painted_seq=self.board.incidents[incident_id].recommended_seq,
        )
        record = self.do(command, at_s=at_s)
        assert record.refusal is None, record.refusal
        return record.events[0].order_id

    def answered(self, incident_id):
        """Every service that was told of an incident accepts."""
        for request_id in self.board.incidents[incident_id].request_ids:
            if self.board.requests[request_id].state == "told":
                self.do(AcceptAgencyRequest(request_id=request_id, by="their desk"))

    def fed_back(self, order_id):
        """Handle an order and give its feedback; services told of the incident have answered."""
        incident_id = self.board.orders[order_id].incident_id
        self.answered(incident_id)
        self.do(orders.ReportHandled(order_id=order_id))
        feedback = orders.GiveFeedback(
            order_id=order_id, incident_id=incident_id, disposition="settled"
        )
        self.do(feedback)

    def _submit(self, payload, at_s, actor):
        seen = []
        self.inbox.put(
            lambda at_ms: seen.append(at_ms) or payload, actor=actor, at_ms=self._at_ms(at_s)
        )
        while not seen:
            self.engine.step()
        records = self.journal.records
        return records[-1] if records else None

    def _at_ms(self, at_s):
        return self.inbox.now_ms() if at_s is None else START_MS + round(at_s * 1000)


def fix_batch(*fixes, reference=None):
    """One batch of (unit_id, lat, lon, speed_mps, fix_at_ms), each snapped to where it may go."""
    reference = reference or toy_reference()
    at = {unit_id: row for row, unit_id in enumerate(sorted(reference.units))}
    profiles = [int(reference.unit_profiles[0, at[fix[0]]]) if fix[0] in at else 0 for fix in fixes]
    snapped = [
        reference.snapper_for(profile).snap_one(lat, lon).position
        for profile, (_, lat, lon, _, _) in zip(profiles, fixes, strict=True)
    ]
    return units.FixBatch(
        unit_ids=tuple(fix[0] for fix in fixes),
        fix_at_ms=tuple(fix[4] for fix in fixes),
        lat=tuple(fix[1] for fix in fixes),
        lon=tuple(fix[2] for fix in fixes),
        arc=tuple(position.arc for position in snapped),
        fraction_ppm=tuple(position.fraction_ppm for position in snapped),
        speed_mps=tuple(float(fix[3]) for fix in fixes),
        heading_deg=(-1,) * len(fixes),
    )


def image(state):
    """Everything that is folded, as bytes: board, coverage and timers."""
    board = state.board
    return (
        msgspec.msgpack.encode(board.snapshot()),
        list(board.ringing),
        board.coverage.within.tobytes(),
        msgspec.msgpack.encode(state.timers.save()),
        state.head,
    )


def written_tables(desk):
    """What the read tables do say of calls, incidents and orders, to be held against it."""
    return {
        key: ((scope.jurisdiction, scope.record_class), body)
        for key, (scope, body) in desk.journal.tables.items()
        if key[0] != "units"
    }


def tables_of(board):
    """What the read tables should say: every entity with the scope of its incident."""
    found = {}
    for table in ("calls", "incidents", "orders"):
        for row_id, entity in getattr(board, table).items():
            incident = board.incidents.get(entity.incident_id)
            scope = (incident.jurisdiction, incident.record_class) if incident else ("", "ordinary")
            found[table, row_id] = (scope, msgspec.msgpack.encode(entity))
    return found


def names(record):
    """Names of the events of a record, timers left out."""
    found = (type(event).__name__ for event in record.events)
    return [name for name in found if not name.startswith("Timer")]
