"""A centre on two nodes (双机): its primary database is killed, then its active desk."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kuaifan.app.bench_cluster import bench_cluster, bench_partition, is_held
from kuaifan.app.cluster import Cluster, stop_cluster
from kuaifan.app.cluster_nodes import end_servers, find_program, list_missing
from kuaifan.kernel.errors import BadInputError

MISSING = list_missing() + ([] if find_program("haproxy") else ["haproxy"])


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {' '.join(MISSING)}")
def test_a_lost_database_and_a_lost_desk_lose_nothing_and_are_replaced_in_time():
    figures = bench_cluster(1)
    assert figures.acked > 20
    assert is_held(figures), figures


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {' '.join(MISSING)}")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a network namespace")
def test_a_primary_that_is_cut_off_writes_nothing_and_nothing_is_lost():
    figures = bench_partition()
    assert (figures.lost, figures.doubled, figures.chain_ok) == (0, 0, True)
    assert not figures.old_primary_wrote


def test_where_no_cluster_runs_nothing_is_stopped(tmp_path, capsys):
    assert stop_cluster(tmp_path) == 1
    assert "no cluster runs" in capsys.readouterr().err


def test_a_number_that_went_to_another_process_is_no_cluster(tmp_path):
    # This very process, and when another one was started.
    (tmp_path / "cluster.pid").write_text(f"{os.getpid()} 1\n")
    assert stop_cluster(tmp_path) == 1


@pytest.fixture(name="quits")
def fixture_quits():
    """What is begun can be told to quit; a job in the background hands on that it cannot."""
    before = signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGQUIT, before)


@pytest.mark.usefixtures("quits")
def test_a_server_whose_patroni_was_killed_is_ended_and_nobody_elses(tmp_path):
    servers = {}
    for node, folder in (("node1", tmp_path / "node1" / "data"), ("node2", tmp_path)):
        data = tmp_path / node / "data"
        data.mkdir(parents=True)
        waits = [sys.executable, "-c", "import signal; signal.pause()"]
        servers[node] = subprocess.Popen(waits, cwd=folder)  # noqa: S603 - this very Python
        (data / "postmaster.pid").write_text(f"{servers[node].pid}\n/somewhere\n")
    end_servers(tmp_path)
    assert servers["node1"].wait(20) == -signal.SIGQUIT
    assert servers["node2"].poll() is None
    servers["node2"].kill()
    servers["node2"].wait(20)


@pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {' '.join(MISSING)}")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has the databases run by another")
def test_a_folder_that_the_databases_cannot_reach_is_refused_in_a_sentence(tmp_path):
    tmp_path.chmod(0o700)
    with pytest.raises(BadInputError, match="is closed to others"):
        Cluster(tmp_path / "cluster")
    assert stop_cluster(tmp_path / "cluster") == 1


@pytest.fixture(name="open_folder")
def fixture_open_folder():
    """Where the user that runs the databases gets to; the folders of pytest are closed."""
    with tempfile.TemporaryDirectory(prefix="kuaifan-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {' '.join(MISSING)}")
@pytest.mark.parametrize("how", ["stop", "Ctrl-C", "Ctrl-C in the start"])
def test_a_cluster_that_is_told_to_stop_leaves_no_process(open_folder, how):
    folder = open_folder / "cluster"
    words = [sys.executable, "-c", "from kuaifan.app.cli import main; main()", "cluster"]
    running = subprocess.Popen(  # noqa: S603 - our own program
        [*words, "run", "--folder", folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    awaited = b"two databases" if how == "Ctrl-C in the start" else b"stops it"
    said = b""
    while awaited not in said:
        line = running.stdout.readline()
        assert line, said
        said += line
    if how == "stop":
        patroni = int(re.search(rb"node2 (\d+)", said.rpartition(b"processes")[2])[1])
        os.kill(patroni, signal.SIGKILL)
        stopping = [*words, "stop", "--folder", folder]
        assert subprocess.run(stopping, check=False).returncode == 0  # noqa: S603 - our own
    else:
        running.send_signal(signal.SIGINT)
    rest, _ = running.communicate(timeout=120)
    assert running.returncode == 0, rest
    assert list_within(folder) == []


def list_within(folder):
    """Processes that name a folder or work in it."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            words = (process / "cmdline").read_bytes()
            if str(folder).encode() in words or (process / "cwd").readlink().is_relative_to(folder):
                found.append(words)
        except (OSError, ValueError):
            continue
    return found
