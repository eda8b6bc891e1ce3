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
ORDINARY, SIREN = 0, 1
PROFILES = {"motorcycle": 2, "foot_patrol": 3}
TICK_MS = 10_000
LONGEST_RIDE_MS = 1_800_000


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


def _ways(poa, fixes):
    """(n,) row of the road times that a unit goes by when it is in no haste."""
    row_of = {unit.unit_id: PROFILES.get(unit.kind, ORDINARY) for unit in poa.units}
    return np.array([row_of[unit_id] for unit_id in fixes["unit_id"]])


def _hours(reference, fixes, *, ago_ms=0):
    """(n,) class of the hour of each fix, or of so long before it."""
    return np.array([reference.hours.table.class_at(int(t) - ago_ms) for t in fixes["fix_at_ms"]])


def test_every_speed_is_that_of_its_arc_for_its_own_way_of_going_at_that_hour(poa, fixes):
    """A ride that began before the hour changed goes on as it began."""
    moving = fixes["speed_mps"] > 0
    assert moving.sum() > 1_000
    reference = make_reference(poa)
    times_ms = np.stack([reference.hour_ms(name) for name in HOUR_CLASSES])
    arc, way = fixes["arc"], _ways(poa, fixes)
    in_haste = np.where(way == ORDINARY, SIREN, way)
    off_mps = [
        np.abs(poa.network.length_m[arc] * 1000.0 / times_ms[hour, row, arc] - fixes["speed_mps"])
        for hour in (_hours(reference, fixes), _hours(reference, fixes, ago_ms=LONGEST_RIDE_MS))
        for row in (way, in_haste)
    ]
    assert np.min(off_mps, axis=0)[moving].max() < 0.01
    assert len(set(way[moving].tolist())) > 1, "not only cars"


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
    way, hour = _ways(poa, fixes), _hours(reference, fixes)
    before = _hours(reference, fixes, ago_ms=LONGEST_RIDE_MS)
    chosen = np.random.default_rng(7).choice(len(one), N_PAIRS, replace=False)
    hours = np.stack([hour[other[chosen]], before[one[chosen]]], axis=1)
    for each in np.unique(hours, axis=0):
        # Where the hour has just changed, a ride may still go by what was in force before.
        in_force = [reference.hour_ms(HOUR_CLASSES[i]) for i in each.tolist()]
        reference.travel.use_weights(np.min(in_force, axis=0))
        for k in chosen[(hours == each).all(axis=1)].tolist():
            begin, end = (
                RoadPosition(int(fixes["arc"][fix]), int(fixes["fraction_ppm"][fix]))
                for fix in (one[k], other[k])
            )
            row = SIREN if way[one[k]] == ORDINARY else int(way[one[k]])
            travel_ms = reference.travel.path(begin, end, profile=row).travel_ms
            # Fractions are whole millionths, rounded down: a few milliseconds on a long arc.
            told = fixes["unit_id"][one[k]], fixes["fix_at_ms"][one[k]]
            assert travel_ms <= TICK_MS + 20, told


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
    """Standing or moving: as the crow flies at most its fastest road of the city for that long."""
    reference = make_reference(poa)
    times_ms = np.min([reference.hour_ms(name) for name in HOUR_CLASSES], axis=0)
    fastest_mps = (poa.network.length_m * 1000.0 / np.maximum(times_ms, 1)).max(axis=1)
    way = _ways(poa, fixes)
    mps = fastest_mps[np.where(way == ORDINARY, SIREN, way)]
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
    assert (flown_m <= mps[one] * elapsed_s + 1.0).all()
