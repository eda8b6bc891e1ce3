"""Twin runs for tests (孪生试跑): on the toy city in memory, or into a log with any rulebook.

told = run_toy(toy_calls(40), seed=1)
told.records, told.sightings, told.figures, told.content_hash
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
from memory_journal import MemoryJournal
from toy_city import BURGLARY, DOMESTIC, FIGHT, JAM, LOCKSMITH, MURDER, START_MS, corner
from toy_city import toy_reference as _toy_reference

from kuaifan.app.rules import (
    LINKS,
    core_codec,
    core_rulebook,
    new_board,
)
from kuaifan.app.served_seats import list_actors, seat_actors
from kuaifan.board.reference import CITY_DESK, Reference
from kuaifan.board.state import Board
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import StartEngine
from kuaifan.kernel.record import ContentHash, Sighting
from kuaifan.kernel.rulebook import Rules
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.twin.figures import RunFigures
from kuaifan.twin.run import TwinRun, start_of
from kuaifan.twin.world import SimCall
from kuaifan.vocabulary.incident import RecommendationMade, RecommendUnits
from kuaifan.work import dispatch

ZONE = ZoneInfo("Asia/Shanghai")
TYPES = (FIGHT, JAM, LOCKSMITH, BURGLARY, FIGHT, DOMESTIC, MURDER)
MINUTE_MS = 60_000


@dataclass
class Told:
    """What came of a run."""

    records: list = field(default_factory=list)
    sightings: list = field(default_factory=list)
    figures: RunFigures | None = None
    content_hash: str = ""
    board: Board | None = None

    def events(self, *kinds):
        """Every event of some kinds with its record, in order."""
        for record in self.records:
            for event in record.events:
                if isinstance(event, kinds):
                    yield record, event


def toy_calls(n_calls, *, every_ms=3 * MINUTE_MS, start_ms=START_MS, **more):
    """Calls of many types all over the toy city."""
    calls = []
    for i in range(n_calls):
        lat, lon = corner(i * 5 % 9 * 0.9 + 0.3, i * 7 % 9 * 0.9 + 0.2)
        story = SimCall(
            at_ms=start_ms + i * every_ms, type_code=TYPES[i % len(TYPES)], lat=lat, lon=lon
        )
        calls.append(msgspec.structs.replace(story, **more))
    return calls


def toy_reference(*, shifts=None, radio_only=()):
    """The toy city; shifts: (begin, end) hours of the units that do not work day and night.

    radio_only: units without phone and GPS.
    """
    found = _toy_reference()
    if not shifts and not radio_only:
        return found
    units = [
        msgspec.structs.replace(
            unit,
            shift_start_hour=hours[0],
            shift_end_hour=hours[1],
            has_gps=unit.unit_id not in radio_only,
        )
        for unit in found.units.values()
        for hours in [(shifts or {}).get(unit.unit_id, (0, 24))]
    ]
    return Reference(
        types=found.types,
        posts=list(found.posts.values()),
        units=units,
        targets_ms=found.targets_ms,
        network=found.network,
        travel=found.travel,
        snapper=found.snapper,
        city_hash=found.city_hash,
        areas=found.areas,
        districts=found.districts,
        desks=[desk for desk in found.desks.values() if desk.desk_id != CITY_DESK],
    )


def run_toy(sim_calls, *, reference=None, rules=None, plugins=(), **options):
    """A run in memory; of the core alone, whatever seats are installed, unless told otherwise."""
    reference, journal = reference or toy_reference(), MemoryJournal()
    options = {"seat_actors": list_actors(plugins)} | options
    told = _run(sim_calls, reference, rules or core_rulebook(plugins), journal, options, plugins)
    told.records = journal.records
    told.sightings = [item for item in journal.items if isinstance(item, Sighting)]
    return told


def run_into_log(log, sim_calls, *, reference, rules, city_path="", **options):
    """A run into a log on disk, under a rulebook of our choice."""
    written = LogOptions(city_hash=reference.city_hash, city_path=city_path, durability="batch")
    with open_log(log, core_codec(), written) as journal:
        options = {"seat_actors": seat_actors()} | options
        return _run(sim_calls, reference, rules, journal, options)


def _run(sim_calls, reference, rules, journal, options, plugins=None):
    inbox, codec = SimInbox(start_of(sim_calls)), core_codec(plugins)
    content, told = ContentHash(), Told()
    engine = Engine(
        State(new_board(reference, plugins)),
        rules,
        codec,
        inbox,
        journal,
        restore=lambda: journal.restore(rules, lambda: new_board(reference, plugins)),
    )
    engine.watchers.append(lambda record: content.add(codec.encode(record)))
    engine.watchers.append(told.records.append)
    engine.sighting_watchers.append(told.sightings.append)
    options = {"seed": 1, "zone": ZONE, "n_seats": 4} | options
    until_ms = options.pop("until_ms", None)
    twin = TwinRun(engine, inbox, sim_calls, **options)
    start = StartEngine(build="test", plugins=(), city_hash=reference.city_hash)
    engine.submit(Arrival(inbox.now_ms(), "engine", start))
    told.figures = twin.run(until_ms=until_ms)
    told.content_hash, told.board = content.hexdigest(), engine.board
    return told


# --- a rulebook that breaks ties the other way ----------------------------------------------


def flipped_rulebook(plugins=None):
    """All rules, but among equally good candidates the last comes first."""
    deciders = dict(dispatch.RULES.deciders)
    rank = deciders[RecommendUnits]
    deciders[RecommendUnits] = lambda board, command, now_ms: [
        _flipped(event) for event in rank(board, command, now_ms)
    ]
    other = Rules(
        deciders=deciders,
        evolvers=dispatch.RULES.evolvers,
        reactions=dispatch.RULES.reactions,
    )
    return core_rulebook(plugins, [other if rules is dispatch.RULES else rules for rules in LINKS])


def _flipped(event):
    if not isinstance(event, RecommendationMade):
        return event
    backwards = tuple(reversed(event.candidates))
    order = sorted(backwards, key=lambda candidate: candidate.score_ms)
    return msgspec.structs.replace(event, candidates=tuple(order))


def has_tie(event):
    """Whether two candidates of a recommendation are equally good."""
    scores = [candidate.score_ms for candidate in event.candidates]
    return any(one == other for one, other in pairwise(scores))


def first_tie_seq(records):
    """The first record whose ranking a flipped tie-break changes."""
    return next(
        record.seq
        for record in records
        for event in record.events
        if isinstance(event, RecommendationMade) and has_tie(event)
    )


# --- what became of every call --------------------------------------------------------------


def ends_of_calls(records):
    """For each call of the file, by its number: 'closed', 'merged', or the code that refused it.

    A call that was attached has no end of its own; one opened again has its last end.
    """
    call_no, incident_of, ends = {}, {}, Counter()
    told = {}
    for record in records:
        for event in record.events:
            name = type(event).__name__
            if name == "CallRegistered":
                call_no[event.call_id] = int(record.actor.rpartition(":")[2])
            elif name == "IncidentOpened" and event.call_id:
                incident_of[event.incident_id] = call_no[event.call_id]
            elif getattr(event, "incident_id", "") in incident_of:
                _count_end(name, incident_of[event.incident_id], ends, told)
        if record.refusal is not None and type(record.command).__name__ == "OpenIncident":
            told[call_no[record.command.call_id]] = record.refusal.code
            ends[call_no[record.command.call_id]] += 1
    assert set(ends.values()) <= {1}, "a call came to two ends"
    return {number: told.get(number, "lost") for number in call_no.values()}


def _count_end(name, number, ends, told):
    if name in {"IncidentClosed", "IncidentMerged"}:
        told[number] = name.removeprefix("Incident").lower()
        ends[number] += 1
    elif name == "IncidentReopened":
        ends[number] -= 1
