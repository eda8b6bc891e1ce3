"""How a desk is reached (接入方式): over TLS of its own, or behind proxies that are named."""

from __future__ import annotations

import ipaddress
import ssl
from pathlib import Path
from typing import Any, Final

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.web.event_log import EventLog, Level

CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2, with forward secrecy only; TLS 1.3 has no others."""


class ServerOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the web server is told (网页服务选项).

    tls_cert, tls_key: PEM files, both or neither. trusted_proxies: addresses whose
    X-Forwarded-For and X-Forwarded-Proto are believed; of nobody else. drain_s: told to stop by a
    signal, it says for so long that it is not ready, and goes on answering.
    """

    tls_cert: Path | None = None
    tls_key: Path | None = None
    trusted_proxies: tuple[str, ...] = ()
    log_level: Level = "warning"
    drain_s: float = 0.0

    def make_log(self) -> EventLog:
        """Where the server says what it does."""
        return EventLog(self.log_level)

    def check(self) -> None:
        """Raise BadInputError in one sentence for what cannot be served so."""
        if (self.tls_cert is None) != (self.tls_key is None):
            raise BadInputError("--tls-cert and --tls-key go together: give both, or neither")
        for proxy in self.trusted_proxies:
            _check_address(proxy)
        if self.tls_cert is not None and self.tls_key is not None:
            _check_pair(self.tls_cert, self.tls_key)

    @property
    def scheme(self) -> str:
        """Of the address that people type."""
        return "http" if self.tls_cert is None else "https"

    def uvicorn_settings(self) -> dict[str, Any]:
        """The same, as uvicorn's Config takes it."""
        settings: dict[str, Any] = {
            "proxy_headers": bool(self.trusted_proxies),
            "forwarded_allow_ips": list(self.trusted_proxies),
        }
        if self.tls_cert is not None:
            settings |= {"ssl_certfile": str(self.tls_cert), "ssl_keyfile": str(self.tls_key)}
            settings |= {"ssl_ciphers": CIPHERS}
        return settings


def _check_address(proxy: str) -> None:
    try:
        ipaddress.ip_network(proxy)
    except ValueError:
        raise BadInputError(
            f"--trust-proxy {proxy!r} is no address: give one like 10.0.0.5 or 10.0.0.0/24"
        ) from None


def _check_pair(cert: Path, key: Path) -> None:
    for path in (cert, key):
        if not path.is_file():
            raise BadInputError(f"{path} does not exist: give a PEM file")
    try:
        # A key with a passphrase would ask the terminal of a service, which has none.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, password="")
    except (ssl.SSLError, OSError, ValueError) as error:
        raise BadInputError(
            f"{cert} and {key} are no certificate with its key, in PEM, without a passphrase: "
            f"{error}"
        ) from None
