"""`kuaifan serve` as a process of its own (服务进程): started, asked, ended or killed.

with served(town, log) as desk:
    call_id = desk.ring("k1")
    desk.end(signal.SIGKILL)
"""

import os
import re
import subprocess
import sys

import httpx

WAIT_S = 60
OPEN_DOOR = """
import sys
from msgspec.structs import replace
from kuaifan.app import serve
from kuaifan.app.cli import main

serve_guarded = serve.serve
serve.serve = lambda options: serve_guarded(replace(options, door=None))
main(sys.argv[1:])
"""
MAIN = "import sys; from kuaifan.app.cli import main; main(sys.argv[1:])"


class Process:
    """A serving process and what it says."""

    def __init__(self, script, *arguments):
        words = [sys.executable, "-c", script, *map(str, arguments)]
        self._process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)  # noqa: S603 - ours
        self.port = self._await_port()
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=WAIT_S)

    def _await_port(self):
        """The port it names once it serves; notes may come before it."""
        said = []
        for line in self._process.stderr:
            if found := re.match(r"http://127\.0\.0\.1:(\d+) ", line):
                return int(found[1])
            said.append(line)
        raise AssertionError("".join(said))

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.client.close()
        self._process.kill()
        self._process.wait(WAIT_S)
        self._process.stderr.close()

    @property
    def pid(self):
        return self._process.pid

    def ring(self, key):
        reply = self.client.post(
            "/v1/commands/RegisterCall", json={"line": "110"}, headers={"Idempotency-Key": key}
        )
        assert reply.status_code == 200, reply.text
        return reply.json()["events"][0]["call_id"]

    def end(self, number):
        """Send a signal; returns exit code and what was said on standard error."""
        os.kill(self._process.pid, number)
        return self.await_end()

    def await_end(self):
        _, said = self._process.communicate(timeout=WAIT_S)
        return self._process.returncode, said


def served(town, log, *more):
    """A desk on a log, given as a path or as a database URL; its door stands open."""
    db = log if "://" in str(log) else f"sqlite:///{log}"
    return Process(OPEN_DOOR, "serve", "--city", town.city, "--db", db, "--port", 0, *more)
