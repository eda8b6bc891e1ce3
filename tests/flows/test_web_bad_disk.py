"""A disk that refuses under a served desk (存储故障): 503, a banner, and back when it can."""

import threading

import pytest
from toy_city import FIGHT, corner
from web_desk import WAIT_S, Served

from kuaifan.kernel.journal import StorageError

PLACE = dict(zip(("lat", "lon"), corner(4, 5), strict=True))


class Flaky(Served):
    """A desk whose disk can be taken away and given back."""

    def __init__(self, folder):
        self.is_bad = threading.Event()
        self.tried = threading.Semaphore(0)
        super().__init__(folder)

    def open_engine(self):
        if self.is_bad.is_set():
            self.tried.release()
            raise StorageError("the log cannot be written: no space left")
        return super().open_engine()

    def take_disk_away(self):
        self.is_bad.set()
        # As on a disk that has become read-only.
        self.desk.live.journal._writer._connection.pragma("query_only", 1)


def ask_until(client, is_ready):
    """Ask again until the desk says so; bounded by the asking itself."""
    for _ in range(5_000):
        reply = client.get("/readyz")
        if reply.json()["ready"] == is_ready:
            return reply
    raise AssertionError(reply.text)


def test_a_disk_that_refuses_is_said_at_once_and_nothing_shown_is_lost(tmp_path):
    with Flaky(tmp_path) as desk, desk.client() as client:
        desk.man("P1")
        kept = client.made("OpenIncident", "incident_id", type_code=FIGHT, **PLACE)
        before = client.board()
        with desk.stream(after=before["seq"]) as stream:
            desk.take_disk_away()
            first = client.order("RegisterCall", line="110", key="k1")
            assert first.status_code == 503
            assert first.json()["error"] == "storage"
            assert "same key" in first.json()["reason_en"]
            assert first.headers["retry-after"] == "1"
            assert desk.tried.acquire(timeout=WAIT_S)

            # The desk goes on showing what is durable, and says what is wrong.
            ready = client.get("/readyz")
            assert ready.status_code == 503
            assert ready.json()["log"] == "refused"
            assert ready.json()["banner_zh"]
            assert ready.json()["banner_en"]
            assert client.order("RegisterCall", line="110", key="k2").status_code == 503
            assert kept in client.board()["views"]["incidents"]
            assert client.board()["views"]["calls"] == {}

            # Back: the board is rebuilt from the log, and a retry is taken once.
            desk.is_bad.clear()
            assert ask_until(client, is_ready=True).json()["banner_zh"] == ""
            retried = client.order("RegisterCall", line="110", key="k1")
            again = client.order("RegisterCall", line="110", key="k1")
            assert retried.status_code == 200
            assert retried.json() == again.json()
            frames = stream.frames_until(retried.json()["seq"])
        assert [c["key"] for f in frames for c in f["changes"] if c["view"] == "calls"] == ["C1"]
        assert client.board()["views"]["incidents"] == before["views"]["incidents"]


def test_a_desk_can_be_stopped_while_its_disk_refuses(tmp_path):
    with Flaky(tmp_path) as desk, desk.client() as client:
        desk.take_disk_away()
        assert client.order("RegisterCall", line="110").status_code == 503
        assert desk.tried.acquire(timeout=WAIT_S)
    with Served(tmp_path) as again, again.client() as client:
        assert client.board()["views"]["calls"] == {}


class Breaking(Served):
    """A desk whose engine has a bug of ours."""

    def open_engine(self):
        live = super().open_engine()
        live.engine.watchers.append(self.break_on_calls)
        return live

    def break_on_calls(self, record):
        if type(record.command).__name__ == "RegisterCall":
            raise LookupError("a bug of ours")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_engine_that_breaks_is_told_and_takes_nothing_more(tmp_path, capsys):
    with Breaking(tmp_path) as desk, desk.client() as client:
        client.order("RegisterCall", line="110")
        assert desk.crashed.wait(WAIT_S)
        assert client.get("/readyz").json()["engine"] == "ended"
        assert client.order("RegisterCall", line="110").status_code == 503
    assert "the engine broke: LookupError: a bug of ours" in capsys.readouterr().err
