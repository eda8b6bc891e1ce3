"""The web server of a desk (网页服务): one process, one loop, stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Final

import uvicorn

from kuaifan.kernel.errors import BadInputError
from kuaifan.web.app import WebApp
from kuaifan.web.server_options import ServerOptions

BACKLOG: Final = 2_048
STOP_S: Final = 5
"""Requests under way are given so long to be answered when the desk stops."""
LOG_LEVEL: Final = "warning"


class PortError(BadInputError):
    """The address cannot be listened on; says so in one sentence."""


def bind(host: str, port: int) -> socket.socket:
    """Take the port before anything else is begun; raises PortError."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # asyncio turns Nagle's delay off only where the protocol is named: 40 ms an answer.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except (OSError, OverflowError) as error:
        raise PortError(f"{host}:{port} is no address to listen on: {error}") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise PortError(_sentence(host, port, error)) from None
    return listener


def _sentence(host: str, port: int, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"port {port} is in use: stop what uses it, or choose another with --port"
    if number == errno.EACCES:
        return f"port {port} needs more rights: choose one above 1023 with --port"
    return f"cannot listen on {host}:{port}: {error}"


class WebServer(uvicorn.Server):
    """Serves until told to stop (网页服务器).

    on_listening: called once requests are taken.
    """

    def __init__(
        self,
        app: WebApp,
        listener: socket.socket,
        *,
        on_listening: Callable[[], None],
        options: ServerOptions | None = None,
    ) -> None:
        options = options or ServerOptions()
        self._drain_s = options.drain_s
        super().__init__(
            uvicorn.Config(
                app,
                http="h11",
                ws="none",
                loop="asyncio",
                lifespan="on",
                log_level=LOG_LEVEL,
                access_log=False,
                server_header=False,
                log_config=options.make_log().logging_config(),
                timeout_graceful_shutdown=STOP_S,
                **options.uvicorn_settings(),
            )
        )
        self.config.load()
        if self.config.ssl is not None:
            self.config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
        self._desk_app, self._listener, self._on_listening = app, listener, on_listening
        self._loop: asyncio.AbstractEventLoop | None = None

    def run_here(self) -> None:
        """Serve on this thread until `stop`, or a signal where this is the main thread."""
        self.run(sockets=[self._listener])

    def stop(self) -> None:
        """Begin to stop; from any thread or signal handler."""
        self._desk_app.is_draining = True
        self.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._desk_app.pump.close_all)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, then say so."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets=sockets)
        if self.started:
            self._on_listening()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop in order on SIGTERM and SIGINT, and leave it to the caller to end the process."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        kept = {
            each: signal.signal(each, self._on_signal) for each in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield
        finally:
            for each, handler in kept.items():
                signal.signal(each, handler)

    def _on_signal(self, _number: int, _frame: object) -> None:
        """The first signal begins to drain; another one does not wait for that."""
        loop, was_draining = self._loop, self._desk_app.is_draining
        self._desk_app.is_draining = True
        if was_draining or not self._drain_s or loop is None:
            self.stop()
        else:
            loop.call_soon_threadsafe(loop.call_later, self._drain_s, self.stop)
