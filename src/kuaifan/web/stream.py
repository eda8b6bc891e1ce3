"""The one stream (事件流): coalesced frames to every screen, and a slow screen slows nobody.

One pump builds each frame once per audience and hands it to every screen. A screen whose queue is
full has stopped reading: it is cut off and, being a browser, comes back with its cursor.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import msgspec
from starlette.types import Receive, Scope, Send

from kuaifan.board.views import Shown
from kuaifan.web.desk import MAX_QUEUED
from kuaifan.web.masking import is_cut_for, masked_row
from kuaifan.web.metrics import Histogram
from kuaifan.web.screen import Line, Screen
from kuaifan.web.view_store import Cursor, Entry, Positions, ViewStore
from kuaifan.web.viewer import Viewer

ANSWERS_FIRST_S: Final = 0.002
"""What a record made is due to whoever asked for it and to every screen: the answer goes first."""
COALESCE_S: Final = 0.02
"""What comes within it goes out in one frame; the first after a pause goes at once."""
MOST_BUSY: Final = 3
"""Sending to all takes at most every so many-th part of the loop: more screens wait for larger
frames, and nobody's answer waits for the screens."""
BEAT_S: Final = 1.0
"""Positions and the clock are sent so often, by real time."""
MAX_BACKLOG: Final = 2_000
"""Entries that are caught up with; a screen further behind loads the board anew."""
HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
RETRY: Final = b"retry: 1000\n\n"
RESET: Final = b"event: reset\ndata: {}\n\n"
Clock = Callable[[], tuple[int, float]]
"""City time in milliseconds, and its speed."""


