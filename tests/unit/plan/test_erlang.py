"""Erlang B and C against published tables."""

import pytest

from kuaifan.plan.erlang import erlang_b, erlang_c, expect_waiting, load_of, seats_needed


@pytest.mark.parametrize(
    ("n_seats", "load", "blocked"),
    [
        # Offered load at a given blocking: ITU-T Teletraffic Handbook, table of Erlang's B-formula.
        (1, 0.0101, 0.01),
        (5, 1.361, 0.01),
        (10, 4.461, 0.01),
        (20, 12.03, 0.01),
        (10, 3.092, 0.001),
        (10, 5.084, 0.02),
        (50, 37.90, 0.01),
        (100, 84.06, 0.01),
    ],
)
def test_erlang_b_gives_the_blocking_of_the_published_table(n_seats, load, blocked):
    assert erlang_b(load, n_seats) == pytest.approx(blocked, rel=6e-3)


def test_erlang_c_gives_the_textbook_example_of_a_call_centre():
    # 100 calls of 3 minutes in half an hour on 14 agents: 17.4 % wait, 88.8 % within 20 s, 7.8 s.
    load = load_of(200, 180_000)
    assert load == pytest.approx(10)
    assert erlang_c(load, 14) == pytest.approx(0.1741, abs=5e-4)
    expected = expect_waiting(load, 14, mean_talk_ms=180_000, target_ms=20_000)
    assert expected.in_target_share == pytest.approx(0.888, abs=5e-4)
    assert expected.mean_wait_ms == pytest.approx(7_800, abs=50)


def test_one_seat_is_the_single_server_queue():
    assert erlang_c(0.5, 1) == pytest.approx(0.5)
    expected = expect_waiting(0.5, 1, mean_talk_ms=60_000, target_ms=0)
    assert expected.mean_wait_ms == 60_000


def test_more_load_than_seats_has_no_answer_rather_than_a_wrong_one():
    expected = expect_waiting(3.0, 3, mean_talk_ms=60_000, target_ms=10_000)
    assert (expected.wait_share, expected.in_target_share, expected.mean_wait_ms) == (None,) * 3
    assert erlang_c(3.0, 3) == 1.0


def test_without_calls_nobody_waits():
    assert expect_waiting(0.0, 0, mean_talk_ms=0, target_ms=10_000).in_target_share == 1.0
    assert erlang_c(0.0, 0) == 0.0


def test_the_seats_needed_are_the_fewest_that_keep_the_target():
    n_seats = seats_needed(10.0, mean_talk_ms=180_000, target_ms=10_000)
    shares = [
        expect_waiting(10.0, n, mean_talk_ms=180_000, target_ms=10_000).in_target_share
        for n in (n_seats - 1, n_seats)
    ]
    assert shares[0] < 0.9 <= shares[1]


@pytest.mark.parametrize(("load", "n_seats"), [(-1.0, 3), (float("nan"), 3), (1.0, -1)])
def test_bad_figures_are_refused_in_a_sentence(load, n_seats):
    with pytest.raises(ValueError, match="erlang at"):
        erlang_b(load, n_seats)
