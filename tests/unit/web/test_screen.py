"""A screen and its line (终端与线路): at once where nothing waits, in order always."""

import asyncio
from contextlib import suppress

import pytest

from kuaifan.web.screen import TRANSPORT, Line, Screen
from kuaifan.web.viewer import Viewer

CHUNK = b"3\r\nabc\r\n"


class Connection:
    """A connection as asyncio has it, whose reader can be slow."""

    def __init__(self):
        self.sent, self.n_unsent, self.is_closed = [], 0, False

    def get_write_buffer_size(self):
        return self.n_unsent

    def is_closing(self):
        return self.is_closed

    def write(self, data):
        self.sent.append(data)


def scope_of(connection, *, version="1.1", method="GET"):
    return {TRANSPORT: connection, "http_version": version, "method": method}


class Sender:
    """A screen on a connection, with the task that sends what had to wait."""

    def __init__(self, max_queued=8):
        self.connection = Connection()
        self.screen = Screen(Viewer("dispatcher"), max_queued)
        self.screen.line = Line.find(scope_of(self.connection))
        self.waited = []

    async def __aenter__(self):
        self._task = asyncio.create_task(self._send())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_error):
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _send(self):
        while chunk := await self.screen.take():
            self.waited.append(chunk)


def test_a_frame_goes_at_once_as_a_chunk_where_nothing_waits():
    async def run():
        async with Sender() as sender:
            sender.screen.offer(b"abc")
            sender.screen.show(b"abc")
            assert sender.connection.sent == [CHUNK, CHUNK]
            await asyncio.sleep(0)
            assert sender.waited == []

    asyncio.run(run())


def test_behind_a_frame_that_waits_every_other_waits_too():
    async def run():
        async with Sender() as sender:
            sender.connection.n_unsent = 1
            sender.screen.offer(b"one")
            sender.connection.n_unsent = 0
            # The line is free again, and what came first has not been sent yet.
            sender.screen.offer(b"two")
            sender.screen.show(b"old")
            sender.screen.show(b"new")
            assert sender.connection.sent == []
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert sender.waited == [b"onetwonew"]
            sender.screen.offer(b"abc")
            assert sender.connection.sent == [CHUNK]

    asyncio.run(run())


def test_who_does_not_read_is_cut_off_and_nothing_is_written_to_it():
    async def run():
        sender = Sender(max_queued=2)
        sender.connection.n_unsent = 1
        for _ in range(3):
            sender.screen.offer(b"abc")
        assert sender.screen.is_cut
        assert sender.screen.over.is_set()
        assert sender.connection.sent == []
        assert await sender.screen.take() == b""

    asyncio.run(run())


def test_after_its_last_word_nothing_goes_out():
    async def run():
        async with Sender() as sender:
            sender.screen.end(b"last")
            sender.screen.offer(b"abc")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert (sender.waited, sender.connection.sent) == ([b"last"], [])

    asyncio.run(run())


def test_a_connection_that_closes_is_not_written_to():
    async def run():
        async with Sender() as sender:
            sender.connection.is_closed = True
            sender.screen.offer(b"abc")
            assert sender.connection.sent == []

    asyncio.run(run())


@pytest.mark.parametrize(
    "scope",
    [
        scope_of(Connection(), version="1.0"),
        scope_of(Connection(), method="HEAD"),
        {"http_version": "1.1", "method": "GET"},
    ],
)
def test_an_answer_that_is_not_sent_in_chunks_has_no_line(scope):
    assert Line.find(scope) is None
