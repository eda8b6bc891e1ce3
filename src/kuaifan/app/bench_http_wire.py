"""Connections of `bench http` (基准连线): consoles that listen and callers, on raw sockets.

The client shares the machine with the desk, so it does as little as it can: an answer is looked
through for what is wanted of it, and a frame that many consoles are sent is read once.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Final

import msgspec

FRAMES_KEPT: Final = 256


class _Change(msgspec.Struct):
    view: str
    key: str


class _Frame(msgspec.Struct):
    changes: list[_Change] = []


class Frames:
    """Which calls a piece of the stream shows (帧); read once for all who are sent the same."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[str, ...]] = {}
        self._decoder = msgspec.json.Decoder(_Frame)

    def list_calls(self, piece: bytes) -> tuple[str, ...]:
        """The ids of calls whose rows are in it."""
        found = self._known.get(piece)
        if found is None:
            if len(self._known) >= FRAMES_KEPT:
                self._known.clear()
            found = self._known[piece] = tuple(self._read(piece))
        return found

    def _read(self, piece: bytes) -> list[str]:
        calls = []
        for event in piece.split(b"\n\n"):
            if event.startswith(b"id: "):
                frame = self._decoder.decode(event.partition(b"data: ")[2])
                calls += [change.key for change in frame.changes if change.view == "calls"]
        return calls


class Console(asyncio.Protocol):
    """An open stream; notes when it was shown which call."""

    def __init__(self, frames: Frames, request: bytes) -> None:
        self._frames, self._request = frames, request
        self._buffer = b""
        self.shown_at_s: dict[str, float] = {}
        self.n_resets = 0
        self.is_over = False
        self.is_open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP
        transport.write(self._request)

    def connection_lost(self, _error: Exception | None) -> None:
        """The desk has cut it off."""
        self.is_over = True

    def data_received(self, data: bytes) -> None:
        """Take the pieces that are whole; each is one chunk of the answer."""
        buffer = self._buffer + data
        if not self.is_open.done():
            head, mark, buffer = buffer.partition(b"\r\n\r\n")
            if not mark:
                self._buffer = head
                return
            self.is_open.set_result(head.split(b" ", 2)[1] == b"200")
        while (end := buffer.find(b"\r\n")) > 0:
            begin, n_bytes = end + 2, int(buffer[:end], 16)
            if len(buffer) < begin + n_bytes + 2:
                break
            self._take(buffer[begin : begin + n_bytes])
            buffer = buffer[begin + n_bytes + 2 :]
        self._buffer = buffer

    def _take(self, piece: bytes) -> None:
        now_s = perf_counter()
        self.n_resets += piece.count(b"event: reset")
        for call_id in self._frames.list_calls(piece):
            self.shown_at_s.setdefault(call_id, now_s)


class Caller(asyncio.Protocol):
    """A connection on which one call after the other is registered."""

    def __init__(self, host: str, viewer: str) -> None:
        self._head = (
            f"POST /v1/commands/RegisterCall HTTP/1.1\r\nHost: {host}\r\n{viewer}"
            "Content-Type: application/json\r\n"
        ).encode()
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready for the first call."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP
        self._transport = transport

    def connection_lost(self, _error: Exception | None) -> None:
        """Whoever waits for an answer gets none."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((0, b""))

    def ring(self, key: str, body: bytes) -> asyncio.Future[tuple[int, bytes]]:
        """Send a call; status and body of the answer, status 0 where there was none."""
        self._answer = asyncio.get_running_loop().create_future()
        if self._transport is None or self._transport.is_closing():
            self._answer.set_result((0, b""))
            return self._answer
        about = b"Idempotency-Key: %b\r\nContent-Length: %d\r\n\r\n" % (key.encode(), len(body))
        self._transport.write(self._head + about + body)
        return self._answer

    def data_received(self, data: bytes) -> None:
        """Take an answer once it is whole."""
        self._buffer += data
        head, mark, rest = self._buffer.partition(b"\r\n\r\n")
        if not mark:
            return
        _, _, length = head.lower().partition(b"content-length: ")
        if len(rest) < int(length.split(b"\r\n", 1)[0]):
            return
        self._buffer = b""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((int(head.split(b" ", 2)[1]), rest))
