"""A phone's own time as a stamp (手机时间): kept where it can be true, marked where it cannot.

What was tapped without a network comes in later, with the time of the finger. That time holds if
it lies after the order was sent and after the stages before it, not in the future and not too
long ago; else the time of receipt holds and the stage is marked.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from kuaifan.board.entities import DeviceMark, Order
from kuaifan.board.lookup import get_live_order
from kuaifan.board.order_steps import PROGRESS, get_order_before, get_order_to_arrive
from kuaifan.board.state import Board
from kuaifan.vocabulary.order import OrderState, StampSource

SKEW_MS: Final = 120_000
"""Two clocks that nobody set by each other may differ by so much."""
MAX_LATE_MS: Final = 12 * 3_600_000
"""A shift; what is older was not tapped by this crew."""
LATE_MS: Final = 30_000
"""A stamp that comes in more than this after it was made was queued."""


class Stamped(msgspec.Struct, frozen=True):
    """An order that may take a step, with what its event says of the time (时间戳)."""

    order: Order
    fields: dict[str, Any]


def stamp_to(
    board: Board, order_id: str, state: OrderState, *, device_at_ms: int, now_ms: int
) -> Stamped:
    """Return an order that may go on to a state, or whose empty stamp a phone fills in later.

    Refuses: already_<state>, unknown_order, order_withdrawn.
    """
    late = _find_late(board, order_id, state, device_at_ms, now_ms) if device_at_ms else None
    order = late or get_order_before(board, order_id, state)
    return Stamped(order, fields_of(order, state, device_at_ms=device_at_ms, now_ms=now_ms))


def stamp_arrival(
    board: Board, order_id: str, source: StampSource, *, device_at_ms: int, now_ms: int
) -> Stamped:
    """Return an order whose arrival this source has not told, or refuse: already_on_scene."""
    late = _find_late(board, order_id, "on_scene", device_at_ms, now_ms) if device_at_ms else None
    order = late or get_order_to_arrive(board, order_id, source)
    return Stamped(order, fields_of(order, "on_scene", device_at_ms=device_at_ms, now_ms=now_ms))


def fields_of(order: Order, state: OrderState, *, device_at_ms: int, now_ms: int) -> dict[str, Any]:
    """What an event of a stage says of the time; nothing where no phone said any."""
    if not device_at_ms:
        return {}
    stamp_at_ms = _stage_stamp(order, state, device_at_ms, now_ms)
    return {
        "device_at_ms": device_at_ms,
        "stamp_at_ms": stamp_at_ms,
        "clock_off": not stamp_at_ms,
    }


def find_stamp(device_at_ms: int, *, earliest_at_ms: int, now_ms: int) -> int:
    """The instant that holds by a phone's word, 0 where it cannot be true."""
    oldest_at_ms = max(earliest_at_ms - SKEW_MS, now_ms - MAX_LATE_MS)
    if not oldest_at_ms <= device_at_ms <= now_ms + SKEW_MS:
        return 0
    return min(max(device_at_ms, earliest_at_ms), now_ms)


def stamp_of(event: Any, at_ms: int) -> int:  # noqa: ANN401 - any event of a stage
    """The instant that holds by an event of a stage."""
    return int(event.stamp_at_ms or at_ms)


def mark_stage(order: Order, state: OrderState, event: Any, at_ms: int) -> int:  # noqa: ANN401 - any event of a stage
    """Note in an order how the stamp that holds now came; returns its instant.

    The mark of the stamp before it, if there was one, goes with that stamp.
    """
    unmark_stage(order, state)
    if (mark := _find_mark(event, at_ms)) is not None:
        order.device_marks = {**order.device_marks, state: mark}
    return stamp_of(event, at_ms)


def unmark_stage(order: Order, state: OrderState) -> None:
    """Forget how a stamp came that does not hold any more."""
    marks = order.device_marks
    if state in marks:
        order.device_marks = {each: mark for each, mark in marks.items() if each != state}


def _find_mark(event: Any, at_ms: int) -> DeviceMark | None:  # noqa: ANN401 - any event of a stage
    if getattr(event, "source", "") == "paper":
        return "paper"
    if event.clock_off:
        return "clock_off"
    is_late = event.stamp_at_ms and at_ms - event.stamp_at_ms > LATE_MS
    return "late" if is_late else None


def _find_late(
    board: Board, order_id: str, state: OrderState, device_at_ms: int, now_ms: int
) -> Order | None:
    """An order past a stage whose stamp is empty, and which a phone says it was before."""
    order = board.orders.get(order_id)
    if order is None or order.state == "withdrawn" or not device_at_ms:
        return None
    is_past = PROGRESS.index(get_live_order(board, order_id).state) > PROGRESS.index(state)
    later = [each for each in _stamps_after(order, state) if each]
    is_open = is_past and not _stamp(order, state) and device_at_ms <= min(later, default=0)
    return order if is_open and _stage_stamp(order, state, device_at_ms, now_ms) else None


def _stage_stamp(order: Order, state: OrderState, device_at_ms: int, now_ms: int) -> int:
    """After the stages before it, and not after those that have been stamped already."""
    earliest_at_ms = max(_stamps_before(order, state))
    stamp_at_ms = find_stamp(device_at_ms, earliest_at_ms=earliest_at_ms, now_ms=now_ms)
    return min([stamp_at_ms, *(each for each in _stamps_after(order, state) if each)])


def _stamp(order: Order, state: OrderState) -> int:
    return {
        "dispatched": order.t4_ms,
        "acknowledged": order.t5_ms,
        "en_route": order.t6_ms,
        "on_scene": order.t7_ms,
        "handled": order.t8_ms,
        "fed_back": order.t9_ms,
    }.get(state, 0)


def _stamps_before(order: Order, state: OrderState) -> list[int]:
    return [_stamp(order, each) for each in PROGRESS[: PROGRESS.index(state)]]


def _stamps_after(order: Order, state: OrderState) -> list[int]:
    return [_stamp(order, each) for each in PROGRESS[PROGRESS.index(state) + 1 :]]
