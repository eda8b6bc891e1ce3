"""The start page of a living city: who is simulated, how fast, and one car for oneself."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest
from browser_watch import DESK_SIZE, opened
from playwright.sync_api import expect

WAIT_S = 30


@pytest.fixture
def demo(city_dir, tmp_path):
    """The address of `kuaifan demo` on the test city, at its slowest."""
    arguments = ["demo", "--city", str(city_dir), "--folder", str(tmp_path), "--port", "0"]
    run = "from kuaifan.app.cli import main; main()"
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", run, *arguments, "--speed", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        words = (word for line in process.stdout for word in line.split())
        yield next(word for word in words if word.startswith("http://127.0.0.1:"))
    finally:
        process.terminate()
        process.wait(WAIT_S)
        process.stdout.close()


def test_a_newcomer_takes_a_seat_the_speed_and_a_car(map_chromium, demo):
    with opened(map_chromium, demo, size=DESK_SIZE) as (context, _watch):
        page = context.new_page()
        page.goto(demo + "/start?map=0")
        expect(page.locator(".try li")).to_have_count(3)
        switch = page.locator("[data-role=dispatch]")
        expect(switch).to_be_checked()
        switch.uncheck()
        expect(switch.locator("xpath=..")).to_contain_text("等人来坐")
        page.get_by_text("×10", exact=True).click()
        expect(page.locator(".speed.chosen")).to_have_text("×10")
        life = httpx.get(demo + "/v1/life").json()
        assert life["roles"]["dispatch"] is False
        assert life["speed"] == 10
        page.get_by_role("button", name="接管并打开处警端").click()
        expect(page.locator("h1")).to_have_text("处警端")
        unit_id = page.url.rpartition("=")[2]
        assert httpx.get(demo + "/v1/life").json()["units_human"] == [unit_id]
