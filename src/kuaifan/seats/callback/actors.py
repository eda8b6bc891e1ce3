"""The seat in the twin (仿真回访): one of three does not answer at first, a few are not content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from kuaifan.board.day_tally import DAY_MS, day_of, start_of_day
from kuaifan.board.items import HOUR_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.seats.callback import words
from kuaifan.seats.callback.papers import SEAT_ID, slice_of
from kuaifan.vocabulary import item as items

CALLER: Final = "twin-callback"
MISSED, DECLINED, DISSATISFIED, FAIRLY, UNRESOLVED = 0.32, 0.04, 0.02, 0.12, 0.015
"""How often each happens; our own guess, near the shares that cities publish."""
Draw = Callable[[str], float]


def on_item(
    board: Board, event: items.ItemOpened | items.ItemMoved, at_ms: int, draw: Draw
) -> Iterable[tuple[int, Command]]:
    """Rung at some hour of the next day; a grievance is answered within two."""
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
    from_min = agreed.from_min if agreed else slice_of(board).terms.from_min
    morning_ms = start_of_day(day_of(at_ms)) + DAY_MS + from_min * 60_000
    wait_ms = (
        morning_ms
        - at_ms
        + int(draw(f"hour {len(owed.tries_at_ms)}") * (10 * HOUR_MS if agreed is None else 1))
    )
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


ACTORS: Final[Mapping[type[Event], Callable[..., Iterable[tuple[int, Command]]]]] = {
    items.ItemOpened: on_item,
    items.ItemMoved: on_item,
}
