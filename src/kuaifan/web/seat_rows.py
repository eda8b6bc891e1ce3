"""What is told of a special seat over the wire (专席查询): its declaration and what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal

import msgspec

from kuaifan.board.item_rows import ItemRow
from kuaifan.board.promise_ledger import wilson
from kuaifan.board.seat_forms import Figure, Seat
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary.rights import Right, Role
from kuaifan.web.operation import Operation

SEATS_PATH: Final = "/v1/seats"
SEAT_PATH: Final = "/v1/seats/{key}"
MAX_ITEMS: Final = 500
"""More open items than this are no list any more; the number of them is told."""
MAX_ROWS: Final = 200
"""Rows of a page of a table."""
MAX_COUNTED: Final = 1_000
"""So many rows past a page are counted: a year of cases is longer than anybody reads."""


class SeatHere(msgspec.Struct, frozen=True, kw_only=True):
    """An installed seat (在装专席): what it says of itself, its tables, rights of its commands.

    told: what the timeline says of its events, Chinese and English.
    """

    seat_id: str
    seat: Seat
    views: Mapping[str, Callable[[Board], Iterable[msgspec.Struct]]]
    rights: Mapping[str, Right]
    told: Mapping[type[Event], tuple[str, str]] = {}


class SeatListed(msgspec.Struct, frozen=True, kw_only=True):
    """A seat that its reader may open (专席条目).

    role: the one of its roles to open it in. n_open, n_late: items, of them those with an alarm.
    """

    seat_id: str
    role: Role
    declaration: Seat
    n_open: int
    n_late: int


class SeatList(msgspec.Struct, frozen=True, kw_only=True):
    """The seats that a viewer may read, in their order (专席列表)."""

    now_ms: int
    seats: tuple[SeatListed, ...]


class TableSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a table (表页).

    n_rows: that the viewer may see, of those after this page at most MAX_COUNTED; is_capped: there
    are more than this page holds. rows: by the names of the table's columns, with `row_id`,
    `incident_id`; what is masked is empty, is_masked.
    """

    name: str
    rows: list[dict[str, Any]]
    skip: int
    n_rows: int
    is_capped: bool


class FigureSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A figure over the period (指标值), never a number alone.

    numerator; denominator: of a share, else null. value: null where there is nothing to divide by.
    low, high: Wilson's interval of a sample, else null.
    """

    name: str
    kind: Literal["count", "share", "yuan"]
    numerator: int
    denominator: int | None
    value: float | None
    low: float | None
    high: float | None


class SeatSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A seat as a viewer may see it (专席).

    commands: those that this viewer may submit. items: open ones, overdue first, then by due time;
    n_items: how many there are, if more than are listed. from_day, to_day: of the figures, local
    days, both included; now_ms: as of when.
    """

    seat_id: str
    role: Role
    declaration: Seat
    commands: tuple[str, ...]
    items: list[ItemRow]
    n_items: int
    tables: list[TableSeen]
    figures: list[FigureSeen]
    from_day: str
    to_day: str
    now_ms: int


def figure_seen(figure: Figure, numerator: int, denominator: int | None) -> FigureSeen:
    """A figure out of its two tallies."""
    value: float | None = float(numerator)
    low = high = None
    if denominator is not None:
        value = numerator / denominator if denominator else None
        if figure.interval and 0 <= numerator <= denominator:
            low, high = wilson(numerator, denominator)
    return FigureSeen(
        name=figure.name,
        kind=figure.kind,
        numerator=numerator,
        denominator=denominator,
        value=value,
        low=low,
        high=high,
    )


SEAT_OPERATIONS: Final = (
    Operation(
        path=SEATS_PATH,
        method="get",
        name="list_seats",
        tag="seats",
        summary="The special seats that the viewer may read, with their forms as data (专席列表)",
        gives=SeatList,
        problems=("403",),
    ),
    Operation(
        path=SEAT_PATH,
        method="get",
        name="read_seat",
        tag="seats",
        summary="A special seat: open items, tables, figures over from..to (local days, 30 of them "
        "unless asked); table=NAME&skip=N for a further page of a table (专席)",
        gives=SeatSeen,
        problems=("403", "404", "422", "503"),
    ),
)
