"""What gives way under load, and what never does (过载分流)."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from kuaifan.web.problems import Problem
from kuaifan.web.shedding import BUSY, MAX_HEAVY, RateLimits, Shedder, kind_of

NEVER_SHED = (
    "/v1/commands/RegisterCall",
    "/v1/commands/DeclareEmergency",
    "/v1/commands/AssignUnit",
    "/v1/phone/events",
    "/v1/positions",
    "/healthz",
    "/readyz",
)
FIRST_SHED = ("/map/basemap.pmtiles", "/v1/search", "/v1/history", "/metrics", "/v1/metrics/phone")


async def entered(shedder, path, source="li"):
    async with shedder.admitted(path, source):
        return True


async def n_admitted(shedder, path, n):
    tries = [entered(shedder, path) for _ in range(n)]
    told = await asyncio.gather(*tries, return_exceptions=True)
    assert {each.status for each in told if each is not True} <= {429}
    return told.count(True)


@pytest.mark.parametrize("path", NEVER_SHED)
def test_a_call_is_never_turned_away_however_many_come(path):
    async def story():
        shedder = Shedder(RateLimits({"desk": (1, 1), "heavy": (1, 1)}))
        async with AsyncExitStack() as under_way:
            for _ in range(20 * BUSY):
                await under_way.enter_async_context(shedder.admitted(path, "one address"))
            return shedder.n_urgent

    assert asyncio.run(story()) == 20 * BUSY


@pytest.mark.parametrize("path", FIRST_SHED)
def test_while_calls_crowd_in_maps_searches_and_figures_give_way(path):
    async def story():
        shedder = Shedder()
        async with AsyncExitStack() as under_way:
            for _ in range(BUSY + 1):
                await under_way.enter_async_context(
                    shedder.admitted("/v1/commands/RegisterCall", "li")
                )
            with pytest.raises(Problem) as told:
                await entered(shedder, path)
            assert told.value.status == 503
            assert await entered(shedder, "/v1/board")
        assert await entered(shedder, path)

    asyncio.run(story())


def test_a_source_that_asks_too_often_waits_and_slows_nobody_else():
    async def story():
        now = [0.0]
        shedder = Shedder(RateLimits({"desk": (2.0, 5.0)}, now_s=lambda: now[0]))
        assert await n_admitted(shedder, "/v1/board", 9) == 5
        assert await entered(shedder, "/v1/board", "wang")
        now[0] += 1.0
        assert await n_admitted(shedder, "/v1/board", 9) == 2

    asyncio.run(story())


def test_what_is_heavy_waits_for_a_place_and_gets_it():
    async def story():
        shedder = Shedder()
        async with AsyncExitStack() as under_way:
            for _ in range(MAX_HEAVY):
                await under_way.enter_async_context(shedder.admitted("/v1/search", "li"))
            waiting = asyncio.create_task(entered(shedder, "/v1/search", "wang"))
            await asyncio.sleep(0)
            assert not waiting.done()
        assert await waiting
        assert shedder.n_heavy == 0

    asyncio.run(story())


def test_finding_a_place_for_a_call_is_not_what_gives_way_first():
    assert kind_of("/v1/places") == kind_of("/v1/suggest") == kind_of("/v1/events") == "desk"
