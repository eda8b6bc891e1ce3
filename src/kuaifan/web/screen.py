"""One open stream and the line under it (一路终端): what waits for a screen, and what need not.

Five hundred screens are sent the same few bytes some thirty times a second. Each by way of its
task, the layers of the answer and the protocol's own checks cost 0.1 ms; where nothing waits
before a frame it is written to the connection as the chunk that it is.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Self

from starlette.types import Scope

from kuaifan.web.viewer import Viewer

MAX_QUEUED_BYTES: Final = 4_000_000
TRANSPORT: Final = "kuaifan.transport"
"""Where the app leaves a request's connection in its scope."""


class Line:
    """The connection under an answer that is sent in chunks and has begun (线路)."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    @classmethod
    def find(cls, scope: Scope) -> Self | None:
        """That of a request; None where its answer is not sent in chunks."""
        transport: asyncio.Transport | None = scope.get(TRANSPORT)
        is_chunked = scope["http_version"] == "1.1" and scope["method"] == "GET"
        return cls(transport) if transport is not None and is_chunked else None

    @property
    def is_free(self) -> bool:
        """Whether all that was written before is on its way."""
        return not (self._transport.get_write_buffer_size() or self._transport.is_closing())

    def write(self, frame: bytes) -> None:
        """Send a frame as a chunk of its own."""
        self._transport.write(b"%x\r\n%b\r\n" % (len(frame), frame))


class Screen:
    """One open stream (一路终端); used on the event loop only.

    is_good: whether its person is still logged on; asked at every beat. line: what takes a frame
    at once, from when the answer has begun.
    """

    def __init__(
        self, viewer: Viewer, max_queued: int, is_good: Callable[[], bool] = lambda: True
    ) -> None:
        self.viewer, self._max_queued, self.is_good = viewer, max_queued, is_good
        self.line: Line | None = None
        self.is_cut = self._is_over = False
        self.over = asyncio.Event()
        self._frames: deque[bytes] = deque()
        self._n_bytes = 0
        self._last = self._latest = b""
        self._is_waiting = False
        self._wake = asyncio.Event()

    def offer(self, frame: bytes) -> None:
        """Send a frame that must not be missed; cuts the screen off where it has stopped."""
        if self._went_at_once(frame):
            return
        if len(self._frames) >= self._max_queued or self._n_bytes > MAX_QUEUED_BYTES:
            self.is_cut = True
            self.end()
            return
        self._frames.append(frame)
        self._n_bytes += len(frame)
        self._wake.set()

    def show(self, frame: bytes) -> None:
        """Send a frame that replaces the last of those that were shown."""
        if not self._went_at_once(frame):
            self._latest = frame
            self._wake.set()

    def end(self, last: bytes = b"") -> None:
        """End the stream, with a last word where it has one."""
        self._is_over = True
        self._last = last
        self._wake.set()
        self.over.set()

    async def take(self) -> bytes:
        """Wait for what is to be sent next, all in one; empty once the stream is over."""
        while not (self._is_over or self._frames or self._latest):
            self._wake.clear()
            self._is_waiting = True
            await self._wake.wait()
            self._is_waiting = False
        if self._is_over:
            last, self._last = self._last, b""
            return last
        chunk = b"".join([*self._frames, self._latest])
        self._frames.clear()
        self._latest = b""
        self._n_bytes = 0
        return chunk

    def _went_at_once(self, frame: bytes) -> bool:
        """Where nothing is before it: its sender waits for something to do, and was not woken."""
        is_idle = self._is_waiting and not self._wake.is_set()
        if not is_idle or self.line is None or not self.line.is_free:
            return False
        self.line.write(frame)
        return True
