"""What leaves a desk (外发接线): its receivers, and the desk as the outbox meets it."""

from __future__ import annotations

import os
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec

from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.phone import PhoneOptions
from kuaifan.app.printing import print_problem
from kuaifan.board.call_view_rows import CallRow
from kuaifan.board.outbox import OutboxPapers
from kuaifan.board.seat_rows import SeatRow
from kuaifan.gateway.agency_wishes import AskedIncident
from kuaifan.gateway.effect_post import HttpReceiver
from kuaifan.gateway.outbox import Outbox
from kuaifan.gateway.phone_key import read_key
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import Command
from kuaifan.kernel.personal import is_erased
from kuaifan.kernel.record import Record
from kuaifan.kernel.ticket import Ticket
from kuaifan.vocabulary.agency import AGENCIES, AgencyTold
from kuaifan.vocabulary.outbox import PHONE

ACTOR: Final = "outbox"
SERVICES_VARIABLE: Final = "KUAIFAN_SERVICES"
MAX_AT_ONCE: Final = 200
"""Records read for the outbox at once."""


class StoredLine(msgspec.Struct, frozen=True):
    """What is stored of a call's line (来电线路)."""

    call_id: str
    caller_number: str = ""
    phone_id: str = ""


class OutboxLog:
    """The desk as the outbox meets it (外发来源)."""

    def __init__(self, desk: LiveDesk) -> None:
        self._desk = desk

    def read_after(self, seq: int) -> Sequence[Record]:
        """The next records that are durable and shown; nothing is held open while they are told."""
        shown_seq = self._desk.store.cursor.seq
        if shown_seq <= seq:
            return []
        with self._desk.open_reader() as reader:
            records = islice(reader.read_records(seq), MAX_AT_ONCE)
            return [each for each in records if each.seq <= shown_seq]

    def find_record(self, seq: int) -> Record | None:
        """A durable record."""
        with self._desk.open_reader() as reader:
            try:
                return reader.get_record(seq)
            except KeyError:
                return None

    def last_seq(self) -> int:
        """The last durable record."""
        with self._desk.open_reader() as reader:
            return reader.head().seq

    def last_seq_before(self, at_ms: int) -> int:
        """The last durable record that is older than an instant; a few look-ups in the log."""
        with self._desk.open_reader() as reader:
            seqs = range(1, reader.head().seq + 1)
            return bisect_left(seqs, at_ms, key=lambda seq: reader.find_at_ms(seq) or 0)

    def papers(self) -> OutboxPapers:
        """How far it had come when this process began; only the outbox itself changes it."""
        return self._desk.live.engine.board.outbox

    def now_ms(self) -> int:
        """City time."""
        return self._desk.clock()[0]

    def find_call(self, call_id: str) -> CallRow | StoredLine | None:
        """A call as it is shown, or as it is stored: one leaves the screens with its incident."""
        shown = self._desk.store.find("calls", call_id)
        if shown is not None and isinstance(shown.row, CallRow):
            return shown.row
        if not call_id:
            return None
        with self._desk.open_reader() as reader:
            row = reader.find_row("calls", call_id)
        stored = None if row is None else msgspec.json.decode(row.body, type=StoredLine)
        return None if stored is None or is_erased(stored.caller_number) else stored

    def find_incident(self, incident_id: str) -> AskedIncident | None:
        """An incident as the log's own tables have it, whether it is on the screens or not."""
        with self._desk.open_reader() as reader:
            row = reader.find_row("incidents", incident_id)
        stored = None if row is None else msgspec.json.decode(row.body, type=AskedIncident)
        return None if stored is None or is_erased(stored.address) else stored

    def type_name(self, type_code: str) -> str:
        """The name of a type now."""
        found = self._desk.reference.types.get(type_code)
        return found.name_cn if found else ""

    def find_asked(self, incident_id: str, request_id: str) -> str:
        """Which service a request went to: old logs do not say it again as they call it off."""
        with self._desk.open_reader() as reader:
            records = reader.read_touching([("incidents", incident_id)])
        told = (event for record in records for event in record.events)
        return next(
            (
                event.agency
                for event in told
                if isinstance(event, AgencyTold) and event.request_id == request_id
            ),
            "",
        )

    def extension_of(self, seat_id: str) -> str:
        """The telephone at a seat."""
        shown = self._desk.store.find("seats", seat_id)
        return shown.row.extension if shown is not None and isinstance(shown.row, SeatRow) else ""

    def submit(self, command: Command) -> Ticket:
        """Hand in what became of something."""
        return self._desk.submit(command, actor=ACTOR, key=None, seen_seq=None)


def make_outbox(
    desk: LiveDesk, phone: PhoneOptions, key: bytes | None, services_file: Path | None
) -> Outbox | None:
    """The outbox of a desk; None where nobody is to be told anything."""
    receivers = read_services(services_file)
    url = phone.find_url()
    if url is not None:
        if key is None:
            raise BadInputError(
                "--phone-url needs a key to sign with: give --phone-key-file as well"
            )
        receivers[PHONE] = HttpReceiver(url, key)
    return Outbox(OutboxLog(desk), receivers, say=print_problem) if receivers else None


def read_services(file: Path | None) -> dict[str, HttpReceiver]:
    """Other services by the file that says where they are told; raises BadInputError.

    A table per service, with url and key_file; a relative key_file lies beside the file.
    """
    named = file or _named_services()
    if named is None:
        return {}
    try:
        tables = tomllib.loads(named.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInputError(f"the file of services {named} cannot be read: {error.strerror}") from (
            error
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInputError(f"the file of services {named} is no TOML: {error}") from error
    return {name: _read_service(named, name, table) for name, table in tables.items()}


def _read_service(file: Path, name: str, table: Any) -> HttpReceiver:  # noqa: ANN401 - of TOML
    if name not in AGENCIES:
        raise BadInputError(f"{file}: there is no service {name}; known are {', '.join(AGENCIES)}")
    if not isinstance(table, dict) or set(table) != {"url", "key_file"}:
        raise BadInputError(f"{file}: service {name} needs url and key_file, and nothing else")
    return HttpReceiver(str(table["url"]), read_key(file.parent / str(table["key_file"])))


def _named_services() -> Path | None:
    text = os.environ.get(SERVICES_VARIABLE, "").strip()
    return Path(text) if text else None
