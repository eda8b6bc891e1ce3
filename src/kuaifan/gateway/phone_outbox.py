"""What the desk wants of the telephones (话机出口): posted after it is durable, at least once.

The log is the queue: a worker reads on from the last record that it has dealt with, which a small
file beside the log remembers. Key of every wish is the seq of its record and its place in it, so
that a telephone system can pass over what it has done already.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import msgspec

from kuaifan.board.view_rows import CallRow
from kuaifan.gateway.phone_key import HEADER, sign
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record
from kuaifan.kernel.whole_file import replace_file
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import missed, phone, talk

TIMEOUT_S: Final = 10.0
RETRY_S: Final = 2.0
SERVER_FAULT: Final = 500
OLDEST_MS: Final = 120_000
"""A wish that could not be told for so long is told no more: nobody is rung by surprise."""


class PhoneSource(Protocol):
    """The desk, as far as the worker meets it (话机出口的指挥台)."""

    def read_after(self, seq: int) -> Iterable[Record]:
        """Durable records after a seq; blocks on the disk."""

    def last_seq(self) -> int:
        """The last durable record."""

    def now_ms(self) -> int:
        """City time."""

    def find_call(self, call_id: str) -> CallRow | None:
        """A call as it is shown, None once it has left."""

    def extension_of(self, seat_id: str) -> str:
        """The telephone at a seat, empty where none is known."""

    def submit(self, command: Command, *, key: str) -> None:
        """Hand in what became of a wish."""


class Wish(msgspec.Struct, frozen=True):
    """Something the desk wants done on a line (话机指令); fields: as they are posted."""

    key: str
    at_ms: int
    fields: dict[str, Any]


class PhoneOutbox:
    """Tells a telephone system what the desk wants (话机出口); `wake` from any thread.

    say: told in a sentence what goes wrong, once each time it begins to.
    """

    def __init__(
        self,
        source: PhoneSource,
        url: str,
        key: bytes,
        *,
        cursor_file: Path,
        say: Callable[[str], None],
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise BadInputError(f"{url!r} is no address; give one like http://pbx:8088/commands")
        self._host, self._port = parts.hostname, parts.port or 80
        self._path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        self._source, self._key, self._say = source, key, say
        self._cursor_file, self._is_troubled = cursor_file, False
        self._seq, self._wake, self._is_over = 0, threading.Event(), False
        self._thread = threading.Thread(target=self._run, name="phone-outbox", daemon=True)

    def start(self) -> None:
        """Begin after the last record dealt with; the first time after the last there is."""
        self._seq = self._read_cursor()
        self._keep_cursor()
        self._thread.start()

    def wake(self) -> None:
        """Look at the log again."""
        self._wake.set()

    def stop(self) -> None:
        """End after the wish under way."""
        self._is_over = True
        self._wake.set()
        self._thread.join(TIMEOUT_S + RETRY_S)

    def _run(self) -> None:
        while not self._is_over:
            self._wake.wait(RETRY_S)
            self._wake.clear()
            for record in self._source.read_after(self._seq):
                if not self._deal_with(record):
                    break
                self._seq = record.seq
                self._keep_cursor()

    def _deal_with(self, record: Record) -> bool:
        """Tell all wishes of a record; False when it has to be tried again."""
        return all(self._tell(wish) for wish in wishes_of(record, self._source))

    def _tell(self, wish: Wish) -> bool:
        while not self._is_over:
            if self._source.now_ms() - wish.at_ms > OLDEST_MS:
                self._say(f"the telephone system was not told of {wish.fields}: too old by now")
                self._report(wish, "failed")
                return True
            status = self._post(wish)
            if status is not None and status < SERVER_FAULT:
                self._is_troubled = False
                self._report(wish, "delivered" if status < http.client.BAD_REQUEST else "failed")
                return True
            self._wake.wait(RETRY_S)
            self._wake.clear()
        return False

    def _post(self, wish: Wish) -> int | None:
        body = msgspec.json.encode({"key": wish.key, **wish.fields})
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": wish.key,
            HEADER: sign(self._key, body),
        }
        connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)
        try:
            connection.request("POST", self._path, body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            if not self._is_troubled:
                self._say(f"the telephone system at {self._host}:{self._port} is silent: {error}")
            self._is_troubled = True
            return None
        finally:
            connection.close()

    def _report(self, wish: Wish, outcome: talk.TextOutcome) -> None:
        """What became of a text is for the desk to know; a telephone tells the rest itself."""
        if wish.fields["command"] != "text":
            return
        told = talk.ReportTextOutcome(
            call_id=wish.fields["call_id"], text_no=wish.fields["text_no"], outcome=outcome
        )
        self._source.submit(told, key=f"phone-outbox:{wish.key}")

    def _read_cursor(self) -> int:
        try:
            return int(self._cursor_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            # Never served before: what was wanted in the past is past.
            return self._source.last_seq()

    def _keep_cursor(self) -> None:
        replace_file(self._cursor_file, f"{self._seq}\n".encode())


def wishes_of(record: Record, source: PhoneSource) -> Iterator[Wish]:
    """What a record wants of the telephones; nothing where they themselves told of it."""
    if isinstance(record.command, phone.ReportPhoneEvent):
        return
    for event_i, event in enumerate(record.events):
        fields = _fields(event, source)
        call = source.find_call(getattr(event, "call_id", "")) if fields else None
        if call is None:
            continue
        pbx, _, phone_call = call.phone_id.partition("/")
        about = {"call_id": call.call_id, "pbx": pbx, "call": phone_call}
        yield Wish(f"{record.seq}-{event_i}", record.at_ms, {**fields, **about})


def _fields(event: Event, source: PhoneSource) -> dict[str, Any]:  # noqa: PLR0911 - one an event
    """What is posted of an event, nothing for one that moves no line."""
    if isinstance(event, calls.CallAnswered):
        return {"command": "answer", **_at_seat(event.seat_id, source)}
    if isinstance(event, calls.CallEnded):
        return {"command": "hang_up"}
    if isinstance(event, talk.CallHeld):
        return {"command": "hold"}
    if isinstance(event, talk.CallResumed):
        return {"command": "resume"}
    if isinstance(event, talk.CallTakenOver):
        return {"command": "answer", **_at_seat(event.seat_id, source)}
    if isinstance(event, talk.TransferOffered):
        return {"command": "transfer", "to_kind": event.to_kind, "to": event.to_id}
    if isinstance(event, talk.PartyAdded):
        # A party without a number was dialled by hand, or is in the room.
        who = {"party": event.name, "party_no": event.party_no, "number": event.number}
        return {"command": "add_party", **who} if event.number else {}
    if isinstance(event, talk.PartyDropped):
        return {"command": "drop_party", "party_no": event.party_no}
    return _dialled(event, source)


def _dialled(event: Event, source: PhoneSource) -> dict[str, Any]:
    """What goes to the caller's own number."""
    call = source.find_call(getattr(event, "call_id", ""))
    number = call.caller_number if call else ""
    if isinstance(event, missed.CallBackStarted):
        return {"command": "call_back", "number": number, **_at_seat(event.seat_id, source)}
    if isinstance(event, talk.TextSent):
        text = {"text_no": event.text_no, "kind": event.kind, "text": event.text}
        return {"command": "text", "number": number, **text}
    return {}


def _at_seat(seat_id: str, source: PhoneSource) -> dict[str, Any]:
    return {"seat": seat_id, "extension": source.extension_of(seat_id)}
