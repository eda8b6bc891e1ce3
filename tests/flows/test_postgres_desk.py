"""A served desk over PostgreSQL (数据库日志): its database goes and comes back, it is killed."""

import os
import signal

import pytest
from serving_process import served
from toy_city import FIGHT, corner
from web_desk import Served

from kuaifan.app.bench_kill import bench_kill
from kuaifan.app.live import LiveEngine
from kuaifan.app.private_postgres import PrivateServer, find_binaries
from kuaifan.app.rules import core_codec
from kuaifan.store.log_place import postgres_place
from kuaifan.store.reading import LogReader

PLACE = dict(zip(("lat", "lon"), corner(4, 5), strict=True))


class OverPostgres(Served):
    """A desk whose log is in PostgreSQL."""

    def __init__(self, folder, place):
        self.place = place
        super().__init__(folder)

    def open_engine(self):
        return LiveEngine(self.place, self.reference)


@pytest.fixture(name="own_server", scope="module")
def fixture_own_server():
    """A server that may be stopped: nobody else is on it."""
    if find_binaries() is None:
        pytest.skip("PostgreSQL is not installed here: install the package postgresql")
    with PrivateServer() as server:
        server.create("desk")
        yield server


def ask_until(client, is_ready):
    for _ in range(5_000):
        reply = client.get("/readyz")
        if reply.json()["ready"] == is_ready:
            return reply
    raise AssertionError(reply.text)


def test_a_database_that_goes_and_comes_back_loses_nothing(own_server, tmp_path):
    place = postgres_place(own_server.url("desk", files=tmp_path / "files"))
    with OverPostgres(tmp_path, place) as desk, desk.client() as client:
        desk.man("P1")
        kept = client.made("OpenIncident", "incident_id", type_code=FIGHT, **PLACE)
        own_server.stop_now()
        gone = client.order("RegisterCall", line="110", key="k1")
        assert (gone.status_code, gone.json()["error"]) == (503, "storage")
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["banner_zh"]
        assert kept in client.board()["views"]["incidents"]
        # What has to be read of the log is not known now; it is no error of ours.
        assert client.get(f"/v1/incidents/{kept}/timeline").status_code == 503

        own_server.start()
        assert ask_until(client, is_ready=True).json()["banner_zh"] == ""
        retried = client.order("RegisterCall", line="110", key="k1")
        again = client.order("RegisterCall", line="110", key="k1")
        assert retried.status_code == 200
        assert retried.json() == again.json()
        assert client.get(f"/v1/incidents/{kept}/timeline").status_code == 200
    with LogReader(place, core_codec()) as log:
        keys = [record.key for record in log.read_records() if record.key]
    assert keys.count("k1") == 1


def test_kills_under_load_lose_and_double_nothing(new_url):
    figures = bench_kill(2, db=new_url(), seed=9)
    assert figures.acked > 20
    assert (figures.lost, figures.doubled, figures.chain_ok) == (0, 0, True)
    assert figures.timers_ok


def test_a_stopped_desk_is_taken_over_from_and_every_command_reads_the_log(
    town, new_url, kuaifan, tmp_path
):
    url = new_url()
    with served(town, url) as first:
        first.ring("k1")
        os.kill(first.pid, signal.SIGSTOP)
        with served(town, url, "--stand-by", 3) as second:
            assert second.ring("k1") == "C1"
            assert second.ring("k2") == "C2"
            os.kill(first.pid, signal.SIGCONT)
            refused = first.client.post("/v1/commands/RegisterCall", json={"line": "110"})
            assert refused.status_code == 503
            assert second.end(signal.SIGTERM)[0] == 0
    assert kuaifan("log", "head", "--db", url) == 0
    assert kuaifan("log", "verify", "--db", url) == 0
    assert kuaifan("replay", "--db", url) == 0
    assert kuaifan("log", "rebuild", "--db", url) == 0
    assert kuaifan("log", "export", "--db", url, "-o", tmp_path / "log.jsonl") == 0
