"""Days that a plan is tried on: drawn as the city's own calls were."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kuaifan.app.planner_twin import draw_day
from kuaifan.app.reference import make_reference
from kuaifan.city.check import accept_edits
from kuaifan.city.demand_file import DEMAND_FILE, pack_demand
from kuaifan.city.folder import read_city, read_demand
from kuaifan.city.invent import invent_city
from kuaifan.plan.scenario import TwinAsk

HOUR_MS = 3_600_000


def test_a_day_has_the_hours_that_the_city_has_learned_and_calls_of_its_own(tmp_path):
    path = tmp_path / "city"
    invent_city(path, seed=1, size="small", progress=lambda _: None)
    demand = read_demand(path)
    shape = np.zeros_like(demand.shape)
    shape[:, np.arange(168) % 24 == 3] = 1 / 7
    learned = replace(demand, shape=shape, evidence="{}")
    (path / DEMAND_FILE).write_bytes(pack_demand(learned))
    assert accept_edits(path) == []
    city = read_city(path)
    own = make_reference(city)
    first, again, second, other = (
        draw_day(city, own, TwinAsk(seed=seed, per_day=40), day_i)
        for seed, day_i in ((1, 0), (1, 0), (1, 1), (2, 0))
    )
    assert first == again
    assert len({call.at_ms % (24 * HOUR_MS) // HOUR_MS for call in first}) == 1
    assert [call.lat for call in first[:3]] != [call.lat for call in second[:3]]
    assert [call.lat for call in first[:3]] != [call.lat for call in other[:3]]
