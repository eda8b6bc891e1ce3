"""A wire to PostgreSQL that can be cut (可断的线路): before a commit arrives, or before its answer.

with CutWire(server.port) as wire:
    place = postgres_place(url.replace(str(server.port), str(wire.port)))
    wire.cut_next = "answer"
"""

import contextlib
import socket
import threading

RECORDS, COMMIT = b"INSERT INTO records", b"COMMIT"
AT_REST = b"Z\x00\x00\x00\x05I"
"""What the server says when a transaction has ended: it is durable, or it never will be."""


class CutWire:
    """Passes bytes on, until it is told to lose the next commit of a record."""

    def __init__(self, port):
        self._server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.cut_next = ""
        self._pairs = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._listener.close()
        for pair in self._pairs:
            _close(*pair)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                self._pairs.append((client, server))
                wire = _Wire(self, client, server)
                for pump in (wire.pump_up, wire.pump_down):
                    threading.Thread(target=pump, daemon=True).start()


class _Wire:
    def __init__(self, owner, client, server):
        self._owner, self._client, self._server = owner, client, server
        self._is_deaf = self._has_records = False

    def pump_up(self):
        with contextlib.suppress(OSError):
            while data := self._client.recv(1 << 20):
                if self._is_cut(data):
                    break
                self._server.sendall(data)
        if not self._is_deaf:
            _close(self._client, self._server)

    def pump_down(self):
        with contextlib.suppress(OSError):
            while data := self._server.recv(1 << 20):
                if not self._is_deaf:
                    self._client.sendall(data)
                elif AT_REST in data:
                    break
        _close(self._client, self._server)

    def _is_cut(self, data):
        """Whether these bytes must not arrive; from then on the answer is not passed on either."""
        self._has_records = self._has_records or (bool(self._owner.cut_next) and RECORDS in data)
        if not (self._has_records and COMMIT in data):
            return False
        how, self._owner.cut_next = self._owner.cut_next, ""
        self._is_deaf = how == "answer"
        return how == "request"


def _close(*sockets):
    for each in sockets:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
