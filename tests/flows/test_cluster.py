"""A centre on two nodes (双机): its primary database is killed, then its active desk."""

import os

import pytest

from kuaifan.app.bench_cluster import bench_cluster, bench_partition, is_held
from kuaifan.app.cluster import stop_cluster
from kuaifan.app.cluster_nodes import find_program, list_missing

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
