"""Accounts and photos of two machines are kept in step (双机同步) by the script handed out."""

import os
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kuaifan.store.accounts import Account, Accounts

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "keep-in-step.sh"
MISSING = [each for each in ("rsync", "sqlite3", "curl") if shutil.which(each) is None]


class Desk(BaseHTTPRequestHandler):
    """As much of a desk as the script asks: whether it takes commands."""

    is_ready = True

    def do_GET(self):
        self.send_response(200 if Desk.is_ready else 503)
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture(name="step")
def fixture_step(tmp_path):
    """Both folders, and the script between them as the first machine runs it."""
    here, there = tmp_path / "one", tmp_path / "two"
    here.mkdir()
    there.mkdir()
    server = HTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def run(*, is_ready=True):
        Desk.is_ready = is_ready
        words = ["sh", str(SCRIPT), str(here), str(there)]
        port = {**os.environ, "PORT": str(server.server_port)}
        subprocess.run(words, check=True, env=port)  # noqa: S603 - our own script

    yield here, there, run
    server.shutdown()
    thread.join()
    server.server_close()


def names(folder):
    accounts = Accounts(folder / "accounts.db")
    try:
        return [each.name for each in accounts.list_accounts()]
    finally:
        accounts.close()


def account(name):
    return Account(name=name, display_name=name, roles=("dispatcher",))


@pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {' '.join(MISSING)}")
def test_the_machine_that_takes_commands_sends_and_the_other_does_not(step):
    here, there, run = step
    accounts = Accounts(here / "accounts.db")
    accounts.put(account("wang"))
    photos = here / "log.photos"
    photos.mkdir()
    for name in ("p1.photo", "p1.json", "p2.part"):
        (photos / name).write_bytes(b"sealed")
    run(is_ready=False)
    assert list(there.iterdir()) == []
    # The file is open and written to all the while, as by a desk.
    run()
    assert names(there) == ["wang"]
    assert {each.name for each in (there / "log.photos").iterdir()} == {"p1.photo", "p1.json"}

    # The other one was active for a while and was killed: its journal is not played into the new.
    killed = Accounts(there / "accounts.db")
    killed.put(account("old"))
    journal = (there / "accounts.db-wal").read_bytes()
    killed.close()
    (there / "accounts.db-wal").write_bytes(journal)
    accounts.put(account("li"))
    run()
    assert names(there) == ["li", "wang"]
    accounts.close()
