"""What people wait for over HTTP (网页吞吐): from a call to its answer, and to every screen.

Calls come at their own times, whether earlier ones were answered or not, and what each waited
before it could be sent counts as its own. The desk is a process of its own beside the client.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Final
from urllib.request import urlopen

import msgspec
import numpy as np

from kuaifan.app.bench_http_wire import Caller, Console, Frames
from kuaifan.app.bench_log import bench_log
from kuaifan.city.invent import invent_city
from kuaifan.kernel.errors import BadInputError

SEED: Final = 110
DESK_MODULE: Final = "kuaifan.app.bench_http_desk"
DESK: Final = f"import gc; gc.disable(); from {DESK_MODULE} import main; main()"
"""As `serve` starts: garbage is looked for once it serves."""
N_CALLERS: Final = 64
OPENING_AT_ONCE: Final = 50
WAIT_S: Final = 60.0
LOOK_S: Final = 0.2
SETTLE_S: Final = 5.0
OK: Final = 200
VIEWER: Final = "X-Kuaifan-Role: dispatcher\r\nX-Kuaifan-Seat: bench\r\n"


class HttpOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How many consoles listen, and how many calls come for how long (压力)."""

    consoles: int
    calls_per_s: int
    seconds: int
    db: str = "sqlite"


class HttpFigures(msgspec.Struct, frozen=True):
    """What `bench http` prints (网页吞吐).

    ack: from the moment a call was due to its durable answer; console: to its row on a console.
    delivered: of all rows on all consoles, how many came. errors: calls without a good answer, and
    consoles that were cut off or sent back to the board.
    """

    ack_p50_ms: float
    ack_p99_ms: float
    console_p50_ms: float
    console_p99_ms: float
    delivered: float
    errors: int


def bench_http(options: HttpOptions) -> HttpFigures:
    """Measure a desk of its own in a temporary folder."""
    with (
        tempfile.TemporaryDirectory(prefix="kuaifan-http-") as name,
        bench_log(options.db, Path(name), with_standby=True) as url,
    ):
        city = Path(name) / "city"
        invent_city(city, seed=SEED, size="small", progress=lambda _done: None)
        with _served(city, url) as port:
            return asyncio.run(_Run(port, options).measure())


@contextlib.contextmanager
def _served(city: Path, db: str) -> Iterator[int]:
    """A desk that is served and has its kernels; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", DESK, str(city), db, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as desk:  # noqa: S603 - ourselves
        try:
            _await_desk(desk, port)
            yield port
        finally:
            desk.terminate()


def _await_desk(desk: subprocess.Popen[bytes], port: int) -> None:
    until_s = monotonic() + WAIT_S
    while monotonic() < until_s and desk.poll() is None:
        with contextlib.suppress(OSError), urlopen(f"http://127.0.0.1:{port}/readyz") as reply:
            if b'"loaded"' in reply.read():
                return
        sleep(LOOK_S)
    raise BadInputError("the desk of the bench was not served in time: try again")


class _Run:
    """One measurement (一次测量)."""

    def __init__(self, port: int, options: HttpOptions) -> None:
        self._port, self._options = port, options
        self._host = f"127.0.0.1:{port}"
        self._due_at_s: dict[str, float] = {}
        self._acks_ms: list[float] = []
        self._n_errors = 0

    async def measure(self) -> HttpFigures:
        """Open the consoles, let the calls come, and wait until they are on all consoles."""
        consoles = await self._open_consoles()
        await self._ring(self._options.calls_per_s * self._options.seconds)
        until_s = perf_counter() + SETTLE_S
        n_due = len(self._due_at_s)
        while perf_counter() < until_s and any(len(c.shown_at_s) < n_due for c in consoles):  # noqa: ASYNC110
            await asyncio.sleep(LOOK_S)
        return self._figures(consoles)

    async def _open_consoles(self) -> list[Console]:
        frames, loop = Frames(), asyncio.get_running_loop()
        request = (f"GET /v1/events HTTP/1.1\r\nHost: {self._host}\r\n{VIEWER}\r\n").encode()
        consoles: list[Console] = []
        while (n_left := self._options.consoles - len(consoles)) > 0:
            opened = [
                loop.create_connection(lambda: Console(frames, request), "127.0.0.1", self._port)
                for _ in range(min(n_left, OPENING_AT_ONCE))
            ]
            consoles += [console for _, console in await asyncio.gather(*opened)]
            for console in consoles[-len(opened) :]:
                if not await console.is_open:
                    raise BadInputError("the desk let a console of the bench not listen")
        return consoles

    async def _ring(self, n_calls: int) -> None:
        """Let the calls come, each at its time; as many at once as there are connections."""
        loop, free = asyncio.get_running_loop(), asyncio.Queue[Caller]()
        for _ in range(N_CALLERS):
            _, caller = await loop.create_connection(
                lambda: Caller(self._host, VIEWER), "127.0.0.1", self._port
            )
            free.put_nowait(caller)
        began_s, under_way = perf_counter(), set[asyncio.Task[None]]()
        for number in range(n_calls):
            due_at_s = began_s + number / self._options.calls_per_s
            if (early_s := due_at_s - perf_counter()) > 0:
                await asyncio.sleep(early_s)
            caller = await free.get()
            task = asyncio.create_task(self._ring_one(caller, number, due_at_s, free))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        while under_way:
            await asyncio.wait(under_way)

    async def _ring_one(
        self, caller: Caller, number: int, due_at_s: float, free: asyncio.Queue[Caller]
    ) -> None:
        body = b'{"line":"110","caller_number":"138%08d"}' % number
        status, answer = await caller.ring(f"call-{number}", body)
        self._acks_ms.append((perf_counter() - due_at_s) * 1_000)
        free.put_nowait(caller)
        if status != OK:
            self._n_errors += 1
            return
        _, _, rest = answer.partition(b'"call_id":"')
        self._due_at_s[rest.partition(b'"')[0].decode()] = due_at_s

    def _figures(self, consoles: list[Console]) -> HttpFigures:
        waits_ms = [
            (shown_at_s - self._due_at_s[call_id]) * 1_000
            for console in consoles
            for call_id, shown_at_s in console.shown_at_s.items()
            if call_id in self._due_at_s
        ]
        n_all = len(self._due_at_s) * len(consoles)
        n_cut = sum(console.is_over or console.n_resets > 0 for console in consoles)
        ack_p50, ack_p99 = np.percentile(self._acks_ms or [0.0], [50, 99]).tolist()
        console_p50, console_p99 = np.percentile(waits_ms or [0.0], [50, 99]).tolist()
        return HttpFigures(
            ack_p50_ms=round(ack_p50, 1),
            ack_p99_ms=round(ack_p99, 1),
            console_p50_ms=round(console_p50, 1),
            console_p99_ms=round(console_p99, 1),
            delivered=round(len(waits_ms) / n_all, 6) if n_all else 0.0,
            errors=self._n_errors + n_cut,
        )
