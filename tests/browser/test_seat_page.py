"""The page of a special seat (专席页面): drawn from what a folder declares, without an edit."""

import pytest
from browser_desk import ServedCity
from promises_seat import promises_installed
from seat_steps import (
    begin,
    choose_item,
    choose_row,
    do,
    faults,
    figure,
    fill,
    open_seat,
    submit,
    told_no,
    wait_gone,
)


@pytest.fixture(name="desk", scope="module")
def fixture_desk(city_dir, tmp_path_factory):
    with (
        promises_installed(tmp_path_factory.mktemp("plugins")),
        ServedCity(city_dir, tmp_path_factory.mktemp("seat")) as served,
    ):
        served.man(4)
        yield served


def no_sideways(page):
    wide, shown = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return wide <= shown


def test_a_seat_of_a_folder_is_worked_from_its_page(desk, open_page, find_faults):
    incident_id = desk.open_incident(priority=2)
    page = open_seat(open_page, "promises", role="commander", size=(1366, 768))
    # Chosen by a key, typed wrong, said in words beside the field, then done.
    page.locator("h1").click()
    page.keyboard.press("P")
    page.wait_for_selector("form[data-command=Promise]")
    fill(page, "incident_id", "12")
    fill(page, "within_ms", "soon")
    submit(page)
    assert faults(page) == {
        "incident_id": "▲ 须为警情号，如 J12",
        "whom": "▲ 必填",
        "within_ms": "▲ 须为正整数（分钟）",
    }
    # What is typed is there again after a reload.
    fill(page, "whom", "林女士")
    page.reload()
    page.wait_for_selector("[data-testid=seat][data-ready=true]")
    begin(page, "Promise", {"incident_id": incident_id, "within_ms": "30", "deposit": "12.5"})
    assert page.locator("[data-field=whom]").input_value() == "林女士"
    submit(page)
    item = page.wait_for_selector("[data-item]")
    item_id = item.get_attribute("data-item")
    assert "已承诺" in item.inner_text()
    choose_item(page, item_id)
    page.wait_for_selector(f"[data-testid=case][data-incident={incident_id}] li")
    assert find_faults(page) == []
    assert no_sideways(page)

    # Taken by one key of the core, then the seat's own steps to the end.
    page.locator("h1").click()
    page.keyboard.press("Alt+1")
    page.wait_for_selector(f"[data-item={item_id}]:has-text('王值班')")
    do(page, "SayCalled")
    page.wait_for_selector(f"[data-item={item_id}]:has-text('已回电')")
    do(page, "EndPromise", {"how": "kept"}, sure=True)
    wait_gone(page, item_id)

    # The table and the figures follow, with what they are of.
    page.wait_for_selector("[data-figure=kept_share]:has-text('1/1')")
    assert "20.7%–100.0%" in figure(page, "kept_share")
    assert "12.50" in figure(page, "deposits")
    choose_row(page, "kept", "PR1")
    do(page, "StrikePromise")
    page.wait_for_selector("[data-row=PR1]:has-text('已划去')")
    assert told_no(page, "StrikePromise") == "没有这项承诺，或已划去"
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("h2:has-text('Open items')")
    page.locator("html[lang=en]").wait_for(state="attached")
    assert find_faults(page) == []


def test_seats_are_listed_for_whoever_may_open_them(desk, open_page, find_faults):
    assert desk.url
    page = open_page("/seats", color_scheme="light")
    link = page.wait_for_selector("[data-seat=promises]")
    assert "谁被承诺回电" in link.inner_text()
    assert find_faults(page) == []
    link.click()
    page.wait_for_selector("[data-testid=seat][data-ready=true]")
    assert page.url.endswith("/seats/promises?as=dispatcher")
