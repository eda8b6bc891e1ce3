"""Every fix lies on a road, and between two fixes no car went faster than the roads allow."""

from collections import defaultdict

import numpy as np
import pytest

from kuaifan.app.reference import load_kernels, make_reference
from kuaifan.geo.points import distances_m
from kuaifan.kernel.record import Sighting
from kuaifan.roads.hours import HOUR_CLASSES
from kuaifan.roads.travel import RoadPosition

N_PAIRS = 400
SIREN = 1
PROFILES = {"motorcycle": 2, "foot_patrol": 3}
TICK_MS = 10_000


@pytest.fixture(name="fixes", scope="module")
def fixture_fixes(run):
    """Every fix of the run: unit, instant and where it says it is."""
    found = defaultdict(list)
    for item in run.items:
        if isinstance(item, Sighting):
            batch = item.observation
            for i, unit_id in enumerate(batch.unit_ids):
                found["unit_id"].append(unit_id)
                for name in ("fix_at_ms", "lat", "lon", "arc", "fraction_ppm", "speed_mps"):
                    found[name].append(getattr(batch, name)[i])
    return {name: np.array(values) for name, values in found.items()}


def _metres_from(network, arc, lat, lon):
    """Distance from a point to the nearest place on the polyline of an arc, on a local plane."""
    points = slice(network.shape_first[arc], network.shape_first[arc + 1])
    scale = np.array([np.cos(np.radians(lat)), 1.0]) * 111_195.0
    line = np.column_stack((network.shape_lon[points], network.shape_lat[points]))
    line = (line - (lon, lat)) * scale
    begin, step = line[:-1], np.diff(line, axis=0)
    along = -(begin * step).sum(axis=1) / np.maximum((step * step).sum(axis=1), 1e-9)
    nearest = begin + np.clip(along, 0.0, 1.0)[:, None] * step
    return float(np.hypot(*nearest.T).min())


def test_every_fix_is_within_a_metre_of_its_arc(poa, fixes):
    for arc, lat, lon in set(
        zip(fixes["arc"].tolist(), fixes["lat"].tolist(), fixes["lon"].tolist(), strict=True)
    ):
        assert _metres_from(poa.network, arc, lat, lon) <= 1.0


def _times_ms(poa):
    """Every time an arc may take: by each way of going, in each class of hours."""
    hours = make_reference(poa).hours
    return np.concatenate([hours.times_ms(name) for name in HOUR_CLASSES])


def test_every_speed_is_that_of_its_arc_or_none(poa, fixes):
    moving = fixes["speed_mps"] > 0
    assert moving.sum() > 1_000
    arc = fixes["arc"][moving]
    by_profile = poa.network.length_m[arc] * 1000.0 / _times_ms(poa)[:, arc]
    assert np.abs(by_profile - fixes["speed_mps"][moving]).min(axis=0).max() < 0.01


def _moving_pairs(fixes):
    """Indices of fixes of one unit a tick apart, both on the move."""
    order = np.lexsort((np.arange(len(fixes["unit_id"])), fixes["fix_at_ms"], fixes["unit_id"]))
    one, other = order[:-1], order[1:]
    follows = fixes["unit_id"][one] == fixes["unit_id"][other]
    follows &= fixes["fix_at_ms"][other] - fixes["fix_at_ms"][one] == TICK_MS
    follows &= (fixes["speed_mps"][one] > 0) & (fixes["speed_mps"][other] > 0)
    return one[follows], other[follows]


def test_no_car_is_faster_than_its_roads_from_one_fix_to_the_next(poa, fixes):
    """The way by road from fix to fix takes an emergency car no longer than the time between."""
    one, other = _moving_pairs(fixes)
    assert len(one) > 1_000
    reference = make_reference(poa)
    load_kernels(reference)
    times_ms = np.min([reference.hour_ms(name) for name in HOUR_CLASSES], axis=0)
    reference.travel.use_weights(times_ms)
    profile_of = {unit.unit_id: PROFILES.get(unit.kind, SIREN) for unit in poa.units}
    chosen = np.random.default_rng(7).choice(len(one), N_PAIRS, replace=False)
    for i, j in zip(one[chosen].tolist(), other[chosen].tolist(), strict=True):
        begin, end = (
            RoadPosition(int(fixes["arc"][k]), int(fixes["fraction_ppm"][k])) for k in (i, j)
        )
        profile = profile_of[fixes["unit_id"][i]]
        travel_ms = reference.travel.path(begin, end, profile=profile).travel_ms
        # Fractions are whole millionths, rounded down: a few milliseconds on a long arc.
        assert travel_ms <= TICK_MS + 20, (fixes["unit_id"][i], fixes["fix_at_ms"][i])


def test_within_one_arc_a_car_goes_at_most_its_speed(poa, fixes):
    one, other = _moving_pairs(fixes)
    same = fixes["arc"][one] == fixes["arc"][other]
    one, other = one[same], other[same]
    assert len(one) > 100
    driven_ppm = fixes["fraction_ppm"][other] - fixes["fraction_ppm"][one]
    assert driven_ppm.min() >= 0
    length_m = poa.network.length_m[fixes["arc"][one]]
    speed_mps = driven_ppm / 1e6 * length_m / (TICK_MS / 1000)
    # Between the two a siren may have come on.
    allowed_mps = np.maximum(fixes["speed_mps"][one], fixes["speed_mps"][other])
    assert (speed_mps <= allowed_mps + 0.01).all()


def test_no_car_jumps_between_any_two_of_its_fixes(poa, fixes):
    """Standing or moving: as the crow flies at most the fastest road of the city for that long."""
    fastest_mps = float((poa.network.length_m * 1000.0 / np.maximum(_times_ms(poa), 1)).max())
    order = np.lexsort((np.arange(len(fixes["unit_id"])), fixes["fix_at_ms"], fixes["unit_id"]))
    one, other = order[:-1], order[1:]
    same = fixes["unit_id"][one] == fixes["unit_id"][other]
    one, other = one[same], other[same]
    elapsed_s = (fixes["fix_at_ms"][other] - fixes["fix_at_ms"][one]) / 1000
    flown_m = distances_m(
        fixes["lat"][one],
        fixes["lon"][one],
        to_lat=fixes["lat"][other],
        to_lon=fixes["lon"][other],
    )
    assert (flown_m <= fastest_mps * elapsed_s + 1.0).all()
