"""The seat in the twin (仿真回访): one of three does not answer at first, a few are not content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from kuaifan.board.day_tally import DAY_MS, day_of, start_of_day
from kuaifan.board.items import HOUR_MS
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.seats.callback import words
from kuaifan.seats.callback.papers import SEAT_ID, slice_of
from kuaifan.vocabulary import item as items

CALLER: Final = "twin-callback"
DISSATISFIED: Final = 0.004
"""Huainan 2023: 99.6 % of those who answered were content (domain page, row 11)."""
MISSED, DECLINED, FAIRLY, UNRESOLVED, LATE = 0.32, 0.04, 0.12, 0.015, 0.04
"""How often each happens; no city publishes it: our own guess [U]."""
GAP_MS: Final = 4 * HOUR_MS + HOUR_MS // 2
"""A little more than two tries must lie apart."""
Draw = Callable[[str], float]


def on_item(
    board: Board, event: items.ItemOpened | items.ItemMoved, at_ms: int, draw: Draw
) -> Iterable[tuple[int, Command]]:
    """Rung at an hour when people are rung, before it is due mostly; a grievance within days."""
    item = board.items.get(event.item_id)
    if item is None or item.seat_id != SEAT_ID:
        return ()
    owed = slice_of(board).due.get(item.item_id)
    if owed is None:
        late_ms = int((4 + 70 * draw("when")) * HOUR_MS)
        found = words.AnswerGrievance(
            item_id=item.item_id, outcome="explained", by=CALLER, found="已当面解释"
        )
        return [(late_ms, found)]
    agreed = slice_of(board).agreements.get(owed.incident_id)
    luck = draw(f"hour {len(owed.tries_at_ms)}")
    if agreed is not None:
        wait_ms = start_of_day(day_of(at_ms) + 1) + agreed.from_min * MINUTE_MS - at_ms
    else:
        wait_ms = _hour_to_ring(board, at_ms, item.due_at_ms, luck) - at_ms
    if draw(f"late {len(owed.tries_at_ms)}") < LATE:
        wait_ms += DAY_MS
    if draw(f"missed {len(owed.tries_at_ms)}") < MISSED:
        missed = words.RecordCallBackAnswer(
            item_id=item.item_id, number=owed.number, reached="not_reached", by=CALLER
        )
        return [(wait_ms, missed)]
    if draw("declined") < DECLINED:
        no = words.RecordCallBackAnswer(
            item_id=item.item_id, number=owed.number, reached="declined", by=CALLER
        )
        return [(wait_ms, no)]
    luck = draw("content")
    satisfaction: words.Rated = (
        "dissatisfied" if luck < DISSATISFIED else "fairly" if luck < FAIRLY else "satisfied"
    )
    answer = words.RecordCallBackAnswer(
        item_id=item.item_id,
        number=owed.number,
        reached="answered",
        by=CALLER,
        satisfaction=satisfaction,
        resolved="no" if draw("resolved") < UNRESOLVED else "yes",
    )
    return [(wait_ms, answer)]


def _hour_to_ring(board: Board, at_ms: int, due_at_ms: int, luck: float) -> int:
    """An instant of the hours that are rung in, today where enough of them are left."""
    terms, day = slice_of(board).terms, day_of(at_ms)
    from_ms = max(at_ms + GAP_MS, start_of_day(day) + terms.from_min * MINUTE_MS)
    until_ms = start_of_day(day) + terms.to_min * MINUTE_MS
    if until_ms - from_ms < HOUR_MS:
        from_ms = start_of_day(day + 1) + terms.from_min * MINUTE_MS
        until_ms = start_of_day(day + 1) + terms.to_min * MINUTE_MS
    until_ms = max(from_ms + HOUR_MS, min(until_ms, due_at_ms))
    return from_ms + int(luck * (until_ms - from_ms))


ACTORS: Final[Mapping[type[Event], Callable[..., Iterable[tuple[int, Command]]]]] = {
    items.ItemOpened: on_item,
    items.ItemMoved: on_item,
}
