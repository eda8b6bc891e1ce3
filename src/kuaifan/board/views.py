"""The screens' half of the board (视图): rows built after each record, and what changed in them.

Runs on the engine's thread, between two inputs: the board is seen only where it stands still.
Rows are frozen, so whoever holds one may read it on any thread. A row that is built anew and is
what it was is no change. Property: a snapshot and the changes after it give a fresh snapshot.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
import numpy as np

from kuaifan.board.alarms import alarm_row
from kuaifan.board.approval_rows import approval_row
from kuaifan.board.broadcasts import broadcast_row
from kuaifan.board.closure_rows import closure_row
from kuaifan.board.glass_rows import glass_row
from kuaifan.board.item_rows import item_row
from kuaifan.board.major_rows import major_row
from kuaifan.board.outbox import letter_row
from kuaifan.board.premises import premise_note_row
from kuaifan.board.seat_rows import seat_row
from kuaifan.board.sending_rows import emergency_row, move_up_row
from kuaifan.board.state import Board
from kuaifan.board.touched import ViewKey, all_keys, touched_keys
from kuaifan.board.view_builders import (
    call_leaves_at_ms,
    call_row,
    card_block_row,
    circle_row,
    incident_row,
    recommendation_row,
    renamed,
    unit_row,
)
from kuaifan.board.view_rows import (
    RecommendationRow,
    ViewName,
    ViewRow,
)
from kuaifan.board.view_scope import scope_of_row
from kuaifan.kernel.record import Record
from kuaifan.vocabulary.incident import RecommendationMade
from kuaifan.vocabulary.plan import PlanUsed
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.rights import Role
from kuaifan.vocabulary.setting import UnitProfileChanged
from kuaifan.vocabulary.unit import MoveUpSuggested

BUILDERS: Final[Mapping[str, Callable[[Board, str], ViewRow | None]]] = {
    "units": unit_row,
    "alarms": alarm_row,
    "closures": closure_row,
    "emergencies": emergency_row,
    "seats": seat_row,
    "premises": premise_note_row,
    "cards": card_block_row,
    "majors": major_row,
    "broadcasts": broadcast_row,
    "items": item_row,
    "letters": letter_row,
    "approvals": approval_row,
    "glass": glass_row,
}
"""Of the rows that need nothing but the board; circles change all together, and suggested moves
go by how many hold them."""


class Shown(msgspec.Struct, frozen=True):
    """A row and whose it is (可见行): crews of some units, desks, a class of record.

    for_all: every crew and every desk may see it. desk_ids: empty for what is the city's alone.
    readers: the only roles that see it, empty for all.
    """

    row: ViewRow
    unit_ids: tuple[str, ...] = ()
    for_all: bool = False
    desk_ids: tuple[str, ...] = ()
    record_class: RecordClass = "ordinary"
    readers: tuple[Role, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """A row that came, changed or left (视图变化)."""

    view: ViewName
    key: str
    before: Shown | None
    after: Shown | None


class Views:
    """All rows as of the last record (视图状态).

    recommendations: the stored ranking per incident; the board itself keeps only its order.
    """

    def __init__(self) -> None:
        self.rows: dict[ViewKey, Shown] = {}
        self.recommendations: dict[str, RecommendationRow] = {}
        self._due: list[tuple[int, ViewKey]] = []
        self._due_at: dict[ViewKey, int] = {}
        self._n_holding = self._n_shown = np.zeros((0, 0), np.int64)
        self._circle_key = ""

    def load(
        self, board: Board, now_ms: int, recommendations: Mapping[str, RecommendationRow]
    ) -> None:
        """Build everything from a board; once, before the first record."""
        self.recommendations.update(recommendations)
        self._count(board)
        self._n_shown = np.full_like(self._n_holding, -1)
        self._refresh(board, all_keys(board), now_ms)
        self._refresh_circles(board)

    def on_record(self, board: Board, record: Record) -> list[Change]:
        """Build what a record touched, and what fell due by its time."""
        for event in record.events:
            if isinstance(event, RecommendationMade):
                self.recommendations[event.incident_id] = recommendation_row(
                    board, event, seq=record.seq, at_ms=record.at_ms
                )
            if isinstance(event, UnitProfileChanged):
                for incident_id, row in self.recommendations.items():
                    self.recommendations[incident_id] = renamed(row, event.value)
        self._count(board)
        keys = [*touched_keys(board, record), *self._list_moves(record)]
        changes = self._refresh(board, [*keys, *self._pop_due(record.at_ms)], record.at_ms)
        return [*changes, *self._refresh_circles(board)]

    def _list_moves(self, record: Record) -> list[ViewKey]:
        """Moves on the screens, where a new one may have taken the place of the oldest."""
        if not any(isinstance(event, MoveUpSuggested | PlanUsed) for event in record.events):
            return []
        return [key for key in self.rows if key[0] == "move_ups"]

    def on_moved(self, board: Board) -> list[Change]:
        """After positions: only circles can have changed."""
        self._count(board)
        return self._refresh_circles(board)

    def on_time(self, board: Board, now_ms: int) -> list[Change]:
        """What changes because time has passed: an alarm is due, a missed call leaves."""
        return self._refresh(board, self._pop_due(now_ms), now_ms)

    def _refresh(self, board: Board, keys: list[ViewKey], now_ms: int) -> list[Change]:
        changes = []
        for view, key in keys:
            change = self._put(view, key, self._build(board, view, key, now_ms))
            self._plan(board, (view, key), now_ms)
            if change is not None:
                changes.append(change)
        return changes

    def _count(self, board: Board) -> None:
        """Count who holds each circle, then who is in each ring; O(units x circles), vectorized.

        Once for each record and each batch of positions; between them nothing can change it.
        """
        available, coverage = board.fleet.available(), board.coverage
        self._n_holding = np.vstack((coverage.n_holding(available), coverage.n_in_rings(available)))

    def _refresh_circles(self, board: Board) -> list[Change]:
        """Compare how many hold each circle and ring with what is shown."""
        n_holding = self._n_holding
        gone = self._other_circles(board)
        changed = np.flatnonzero((n_holding != self._n_shown).any(axis=0)).tolist()
        self._n_shown = n_holding
        rows = [
            circle_row(board, i, int(n_holding[0, i]), n_holding[1:, i].tolist()) for i in changed
        ]
        changes = (self._put("circles", row.post_id, _shown(board, row)) for row in rows)
        found = [*gone, *(change for change in changes if change is not None)]
        if not rows or not board.move_ups:
            return found
        # Who holds which circle decides whether a move still helps.
        return found + self._refresh(board, [("move_ups", each) for each in board.move_ups], 0)

    def _other_circles(self, board: Board) -> list[Change]:
        """Take those away that are no more; all are shown anew where a plan has drawn others."""
        key = board.reference.circle_key
        if key == self._circle_key:
            return []
        self._circle_key, self._n_shown = key, np.full_like(self._n_holding, -1)
        ids = {post.post_id for post in board.reference.circle_posts}
        gone = [key for view, key in self.rows if view == "circles" and key not in ids]
        changes = [self._put("circles", post_id, None) for post_id in gone]
        return [change for change in changes if change is not None]

    def _put(self, view: ViewName, key: str, after: Shown | None) -> Change | None:
        before = self.rows.get((view, key))
        if after == before:
            return None
        if after is None:
            del self.rows[view, key]
            if view == "incidents":
                self.recommendations.pop(key, None)
        else:
            self.rows[view, key] = after
        return Change(view, key, before, after)

    def _build(self, board: Board, view: ViewName, key: str, now_ms: int) -> Shown | None:
        row: ViewRow | None = None
        if view == "calls":
            row = call_row(board, key, now_ms)
        elif view == "incidents":
            row = incident_row(board, key, self.recommendations.get(key))
        elif view == "move_ups":
            row = move_up_row(board, key, self._n_holding[0])
        elif view in BUILDERS:
            row = BUILDERS[view](board, key)
        if row is None:
            return None
        return _shown(board, row)

    def _plan(self, board: Board, view_key: ViewKey, now_ms: int) -> None:
        due_ms = _due_ms(board, view_key)
        if due_ms > now_ms and self._due_at.get(view_key) != due_ms:
            self._due_at[view_key] = due_ms
            heapq.heappush(self._due, (due_ms, view_key))

    def _pop_due(self, now_ms: int) -> list[ViewKey]:
        keys = []
        while self._due and self._due[0][0] <= now_ms:
            due_ms, view_key = heapq.heappop(self._due)
            if self._due_at.get(view_key) == due_ms:
                del self._due_at[view_key]
                keys.append(view_key)
        return keys


def _due_ms(board: Board, view_key: ViewKey) -> int:
    view, key = view_key
    call = board.calls.get(key) if view == "calls" else None
    return call_leaves_at_ms(call) if call else 0


def _shown(board: Board, row: ViewRow) -> Shown:
    whose = scope_of_row(board, row)
    return Shown(
        row,
        whose.unit_ids,
        for_all=whose.for_all,
        desk_ids=whose.desk_ids,
        record_class=whose.record_class,
        readers=whose.readers,
    )
