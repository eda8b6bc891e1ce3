"""What the connections of `bench http` make of what a desk sends, whole or in pieces."""

import asyncio

import pytest

from kuaifan.app.bench_http_wire import Caller, Console, Frames

CHANGES = b'[{"view":"calls","key":"C1","row":{}},{"view":"units","key":"P1","row":null}]'
FRAME = b'id: 7\ndata: {"seq":7,"changes":%b}\n\n' % CHANGES
BEAT = b'event: clock\ndata: {"now_ms":5,"speed":1.0}\n\n'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"


class Wire(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self):
        super().__init__()
        self.sent = b""

    def write(self, data):
        self.sent += data

    def is_closing(self):
        return False


def chunk(body):
    return b"%x\r\n%b\r\n" % (len(body), body)


@pytest.mark.parametrize("n_bytes", [1, 7, 1_000])
def test_a_console_notes_each_call_once_however_its_stream_is_cut(n_bytes):
    async def listen():
        console = Console(Frames(), b"GET")
        console.connection_made(wire := Wire())
        stream = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n" + chunk(BEAT + FRAME) + chunk(FRAME)
        for begin in range(0, len(stream), n_bytes):
            console.data_received(stream[begin : begin + n_bytes])
        first = dict(console.shown_at_s)
        console.data_received(chunk(b"event: reset\ndata: {}\n\n" + FRAME))
        return wire.sent, await console.is_open, first, console

    sent, is_open, first, console = asyncio.run(listen())
    assert (sent, is_open, list(first), console.n_resets) == (b"GET", True, ["C1"], 1)
    assert console.shown_at_s == first


def test_a_caller_waits_for_a_whole_answer_and_a_cut_line_is_none():
    async def ring():
        caller = Caller("desk", "X-Kuaifan-Role: dispatcher\r\n")
        caller.connection_made(wire := Wire())
        answer = caller.ring("k1", b"{}")
        caller.data_received(ANSWER + b"hello ")
        was_done = answer.done()
        caller.data_received(b"world")
        cut = caller.ring("k2", b"{}")
        caller.connection_lost(None)
        return wire.sent, was_done, await answer, await cut

    sent, was_done, answer, cut = asyncio.run(ring())
    assert b"Idempotency-Key: k1\r\nContent-Length: 2\r\n\r\n{}" in sent
    assert (was_done, answer, cut) == (False, (200, b"hello world"), (0, b""))
