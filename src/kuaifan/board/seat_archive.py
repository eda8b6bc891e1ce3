"""Which papers of the special seats may leave the board, and how they leave (专席归档规则).

A seat declares `RETIRES`, a rule for each table of its slice that grows. A paper leaves when the
seat's own rule says that it is over, its incident has left the board, and no item of the seat is
about either. What has to outlive it, the seat keeps small, in `gone`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, cast, get_args, get_origin, get_type_hints

import msgspec

from kuaifan.board.case_class import class_of_case
from kuaifan.board.state import Board
from kuaifan.board.stored_papers import put_together, take_apart_by_owner
from kuaifan.kernel.plugins import Plugin, PluginError
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.seat_archive import SeatPaper, SeatPaperText


class Whose(NamedTuple):
    """Whose a paper is (归属): by its incident it is sealed, by the rest it is shown or not."""

    incident_id: str
    desk_id: str = ""
    record_class: RecordClass = "ordinary"


class Gone(NamedTuple):
    """A paper on its way out of a slice, or back (出入档): the slice, its id, itself, when."""

    mine: Any
    paper_id: str
    paper: Any
    at_ms: int


def whose_by_its_fields(_mine: Any, paper_id: str, paper: Any) -> Whose:  # noqa: ANN401 - a seat's own struct
    """By the paper's own fields; what is no struct goes by its incident's id."""
    return Whose(
        getattr(paper, "incident_id", paper_id),
        getattr(paper, "desk_id", ""),
        getattr(paper, "record_class", "ordinary"),
    )


def nothing_else(_gone: Gone) -> None:
    """No index of the seat names the paper."""


class Retires(msgspec.Struct, frozen=True, kw_only=True):
    """A table of a slice whose papers leave (归档规则): a dict of papers by id.

    is_over: (board, paper, now in ms) -> nothing more can come of it. whose: (slice, id, paper).
    gone, back: what else of the slice changes as a paper leaves, and as it comes back.
    """

    table: str
    is_over: Callable[[Board, Any, int], bool]
    whose: Callable[[Any, str, Any], Whose] = whose_by_its_fields
    gone: Callable[[Gone], None] = nothing_else
    back: Callable[[Gone], None] = nothing_else


RetireRules = Mapping[str, Mapping[str, Retires]]
"""By seat and table, in the order in which a seat declares them."""


def read_retires(plugins: Iterable[Plugin]) -> RetireRules:
    """The rules of all seats; raises PluginError for a rule about a table that there is not."""
    found: dict[str, dict[str, Retires]] = {}
    for plugin in plugins:
        for rule in plugin.retires:
            if fault := _fault_of(plugin, rule):
                raise PluginError(f"{plugin.origin}: {fault}")
            found.setdefault(plugin.plugin_id, {})[rule.table] = rule
    return found


def _fault_of(plugin: Plugin, rule: object) -> str:
    if plugin.kind != "seats" or plugin.slice_type is None:
        return "RETIRES is for a special seat with a SLICE"
    if not isinstance(rule, Retires):
        return "RETIRES holds something that is no Retires rule"
    if rule.table not in _tables_by_id(plugin.slice_type):
        return f"RETIRES names {rule.table!r}, which is no table by id of its SLICE"
    return ""


@cache
def _tables_by_id(slice_type: type[msgspec.Struct]) -> frozenset[str]:
    """The tables of a slice that are dicts; once for each, as reading annotations takes long."""
    fields = msgspec.structs.fields(slice_type)
    return frozenset(each.name for each in fields if get_origin(each.type) is dict)


def list_over(board: Board, rules: RetireRules, now_ms: int) -> Iterator[SeatPaper]:
    """What may leave now, seat by seat; O(papers kept)."""
    for seat_id, tables in rules.items():
        mine, owed = board.seats[seat_id], _owed_subjects(board, seat_id)
        for table, rule in tables.items():
            is_plain = rule.whose is whose_by_its_fields
            for paper_id, paper in getattr(mine, table).items():
                # Most are of incidents that are still on the board: those are out at a glance.
                if is_plain and getattr(paper, "incident_id", paper_id) in board.incidents:
                    continue
                whose = rule.whose(mine, paper_id, paper)
                if whose.incident_id in board.incidents or not owed.isdisjoint(
                    (paper_id, whose.incident_id)
                ):
                    continue
                if rule.is_over(board, paper, now_ms):
                    kept = class_of_case(board, whose.incident_id, whose.record_class)
                    whose = whose._replace(record_class=kept)
                    yield _store(seat_id, table, paper_id, paper, whose)


def take_out(board: Board, rules: RetireRules, stored: SeatPaper, at_ms: int) -> None:
    """The paper leaves its slice."""
    mine, table = board.seats.get(stored.seat_id), rules.get(stored.seat_id, {})
    if mine is None or stored.table not in table:
        return
    paper = getattr(mine, stored.table).pop(stored.paper_id, None)
    if paper is not None:
        table[stored.table].gone(Gone(mine, stored.paper_id, paper, at_ms))


def put_back(board: Board, rules: RetireRules, stored: SeatPaper, at_ms: int) -> None:
    """The paper is in its slice again; an erased text reads as such."""
    mine, table = board.seats.get(stored.seat_id), rules.get(stored.seat_id, {})
    if mine is None or stored.table not in table:
        return
    paper = read_stored(type(mine), stored)
    getattr(mine, stored.table)[stored.paper_id] = paper
    table[stored.table].back(Gone(mine, stored.paper_id, paper, at_ms))


def read_stored(slice_type: type[msgspec.Struct], stored: SeatPaper) -> Any:  # noqa: ANN401 - the seat's own
    """A paper as its slice had it; raises msgspec.DecodeError or ValueError for what is none."""
    return put_together(_paper_type(slice_type, stored.table), stored.facts, stored.texts)


def lay_open(stored: SeatPaper) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """A stored paper as JSON data, its texts where they stood."""
    return put_together(cast("type[Any]", object), stored.facts, stored.texts)


@cache
def _paper_type(slice_type: type[msgspec.Struct], table: str) -> type[Any]:
    _, kind = get_args(get_type_hints(slice_type, include_extras=True)[table])
    return cast("type[Any]", kind)


def _owed_subjects(board: Board, seat_id: str) -> set[str]:
    """What open items of a seat are about: its own papers, or incidents."""
    own = [each for each in board.items.values() if each.seat_id == seat_id]
    return {about for each in own for about in (each.subject_id, each.incident_id) if about}


def _store(seat_id: str, table: str, paper_id: str, paper: Any, whose: Whose) -> SeatPaper:  # noqa: ANN401 - a seat's own struct
    facts, texts = take_apart_by_owner(paper, whose.incident_id)
    return SeatPaper(
        incident_id=whose.incident_id,
        seat_id=seat_id,
        table=table,
        paper_id=paper_id,
        desk_id=whose.desk_id,
        record_class=whose.record_class,
        facts=facts,
        texts=tuple(SeatPaperText(*each) for each in texts),
    )
