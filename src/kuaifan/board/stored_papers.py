"""Papers out of the archive (调档材料): what is stored of one, apart from the personal texts in it.

The facts are read by everybody for good; a text only as long as its owner's key is there. So they
travel apart through the log: put together again, an erased text stands as such in a whole paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeVar

import msgspec

from kuaifan.board.entities import Call, Incident, Order
from kuaifan.kernel.personal import personal_marks
from kuaifan.vocabulary.recall import (
    CallPaperText,
    IncidentPaperText,
    IncidentRecalled,
    RecallIncident,
    StoredCall,
    StoredOrder,
)

E = TypeVar("E")
Stored = StoredCall | StoredOrder | RecallIncident | IncidentRecalled
Path = tuple[str, ...]


def recall_of(incident: Incident, calls: Iterable[Call], orders: Iterable[Order]) -> RecallIncident:
    """The command that brings an incident back with these papers."""
    facts, texts = take_apart(incident)
    return RecallIncident(
        incident_id=incident.incident_id,
        facts=facts,
        texts=_of_incident(texts),
        calls=tuple(_stored_call(call) for call in calls),
        orders=tuple(_stored_order(order) for order in orders),
    )


class PaperText(Protocol):
    """A personal text and where it stood."""

    @property
    def path(self) -> Path:
        """Fields and numbers down to it."""

    @property
    def text(self) -> str:
        """What was said."""


def take_apart(paper: object) -> tuple[str, dict[Path, str]]:
    """A paper as JSON with every personal text left empty, and those texts by where they stood."""
    return _take(paper, (path for path, _ in personal_paths(paper)))


def take_apart_by_owner(paper: object, incident_id: str) -> tuple[str, list[tuple[str, Path, str]]]:
    """The same, each text with the nearest incident above it; the given one where none is."""
    owners = dict(personal_paths(paper, incident_id))
    facts, texts = _take(paper, owners)
    return facts, [(owners[path], path, text) for path, text in texts.items()]


def _take(paper: object, paths: Iterable[Path]) -> tuple[str, dict[Path, str]]:
    built, texts = msgspec.to_builtins(paper, str_keys=True), {}
    for path in paths:
        *above, last = path
        node = _walk(built, above)
        key = int(last) if isinstance(node, list) else last
        texts[path], node[key] = node[key], ""
    return msgspec.json.encode(built).decode(), texts


def read_paper(kind: type[E], stored: Stored) -> E:
    """The paper as it was stored, new shape or old; raises as `put_together` does."""
    if stored.body:
        return msgspec.json.decode(stored.body, type=kind)
    return put_together(kind, stored.facts, stored.texts)


def put_together(kind: type[E], facts: str, texts: Iterable[PaperText]) -> E:
    """The paper again; raises msgspec.DecodeError or ValueError for what is none."""
    built = msgspec.json.decode(facts)
    for each in texts:
        try:
            node, last = _walk(built, each.path[:-1]), each.path[-1]
            node[int(last) if isinstance(node, list) else last] = each.text
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise ValueError(f"no text can stand at {'/'.join(each.path)}") from error
    return msgspec.convert(built, kind, str_keys=True)


def _stored_call(call: Call) -> StoredCall:
    facts, texts = take_apart(call)
    return StoredCall(call.call_id, facts, tuple(CallPaperText(*each) for each in texts.items()))


def _stored_order(order: Order) -> StoredOrder:
    facts, texts = take_apart(order)
    return StoredOrder(order.order_id, order.incident_id, facts, _of_incident(texts))


def _of_incident(texts: dict[Path, str]) -> tuple[IncidentPaperText, ...]:
    return tuple(IncidentPaperText(*each) for each in texts.items())


def _walk(built: Any, path: Iterable[str]) -> Any:  # noqa: ANN401 - JSON has no narrower type
    for part in path:
        built = built[int(part) if isinstance(built, list) else part]
    return built


def personal_paths(
    value: object, owner: str = "", *, is_marked: bool = False
) -> Iterator[tuple[Path, str]]:
    """Where personal texts stand below a value, and the nearest incident above each.

    Empty texts hold nothing. O(size of the paper).
    """
    if isinstance(value, str):
        if is_marked and value:
            yield (), owner
    elif isinstance(value, msgspec.Struct):
        yield from _paths_of(value, owner, is_marked=is_marked)
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _below(str(i), item, owner, is_marked=is_marked)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _below(str(key), item, owner, is_marked=is_marked)


def _paths_of(paper: msgspec.Struct, owner: str, *, is_marked: bool) -> Iterator[tuple[Path, str]]:
    owner = getattr(paper, "incident_id", "") or owner
    marked = {name for name, _ in personal_marks(type(paper))}
    for name in paper.__struct_fields__:
        below = getattr(paper, name)
        # Most fields are numbers, states or empty: nothing stands below those.
        if not below or isinstance(below, int | float):
            continue
        is_so = is_marked or name in marked
        if is_so or not isinstance(below, str):
            yield from _below(name, below, owner, is_marked=is_so)


def _below(part: str, value: object, owner: str, *, is_marked: bool) -> Iterator[tuple[Path, str]]:
    found = personal_paths(value, owner, is_marked=is_marked)
    return (((part, *rest), whose) for rest, whose in found)
