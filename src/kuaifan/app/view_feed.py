"""From the engine to the screens (视图供给): built on one thread, durable by another."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import numpy as np

from kuaifan.app.live import LiveEngine
from kuaifan.board.state import Board
from kuaifan.board.view_builders import recommendation_row
from kuaifan.board.view_rows import RecommendationRow
from kuaifan.board.views import Views
from kuaifan.kernel.record import Record, Sighting
from kuaifan.policy.fleet import OFF_DUTY
from kuaifan.vocabulary.incident import RecommendationMade
from kuaifan.web.view_store import Positions, ViewStore

TICK_S: Final = 0.25
"""How often time alone may change a row: an alarm that falls due, a missed call that leaves."""
POSITIONS_S: Final = 1.0


class ViewFeed:
    """Builds rows after every input of one engine and hands them to the store (视图供给).

    Its methods run on the engine's thread, but for `_settle`, which the log's writer calls.
    """

    def __init__(
        self,
        live: LiveEngine,
        store: ViewStore,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._live, self._store, self._views = live, store, Views()
        self._tick_at_s = self._positions_at_s = 0.0
        self._load()
        live.engine.watchers.append(self._on_record)
        live.engine.sighting_watchers.append(self._on_sighting)
        live.between_inputs.append(self._between)
        live.journal.listeners.append(self._settle)

    def _load(self) -> None:
        state = self._live.engine.state
        recommendations = self._read_recommendations(state.board)
        self._views.load(state.board, state.head.at_ms, recommendations)
        self._store.load(self._views.rows, seq=state.head.seq, at_ms=state.head.at_ms)
        self._store.move(positions_of(state.board, state.head.at_ms))

    def _read_recommendations(self, board: Board) -> dict[str, RecommendationRow]:
        """The board keeps only who was recommended; the reasons are in the log."""
        wanted = {
            incident.incident_id: incident.recommended_seq
            for incident in board.incidents.values()
            if incident.recommended_seq and not incident.is_over
        }
        found: dict[str, RecommendationRow] = {}
        with self._live.journal.open_reader() as reader:
            for incident_id, seq in wanted.items():
                record = reader.get_record(seq)
                for event in record.events:
                    if isinstance(event, RecommendationMade) and event.incident_id == incident_id:
                        row = recommendation_row(board, event, seq=seq, at_ms=record.at_ms)
                        found[incident_id] = row
        return found

    def _on_record(self, record: Record) -> None:
        changes = self._views.on_record(self._live.engine.board, record)
        self._store.built(record.seq, record.at_ms, changes)

    def _on_sighting(self, sighting: Sighting) -> None:
        changes = self._views.on_moved(self._live.engine.board)
        if changes:
            self._store.built(None, sighting.at_ms, changes)

    def _between(self) -> None:
        now_s = self._monotonic()
        if now_s < self._tick_at_s:
            return
        self._tick_at_s = now_s + TICK_S
        engine = self._live.engine
        now_ms = max(engine.inbox.now_ms(), engine.state.head.at_ms)
        changes = self._views.on_time(engine.board, now_ms)
        if changes:
            self._store.built(None, now_ms, changes)
        if now_s >= self._positions_at_s:
            self._positions_at_s = now_s + POSITIONS_S - TICK_S / 2
            self._store.move(positions_of(engine.board, now_ms))

    def _settle(self, records: list[Record]) -> None:
        if records:
            self._store.settle(records[-1].seq)


def positions_of(board: Board, now_ms: int) -> Positions:
    """Markers of all units on duty that have a place. O(units), vectorized."""
    fleet = board.fleet
    shown = np.flatnonzero((fleet.state != OFF_DUTY) & (fleet.arc >= 0))
    return Positions(
        at_ms=now_ms,
        unit_ids=tuple(fleet.unit_ids[i] for i in shown.tolist()),
        lat=tuple(fleet.lat[shown].round(6).tolist()),
        lon=tuple(fleet.lon[shown].round(6).tolist()),
        heading_deg=tuple(fleet.heading_deg[shown].tolist()),
        speed_mps=tuple(fleet.speed_mps[shown].astype(float).round(1).tolist()),
        fix_at_ms=tuple(fleet.fix_at_ms[shown].tolist()),
    )
