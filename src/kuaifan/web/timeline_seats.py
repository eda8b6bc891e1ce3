"""What the timeline says of special seats (时间线：专席): in the words of the seat's own folder.

A seat's declaration gives a sentence for each of its events, with fields in braces; codes read as
the choices of its tables and forms. Stages and outcomes of items read as its kinds say. What is
restricted to a seat's readers is told to nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from kuaifan.board.day_tally import CITY_OFFSET_MS
from kuaifan.board.items import ItemKind
from kuaifan.kernel.message import Event
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

Words = tuple[str, str]
BRACES: Final = re.compile(r"\{(\w+)\}")
OF_ITEMS: Final = (ItemOpened, ItemMoved, ItemHandedOn, ItemPostponed, ItemNoted, ItemClosed)
INSTANTS: Final = "_at_ms"
FEN: Final = "_fen"


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

    def is_hidden(self, event: Event) -> bool:
        """Whether an event is of what only others read; each is asked about, in order."""
        if isinstance(event, ItemOpened):
            if kind := self._kinds.get((event.seat_id, event.kind)):
                self._kind_of[event.item_id] = kind
            if not self._reads(event.readers):
                self._hidden.add(event.item_id)
        if isinstance(event, (*OF_ITEMS, ItemRehung)):
            return event.item_id in self._hidden
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
        zh, en = here.told[type(event)]
        codes = _codes_of(here)
        return _filled(zh, event, codes, 0), _filled(en, event, codes, 1)

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


def _codes_of(here: SeatHere) -> Mapping[tuple[str, str], Words]:
    """(field, code) -> words, of all choices of a seat's tables and forms."""
    columns = (column for table in here.seat.tables for column in table.columns)
    fields = (field for action in here.seat.actions for field in action.fields)
    known = [*((each.name, each.choices) for each in columns)]
    known += [(each.name, each.choices) for each in fields]
    known += [("", here.seat.codes)]
    found = {
        (name, choice.code): (choice.zh, choice.en) for name, choices in known for choice in choices
    }
    steps = (each for kind in here.seat.kinds for each in (kind.outcomes, kind.words))
    anywhere: dict[str, set[Words]] = {}
    for (_, code), words in found.items():
        anywhere.setdefault(code, set()).add(words)
    for step in steps:
        for code, words in step.items():
            anywhere.setdefault(code, set()).add(words)
    # An event calls a field as the rules do: a code that means one thing at a seat means it there.
    sole = {("", code): next(iter(words)) for code, words in anywhere.items() if len(words) == 1}
    return {**found, **sole}


def _filled(
    sentence: str, event: Event, codes: Mapping[tuple[str, str], Words], language: int
) -> str:
    def fill(found: re.Match[str]) -> str:
        name = found.group(1)
        return _said(name, getattr(event, name), codes, language)

    return BRACES.sub(fill, sentence)


def _said(
    name: str,
    value: Any,  # noqa: ANN401 - any field of any event
    codes: Mapping[tuple[str, str], Words],
    language: int,
) -> str:
    if isinstance(value, tuple | list):
        return "、".join(_said(name, each, codes, language) for each in value)
    if isinstance(value, bool):
        return ("是", "yes")[language] if value else ("否", "no")[language]
    if isinstance(value, int) and name.endswith(INSTANTS):
        local = datetime.fromtimestamp(value / 1000, UTC) + timedelta(milliseconds=CITY_OFFSET_MS)
        return local.strftime("%m-%d %H:%M")
    if isinstance(value, int) and name.endswith(FEN):
        return f"{value / 100:.2f}"
    words = codes.get((name, str(value))) or codes.get(("", str(value)))
    return words[language] if words else str(value)
