"""Tries a plan for one drawn day (单日试跑): the very rules of the desk, and no file kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.driving import NORMAL_PROFILE
from kuaifan.board.entities import Incident
from kuaifan.board.reference import Reference
from kuaifan.board.state import Board
from kuaifan.kernel.codec import Codec
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import Command, StartEngine
from kuaifan.kernel.record import Record, Sighting
from kuaifan.kernel.rulebook import Row, Rulebook
from kuaifan.kernel.ticket import Ticket
from kuaifan.plan.trial import TrialDay, cell_of
from kuaifan.roads.travel import UNREACHABLE_MS, RoadPosition
from kuaifan.twin.run import TwinRun, start_of
from kuaifan.twin.seat_people import SeatActor
from kuaifan.twin.world import SimCall
from kuaifan.vocabulary import incident as incidents

MINUTE_MS: Final = 60_000
DAY_HOURS: Final = 24
STEPS_PER_LOOK: Final = 200


class StoppedError(RuntimeError):
    """Somebody ended the run (已停止)."""


class NoJournal:
    """Keeps nothing (不存日志): a trial is drawn again from its seed."""

    def append(self, record: Record, rows: list[Row], ticket: Ticket | None) -> None:  # noqa: ARG002 - nothing is kept
        """Answer at once."""
        if ticket is not None:
            ticket.resolve(record)

    def append_sighting(self, sighting: Sighting) -> None:
        """Let it go."""

    def answer(self, ticket: Ticket, record: Record | None) -> None:
        """Answer at once."""
        ticket.resolve(record)

    def find_record(self, actor: str, key: str) -> Record | None:  # noqa: ARG002 - nothing is kept
        """Nothing is known of any key."""
        return None

    def flush(self) -> None:
        """Nothing waits."""

    def renew_rows(self, rows_of: Callable[[Record], list[Row]]) -> None:
        """Nothing is kept."""


class Trial:
    """Runs days on one board's reference (试跑); new_board, rules, codec: of the desk."""

    def __init__(
        self,
        new_board: Callable[[], Board],
        rules: Rulebook[Board],
        codec: Codec,
        zone: ZoneInfo,
        seat_actors: Sequence[SeatActor] = (),
    ) -> None:
        self._seat_actors = seat_actors
        self._new_board, self._rules, self._codec, self._zone = new_board, rules, codec, zone

    def run_day(
        self,
        sim_calls: Sequence[SimCall],
        *,
        seed: int,
        first: Sequence[Command] = (),
        go_on: Callable[[], bool] = lambda: True,
    ) -> TrialDay:
        """One day to its last incident; raises StoppedError where it may not go on.

        first: commands that the day begins with, such as the policy.
        """
        start_ms = start_of(sim_calls)
        inbox = SimInbox(start_ms)
        engine = Engine(
            State(self._new_board()),
            self._rules,
            self._codec,
            inbox,
            NoJournal(),
            restore=cannot_restore,
        )
        looks = _Looks(engine, self._zone, go_on, sim_calls[0].at_ms, sim_calls[-1].at_ms)
        twin = TwinRun(
            engine, inbox, sim_calls, seed=seed, zone=self._zone, seat_actors=self._seat_actors
        )
        start = StartEngine(build="trial", plugins=(), city_hash=engine.board.reference.city_hash)
        engine.submit(Arrival(start_ms, "engine", start))
        for command in first:
            engine.submit(Arrival(start_ms, "sim:commander", command))
        twin.run()
        return looks.day(is_done=twin.tally.n_open == 0)


