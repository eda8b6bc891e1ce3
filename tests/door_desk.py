"""A served toy city that asks who comes (有门的测试台): accounts, sessions, and clients with them.

with GuardedDesk(tmp_path) as desk:
    desk.account("li", "dispatcher", desk_id="d1")
    with desk.session("li") as li:
        li.order("RegisterCall", line="110")
"""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
from web_desk import WAIT_S, Client, Served

from kuaifan.app.account_desk import AccountDesk
from kuaifan.app.passwords import Passwords
from kuaifan.kernel.message import Command
from kuaifan.store.accounts import Account, Accounts, accounts_path
from kuaifan.store.master_key import MasterKey
from kuaifan.web.gate import COOKIE, Door
from kuaifan.web.people import LogOn

PASSWORD = "blue-harbour-47"  # noqa: S105 - of a test
QUICK = Passwords(time_cost=1, memory_kib=8)
HASH = QUICK.make(PASSWORD)
WALL_MS = 1_800_000_000_000


class WallClock:
    """A wall clock that a test turns."""

    def __init__(self):
        self.now_ms = WALL_MS

    def __call__(self):
        return self.now_ms

    def pass_ms(self, ms):
        self.now_ms += ms


def make_people(path, tell, *, second_factor="none", clock=None):
    """Accounts of a test, with quick passwords."""
    return AccountDesk(
        Accounts(path),
        tell,
        master_key=MasterKey(bytes(32)),
        passwords=QUICK,
        second_factor=second_factor,
        now_ms=clock or WallClock(),
    )


class GuardedDesk(Served):
    """A desk with a door, from entering to leaving."""

    def __init__(self, folder, *, second_factor="none", **parts):
        self.clock, self._second_factor = WallClock(), second_factor
        super().__init__(folder, make_door=self._make_door, **parts)

    def _make_door(self, desk, log):
        def tell(command: Command, actor: str) -> None:
            record = desk.submit(command, actor=actor, key=None, seen_seq=None).wait(WAIT_S)
            assert record.refusal is None, record.refusal

        self.people = make_people(
            accounts_path(log), tell, second_factor=self._second_factor, clock=self.clock
        )
        return Door(self.people)

    def __exit__(self, *error):
        super().__exit__(*error)
        self.people.accounts.close()

    def account(self, name, *roles, desk_id="city", unit_id="", password_hash=HASH):
        """An account as if somebody had made it."""
        self.people.accounts.put(
            Account(
                name=name,
                display_name=name,
                roles=roles,
                desk_id=desk_id,
                unit_id=unit_id,
                password_hash=password_hash,
            )
        )

    def session(self, name, role="", unit_id=""):
        """A client that is logged on."""
        token = self.people.log_on(LogOn(name=name, password=PASSWORD), "127.0.0.1")
        return person(self.url, token, role, unit_id)


def person(url, token, role="", unit_id=""):
    """A client with a session's token, as a browser would send it from our own page."""
    client = Client(url, role or "none", unit_id)
    for name in ("X-Kuaifan-Role", "X-Kuaifan-Seat", "X-Kuaifan-Unit"):
        client.headers.pop(name, None)
    if role:
        client.headers["X-Kuaifan-Role"] = role
    if unit_id:
        client.headers["X-Kuaifan-Unit"] = unit_id
    client.headers["Cookie"] = f"{COOKIE}={token}"
    client.headers["Sec-Fetch-Site"] = "same-origin"
    return client


class QuietDesk(GuardedDesk):
    """The same without a socket: requests are handed to the app itself, a hundred in a moment."""

    def __enter__(self):
        # A thread of its own: a browser's test of the same run may have a loop in this one.
        self._loop = asyncio.new_event_loop()
        self._looping = threading.Thread(target=self._loop.run_forever)
        self._looping.start()
        self.desk.start()
        return self

    def __exit__(self, *_error):
        self._server._listener.close()
        self._wait(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._looping.join(WAIT_S)
        self._loop.close()
        self.desk.stop()
        self.people.accounts.close()

    def session(self, name, role="", unit_id=""):
        token = self.people.log_on(LogOn(name=name, password=PASSWORD), "127.0.0.1")
        headers = {"Cookie": f"{COOKIE}={token}", "Sec-Fetch-Site": "same-origin"}
        said = {"X-Kuaifan-Role": role, "X-Kuaifan-Unit": unit_id}
        return Direct(self, headers | {name: text for name, text in said.items() if text})

    def ask(self, method, path, headers, body):
        """One request to the app; returns its status and its text."""
        return self._wait(asked(self.web, method, path, headers, body))

    def _wait(self, to_come):
        return asyncio.run_coroutine_threadsafe(to_come, self._loop).result(WAIT_S)


class Direct:
    """A client that needs no line."""

    def __init__(self, desk, headers):
        self._desk, self.headers = desk, {"Host": "127.0.0.1", **headers}

    def request(self, method, path, content=b""):
        return self._desk.ask(method, path, self.headers, content)

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, **fields):
        return self.request("POST", path, json.dumps(fields).encode())

    def made(self, command, field, **fields):
        reply = self.post(f"/v1/commands/{command}", **fields)
        assert reply.status_code == 200, reply.text
        return reply.json()["events"][0][field]


def ask_once(app, method, path, headers):
    """One request to an app, on a loop and a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(asked(app, method, path, headers, b""))).result()


async def asked(app, method, path, headers, body):
    sent, parts = [], [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    path, _, query = path.partition("?")
    await app(
        {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "scheme": "http",
            "http_version": "1.1",
            "query_string": quote(query, safe="=&%").encode(),
            "headers": [(n.lower().encode(), v.encode()) for n, v in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        },
        receive,
        send,
    )
    body = b"".join(message.get("body", b"") for message in sent)
    return httpx.Response(sent[0]["status"], headers=sent[0]["headers"], content=body)
