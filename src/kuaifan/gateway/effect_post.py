"""Telling a receiver (外发投递): one signed POST, with the key that it knows an effect by."""

from __future__ import annotations

import http.client
import ssl
from typing import Final, Protocol
from urllib.parse import SplitResult, urlsplit

import msgspec

from kuaifan.gateway.effect import Effect
from kuaifan.gateway.phone_key import HEADER, sign
from kuaifan.kernel.errors import BadInputError

TIMEOUT_S: Final = 10.0
SERVER_FAULT: Final = 500
NOT_YET: Final = frozenset({408, 425, 429})
"""Answers below 500 that ask to come again (RFC 9110, RFC 8470, RFC 6585)."""


class SilentError(OSError):
    """Nobody answered (无应答)."""


class Receiver(Protocol):
    """Whom an effect is told (接收方)."""

    @property
    def where(self) -> str:
        """Its address, as it may be said to a person."""

    def post(self, effect: Effect) -> int:
        """Tell an effect once; returns the status, raises SilentError. From any thread."""


class HttpReceiver:
    """A receiver at an address (网络接收方); key: what is signed with."""

    def __init__(self, url: str, key: bytes, *, timeout_s: float = TIMEOUT_S) -> None:
        parts, port = _split(url)
        is_tls, self._host = parts.scheme == "https", parts.hostname or ""
        # Reads every certificate that the machine trusts: once, not at each attempt.
        self._tls = ssl.create_default_context() if is_tls else None
        self._port = port or (443 if is_tls else 80)
        self._path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        self._key, self._timeout_s = key, timeout_s

    @property
    def where(self) -> str:
        """Host and port."""
        return f"{self._host}:{self._port}"

    def post(self, effect: Effect) -> int:
        """Tell an effect once, on a connection of its own."""
        body = msgspec.json.encode({"key": effect.effect_id, **effect.fields})
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": effect.effect_id,
            HEADER: sign(self._key, body),
        }
        connection = self._connect()
        try:
            connection.request("POST", self._path, body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException, ValueError) as error:
            # A name that is no name of a host is a ValueError. Whatever it is: an attempt that
            # never answers would keep its lane, and with it the receiver, for ever.
            raise SilentError(str(error) or type(error).__name__) from error
        finally:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=self._timeout_s, context=self._tls
        )


def _split(url: str) -> tuple[SplitResult, int | None]:
    """An address and its port; raises BadInputError for what cannot be posted to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    is_plain = url.isascii() and not any(char.isspace() for char in url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not is_plain:
        raise BadInputError(
            f"{url!r} is no address; give one like http://pbx:8088/commands, in ASCII"
        )
    return parts, port


def is_to_retry(status: int) -> bool:
    """Whether an answer asks to come again."""
    return status >= SERVER_FAULT or status in NOT_YET


def has_arrived(status: int) -> bool:
    """Whether an answer says that it was taken."""
    return http.client.OK <= status < http.client.MULTIPLE_CHOICES
