"""Browsers on a served city: Debian's Chromium, nothing from elsewhere, no error left unseen."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from browser_desk import ServedCity
from browser_watch import CHROMIUM, FLAGS, PLAIN_FLAGS, draws_map, opened

from kuaifan.app.gazetteer import make_gazetteer
from kuaifan.app.serve import static_dir
from kuaifan.city.invent import invent_city

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
SEED = 110


def pytest_collection_modifyitems(config, items):
    """Without a browser these tests are left out by name; in CI they are not.

    A browser, a server and its neighbours share two cores: what fails once is tried once more on a
    page of its own, and named in the summary (R). What fails twice fails; `make soak` tries once.
    """
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    if not (CHROMIUM or os.environ.get("CI")):
        skip = pytest.mark.skip(reason="no chromium on this machine: install it to test the pages")
        for item in here:
            item.add_marker(skip)
    if config.pluginmanager.hasplugin("rerunfailures"):
        for item in here:
            if not item.get_closest_marker("soak"):
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def city_dir(tmp_path_factory):
    assert (static_dir() / "index.html").is_file(), "the console is not built: run `make setup`"
    target = tmp_path_factory.mktemp("city") / "city"
    invent_city(target, seed=SEED, size="small", progress=_say_nothing)
    make_gazetteer(target, progress=_say_nothing)
    return target


def _say_nothing(_text):
    pass


@pytest.fixture
def serve_city(city_dir, tmp_path):
    """A function that serves the city until the end of a `with`."""

    def serve(*, speed=1.0, boards=None, door=None):
        return ServedCity(city_dir, tmp_path, speed=speed, boards=boards, door=door)

    return serve


@pytest.fixture
def desk(serve_city):
    with serve_city() as served:
        served.man()
        yield served


@pytest.fixture
def planned_desk(city_dir, tmp_path):
    """One of a city of its own, which keeps what was planned: a second try begins anew."""
    own = shutil.copytree(city_dir, tmp_path / "city")
    with ServedCity(own, tmp_path) as served:
        served.man()
        yield served


@pytest.fixture(scope="module")
def shared_desk(city_dir, tmp_path_factory):
    """One desk for a whole module of tests that do not tread on each other."""
    with ServedCity(city_dir, tmp_path_factory.mktemp("desk")) as served:
        served.man()
        yield served


@pytest.fixture(scope="session")
def playwright():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright):
    """The browser of pages that draw no map."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=PLAIN_FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def map_chromium(playwright):
    """The browser of pages that draw one."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def open_page(request, desk):
    """A function: a page of the served city, watched to its end."""
    stack = []

    def open_one(path, *, url=None, browser=None, **options):
        base = url or desk.url
        fit = "map_chromium" if draws_map(path) else "chromium"
        manager = opened(browser or request.getfixturevalue(fit), base, **options)
        context, watch = manager.__enter__()
        stack.append(manager)
        page = context.new_page()
        page.watch = watch
        page.goto(base + path)
        page.wait_for_selector("main")
        return page

    yield open_one
    complaints = []
    for manager in reversed(stack):
        try:
            manager.__exit__(None, None, None)
        except AssertionError as error:
            complaints.append(error)
    if complaints:
        raise complaints[0]


@pytest.fixture
def find_faults():
    """A function: what axe finds wrong on a page, as readable lines."""
    source = AXE.read_text(encoding="utf-8")

    def find(page):
        page.evaluate(source)
        found = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", AXE_TAGS
        )
        return [
            f"{fault['id']}: {node['target']} {node['failureSummary']}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    return find
