"""A whole quarter at Huainan's volume with every loop on (仿真季度); for `make soak`: minutes."""

from datetime import UTC, datetime

import pytest

from kuaifan.app.loop_figures import is_within
from kuaifan.app.quarter import QuarterOptions, run_quarter
from kuaifan.city.folder import read_city
from kuaifan.city.invent import invent_city

START_MS = round(datetime(2026, 1, 4, 16, tzinfo=UTC).timestamp() * 1000)
SEATS = {
    *("anti_fraud", "callback", "complaints", "daily_clearing", "domestic_violence"),
    *("enterprise", "hotline", "joint_task", "mediation", "school"),
}


@pytest.mark.soak
@pytest.mark.timeout(4 * 3_600)
def test_a_quarter_with_every_loop_on_names_exactly_what_was_left_open(tmp_path):
    quiet = lambda *_said: None  # noqa: E731 - nobody looks
    invent_city(tmp_path / "city", seed=1, size="large", n_circles=100, progress=quiet)
    city = read_city(tmp_path / "city")
    _, report = run_quarter(
        city, tmp_path / "out", QuarterOptions(start_ms=START_MS), progress=quiet
    )
    assert (report.faults, report.refused_by_system, report.laws_broken) == ({}, {}, {})
    assert [(each.overlooked, each.wrong) for each in report.mornings] == [((), ())] * 92
    assert (report.left.missing, report.money.is_balanced) == ((), True)
    assert len(report.left.by_manner) == 4
    assert {seat.seat_id for seat in report.seats} >= SEATS
    assert all(seat.n_closed and seat.n_late for seat in report.seats)
    assert [each.name for each in report.volumes if not is_within(each)] == []