class Pump:
    """Carries what becomes visible to all screens (分发器); lives on one event loop."""

    def __init__(self, store: ViewStore, clock: Clock, max_queued: int = MAX_QUEUED) -> None:
        self._store, self._clock, self._max_queued = store, clock, max_queued
        self.screens: set[Screen] = set()
        self.n_cut = 0
        self._cursor = store.cursor
        self._changed = asyncio.Event()
        self._is_closed = False
        self.fan_out = Histogram("kuaifan_fan_out_seconds", "From shown to every open stream.")
        self._told_at_s = 0.0

    def open(
        self, viewer: Viewer, after: Cursor | None, is_good: Callable[[], bool] = lambda: True
    ) -> Screen:
        """Add a screen; what it missed since its cursor comes first."""
        screen = Screen(viewer, self._max_queued, is_good)
        screen.offer(RETRY)
        # The others are brought up to date first, so that this one starts where they are.
        self._send_entries()
        entries = [] if after is None else self._store.find_missed(after)
        if entries is None or len(entries) > MAX_BACKLOG:
            screen.offer(RESET)
        else:
            missed = [entry for entry in entries if entry.cursor <= self._cursor]
            if missed:
                screen.offer(make_frame(viewer, missed))
        self._beat([screen])
        self.screens.add(screen)
        if self._is_closed:
            screen.end()
        return screen

    def close(self, screen: Screen) -> None:
        """Forget a screen."""
        self.screens.discard(screen)

    def close_all(self) -> None:
        """End every stream: the desk stops."""
        self._is_closed = True
        self._store.on_change = lambda: None
        for screen in self.screens:
            screen.end()

    async def run(self) -> None:
        """Send until cancelled."""
        loop = asyncio.get_running_loop()
        self._store.on_change = partial(self._tell, loop)
        self._changed.set()
        beat_at = loop.time()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), max(0.0, beat_at - loop.time()))
            self._changed.clear()
            await asyncio.sleep(ANSWERS_FIRST_S)
            began_at = loop.time()
            self._send_entries()
            if loop.time() >= beat_at:
                beat_at = loop.time() + BEAT_S
                self._end_gone()
                self._beat(self.screens)
            await asyncio.sleep(max(COALESCE_S, (MOST_BUSY - 1) * (loop.time() - began_at)))

    def _tell(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake the pump; called by the engine's and the writer's thread."""
        if not self._changed.is_set():
            self._told_at_s = time.monotonic()
            # A loop that has closed has no screens either.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._changed.set)

    def _send_entries(self) -> None:
        entries = self._store.find_since(self._cursor)
        if entries:
            self._cursor = entries[-1].cursor
        frames: dict[str, bytes] = {}
        for screen in [*self.screens] if entries is None or entries else ():
            audience = screen.viewer.audience
            if audience not in frames:
                frames[audience] = make_frame(screen.viewer, entries) if entries else RESET
            screen.offer(frames[audience])
            if screen.is_cut:
                self.n_cut += 1
                self.screens.discard(screen)
        if entries and self._told_at_s:
            self.fan_out.observe(time.monotonic() - self._told_at_s)
            self._told_at_s = 0.0
        if entries is None:
            self._cursor = self._store.cursor

    def _end_gone(self) -> None:
        """Whoever is logged off, or disabled, sees nothing more.

        Whose sight is wider or narrower than before reads the whole board anew: what it holds was
        masked, or was opened, by what held then.
        """
        for screen in [*self.screens]:
            if not screen.is_good():
                self.screens.discard(screen)
                screen.end(RESET)

    def _beat(self, screens: Iterable[Screen]) -> None:
        now_ms, speed = self._clock()
        clock = _event("clock", {"now_ms": now_ms, "speed": speed})
        frames: dict[str, bytes] = {}
        for screen in screens:
            audience = screen.viewer.audience
            if audience not in frames:
                seen = seen_positions(screen.viewer, self._store)
                frames[audience] = clock + _event("positions", seen)
            screen.show(frames[audience])


def make_frame(viewer: Viewer, entries: list[Entry]) -> bytes:
    """One frame of several entries for a viewer: of each row its last state, where it changed."""
    first: dict[tuple[str, str], Shown | None] = {}
    last: dict[tuple[str, str], Any] = {}
    for entry in entries:
        for change in entry.changes:
            place = (change.view, change.key)
            first.setdefault(place, change.before)
            last[place] = change
    changes = []
    for (view, key), change in last.items():
        row, before = masked_row(viewer, change.after), first[view, key]
        # A row that a viewer never saw does not leave for it.
        if row is None and not viewer.sees(before):
            continue
        # What others have read of a broadcast is no news to a crew.
        if row is not None and is_cut_for(row, viewer) and row == masked_row(viewer, before):
            continue
        changes.append({"view": view, "key": key, "row": row})
    end = entries[-1]
    body = {"seq": end.cursor.seq, "at_ms": end.at_ms, "changes": changes}
    return b"id: %s\ndata: %s\n\n" % (str(end.cursor).encode(), msgspec.json.encode(body))


def seen_positions(viewer: Viewer, store: ViewStore) -> Positions:
    """The markers in a viewer's scope: of units whose rows it sees."""
    positions = store.positions
    if viewer.role == "crew":
        kept = [i for i, unit_id in enumerate(positions.unit_ids) if viewer.sees_unit(unit_id)]
    elif viewer.sees_all_desks and viewer.may("see_forces"):
        return positions
    else:
        units = store.rows("units")
        kept = [
            i for i, unit_id in enumerate(positions.unit_ids) if viewer.sees(units.get(unit_id))
        ]
    columns = {
        name: tuple(getattr(positions, name)[i] for i in kept)
        for name in Positions.__struct_fields__
        if name != "at_ms"
    }
    return msgspec.structs.replace(positions, **columns)


def _event(name: str, body: object) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), msgspec.json.encode(body))


class StreamResponse:
    """Sends a screen's frames until either side ends it (事件流应答)."""

    def __init__(self, pump: Pump, screen: Screen) -> None:
        self._pump, self._screen = pump, screen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI wants it."""
        tasks = [
            asyncio.create_task(self._send(scope, send)),
            asyncio.create_task(_await_disconnect(receive)),
            asyncio.create_task(self._await_cut()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._pump.close(self._screen)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._screen.is_cut and (abort := scope.get("kuaifan.abort")):
                # Whoever does not read would keep what waits in the socket's buffer for ever.
                abort()
                # Only then does the server know that nobody is there to be answered in full.
                await asyncio.sleep(0)

    async def _send(self, scope: Scope, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        self._screen.line = Line.find(scope)
        while chunk := await self._screen.take():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _await_cut(self) -> None:
        """An orderly end is the sender's; a cut cannot wait for one that is stuck."""
        await self._screen.over.wait()
        if not self._screen.is_cut:
            await asyncio.sleep(BEAT_S)


async def _await_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
