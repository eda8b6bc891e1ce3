"""Folds of photos (照片归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.papers import Photo
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import photo as photos


def photo_attached(board: Board, event: photos.PhotoAttached, at_ms: int) -> None:
    """The order has one more."""
    order = board.orders[event.order_id]
    paper = Photo(
        photo_id=event.photo_id,
        sha256=event.sha256,
        n_bytes=event.n_bytes,
        kind=event.kind,
        at_ms=at_ms,
        taken_at_ms=event.stamp_at_ms,
        clock_off=event.clock_off,
    )
    order.photos = [*order.photos, paper]
    order.seq = board.seq


def photo_read(board: Board, event: photos.PhotoRead, _at_ms: int) -> None:
    """Counted; looking at a photo is no change that another seat's decision would clash with."""
    for paper in board.orders[event.order_id].photos:
        paper.n_reads += paper.photo_id == event.photo_id


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    photos.PhotoAttached: photo_attached,
    photos.PhotoRead: photo_read,
}
