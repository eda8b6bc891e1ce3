"""What a person at the console waits for (界面基准): the real program in a real browser.

Times are taken inside the page, from the event of the hand to the frame that shows the answer;
the map is off but where memory is measured, for without a graphics card it draws in software.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from kuaifan.app import bench_ui_pages as pages
from kuaifan.app.bench_ui_city import BenchCity
from kuaifan.app.bench_ui_seats import ListeningSeats
from kuaifan.app.printing import print_progress

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

N_WARM: Final = 2
"""The first answers also compile what answers them: measured, and told apart."""
STORIES: Final = (
    "一男子持刀抢劫路人",
    "两车相撞，有人受伤流血",
    "楼道里冒烟起火了",
    "手机被人偷走了",
    "邻居半夜放音乐太吵",
    "我老公喝多了在打我",
)
BEAT_S: Final = 1.0
N_PAGES: Final = 2
"""Seats that are real pages; the others are streams."""
SUGGESTED: Final = """async text => {
    const reply = await fetch('/v1/suggest', {method: 'POST',
        headers: {'Content-Type': 'application/json'}, body: JSON.stringify({text})});
    return (await reply.json()).types[0].code;
}"""
THEMES: Final = ("dark", "light")
DISPATCH: Final = "/dispatch?map=0"
INTAKE: Final = "/intake?map=0"


class UiOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How much is measured (基准规模)."""

    units: int = 500
    seats: int = 100
    samples: int = 50
    minutes: float = 5.0


class Waits(msgspec.Struct, frozen=True):
    """So many waits; cold_ms: the longest of the first two, which are not in the rest."""

    n: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    cold_ms: float


class PageFigures(msgspec.Struct, frozen=True):
    """A page opened by a browser that has nothing of it, without the map.

    ready_ms: from the navigation until its data are fresh and it shows what one opens it for.
    assets_gz_kb: all files of the console that it fetched until then; what it fetches for later
    is not in it.
    """

    ready_ms: float
    assets_gz_kb: float
    axe_dark: int | None
    axe_light: int | None


class HeapFigures(msgspec.Struct, frozen=True):
    """Memory of the dispatcher's page with its map while all units move, after a collection."""

    minutes: float
    moves: int
    before_mb: float
    after_mb: float
    growth_percent: float


class UiFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What `bench ui` prints (界面基准)."""

    units: int
    seats: int
    key_to_assigned: Waits
    text_to_suggestion: Waits
    place_search: Waits
    call_at_every_seat: Waits
    pages: dict[str, PageFigures]
    heap: HeapFigures
    other_hosts: list[str]


def bench_ui(options: UiOptions) -> UiFigures:
    """Serve a city of its own and use it; raises BadInputError where there is no browser."""
    hosts = pages.Hosts()
    with (
        tempfile.TemporaryDirectory(prefix="kuaifan-ui-") as folder,
        pages.open_browser() as browser,
        BenchCity(Path(folder), options.units) as city,
    ):
        city.man()
        bench = _Bench(city, browser, hosts, options)
        return UiFigures(
            units=len(city.unit_ids),
            seats=options.seats,
            pages=bench.pages(),
            key_to_assigned=bench.keys(),
            text_to_suggestion=bench.suggestions(),
            place_search=bench.places(),
            call_at_every_seat=bench.calls(),
            heap=bench.heap(),
            other_hosts=sorted(hosts.asked - {f"127.0.0.1:{city.port}"}),
        )


class _Bench:
    """The measurements, one after the other, on one city."""

    def __init__(
        self, city: BenchCity, browser: Browser, hosts: pages.Hosts, options: UiOptions
    ) -> None:
        self._city, self._browser, self._hosts, self._options = city, browser, hosts, options
        self._axe = pages.find_axe()
        self._n_forms = 0

    def pages(self) -> dict[str, PageFigures]:
        """Every page cold, with something on it."""
        print_progress("every page, cold")
        unit_id = self._city.send(self._city.open_incident())
        self._city.open_incident()
        call_id = self._city.ring("13800000000")
        paths = {"start": "/start?map=0", "admin": "/admin", "intake": INTAKE, "dispatch": DISPATCH}
        paths["patrol"] = f"/patrol?unit={unit_id}"
        cold = {name: self._cold(name, path) for name, path in paths.items()}
        self._city.answer(call_id, "intake-1")
        faults = {name: self._faults(path) for name, path in paths.items()}
        return {name: PageFigures(*cold[name], *faults[name]) for name in paths}

    def _cold(self, name: str, path: str) -> tuple[float, float]:
        with pages.open_context(self._browser, self._hosts) as context:
            context.add_init_script(pages.note_live(name))
            page = context.new_page()
            page.goto(self._city.url + path)
            n_bytes = sum(pages.weigh(page).values())
            ready_ms = page.evaluate("window.liveAtMs")
        return round(ready_ms, 1), round(n_bytes / 1000, 1)

    def _faults(self, path: str) -> list[int | None]:
        return [self._count_faults(path, theme) for theme in THEMES]

    def _count_faults(self, path: str, theme: str) -> int | None:
        if self._axe is None:
            return None
        with pages.open_context(self._browser, self._hosts, theme=theme) as context:
            page = pages.go(context.new_page(), self._city.url + path)
            return pages.count_faults(page, self._axe)

    def keys(self) -> Waits:
        """From the key 1 to the order among those that are sent."""
        print_progress("key to assigned")
        took_ms = []
        with pages.open_context(self._browser, self._hosts) as context:
            page = pages.go(context.new_page(), self._city.url + DISPATCH)
            for _ in range(self._options.samples + N_WARM):
                took_ms.append([self._key(page)])
                self._city.move()
        return _waits(took_ms)

    def _key(self, page: Page) -> float:
        incident_id = self._city.open_incident()
        page.locator(f"[data-incident='{incident_id}']").click()
        page.wait_for_function(
            "id => document.querySelector('#incident-title')?.textContent.includes(id)",
            arg=incident_id,
        )
        page.wait_for_selector("[data-testid=recommendation] [data-unit]")
        shown = f"[data-group=sent] [data-incident='{incident_id}']"
        pages.time_until(page, shown, kind="keydown")
        page.keyboard.press("1")
        return pages.read_ms(page)

    def suggestions(self) -> Waits:
        """From the last word of a story to the type that it suggests."""
        print_progress("words to suggestion")
        took_ms = []
        with pages.open_context(self._browser, self._hosts) as context:
            page = self._form(context.new_page())
            for i in range(self._options.samples + N_WARM):
                story = STORIES[i % len(STORIES)]
                code = page.evaluate(SUGGESTED, story)
                pages.time_until(page, "[data-testid=type]", kind="input", text=code)
                page.locator("[data-testid=narrative]").fill(story)
                took_ms.append([pages.read_ms(page)])
        return _waits(took_ms)

    def places(self) -> Waits:
        """From the last letter of a name to the first place that is found."""
        print_progress("letters to place")
        took_ms = []
        names = self._city.street_names
        with pages.open_context(self._browser, self._hosts) as context:
            page = self._form(context.new_page())
            for i in range(self._options.samples + N_WARM):
                name = names[i * 7 % len(names)]
                pages.time_until(page, "#place-0", kind="input", text=name)
                page.locator("#place").fill(name)
                took_ms.append([pages.read_ms(page)])
                page.locator("#place").fill("")
                page.wait_for_selector("#place-0", state="detached")
        return _waits(took_ms)

    def _form(self, page: Page) -> Page:
        self._n_forms += 1
        number = f"139{self._n_forms:08d}"
        call_id = self._city.ring(number)
        pages.go(page, self._city.url + INTAKE)
        page.wait_for_selector(f"[data-call={call_id}]")
        page.keyboard.press("F2")
        # A form may stand there already, of the call that this seat took before.
        page.wait_for_function(pages.HOLDS_NUMBER, arg=number)
        return page

    def calls(self) -> Waits:
        """From a ring to every seat that hears of it: two pages and so many streams."""
        print_progress("a ring to every seat")
        with pages.open_context(self._browser, self._hosts) as context:
            shown = [context.new_page() for _ in range(min(N_PAGES, self._options.seats))]
            for page in shown:
                pages.go(page, self._city.url + INTAKE)
                page.evaluate(pages.NOTE_CALLS)
            seats = ListeningSeats(self._city.port, self._options.seats - len(shown))
            try:
                n_calls = self._options.samples + N_WARM
                took_ms = [self._call(f"137{i:08d}", seats, shown) for i in range(n_calls)]
            finally:
                seats.close()
        return _waits(took_ms)

    def _call(self, number: str, seats: ListeningSeats, shown: list[Page]) -> list[float]:
        """How long each seat waited for one call."""
        seats.look_for(number)
        rung_s, rung_ms = time.monotonic(), time.time() * 1000
        call_id = self._city.ring(number)
        heard_ms = [(at_s - rung_s) * 1000 for at_s in seats.seen_at_s()]
        for page in shown:
            page.wait_for_function("id => window.seenAtMs[id]", arg=call_id)
            heard_ms.append(page.evaluate("id => window.seenAtMs[id]", call_id) - rung_ms)
        return heard_ms

    def heap(self) -> HeapFigures:
        """Memory before and after so many minutes of units that move each second."""
        print_progress("memory while units move")
        n_moves = max(1, round(self._options.minutes * 60 / BEAT_S))
        with pages.open_context(self._browser, self._hosts) as context:
            page = pages.go(context.new_page(), self._city.url + "/dispatch")
            page.wait_for_selector(pages.MAP_IDLE)
            # What is loaded once and kept is no growth.
            self._keep_moving(page, min(n_moves, 10))
            before_mb = pages.heap_mb(page)
            self._keep_moving(page, n_moves)
            after_mb = pages.heap_mb(page)
        return HeapFigures(
            minutes=self._options.minutes,
            moves=n_moves,
            before_mb=round(before_mb, 2),
            after_mb=round(after_mb, 2),
            growth_percent=round((after_mb / before_mb - 1) * 100, 1),
        )

    def _keep_moving(self, page: Page, n_moves: int) -> None:
        for _ in range(n_moves):
            self._city.move()
            page.wait_for_timeout(BEAT_S * 1000)


def _waits(took_ms: list[list[float]]) -> Waits:
    """Of rounds of waits, the first ones apart."""
    cold = max(ms for each in took_ms[:N_WARM] for ms in each)
    rest = [ms for each in took_ms[N_WARM:] for ms in each]
    p50, p99, most = (round(float(np.percentile(rest, rank)), 1) for rank in (50, 99, 100))
    return Waits(len(rest), p50, p99, most, round(cold, 1))
