"""What cleared means (清零口径): closed, or in a case, mediation, transfer, or a dated reason.

And the day's figures, counted from the board as it stands at nine: a closed incident stays on it
for 48 hours, so that all of yesterday is there. What cannot be said yet, as the time it is measured
by still runs, is counted a day later, for the day it belongs to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from kuaifan.board.day_tally import day_of, start_of_day
from kuaifan.board.entities import Incident, Order
from kuaifan.board.item_papers import Item
from kuaifan.board.items import HOUR_MS
from kuaifan.board.state import Board

from .kinds import SEAT_ID
from .papers import DailyClearing
from .words import How

CLEARED_BY_SEAT: Final[Mapping[str, How]] = {"mediation": "mediation", "hotline": "transfer"}
"""An open item of these seats says that the incident is in their hands, while it is in time."""
NOT_RECEIVED: Final = frozenset({"offer", "returned", "decision"})
"""Items of a hand-over for which nobody has signed: it stays whose it was (首接责任)."""
TAKEN_STATES: Final = frozenset({"accepted", "arrived"})
RUN_AT_MS: Final = 9 * HOUR_MS
"""Nine o'clock, local."""
KEEP_DAYS: Final = 62


class Count(NamedTuple):
    """What could be counted, and what could not yet (计数)."""

    counts: dict[str, int]
    incident_ids: tuple[str, ...]
    order_ids: tuple[str, ...]


def papers_of(board: Board) -> DailyClearing:
    """What the seat keeps on this board."""
    papers: DailyClearing = board.seats[SEAT_ID]
    return papers


def find_how(board: Board, incident: Incident, now_ms: int) -> How | None:
    """By what an incident counts as cleared, None where it is not."""
    papers = papers_of(board)
    if incident.is_over:
        return "merged" if incident.state == "merged" else "closed"
    if papers.cases_of.get(incident.incident_id):
        return "case"
    for item_id in incident.item_ids:
        if (how := how_of_item(board.items[item_id], now_ms)) is not None:
            return how
    if _is_transferred(board, incident):
        return "transfer"
    reason = papers.reasons.get(incident.incident_id)
    if reason is not None and reason.until_ms > now_ms:
        return "reason"
    return "reason" if incident.state == "scheduled" else None


def how_of_item(item: Item, now_ms: int) -> How | None:
    """What a seat's item says of its incident; a promise past its time clears nothing."""
    if item.kind in NOT_RECEIVED or item.due_at_ms <= now_ms:
        return None
    return CLEARED_BY_SEAT.get(item.seat_id)


def list_left(board: Board, today: int, now_ms: int) -> list[Incident]:
    """Incidents of days before today that are not cleared, oldest first. O(incidents)."""
    return [
        incident
        for incident in board.incidents.values()
        if day_of(incident.opened_at_ms) < today and find_how(board, incident, now_ms) is None
    ]


def count_day(board: Board, day: int, now_ms: int) -> Count:
    """Figures of a day (当日指标). O(incidents + orders + calls)."""
    from_ms, until_ms = start_of_day(day), start_of_day(day + 1)
    own = [each for each in board.incidents.values() if from_ms <= each.opened_at_ms < until_ms]
    hows = Counter[str](find_how(board, each, now_ms) or "uncleared" for each in own)
    counts = dict(sorted(hows.items()))
    counts["incidents"] = len(own)
    counts["all_cleared"] = len(own) - hows["uncleared"]
    counts["calls"] = sum(from_ms <= call.t0_ms < until_ms for call in board.calls.values())
    orders = [
        each
        for each in board.orders.values()
        if from_ms <= each.t4_ms < until_ms and each.state != "withdrawn"
    ]
    sent, of_day = [each.order_id for each in orders], {each.incident_id for each in orders}
    ordered = [
        incident_id
        for incident_id, incident in board.incidents.items()
        if incident_id in of_day and from_ms <= first_order_ms(board, incident) < until_ms
    ]
    later = count_later(board, ordered, sent, now_ms=now_ms, is_last=False)
    signed_ms = board.reference.clocks.unsigned_ms[0]
    counts["orders"] = len(sent)
    counts["signed_in_time"] = sum(
        _within(board.orders[each].t4_ms, board.orders[each].t5_ms, signed_ms) for each in sent
    )
    return Count({**counts, **later.counts}, later.incident_ids, later.order_ids)


def count_later(
    board: Board,
    incident_ids: Iterable[str],
    order_ids: Iterable[str],
    *,
    now_ms: int,
    is_last: bool,
) -> Count:
    """What has to be waited for: final results and feedbacks; at the last time all is said."""
    results, open_ids = _results(board, incident_ids, now_ms, is_last=is_last)
    feedbacks, open_orders = _feedbacks(board, order_ids, now_ms, is_last=is_last)
    return Count({**results, **feedbacks}, open_ids, open_orders)


def _results(
    board: Board, incident_ids: Iterable[str], now_ms: int, *, is_last: bool
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Final results within the time, of those of which that can be said."""
    counts: Counter[str] = Counter()
    too_early = []
    final_ms = papers_of(board).terms.final_h * HOUR_MS
    for incident_id in incident_ids:
        incident = board.incidents.get(incident_id)
        t4_ms = 0 if incident is None else first_order_ms(board, incident)
        if incident is None or incident.state == "merged" or not t4_ms:
            continue
        if incident.t10_ms or is_last or now_ms - t4_ms > final_ms:
            counts["concluded_of"] += 1
            counts["concluded"] += _within(t4_ms, incident.t10_ms, final_ms)
        else:
            too_early.append(incident_id)
    return dict(counts), tuple(too_early)


def _feedbacks(
    board: Board, order_ids: Iterable[str], now_ms: int, *, is_last: bool
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Feedbacks within the time, of the orders of which that can be said."""
    counts: Counter[str] = Counter()
    too_early = []
    limit_ms = board.reference.clocks.feedback_ms
    for order_id in order_ids:
        order = board.orders.get(order_id)
        if order is None or order.state == "withdrawn":
            continue
        if order.t9_ms or is_last or _is_late(order, limit_ms, now_ms):
            counts["fed_back_of"] += 1
            counts["fed_back_in_time"] += _within(order.t8_ms, order.t9_ms, limit_ms)
        else:
            too_early.append(order_id)
    return dict(counts), tuple(too_early)


def first_order_ms(board: Board, incident: Incident) -> int:
    """When its first order went out that was not withdrawn, 0 where none did."""
    return min((order.t4_ms for order in board.active_orders(incident)), default=0)


def _within(from_ms: int, to_ms: int, limit_ms: int) -> bool:
    return bool(from_ms and to_ms) and to_ms - from_ms <= limit_ms


def _is_late(order: Order, limit_ms: int, now_ms: int) -> bool:
    return bool(order.t8_ms) and now_ms - order.t8_ms > limit_ms


def _is_transferred(board: Board, incident: Incident) -> bool:
    """Another service has it, and nobody of ours is bound by it any more."""
    if any(order.is_active for order in board.active_orders(incident)):
        return False
    if incident.state not in {"registered", "queued", "fed_back", "reviewed"}:
        # Whoever was there still owes a report.
        return False
    if incident.n_needed and not incident.order_ids and not incident.settled:
        return False
    return any(board.requests[each].state in TAKEN_STATES for each in incident.request_ids)
