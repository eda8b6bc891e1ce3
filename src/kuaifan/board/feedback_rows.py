"""What an order shows beyond its stamps (派警单附项): photos, marks of a phone, what to mend."""

from __future__ import annotations

from typing import Any

from kuaifan.board.entities import Order
from kuaifan.board.view_rows import FeedbackRow, PhotoRow


def beyond_stamps(order: Order) -> dict[str, Any]:
    """Fields of an order's row; copies, as rows are read on other threads."""
    return {
        "amended_what": order.amended_what,
        "device_marks": dict(order.device_marks),
        "photos": tuple(
            PhotoRow(
                photo_id=each.photo_id,
                n_bytes=each.n_bytes,
                kind=each.kind,
                at_ms=each.at_ms,
                taken_at_ms=each.taken_at_ms,
                clock_off=each.clock_off,
                n_reads=each.n_reads,
            )
            for each in order.photos
        ),
        "returned_reason": order.returned_reason,
        "to_mend": _to_mend(order) if order.returned_reason else None,
    }


def _to_mend(order: Order) -> FeedbackRow:
    return FeedbackRow(
        disposition=order.disposition,
        story=order.story,
        parties=order.parties,
        n_caught=order.n_caught,
        n_rescued=order.n_rescued,
        letter=order.letter,
    )
