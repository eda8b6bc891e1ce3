"""Killed in mid-work again and again (断电恢复), a desk loses nothing and does nothing twice."""

import json

import pytest

from kuaifan.app.bench_kill import bench_kill

ROUNDS, SOAK_ROUNDS = 10, 200


def _assert_nothing_is_missing(figures, rounds):
    assert figures.rounds == rounds
    assert figures.acked > 20 * rounds, "it was not under load"
    assert (figures.lost, figures.doubled) == (0, 0)
    assert figures.chain_ok
    assert figures.timers_ok


def test_ten_kills_under_load_lose_and_double_nothing_and_every_timer_stands():
    _assert_nothing_is_missing(bench_kill(ROUNDS, seed=7), ROUNDS)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_two_hundred_kills_under_load_lose_and_double_nothing():
    _assert_nothing_is_missing(bench_kill(SOAK_ROUNDS, seed=8), SOAK_ROUNDS)


def test_the_command_prints_its_figures_and_holds(kuaifan):
    assert kuaifan("bench", "kill", "--rounds", "1") == 0
    figures = json.loads(kuaifan.said)
    assert (figures["rounds"], figures["lost"], figures["doubled"]) == (1, 0, 0)
    assert figures["chain_ok"] is True
    assert figures["timers_ok"] is True
    assert figures["restart_p50_s"] <= figures["restart_max_s"]
