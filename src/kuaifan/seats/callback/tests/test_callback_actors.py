"""Simulated callers back (仿真回访): they ring in the allowed hours, mostly in time."""

from toy_city import DOMESTIC, START_MS, Desk, corner

from kuaifan.board.day_tally import day_of, start_of_day
from kuaifan.board.items import HOUR_MS, open_item
from kuaifan.seats.callback.actors import ACTORS
from kuaifan.seats.callback.kinds import CALL
from kuaifan.seats.callback.papers import Due, slice_of
from kuaifan.vocabulary.item import ItemOpened, Owner

MINUTE_MS = 60_000


def ring(desk, at_ms, luck):
    """When somebody rings whose call-back was opened at an instant and is due a day later."""
    item = open_item(
        desk.board, CALL, owner=Owner("seat", "callback"), due_at_ms=at_ms + 24 * HOUR_MS
    )
    desk.engine.rules.fold(desk.board, item, at_ms)
    slice_of(desk.board).due[item.item_id] = Due(
        item_id=item.item_id,
        incident_id="J1",
        desk_id="city",
        record_class="ordinary",
        class_key="dispute",
        why="sample",
        number="139",
        unit_id="",
        opened_at_ms=at_ms,
    )
    ((wait_ms, _),) = ACTORS[ItemOpened](
        desk.board, item, at_ms, lambda name: 0.99 if name.startswith("late") else luck
    )
    return at_ms + wait_ms


def test_whenever_it_is_opened_it_is_rung_within_the_hours_and_before_it_is_due():
    desk = Desk()
    desk.opened(DOMESTIC, corner(4, 2))
    terms = slice_of(desk.board).terms
    for hour in range(24):
        for luck in (0.01, 0.5, 0.99):
            at_ms = start_of_day(day_of(START_MS) + 1) + hour * HOUR_MS
            rung_ms = ring(desk, at_ms, luck)
            minute = (rung_ms - start_of_day(day_of(rung_ms))) // MINUTE_MS
            assert terms.from_min <= minute <= terms.to_min, (hour, luck)
            assert rung_ms <= at_ms + 24 * HOUR_MS, (hour, luck)
