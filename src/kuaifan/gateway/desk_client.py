"""A desk asked over HTTP by a program (指挥台客户端): is it ready, and a call by its key."""

from __future__ import annotations

import http.client
from typing import Final

import msgspec

OK: Final = 200
RING: Final = b'{"line":"110"}'


class _Reply(msgspec.Struct):
    seq: int


class DeskClient:
    """A client of one address on this machine (客户端); for one thread."""

    def __init__(self, port: int, *, timeout_s: float) -> None:
        self.port, self._timeout_s = port, timeout_s

    def is_ready(self) -> bool:
        """Whether commands are taken there."""
        return self._ask("GET", "/readyz") is not None

    def ring(self, key: str) -> int | None:
        """Register a call; the seq of its durable record, or None where nobody knows."""
        answer = self._ask("POST", "/v1/commands/RegisterCall", key)
        return None if answer is None else msgspec.json.decode(answer, type=_Reply).seq

    def _ask(self, method: str, path: str, key: str = "") -> bytes | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self._timeout_s)
        headers = {"Content-Type": "application/json", "Idempotency-Key": key} if key else {}
        try:
            connection.request(method, path, RING if key else None, headers)
            reply = connection.getresponse()
            answer = reply.read()
        except (OSError, http.client.HTTPException):
            return None
        else:
            return answer if reply.status == OK else None
        finally:
            connection.close()
