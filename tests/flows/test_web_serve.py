"""`kuaifan serve` as a process (服务进程): light to start, orderly to stop, safe to kill."""

import contextlib
import signal
import socket
import subprocess
import sys

import httpx
import pytest
from serving_process import WAIT_S, Process, served

from kuaifan.app.rules import core_codec
from kuaifan.store.reading import LogReader
from kuaifan.web.server import bind

HEAVY = {
    "duckdb",
    "hypothesis",
    "llvmlite",
    "mapbox_vector_tile",
    "numba",
    "osmium",
    "pmtiles",
    "psycopg",
    "pypinyin",
    "pytest",
    "rich",
    "scipy",
    "shapely",
}
FIRST_ANSWER = """
import sys, threading, urllib.request
from pathlib import Path
import kuaifan.app.cli
from kuaifan.app.cli_serve import serve
from kuaifan.app.serve import ServeOptions, Service, Wiring
from kuaifan.web.server import WebServer, bind

def ask():
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1/commands/RegisterCall"
    request = urllib.request.Request(url, data=b'{"line": "110"}', method="POST")
    with urllib.request.urlopen(request) as reply:
        assert reply.status == 200
    print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
    server.stop()

listener = bind("127.0.0.1", 0)
options = ServeOptions(city=Path(sys.argv[1]), log=Path(sys.argv[2]))
service = Service(options, Wiring())
server = WebServer(
    service.app, listener, on_listening=lambda: threading.Thread(target=ask).start()
)
server.run_here()
service.stop()
"""

BREAKS = """
import sys
from pathlib import Path
from kuaifan.app.serve import ServeOptions, Wiring, serve

def bring_to_life(live, _city):
    def on_record(record):
        if record.seq > 1:
            raise LookupError("a bug of ours")
    live.engine.watchers.append(on_record)

options = ServeOptions(city=Path(sys.argv[1]), log=Path(sys.argv[2]), port=0)
sys.exit(serve(options, Wiring(bring_to_life=bring_to_life)))
"""


@pytest.fixture(name="log")
def fixture_log(tmp_path):
    return tmp_path / "log.db"


def test_nothing_heavy_is_imported_before_the_first_answer(town, log):
    words = [sys.executable, "-c", FIRST_ANSWER, str(town.city), str(log)]
    done = subprocess.run(  # noqa: S603 - our own words
        words, capture_output=True, text=True, timeout=WAIT_S, check=False
    )
    assert done.returncode == 0, done.stderr
    imported = set(done.stdout.split())
    assert {"kuaifan", "starlette", "uvicorn"} <= imported
    assert imported & HEAVY == set()


def test_a_stopped_desk_ends_well_and_goes_on_where_it_was(town, log, kuaifan):
    with served(town, log) as first:
        call_id = first.ring("k1")
        with first.client.stream("GET", "/v1/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 1000"
            code, said = first.end(signal.SIGTERM)
            # The open stream has ended in order, not been torn off.
            assert list(lines)
        assert (code, said) == (0, "")
    assert kuaifan("log", "verify", "--db", f"sqlite:///{log}") == 0
    with served(town, log) as second:
        assert list(second.client.get("/v1/board").json()["views"]["calls"]) == [call_id]
        assert second.ring("k1") == call_id
        assert second.ring("k2") == "C2"
        assert second.end(signal.SIGINT)[0] == 0


def test_what_was_acknowledged_is_there_after_a_kill(town, log):
    with served(town, log) as first:
        kept = [first.ring(f"k{n}") for n in range(20)]
        assert first.end(signal.SIGKILL)[0] == -signal.SIGKILL
    with served(town, log) as second:
        assert list(second.client.get("/v1/board").json()["views"]["calls"]) == kept


def test_a_desk_whose_engine_breaks_ends_loudly(town, log):
    with Process(BREAKS, town.city, log) as desk:
        with contextlib.suppress(httpx.HTTPError, AssertionError):
            desk.ring("k1")
        code, said = desk.await_end()
    assert code == 1
    assert "the engine broke: LookupError: a bug of ours" in said


def test_it_listens_on_this_machine_only_unless_told(town, log):
    with served(town, log) as desk:
        host = socket.gethostbyname(socket.gethostname())
        if host.startswith("127."):
            host = "127.0.0.2"
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((host, desk.port), timeout=WAIT_S)


def test_answers_are_not_held_back_by_the_network_layer():
    with bind("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_port_in_use_is_said_in_one_sentence_before_anything_is_made(town, log, kuaifan):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        problem = kuaifan.refuses(
            "serve", "--city", town.city, "--db", f"sqlite:///{log}", "--port", port
        )
    assert f"port {port} is in use" in problem
    assert "--port" in problem
    assert not log.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"--city": "/nowhere"}, "/nowhere does not exist"),
        ({"--db": "mysql://host/db"}, "in SQLite or PostgreSQL, not mysql"),
        ({"--db": "postgresql://127.0.0.1:1/db"}, "cannot be reached"),
        ({"--host": "no such host"}, "no address"),
        ({"--port": "99999"}, "99999"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_sentence(town, log, kuaifan, wrong, said):
    right = {"--city": town.city, "--db": f"sqlite:///{log}", "--port": 0}
    words = [word for pair in (right | wrong).items() for word in pair]
    assert said in kuaifan.refuses("serve", *words)


def test_a_stopped_desk_has_saved_its_state_so_that_the_next_start_folds_nothing(town, log):
    with served(town, log) as desk:
        desk.ring("k1")
        assert desk.end(signal.SIGTERM)[0] == 0
    with LogReader(log, core_codec()) as reader:
        assert reader.list_snapshots()[0].head.seq == reader.head().seq