class _Looks:
    """What is noted while a day runs (记录)."""

    def __init__(
        self,
        engine: Engine[Board],
        zone: ZoneInfo,
        go_on: Callable[[], bool],
        from_ms: int,
        until_ms: int,
    ) -> None:
        self._engine, self._zone, self._go_on = engine, zone, go_on
        self._from_ms, self._until_ms = from_ms, until_ms
        self._looked_ms, self._n_looks = from_ms, 0
        self._lost_ms = self._n_incidents = self._n_unattended = 0
        self._rows: list[tuple[int, ...]] = []
        self._places: list[tuple[int, int]] = []
        self._n_orders: Counter[str] = Counter()
        self._busy_ms: Counter[str] = Counter()
        engine.watchers.append(self._on_record)
        engine.sighting_watchers.append(self._on_sighting)

    def _on_sighting(self, sighting: Sighting) -> None:
        self._look(sighting.at_ms)

    def _on_record(self, record: Record) -> None:
        self._look(record.at_ms)
        board = self._engine.board
        for event in record.events:
            if isinstance(event, incidents.IncidentClosed):
                self._closed(board, board.incidents[event.incident_id])

    def _look(self, at_ms: int) -> None:
        """Count lost circles once a minute, between the first call and the last."""
        self._n_looks += 1
        if self._n_looks % STEPS_PER_LOOK == 0 and not self._go_on():
            raise StoppedError
        if at_ms - self._looked_ms < MINUTE_MS:
            return
        until_ms = min(at_ms, self._until_ms)
        if until_ms > self._looked_ms:
            board = self._engine.board
            held = board.coverage.n_holding(board.fleet.available())
            self._lost_ms += int((held == 0).sum()) * (until_ms - self._looked_ms)
        self._looked_ms = max(self._looked_ms, at_ms)

    def _closed(self, board: Board, incident: Incident) -> None:
        sent = board.active_orders(incident)
        if incident.settled or not sent:
            return
        self._n_incidents += 1
        for order in sent:
            self._n_orders[order.unit_id] += 1
            if order.t8_ms:
                self._busy_ms[order.unit_id] += order.t8_ms - order.t4_ms
        arrived_ms = min((order.t7_ms for order in sent if order.t7_ms), default=0)
        if not arrived_ms or incident.arc < 0:
            self._n_unattended += 1
            return
        rang_ms = min(
            (board.calls[each].t0_ms for each in incident.call_ids if each in board.calls),
            default=incident.opened_at_ms,
        )
        # One that was turned round on its way has begun the wait all the same.
        first_ms = min(board.orders[order_id].t4_ms for order_id in incident.order_ids)
        response_ms = arrived_ms - first_ms
        target_ms = board.reference.target_ms(
            incident.priority, incident.area_class, incident.desk_id
        )
        local = datetime.fromtimestamp(rang_ms / 1000, self._zone)
        self._rows.append(
            (
                (rang_ms - self._from_ms) // 1000,
                response_ms // 1000,
                local.weekday() * DAY_HOURS + local.hour,
                cell_of(incident.lat, incident.lon),
                incident.priority,
                int(0 < target_ms < response_ms),
            )
        )
        self._places.append((incident.arc, incident.fraction_ppm))

    def day(self, *, is_done: bool) -> TrialDay:
        """What was noted, in order of the calls."""
        order = sorted(range(len(self._rows)), key=lambda i: self._rows[i])
        rows = [self._rows[i] for i in order]
        places = [self._places[i] for i in order]
        circle, way_s = nearest_circles(self._engine.board.reference, places)
        call_s, response_s, hour, cell, priority, late = (
            tuple(row[i] for row in rows) for i in range(6)
        )
        return TrialDay(
            call_s=call_s,
            response_s=response_s,
            hour=hour,
            cell=cell,
            priority=priority,
            is_late=tuple(bool(each) for each in late),
            circle=circle,
            way_s=way_s,
            n_incidents=self._n_incidents,
            n_unattended=self._n_unattended,
            lost_min=round(self._lost_ms / MINUTE_MS, 2),
            n_orders=dict(sorted(self._n_orders.items())),
            busy_s={unit: ms // 1000 for unit, ms in sorted(self._busy_ms.items())},
            is_done=is_done,
        )


def nearest_circles(
    reference: Reference, places: Sequence[tuple[int, int]]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which circle's post is nearest to each (arc, fraction) by road, and how far in seconds.

    -1 where none reaches it. By the map's own times, as a promise is made.
    """
    if not places or not reference.circle_posts:
        return (-1,) * len(places), (-1,) * len(places)
    arcs, ppm = (np.array(part, np.int64) for part in zip(*places, strict=True))
    ways_ms = ways_from_posts(reference, arcs, ppm)
    nearest = ways_ms.argmin(axis=0)
    ms = ways_ms[nearest, np.arange(len(arcs))]
    reached = ms < UNREACHABLE_MS
    return (
        tuple(np.where(reached, nearest, -1).tolist()),
        tuple(np.where(reached, ms // 1000, -1).tolist()),
    )


def ways_from_posts(
    reference: Reference, arcs: NDArray[np.int64], ppm: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(n_circles, k) road time from every circle's post to k places, by car without haste."""
    travel = reference.travel
    return np.array(
        [
            travel.from_one(
                RoadPosition(post.arc, post.fraction_ppm), arcs, ppm, profile=NORMAL_PROFILE
            )
            for post in reference.circle_posts
        ],
        np.int64,
    ).reshape(len(reference.circle_posts), len(arcs))


def cannot_restore() -> State[Board]:
    """Of an engine that keeps nothing (不可恢复): there is nothing to begin again from."""
    raise RuntimeError("a rule broke in a trial: run the day again by `kuaifan twin run`")
