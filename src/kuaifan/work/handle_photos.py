"""Photos of an order (现场照片): attached once whole, so many and no more; read with a purpose."""

from __future__ import annotations

from kuaifan.board.device_times import find_stamp
from kuaifan.board.entities import Order
from kuaifan.board.lookup import get_order
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import photo as photos


def attach_photo(board: Board, command: photos.AttachPhoto, now_ms: int) -> list[Event]:
    """A photo has come in whole (附照片); also after the feedback, or of an order called back."""
    order = get_order(board, command.order_id)
    _refuse_another(order, command.photo_id)
    taken_at_ms = find_stamp(command.device_at_ms, earliest_at_ms=order.t4_ms, now_ms=now_ms)
    return [
        photos.PhotoAttached(
            photo_id=command.photo_id,
            order_id=order.order_id,
            incident_id=order.incident_id,
            sha256=command.sha256,
            n_bytes=command.n_bytes,
            kind=command.kind,
            device_at_ms=command.device_at_ms,
            stamp_at_ms=taken_at_ms,
            clock_off=bool(command.device_at_ms and not taken_at_ms),
        )
    ]


def read_photo(board: Board, command: photos.ReadPhoto, _now_ms: int) -> list[Event]:
    """Somebody looks at it (调阅照片), and says why."""
    order = get_order(board, command.order_id)
    if all(each.photo_id != command.photo_id for each in order.photos):
        raise Refused(
            "unknown_photo",
            f"派警单 {order.order_id} 没有照片 {command.photo_id}",
            f"order {order.order_id} has no photo {command.photo_id}",
        )
    if not command.purpose.strip():
        raise Refused("no_purpose", "调阅照片须填写事由", "say what the photo is read for")
    return [
        photos.PhotoRead(
            photo_id=command.photo_id,
            order_id=order.order_id,
            incident_id=order.incident_id,
            purpose=command.purpose,
        )
    ]


def _refuse_another(order: Order, photo_id: str) -> None:
    if any(each.photo_id == photo_id for each in order.photos):
        raise Refused(
            "already_attached",
            f"照片 {photo_id} 已附于派警单 {order.order_id}",
            f"photo {photo_id} is attached to order {order.order_id} already",
        )
    if len(order.photos) >= photos.MAX_PHOTOS:
        raise Refused(
            "too_many_photos",
            f"派警单 {order.order_id} 已有 {photos.MAX_PHOTOS} 张照片，更多请归入案卷",
            f"order {order.order_id} has {photos.MAX_PHOTOS} photos; "
            "more belong into the case file",
        )


RULES = Rules[Board](
    deciders={photos.AttachPhoto: attach_photo, photos.ReadPhoto: read_photo},
)
