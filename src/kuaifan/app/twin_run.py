"""Runs the twin into a folder (孪生运行): OUT/log.db and OUT/summary.json, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import msgspec
from msgspec import convert

from kuaifan.app.build import build_id
from kuaifan.app.collector import running_on
from kuaifan.app.plan_adopted import adopt, adopting
from kuaifan.app.plan_sources import CONSTANT, said_of
from kuaifan.app.reference import load_kernels, make_reference
from kuaifan.app.rules import core_codec, core_rulebook, new_board, plugin_ids
from kuaifan.app.served_seats import seat_actors
from kuaifan.app.twin_left import make_left_open
from kuaifan.app.twin_profile import run_profiled
from kuaifan.board.reference import Reference
from kuaifan.board.settings import UNCHANGED
from kuaifan.board.state import Board
from kuaifan.city.calls import CallRow, CallsHeader
from kuaifan.city.city import City
from kuaifan.city.whole_folder import write_file, written_whole
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import State, StorageError
from kuaifan.kernel.message import Command, StartEngine
from kuaifan.kernel.record import ContentHash
from kuaifan.store.log_error import LogError
from kuaifan.store.log_journal import LogJournal
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.recovery import recover
from kuaifan.store.suite import SuiteName
from kuaifan.twin.figures import RunFigures
from kuaifan.twin.offices import COMMANDER
from kuaifan.twin.run import TwinRun, start_of
from kuaifan.twin.variants import command_of, read_variant
from kuaifan.twin.world import SimCall
from kuaifan.vocabulary.call import Line
from kuaifan.vocabulary.plan import Plan

Progress = Callable[[int, int], None]


class RunOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a twin is run (运行选项).

    policy: for all desks; empty for what each desk of the city uses. with_profile: write down
    where the time goes, into OUT/profile.txt. until_ms: to that moment, and not to the last
    incident closed. left_share: of the incidents, to be left open on purpose. fix_every_s: between
    two fixes of a moving car. plan: in use from the first moment on.
    """

    seed: int = 1
    policy: str = ""
    n_seats: int = 8
    with_profile: bool = False
    suite: SuiteName = "standard"
    until_ms: int | None = None
    left_share: float = 0.0
    fix_every_s: int = 10
    plan: Plan | None = None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What OUT/summary.json holds (运行摘要).

    head_hash: of the log's chain, differs between equal runs (sealing is random).
    content_hash: over what was decided, equal for equal runs. run_s: wall time. parts_s: seconds
    by package, where the run was profiled. left_open: incidents left open on purpose, and how.
    fix_every_s: between two fixes of a moving car; runs that do not say so had 10. expects: the
    plan whose expected calls were gone by, or the constant in their place.
    """

    city: str
    city_hash: str
    calls: str
    remapped: str
    policy: str
    seed: int
    n_seats: int
    build: str
    first_call_at: str
    last_closed_at: str
    figures: RunFigures
    head_seq: int
    head_hash: str
    content_hash: str
    run_s: float
    parts_s: dict[str, float] = {}
    left_open: dict[str, str] = {}
    fix_every_s: int = 10
    expects: str = CONSTANT


class CallSource(msgspec.Struct, frozen=True, kw_only=True):
    """Where the calls of a run come from (来电来源)."""

    sim_calls: Sequence[SimCall]
    name: str
    remapped: str = ""


def calls_of_file(header: CallsHeader, rows: Sequence[CallRow], city: City) -> CallSource:
    """Calls of a file, with a word on whose calls they are."""
    onto = header.remapped_onto
    if onto is not None and onto.network_hash != city.network.content_hash():
        raise BadInputError(
            f"the calls were laid over the roads of {onto.city}, not of {city.meta.name}: "
            "import them again with --onto this city"
        )
    remapped = ""
    if onto is not None:
        remapped = (
            f"calls of {header.name}, laid over the roads of {onto.city} ({onto.method}): "
            f"their times and types are real, their places are not"
        )
    return CallSource(
        sim_calls=[
            SimCall(
                at_ms=row.at_ms,
                type_code=row.type_code,
                lat=row.lat,
                lon=row.lon,
                line=convert(row.source, Line),
                service_ms=row.service_ms,
            )
            for row in rows
        ],
        name=header.name,
        remapped=remapped,
    )


def run_twin(
    city: City, source: CallSource, target: Path, options: RunOptions, *, progress: Progress
) -> Summary:
    """Run a twin to the last incident closed and write its log and summary.

    Raises BadInputError for what the user can mend; the target is then as it was.
    """
    if options.policy:
        read_variant(options.policy)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BadInputError(f"{target} is there already: name a folder that is new or empty")
    if not source.sim_calls:
        raise BadInputError(f"{source.name}: not one call; give more days, or more calls a day")
    reference = make_reference(city)
    load_kernels(reference)
    if options.plan is not None:
        # What the desk would refuse is refused before anything is written.
        adopt(reference, UNCHANGED, options.plan)
    try:
        with written_whole(target) as draft:
            summary = _run(city, reference, source, draft / "log.db", options, progress)
            text = msgspec.json.format(msgspec.json.encode(summary), indent=2)
            write_file(draft / "summary.json", text + b"\n")
    except (StorageError, LogError) as error:
        # The log is new and ours: only the disk can be the reason.
        raise BadInputError(
            f"{target} cannot be written, and nothing of it was left behind: free some space or "
            f"choose another disk, and run it again ({error})"
        ) from error
    return summary


def _run(
    city: City,
    reference: Reference,
    source: CallSource,
    log: Path,
    options: RunOptions,
    progress: Progress,
) -> Summary:
    codec, rules, content = core_codec(), core_rulebook(), ContentHash()
    codec.load()
    began_s, start_ms = perf_counter(), start_of(source.sim_calls)
    inbox = SimInbox(start_ms)
    log_options = LogOptions(
        city_hash=city.content_hash,
        city_path=str(city.path.resolve()),
        durability="batch",
        suite=options.suite,
    )
    with open_log(log, codec, log_options) as journal:
        journal.canonical_listeners.append(content.add_all)
        engine = Engine(
            State(new_board(reference)),
            rules,
            codec,
            inbox,
            journal,
            restore=lambda: _restore(journal, reference),
        )
        left = make_left_open(options.seed, options.left_share)
        twin = TwinRun(
            engine,
            inbox,
            source.sim_calls,
            seed=options.seed,
            zone=ZoneInfo(city.meta.time_zone),
            n_seats=options.n_seats,
            seat_actors=seat_actors(),
            left=left,
            fix_every_ms=options.fix_every_s * 1000,
        )
        engine.submit(Arrival(start_ms, "engine", _start(city)))
        for actor, command in _in_force(reference, options):
            engine.submit(Arrival(start_ms, actor, command))
        with running_on():
            figures, parts_s = _profiled(twin, log, options, progress)
        journal.flush()
        head = journal.reader.head()
    return Summary(
        city=city.meta.name,
        city_hash=city.content_hash,
        calls=source.name,
        remapped=source.remapped,
        policy=options.policy or ", ".join(sorted(_policies_of(reference))),
        fix_every_s=options.fix_every_s,
        expects=said_of(options.plan),
        seed=options.seed,
        n_seats=options.n_seats,
        build=build_id(),
        first_call_at=_iso(source.sim_calls[0].at_ms),
        last_closed_at=_iso(engine.state.head.at_ms),
        figures=figures,
        head_seq=head.seq,
        head_hash=head.hash.hex(),
        content_hash=content.hexdigest(),
        run_s=round(perf_counter() - began_s, 1),
        parts_s=parts_s,
        left_open={} if left is None else left.left,
    )


def _profiled(
    twin: TwinRun, log: Path, options: RunOptions, progress: Progress
) -> tuple[RunFigures, dict[str, float]]:
    """Run, and write the profile beside the log where one is asked for."""

    def run() -> RunFigures:
        return twin.run(progress, until_ms=options.until_ms)

    if not options.with_profile:
        return run(), {}
    figures, text, parts_s = run_profiled(run)
    write_file(log.with_name("profile.txt"), text.encode())
    return figures, parts_s


def _in_force(reference: Reference, options: RunOptions) -> Iterator[tuple[str, Command]]:
    """What is put in force before all else: the plan, the policy where the city has another."""
    if options.plan is not None:
        yield from adopting(options.plan)
    if options.policy and _policies_of(reference) != {options.policy}:
        yield COMMANDER, command_of(options.policy, COMMANDER)


def _policies_of(reference: Reference) -> set[str]:
    return {desk.policy for desk in reference.desks.values()}


def _restore(journal: LogJournal, reference: Reference) -> State[Board]:
    journal.flush()
    with journal.open_reader() as reader:
        return recover(reader, core_rulebook(), lambda: new_board(reference))


def _start(city: City) -> StartEngine:
    return StartEngine(build=build_id(), plugins=plugin_ids(), city_hash=city.content_hash)


def _iso(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds")
