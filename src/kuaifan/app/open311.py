"""Open311 at this desk (服务请求对接): who may speak it, and which seat has the requests."""

from __future__ import annotations

import asyncio
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.rules import installed_plugins
from kuaifan.board.seat_check import name_of
from kuaifan.gateway.open311_web import ROOT, Neighbour, open311_routes
from kuaifan.gateway.phone_key import read_key
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import Command
from kuaifan.kernel.plugins import Plugin
from kuaifan.kernel.record import Record
from kuaifan.neighbours.open311 import NEIGHBOUR
from kuaifan.vocabulary.agency import AGENCIES
from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.web.commands import answered, shown_up_to
from kuaifan.web.desk import Routes
from kuaifan.web.operation import Operation

FILE_VARIABLE: Final = "KUAIFAN_OPEN311"
MAX_PER_MINUTE: Final = 6_000
LOOK_TIMEOUT_S: Final = 10.0


class RequestDesk:
    """The desk as a neighbour meets it, through the seat that the neighbour names (对接台)."""

    def __init__(self, desk: LiveDesk, seat: Plugin) -> None:
        self._desk, self._view = desk, seat.views[NEIGHBOUR["tells"]]
        self._command = next(c for c in seat.commands if name_of(c) == NEIGHBOUR["takes"])

    @property
    def types(self) -> Mapping[str, IncidentType]:
        """Incident types in use, by code."""
        return self._desk.reference.types_in_use

    async def take(self, fields: Mapping[str, Any], *, actor: str) -> Record:
        """Through the command's own type, and shown before it is answered."""
        tagged = {"type": name_of(self._command), **fields}
        command: Command = msgspec.convert(tagged, self._command)
        record = await answered(self._desk.submit(command, actor=actor, key=None, seen_seq=None))
        await shown_up_to(self._desk.store, record.seq)
        return record

    async def rows(self) -> Iterable[Any]:
        """As of one moment of the board."""
        waiting = asyncio.wrap_future(self._desk.look_at(lambda board: list(self._view(board))))
        return await asyncio.wait_for(waiting, LOOK_TIMEOUT_S)


def open311_routes_of(desk: LiveDesk, neighbours: tuple[Neighbour, ...]) -> Routes:
    """The routes at a desk; none where the seat that has the requests is not installed."""
    found = [p for p in installed_plugins() if p.plugin_id == NEIGHBOUR["seat"]]
    if not found:
        return ()
    return tuple(open311_routes(RequestDesk(desk, found[0]), neighbours))


def read_neighbours(file: Path | None) -> tuple[Neighbour, ...]:
    """Who may speak Open311, by the file that names them; raises BadInputError.

    A table per service, with key_file and if wanted per_minute; a relative key_file lies beside
    the file.
    """
    named = file or _named_file()
    if named is None:
        return ()
    try:
        tables = tomllib.loads(named.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInputError(f"the Open311 file {named} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInputError(f"the Open311 file {named} is no TOML: {error}") from error
    found = tuple(_read_neighbour(named, agency, table) for agency, table in tables.items())
    if len({each.key for each in found}) < len(found):
        raise BadInputError(f"{named}: two services have the same key; make one for each")
    return found


def _read_neighbour(file: Path, agency: str, table: Any) -> Neighbour:  # noqa: ANN401 - of TOML
    if agency not in AGENCIES:
        raise BadInputError(
            f"{file}: there is no service {agency}; known are {', '.join(AGENCIES)}"
        )
    if not isinstance(table, dict) or not {"key_file"} <= set(table) <= {"key_file", "per_minute"}:
        raise BadInputError(f"{file}: service {agency} needs key_file, and may have per_minute")
    per_minute = table.get("per_minute", 60)
    if not isinstance(per_minute, int) or not 1 <= per_minute <= MAX_PER_MINUTE:
        raise BadInputError(f"{file}: per_minute of {agency} is 1 to {MAX_PER_MINUTE}")
    key = read_key(file.parent / str(table["key_file"]))
    return Neighbour(agency=agency, key=key, per_minute=per_minute)


def _named_file() -> Path | None:
    text = os.environ.get(FILE_VARIABLE, "").strip()
    return Path(text) if text else None


def _operation(path: str, name: str, summary: str, *problems: str) -> Operation:
    return Operation(
        path=ROOT + path,
        method="get",
        name=name,
        tag="neighbours",
        summary=summary,
        gives="application/json",
        problems=("403", *problems),
    )


OPEN311_OPERATIONS: Final = (
    _operation("/services.json", "list_open311_services", "What may be asked (Open311)"),
    _operation(
        "/services/{code}.json", "read_open311_service", "Attributes of a service (Open311)", "404"
    ),
    _operation(
        "/requests.json",
        "list_open311_requests",
        "The neighbour's own requests: status, service_code, service_request_id (Open311)",
    ),
    _operation(
        "/requests/{key}.json",
        "read_open311_request",
        "One, by its number (Open311)",
        "404",
    ),
    Operation(
        path=f"{ROOT}/requests.json",
        method="post",
        name="post_open311_request",
        tag="neighbours",
        summary="A request for 110; the same words make the same request (Open311)",
        takes="application/x-www-form-urlencoded",
        gives="application/json",
        problems=("403", "404", "413", "503"),
    ),
)
