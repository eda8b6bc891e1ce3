"""What the desk wants of the telephones (话机出口): posted after it is durable, at least once.

The log is the queue: a worker reads on from the last record that it has dealt with, which a small
file beside the log remembers. Key of every wish is the seq of its record and its place in it, so
that a telephone system can pass over what it has done already. Whatever fails, the worker says so
once, waits, and goes on: it ends only when it is told to.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

import msgspec

from kuaifan.gateway.phone_key import HEADER, sign
from kuaifan.gateway.phone_wishes import Lines, Wish, wishes_of
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.kernel.whole_file import replace_file
from kuaifan.vocabulary import talk

TIMEOUT_S: Final = 10.0
LOOK_S: Final = 2.0
FIRST_PAUSE_S: Final = 1.0
LAST_PAUSE_S: Final = 15.0
"""Each attempt waits twice as long as the one before, up to this."""
SERVER_FAULT: Final = 500
OLDEST_MS: Final = 120_000
"""A wish that could not be told for so long is told no more: nobody is rung by surprise."""


class PhoneSource(Lines, Protocol):
    """The desk, as far as the worker meets it (话机出口的指挥台)."""

    def read_after(self, seq: int) -> Sequence[Record]:
        """The next durable records after a seq; blocks on the disk.

        Raises StorageError or BadInputError where the log cannot be read now.
        """

    def last_seq(self) -> int:
        """The last durable record."""

    def now_ms(self) -> int:
        """City time."""

    def submit(self, command: Command, *, key: str) -> None:
        """Hand in what became of a wish."""


class PhoneOutbox:
    """Tells a telephone system what the desk wants (话机出口); `wake` from any thread.

    say: told in a sentence what goes wrong, once each time it begins to; never anybody's data.
    """

    def __init__(
        self,
        source: PhoneSource,
        url: str,
        key: bytes,
        *,
        cursor_file: Path,
        say: Callable[[str], None],
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise BadInputError(f"{url!r} is no address; give one like http://pbx:8088/commands")
        self._host, self._port = parts.hostname, parts.port or 80
        self._path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        self._source, self._key, self._say = source, key, say
        self._cursor_file, self._first_pause_s = cursor_file, first_pause_s
        self._troubles = {"log": "", "line": "", "cursor": ""}
        self._pause_s = first_pause_s
        self._seq, self._kept_seq = -1, -1
        self._wake, self._is_over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="phone-outbox", daemon=True)

    @property
    def trouble(self) -> str:
        """What keeps the telephones from being told now, empty while all is well; no one's data."""
        return "; ".join(filter(None, self._troubles.values()))

    @property
    def seq(self) -> int:
        """The last record that it has dealt with, -1 before it was started."""
        return self._seq

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
        self._is_over.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(TIMEOUT_S + LOOK_S)

    def _run(self) -> None:
        while not self._is_over.is_set():
            try:
                n_read = self._go_on()
            except (StorageError, BadInputError, OSError) as error:
                self._wait_out("log", f"the log cannot be read for the telephones: {error}")
                continue
            self._troubles["log"] = ""
            if not n_read:
                self._wake.wait(LOOK_S)
                self._wake.clear()

    def _go_on(self) -> int:
        """Deal with the next records; returns how many were there."""
        records = self._source.read_after(self._seq)
        for record in records:
            wishes = list(wishes_of(record, self._source))
            if not all(self._tell(wish) for wish in wishes):
                return 0
            self._seq = record.seq
            if wishes:
                self._keep_cursor()
        self._keep_cursor()
        return len(records)

    def _tell(self, wish: Wish) -> bool:
        """Tell one wish, however often it takes; False only when the worker is told to end."""
        while not self._is_over.is_set():
            if self._source.now_ms() - wish.at_ms > OLDEST_MS:
                self._say(f"the telephone system was not told of {wish.name}: too old by now")
                self._report(wish, "failed")
                return True
            status = self._post(wish)
            if status is not None and status < SERVER_FAULT:
                self._troubles["line"], self._pause_s = "", self._first_pause_s
                self._report(wish, "delivered" if status < http.client.BAD_REQUEST else "failed")
                return True
            if status is not None:
                self._wait_out("line", f"the telephone system at {self._where} answers {status}")
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
            self._wait_out("line", f"the telephone system at {self._where} is silent: {error}")
            return None
        finally:
            connection.close()

    @property
    def _where(self) -> str:
        return f"{self._host}:{self._port}"

    def _wait_out(self, what: str, trouble: str) -> None:
        """Say what is wrong, and wait before the next attempt."""
        self._say_once(what, trouble)
        self._is_over.wait(self._pause_s)
        self._pause_s = min(LAST_PAUSE_S, 2 * self._pause_s)

    def _say_once(self, what: str, trouble: str) -> None:
        if trouble != self._troubles[what]:
            self._troubles[what] = trouble
            self._say(trouble)

    def _report(self, wish: Wish, outcome: talk.TextOutcome) -> None:
        """What became of a text is for the desk to know; a telephone tells the rest itself."""
        if wish.command != "text":
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
        """Remember how far it came; where the disk refuses, some wishes are told twice later."""
        if self._seq == self._kept_seq:
            return
        try:
            replace_file(self._cursor_file, f"{self._seq}\n".encode())
        except OSError as error:
            why = error.strerror or error
            self._say_once("cursor", f"{self._cursor_file} cannot be written: {why}")
        else:
            self._kept_seq, self._troubles["cursor"] = self._seq, ""
