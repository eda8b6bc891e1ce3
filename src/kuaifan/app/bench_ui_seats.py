"""Many seats that only listen (旁听席位): streams of one desk in a process of their own.

Run as `python -m kuaifan.app.bench_ui_seats PORT N`: prints `ready` once all are open, then a line
`WHAT AT` for each seat that sees a word of its standard input, AT by the monotonic clock of the
machine in seconds; a line on standard input names what to look for, its end ends it.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from time import monotonic
from typing import IO, Final

OPEN_TIMEOUT_S: Final = 30.0
SEEN_TIMEOUT_S: Final = 20.0
LIMIT_BYTES: Final = 2**24
N_ARGUMENTS: Final = 2


class ListeningSeats:
    """So many open streams, asked when they saw something."""

    def __init__(self, port: int, n_seats: int) -> None:
        self.n_seats = n_seats
        command = [sys.executable, "-m", __name__, str(port), str(n_seats)]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._read_line()

    def look_for(self, word: str) -> None:
        """From now on every seat says when a frame names the word."""
        _pipe(self._process.stdin).write(f"{word}\n")
        self._read_line()

    def seen_at_s(self) -> list[float]:
        """When each seat saw it; waits for the last one."""
        return [float(self._read_line()) for _ in range(self.n_seats)]

    def close(self) -> None:
        """End all streams."""
        _pipe(self._process.stdin).close()
        self._process.wait(OPEN_TIMEOUT_S)
        _pipe(self._process.stdout).close()

    def _read_line(self) -> str:
        line = _pipe(self._process.stdout).readline().strip()
        if not line:
            raise RuntimeError("the listening seats have ended")
        return line


def _pipe(end: IO[str] | None) -> IO[str]:
    assert end is not None  # noqa: S101 - both were asked for
    return end


class _Listeners:
    """The streams of this process, and what they look for."""

    def __init__(self) -> None:
        self.word = b""
        self._n_open = 0
        self.are_open = asyncio.Event()

    async def listen(self, port: int, n_seats: int) -> None:
        """One stream until it ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=LIMIT_BYTES)
        request = f"GET /v1/events?role=dispatcher HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        writer.write(request.encode())
        told = b""
        while line := await reader.readline():
            if line.startswith(b"retry:"):
                self._n_open += 1
                if self._n_open == n_seats:
                    self.are_open.set()
            if line.startswith(b"data:") and self.word and told != self.word and self.word in line:
                told = self.word
                sys.stdout.write(f"{monotonic()}\n")
        writer.close()


async def _run(port: int, n_seats: int) -> None:
    listeners = _Listeners()
    tasks = [asyncio.create_task(listeners.listen(port, n_seats)) for _ in range(n_seats)]
    if n_seats:
        await asyncio.wait_for(listeners.are_open.wait(), OPEN_TIMEOUT_S)
    _say("ready")
    while word := (await asyncio.to_thread(sys.stdin.readline)).strip():
        listeners.word = f'"{word}"'.encode()
        _say("looking")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a text stream
    asyncio.run(_run(*map(int, sys.argv[1 : 1 + N_ARGUMENTS])))
