"""The telephone system at a desk (话机对接): its key, its webhook, what the desk tells it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.printing import print_problem
from kuaifan.board.seat_rows import SeatRow
from kuaifan.board.view_rows import CallRow
from kuaifan.gateway.phone_key import HEADER, check_key, read_key
from kuaifan.gateway.phone_message import PhoneMessage
from kuaifan.gateway.phone_outbox import PhoneOutbox
from kuaifan.gateway.phone_web import PATH, EventTaken, phone_routes
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.web.commands import answered, shown_up_to
from kuaifan.web.desk import Routes
from kuaifan.web.operation import Operation

KEY_VARIABLE: Final = "KUAIFAN_PHONE_KEY"
URL_VARIABLE: Final = "KUAIFAN_PHONE_URL"
MAX_AT_ONCE: Final = 200
"""Records read for the telephones at once."""


class PhoneOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a desk meets a telephone system (话机选项); what is None comes from the environment.

    url: where the desk's own wishes are posted, such as to ring somebody back.
    """

    key_file: Path | None = None
    url: str | None = None

    def find_key(self) -> bytes | None:
        """The key that events are signed with, None where none is set; raises BadInputError."""
        if self.key_file is not None:
            return read_key(self.key_file)
        text = os.environ.get(KEY_VARIABLE, "").strip()
        return check_key(text.encode(), KEY_VARIABLE) if text else None

    def find_url(self) -> str | None:
        """Where to post what the desk wants of the telephones, or None."""
        return self.url or os.environ.get(URL_VARIABLE, "").strip() or None


class PhoneLine:
    """The desk as a telephone system meets it (话机线路)."""

    def __init__(self, desk: LiveDesk) -> None:
        self._desk = desk

    async def take(self, command: Command, *, actor: str, key: str) -> Record:
        """Hand in a command and wait until it is durable and shown."""
        record = await answered(self._desk.submit(command, actor=actor, key=key, seen_seq=None))
        await shown_up_to(self._desk.store, record.seq)
        return record


def phone_routes_of(desk: LiveDesk, key: bytes | None) -> Routes:
    """The routes of the telephone system at a desk."""
    return tuple(phone_routes(PhoneLine(desk), key))


PHONE_OPERATIONS: Final = (
    Operation(
        path=PATH,
        method="post",
        name="report_phone_event",
        tag="devices",
        summary="An event of a telephone system, signed; taken exactly once (电话事件)",
        headers=(HEADER,),
        takes=PhoneMessage,
        gives=EventTaken,
        problems=("401", "404", "413", "422", "503"),
    ),
)


class PhoneLog:
    """The desk as the worker meets it that tells the telephones (话机出口来源)."""

    def __init__(self, desk: LiveDesk) -> None:
        self._desk = desk

    def read_after(self, seq: int) -> Sequence[Record]:
        """The next durable records after a seq; nothing is held open while they are told."""
        with self._desk.open_reader() as reader:
            return list(islice(reader.read_records(seq), MAX_AT_ONCE))

    def last_seq(self) -> int:
        """The last durable record."""
        with self._desk.open_reader() as reader:
            return reader.head().seq

    def now_ms(self) -> int:
        """City time."""
        return self._desk.clock()[0]

    def find_call(self, call_id: str) -> CallRow | None:
        """A call as it is shown."""
        shown = self._desk.store.find("calls", call_id)
        return shown.row if shown is not None and isinstance(shown.row, CallRow) else None

    def extension_of(self, seat_id: str) -> str:
        """The telephone at a seat."""
        shown = self._desk.store.find("seats", seat_id)
        return shown.row.extension if shown is not None and isinstance(shown.row, SeatRow) else ""

    def submit(self, command: Command, *, key: str) -> None:
        """Hand in what became of a wish; if nothing is taken, it stays shown as to be sent."""
        with contextlib.suppress(StorageError, InboxFullError):
            self._desk.submit(command, actor="phone-outbox", key=key, seen_seq=None)


def make_outbox(
    desk: LiveDesk, options: PhoneOptions, key: bytes | None, log: Path
) -> PhoneOutbox | None:
    """The worker that tells a telephone system what the desk wants; None without an address."""
    url = options.find_url()
    if url is None:
        return None
    if key is None:
        raise BadInputError("--phone-url needs a key to sign with: give --phone-key-file as well")
    cursor_file = log.with_name(f"{log.name}.phone")
    return PhoneOutbox(PhoneLog(desk), url, key, cursor_file=cursor_file, say=print_problem)
