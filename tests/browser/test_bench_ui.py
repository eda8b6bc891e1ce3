"""`kuaifan bench ui` (界面基准): it runs on a small scale and has its keys; no time is asserted."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from kuaifan.app.bench_ui_city import BenchCity
from kuaifan.app.bench_ui_pages import heap_mb

WAITS = ("key_to_assigned", "text_to_suggestion", "place_search", "call_at_every_seat")
MOST_GROWTH = 0.2
N_SEATS = 5
SMALL = ["--units", "70", "--seats", str(N_SEATS), "--samples", "1", "--minutes", "0.02"]
WAIT_S = 280


def test_the_bench_measures_every_wait_and_asks_no_other_host():
    # A process of its own: this one has a browser's driver running.
    run = "from kuaifan.app.cli import main; main()"
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", run, "bench", "ui", *SMALL],
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT_S,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert set(figures) == {"units", "seats", *WAITS, "pages", "heap", "other_hosts"}
    for wait in WAITS:
        assert set(figures[wait]) == {"n", "p50_ms", "p99_ms", "max_ms", "cold_ms"}
    assert figures["call_at_every_seat"]["n"] == N_SEATS
    assert set(figures["pages"]) == {"start", "admin", "intake", "dispatch", "patrol"}
    assert figures["other_hosts"] == []
    for page in figures["pages"].values():
        assert (page["axe_dark"], page["axe_light"]) == (0, 0)


@pytest.mark.parametrize(
    ("n_units", "n_moves"),
    [
        pytest.param(100, 10, id="short"),
        pytest.param(500, 300, id="whole", marks=[pytest.mark.soak, pytest.mark.timeout(900)]),
    ],
)
def test_moving_units_leave_the_heap_as_it_was(chromium, tmp_path, n_units, n_moves):
    with BenchCity(tmp_path, n_units) as city, chromium.new_context(locale="zh-CN") as context:
        city.man()
        city.open_incident()
        page = context.new_page()
        page.goto(city.url + "/dispatch?map=0")
        page.wait_for_selector("[data-testid=age][data-freshness=fresh]")
        move(page, city, 3)
        before_mb = heap_mb(page)
        move(page, city, n_moves)
        assert heap_mb(page) < before_mb * (1 + MOST_GROWTH)


def move(page, city, n_moves):
    """Units move, and the page has heard of it: it is told of positions with every clock."""
    clock = page.locator("[data-testid=clock]")
    for _ in range(n_moves):
        city.move()
        expect(clock).not_to_have_text(clock.text_content())
