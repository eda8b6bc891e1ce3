"""From a city folder to what the rules look up (装载城市)."""

from __future__ import annotations

from kuaifan.board.reference import AreaGround, Clocks, Post, Reference, UnitProfile
from kuaifan.city.city import City, CityUnit
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.snap import Snapper
from kuaifan.vocabulary.incident_types import read_incident_types


def make_reference(city: City) -> Reference:
    """Turn a city read from disk into the reference data of the rules; loads no kernel."""
    targets_ms = {
        (priority, area_class): seconds * 1000
        for area_class, by_priority in city.targets.on_scene_s.items()
        for priority, seconds in enumerate(by_priority, start=1)
    }
    return Reference(
        types=read_incident_types(city.types_csv),
        posts=[
            Post(p.post_id, p.kind, p.name, p.lat, p.lon, p.arc, p.fraction_ppm) for p in city.posts
        ],
        units=[_profile(unit) for unit in city.units],
        targets_ms=targets_ms,
        network=city.network,
        travel=DijkstraTravelTimes(city.network),
        snapper=Snapper(city.network),
        city_hash=city.content_hash,
        former_city_hash=city.former_hash,
        areas=[
            AreaGround(area.area_class, area.polygons)
            for area in city.areas
            if area.kind == "area_class"
        ],
        clocks=Clocks(
            unsigned_ms=tuple(city.targets.sign_s * 1000 * n for n in (1, 2, 3)),
            feedback_ms=city.targets.feedback_s * 1000,
            undo_ms=city.targets.undo_s * 1000,
            first_order_ms=tuple(seconds * 1000 for seconds in city.targets.first_order_s),
        ),
    )


def load_kernels(reference: Reference) -> None:
    """Load the compiled engines (加载内核): same integers, much sooner. About a second."""
    from kuaifan.policy.scoring_kernel import score_njit

    if isinstance(reference.travel, DijkstraTravelTimes):
        reference.travel.load_kernel()
    reference.snapper.load_kernel()
    reference.scorer = score_njit


def _profile(unit: CityUnit) -> UnitProfile:
    return UnitProfile(
        unit_id=unit.unit_id,
        call_sign=unit.call_sign,
        kind=unit.kind,
        line=unit.line,
        skills=unit.skills,
        home_post_id=unit.home_post_id,
        n_officers=unit.officers,
        n_auxiliaries=unit.auxiliaries,
        shift=unit.shift.name,
        shift_start_hour=unit.shift.start_hour,
        shift_end_hour=unit.shift.end_hour,
    )
