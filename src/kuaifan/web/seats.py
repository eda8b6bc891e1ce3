"""Special seats over the wire (专席接口): what they say of themselves, items, tables, figures.

Items come from the durable rows. Tables and figures are read off the board, on the engine's thread
between two inputs: a page of rows, never more, and only when somebody asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.case_class import class_of_case
from kuaifan.board.day_tally import EPOCH, DayTally, date_of, day_of
from kuaifan.board.item_rows import ItemRow
from kuaifan.board.seat_forms import Figure
from kuaifan.board.state import Board
from kuaifan.board.views import Shown
from kuaifan.kernel.personal import personal_marks
from kuaifan.vocabulary.rights import ROLES, Role
from kuaifan.web.desk import Desk, Parts
from kuaifan.web.masking import mask, masked_row
from kuaifan.web.problems import Problem, answer, malformed, not_found, unknown_outcome
from kuaifan.web.seat_rows import (
    MAX_COUNTED,
    MAX_ITEMS,
    MAX_ROWS,
    SEAT_PATH,
    SEATS_PATH,
    FigureSeen,
    SeatHere,
    SeatList,
    SeatListed,
    SeatSeen,
    TableSeen,
    figure_seen,
)
from kuaifan.web.viewer import Viewer, viewer_of

NO_STORE: Final = {"Cache-Control": "no-store"}
USUAL_DAYS: Final = 30
MAX_DAYS: Final = 400
LOOK_TIMEOUT_S: Final = 10.0


class Asked(NamedTuple):
    """What of a seat is asked for (所查): days, and a page of one table or the first of all."""

    first_day: int
    last_day: int
    table: str
    skip: int


class Page(NamedTuple):
    """A page of rows as the board gave them, whose they are, and how many there are."""

    rows: list[Shown]
    n_rows: int


def seat_routes(parts: Parts) -> list[Route]:
    """GET the list, GET one."""
    routes = SeatRoutes(parts.desk, parts.seats)
    return [
        Route(SEATS_PATH, routes.list_all),
        Route(SEAT_PATH, routes.read),
    ]


class SeatRoutes:
    """The routes of the installed seats (专席)."""

    def __init__(self, desk: Desk, seats: Iterable[SeatHere]) -> None:
        self._desk = desk
        self._seats = sorted(seats, key=lambda each: (each.seat.order, each.seat_id))

    async def list_all(self, request: Request) -> Response:
        """Those of any role of who asks; each with the role to open it in."""
        viewer = viewer_of(request)
        listed = [(here, _role_for(viewer, here)) for here in self._seats]
        found = SeatList(
            now_ms=self._desk.clock()[0],
            seats=tuple(self._listed(viewer, here, role) for here, role in listed if role),
        )
        return answer(found, headers=NO_STORE)

    async def read(self, request: Request) -> Response:
        """One of them, for its readers alone."""
        viewer, here = viewer_of(request), get_readable(self._seats, request)
        asked = self._asked(request, here)
        tables, sums = await self._look(viewer, here, asked)
        items = self._items(viewer, here)
        seen = SeatSeen(
            seat_id=here.seat_id,
            role=viewer.role,
            declaration=here.seat,
            commands=tuple(name for name, right in here.rights.items() if viewer.may(right)),
            items=items[:MAX_ITEMS],
            n_items=len(items),
            tables=[_table_seen(viewer, name, asked.skip, page) for name, page in tables],
            figures=[_figure(each, sums) for each in here.seat.figures],
            from_day=date_of(asked.first_day),
            to_day=date_of(asked.last_day),
            now_ms=self._desk.clock()[0],
        )
        return answer(seen, headers=NO_STORE)

    def _listed(self, viewer: Viewer, here: SeatHere, role: Role) -> SeatListed:
        as_reader = msgspec.structs.replace(viewer, role=role)
        items = self._items(as_reader, here)
        return SeatListed(
            seat_id=here.seat_id,
            role=role,
            declaration=here.seat,
            n_open=len(items),
            n_late=sum(1 for each in items if each.late),
        )

    def _items(self, viewer: Viewer, here: SeatHere) -> list[ItemRow]:
        """Open items of the seat: the latest alarms first, then by when they are due."""
        rows = (masked_row(viewer, each) for each in self._desk.store.rows("items").values())
        own = (row for row in rows if isinstance(row, ItemRow) and row.seat_id == here.seat_id)
        return sorted(own, key=lambda row: (-row.late, row.due_at_ms, row.item_id))

    def _asked(self, request: Request, here: SeatHere) -> Asked:
        said = request.query_params
        now_ms = self._desk.clock()[0]
        first, last = read_days(said.get("from", ""), said.get("to", ""), now_ms)
        table, skip = said.get("table", ""), said.get("skip", "0")
        if table and table not in {each.name for each in here.seat.tables}:
            raise not_found(f"本专席没有表 {table[:40]}", f"this seat has no table {table[:40]!r}")
        if not skip.isdecimal() or len(skip) > 6:  # noqa: PLR2004 - no table has a million rows
            raise malformed("skip 须为整数", f"skip is a whole number, not {skip[:40]!r}")
        return Asked(first, last, table, int(skip))

    async def _look(
        self, viewer: Viewer, here: SeatHere, asked: Asked
    ) -> tuple[list[tuple[str, Page]], dict[str, int]]:
        """Pages of the tables, and sums of the tallies: of one moment of the board."""
        tables = [each for each in here.seat.tables if asked.table in {"", each.name}]

        def look(board: Board) -> tuple[list[tuple[str, Page]], dict[str, int]]:
            pages = [
                (each.name, page_of(board, here.views[each.name](board), viewer, asked))
                for each in tables
            ]
            return pages, _sums(board, here, asked)

        waiting = asyncio.wrap_future(self._desk.look_at(look))
        try:
            return await asyncio.wait_for(waiting, LOOK_TIMEOUT_S)
        except TimeoutError:
            raise unknown_outcome("no_answer", "the engine does not answer") from None


def get_readable(seats: Iterable[SeatHere], request: Request) -> SeatHere:
    """The seat that a request names; raises Problem 404, or 403 for who does not work at it."""
    key = request.path_params["key"]
    here = next((each for each in seats if each.seat_id == key), None)
    if here is None:
        raise not_found(f"没有专席 {key[:40]}", f"there is no special seat {key[:40]!r}")
    if viewer_of(request).role not in here.seat.readers:
        raise Problem(
            403,
            "forbidden",
            "not_this_seat",
            f"{here.seat.title_zh}仅其专席人员可以查看",
            f"the seat {here.seat.title_en} is for those who work at it",
        )
    return here


def _role_for(viewer: Viewer, here: SeatHere) -> Role | None:
    """In which role somebody reads a seat; through an open door in any, its own one first."""
    readers = here.seat.readers
    own = ROLES if viewer.visitor is None else viewer.visitor.roles
    return next((each for each in (viewer.role, *readers) if each in own and each in readers), None)


def page_of(board: Board, found: Iterable[msgspec.Struct], viewer: Viewer, asked: Asked) -> Page:
    """The page that is asked for, of rows as a table gives them; reads no further than it tells."""
    rows: list[Shown] = []
    n_rows = 0
    for row in found:
        shown = _shown(board, row)
        if not viewer.sees(shown):
            continue
        if asked.skip <= n_rows < asked.skip + MAX_ROWS:
            rows.append(shown)
        n_rows += 1
        if n_rows >= asked.skip + MAX_ROWS + MAX_COUNTED:
            # The engine waits meanwhile: nobody turns as many pages.
            break
    return Page(rows, n_rows)


def _shown(board: Board, row: Any) -> Shown:  # noqa: ANN401 - a row of the shape that Table says
    """Whose a row is; of a case that has become restricted it is so too, whatever the seat kept."""
    desk_ids = (row.desk_id,) if row.desk_id else ()
    record_class = class_of_case(board, row.incident_id, row.record_class)
    return Shown(row, desk_ids=desk_ids, record_class=record_class)


def _sums(board: Board, here: SeatHere, asked: Asked) -> dict[str, int]:
    if not here.seat.figures:
        return {}
    tally = getattr(board.seats[here.seat_id], "tally", None)
    assert isinstance(tally, DayTally)  # noqa: S101 - seen to at the start
    names = {name for each in here.seat.figures for name in (each.of, each.over) if name}
    return {name: tally.sum(name, asked.first_day, asked.last_day) for name in sorted(names)}


def _table_seen(viewer: Viewer, name: str, skip: int, page: Page) -> TableSeen:
    return TableSeen(
        name=name,
        rows=[_row_seen(viewer, each) for each in page.rows],
        skip=skip,
        n_rows=page.n_rows,
        is_capped=page.n_rows > skip + len(page.rows),
    )


def _row_seen(viewer: Viewer, shown: Shown) -> dict[str, Any]:
    is_masked = bool(personal_marks(type(shown.row))) and not viewer.sees_personal_of(shown)
    told: dict[str, Any] = msgspec.to_builtins(mask(shown.row) if is_masked else shown.row)
    return {**told, "is_masked": is_masked}


def _figure(figure: Figure, sums: dict[str, int]) -> FigureSeen:
    return figure_seen(figure, sums[figure.of], sums[figure.over] if figure.over else None)


def read_days(from_day: str, to_day: str, now_ms: int) -> tuple[int, int]:
    """The days asked for, both included; until today and 30 of them where nothing is said."""
    last = _read_day(to_day) if to_day else day_of(now_ms)
    first = _read_day(from_day) if from_day else last - USUAL_DAYS + 1
    if not 0 <= last - first < MAX_DAYS:
        raise malformed(
            f"起止日期须先后有序，且不超过 {MAX_DAYS} 天",
            f"from comes before to, and they are at most {MAX_DAYS} days",
        )
    return first, last


def _read_day(text: str) -> int:
    try:
        return date.fromisoformat(text).toordinal() - EPOCH
    except ValueError:
        raise malformed(
            f"日期须形如 2026-11-22，不是 {text[:20]}",
            f"a day is written as 2026-11-22, not {text[:20]!r}",
        ) from None
