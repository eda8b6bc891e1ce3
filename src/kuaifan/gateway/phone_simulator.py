"""A telephone system that is none (话机仿真器): posts a plan to a desk's webhook over real HTTP."""

from __future__ import annotations

import http.client
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from kuaifan.gateway.phone_key import HEADER, sign
from kuaifan.gateway.phone_plan import Posting
from kuaifan.gateway.phone_web import PATH
from kuaifan.kernel.errors import BadInputError

TIMEOUT_S: Final = 20.0
N_TRIES: Final = 5
RETRY_S: Final = 0.5
SERVER_FAULT: Final = 500


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a simulation (仿真结果); marks: how many events were taken how."""

    n_sent: int
    n_taken: int
    n_refused: int
    marks: dict[str, int]
    call_ids: tuple[str, ...]


class PhoneSimulator:
    """Sends signed events to one desk (话机仿真器); for one thread."""

    def __init__(self, url: str, key: bytes) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise BadInputError(f"{url!r} is no address of a desk; give one like http://host:8110")
        self._key = key
        self._connection = http.client.HTTPConnection(
            parts.hostname, parts.port or 80, timeout=TIMEOUT_S
        )

        self._clock: tuple[float, int, float] | None = None
        self._stamps: dict[tuple[str, int], int] = {}

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def run(
        self,
        postings: Iterable[Posting],
        *,
        speed: float,
        say: Callable[[Posting, dict[str, Any]], None] = lambda _posting, _answer: None,
    ) -> Told:
        """Send a plan so many times as fast as life, 0: at once; raises BadInputError."""
        began_s = time.monotonic()
        statuses: Counter[bool] = Counter()
        marks: Counter[str] = Counter()
        call_ids: dict[str, None] = {}
        for posting in postings:
            if speed:
                due_s = began_s + posting.after_ms / 1000 / speed
                time.sleep(max(0.0, due_s - time.monotonic()))
            status, answer = self.post(self._stamped(posting))
            statuses[status == http.client.OK] += 1
            if mark := answer.get("mark"):
                marks[mark] += 1
            if call_id := answer.get("call_id"):
                call_ids[call_id] = None
            say(posting, answer)
        return Told(
            n_sent=statuses.total(),
            n_taken=statuses[True],
            n_refused=statuses[False],
            marks=dict(sorted(marks.items())),
            call_ids=tuple(call_ids),
        )

    def now_ms(self) -> int:
        """The desk's own clock, asked for once; raises BadInputError where no desk answers."""
        if self._clock is None:
            try:
                self._connection.request("GET", "/v1/city")
                city = msgspec.json.decode(self._connection.getresponse().read())
                self._clock = (time.monotonic(), city["now_ms"], city["speed"])
            except (OSError, http.client.HTTPException, msgspec.DecodeError, KeyError) as error:
                self._connection.close()
                raise BadInputError(f"no desk answers there: {error}; is it running?") from error
        began_s, now_ms, speed = self._clock
        return now_ms + round((time.monotonic() - began_s) * 1000 * speed)

    def _stamped(self, posting: Posting) -> dict[str, Any]:
        """An event with its device's time; the same event is the same whenever it is sent."""
        event = (posting.message["call"], posting.message["seq"])
        at_ms = self._stamps.setdefault(event, self.now_ms() + posting.clock_off_ms)
        return {**posting.message, "at": at_ms}

    def post(self, message: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Post one event until the desk says what became of it; raises BadInputError."""
        body = msgspec.json.encode(message)
        headers = {"Content-Type": "application/json", HEADER: sign(self._key, body)}
        said = ""
        for try_i in range(N_TRIES):
            time.sleep(RETRY_S * try_i)
            try:
                self._connection.request("POST", PATH, body, headers)
                reply = self._connection.getresponse()
                answer = msgspec.json.decode(reply.read())
            except (OSError, http.client.HTTPException, msgspec.DecodeError) as error:
                self._connection.close()
                said = str(error)
                continue
            if reply.status < SERVER_FAULT:
                _need_a_desk(reply.status, answer)
                return reply.status, answer
            said = str(answer.get("reason_en", reply.status))
        raise BadInputError(f"the desk does not take events: {said}; is it running?")


def _need_a_desk(status: int, answer: dict[str, Any]) -> None:
    if status in {http.client.UNAUTHORIZED, http.client.NOT_FOUND}:
        said = answer.get("reason_en", "there is no such address")
        raise BadInputError(f"the desk says: {said}")
