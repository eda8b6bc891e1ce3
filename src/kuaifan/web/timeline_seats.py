"""What the timeline says of special seats (时间线：专席): in the words of the seat's own folder.

A seat's declaration gives a sentence for each of its events, with fields in braces; codes read as
the choices of its tables and forms. Stages and outcomes of items read as its kinds say. What is
restricted to a seat's readers is told to nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kuaifan.board.items import ItemKind
from kuaifan.board.seat_words import Codes, Words, codes_of, fill
from kuaifan.kernel.message import Event
from kuaifan.vocabulary.approval import EVENTS as APPROVALS
from kuaifan.vocabulary.approval import ApprovalAsked
from kuaifan.vocabulary.item import (
    ItemClosed,
    ItemHandedOn,
    ItemMoved,
    ItemNoted,
    ItemOpened,
    ItemPostponed,
    ItemRehung,
)
from kuaifan.web.seat_rows import SeatHere
from kuaifan.web.viewer import Viewer

OF_ITEMS: Final = (ItemOpened, ItemMoved, ItemHandedOn, ItemPostponed, ItemNoted, ItemClosed)


class SeatTeller:
    """Puts a seat's events, and steps of its items, into words (专席叙述); for one timeline."""

    def __init__(self, seats: Sequence[SeatHere], viewer: Viewer) -> None:
        self._viewer = viewer
        self._here = {event: here for here in seats for event in here.told}
        self._kinds = {
            (here.seat_id, kind.kind): kind for here in seats for kind in here.seat.kinds
        }
        self._kind_of: dict[str, ItemKind] = {}
        self._hidden: set[str] = set()
        self._codes: dict[str, Codes] = {}

    def is_hidden(self, event: Event) -> bool:
        """Whether an event is of what only others read; each is asked about, in order."""
        if isinstance(event, ItemOpened):
            if kind := self._kinds.get((event.seat_id, event.kind)):
                self._kind_of[event.item_id] = kind
            if not self._reads(event.readers):
                self._hidden.add(event.item_id)
        if isinstance(event, (*OF_ITEMS, ItemRehung)):
            return event.item_id in self._hidden
        if isinstance(event, ApprovalAsked):
            of_seat = event.of_seat
            if of_seat is not None and not self._reads(of_seat.readers):
                self._hidden.add(event.approval_id)
        if isinstance(event, APPROVALS):
            return event.approval_id in self._hidden
        here = self._here.get(type(event))
        is_restricted = here is not None and any(kind.readers for kind in here.seat.kinds)
        return here is not None and is_restricted and not self._reads(here.seat.readers)

    def tell(self, event: Event) -> Words | None:
        """The words of an event, None where no seat has any."""
        if isinstance(event, ItemMoved | ItemClosed):
            return self._step(event)
        here = self._here.get(type(event))
        if here is None:
            return None
        if here.seat_id not in self._codes:
            self._codes[here.seat_id] = codes_of(here.seat)
        return fill(here.told[type(event)], event, self._codes[here.seat_id])

    def _reads(self, readers: Sequence[str]) -> bool:
        is_asked = self._viewer.visitor is not None
        return not (readers and is_asked) or self._viewer.role in readers

    def _step(self, event: ItemMoved | ItemClosed) -> Words | None:
        kind = self._kind_of.get(event.item_id)
        if kind is None:
            return None
        is_closed = isinstance(event, ItemClosed)
        code = event.outcome if isinstance(event, ItemClosed) else event.stage
        zh, en = (kind.outcomes if is_closed else kind.words).get(code, (code, code))
        verb_zh, verb_en = ("办结", "closed") if is_closed else ("转为", "is now")
        return (
            f"{kind.title_zh} {event.item_id} {verb_zh}：{zh}",
            f"{kind.title_en} {event.item_id} {verb_en}: {en}",
        )
