"""From a city folder to what the rules look up (装载城市)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from kuaifan.board.reference import (
    CITY_DESK,
    AreaGround,
    CircleTools,
    Clocks,
    Desk,
    District,
    Post,
    Reference,
)
from kuaifan.city.areas import find_district
from kuaifan.city.city import City, CityUnit
from kuaifan.city.clocks import Levels, list_levels, list_unsigned_s
from kuaifan.city.desks import CityDesk
from kuaifan.city.travel_hours import read_week
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.hours import HourTable, HourTimes
from kuaifan.roads.snap import Snapper
from kuaifan.vocabulary.incident_types import read_incident_types
from kuaifan.vocabulary.priority_rules import PriorityRule, read_priority_rules
from kuaifan.vocabulary.unit_profile import UnitProfile


def make_reference(city: City) -> Reference:
    """Turn a city read from disk into the reference data of the rules; loads no kernel."""
    desk_of = _find_desks(city)
    return Reference(
        types=read_incident_types(city.types_csv),
        posts=[
            Post(p.post_id, p.kind, p.name, p.lat, p.lon, p.arc, p.fraction_ppm) for p in city.posts
        ],
        units=[_profile(unit, desk_of.get(unit.home_post_id, CITY_DESK)) for unit in city.units],
        targets_ms=_by_priority(city.targets.on_scene_s),
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
        districts=[District(area.area_id, area.name, area.polygons) for area in city.districts],
        desks=[_desk(desk) for desk in city.meta.desks],
        clocks=_clocks(city),
        priority_rules=_priority_rules(),
        road_order=city.road_order,
        rings_min=city.meta.rings_min,
        hours=_hours(city),
    )


def _hours(city: City) -> HourTimes | None:
    """The hours that drive alike, None in a folder that tells none apart."""
    if city.travel is None:
        return None
    return HourTimes(
        city.network,
        HourTable(read_week(city.travel.hours), ZoneInfo(city.meta.time_zone)),
        car=city.travel.factors,
        motorcycle=city.travel.motorcycle_factors,
        foot_kmh=city.travel.foot_kmh,
    )


@cache
def _priority_rules() -> tuple[PriorityRule, ...]:
    table = resources.files("kuaifan.vocabulary").joinpath("priority_rules.csv")
    return read_priority_rules(table.read_text(encoding="utf-8"))


def _by_priority(on_scene_s: Mapping[str, Sequence[int]]) -> dict[tuple[int, str], int]:
    """Milliseconds by (priority, area class), from seconds by area class."""
    return {
        (priority, area_class): seconds * 1000
        for area_class, by_priority in on_scene_s.items()
        for priority, seconds in enumerate(by_priority, start=1)
    }


def _find_desks(city: City) -> dict[str, str]:
    """The desk of each post: that of the district it stands in, the city desk where none is."""
    desk_of_area = {area: desk.desk_id for desk in city.meta.desks for area in desk.districts}
    return {
        post.post_id: desk_of_area.get(area.area_id, CITY_DESK)
        for post in city.posts
        if (area := find_district(city.districts, lat=post.lat, lon=post.lon)) is not None
    }


def _desk(desk: CityDesk) -> Desk:
    return Desk(
        desk_id=desk.desk_id,
        name=desk.name,
        kind=desk.known_kind,
        districts=desk.districts,
        first_order_ms=_ms(desk.first_order_s),
        targets_ms=_by_priority(desk.response_targets_s),
        policy=desk.policy,
    )


def _clocks(city: City) -> Clocks:
    """The clocks of city.toml, in milliseconds."""
    clocks, targets = city.clocks, city.targets
    return Clocks(
        unsigned_ms=_ms(list_unsigned_s(clocks, targets.sign_s)),
        feedback_ms=targets.feedback_s * 1000,
        undo_ms=targets.undo_s * 1000,
        first_order_ms=_ms(targets.first_order_s),
        queue_permille=tuple(percent * 10 for percent in list_levels(clocks.queue_percent)),
        not_moving_ms=_ms(clocks.not_moving_s),
        eta_passed_ms=_ms(clocks.eta_passed_s),
        silent_on_scene_ms=_ms(clocks.silent_on_scene_s),
        amendment_ms=_ms(clocks.amendment_s),
        agency_receipt_ms=_ms(clocks.agency_receipt_s),
        hand_over_ms=_ms(clocks.hand_over_s),
        call_back_ms=_ms(clocks.call_back_s),
        backup_ms=_ms(clocks.backup_s),
        emergency_ms=_ms(clocks.emergency_s),
        take_grace_ms=clocks.take_grace_s * 1000,
        duplicate_radius_m=clocks.duplicate_radius_m,
        duplicate_age_ms=clocks.duplicate_age_s * 1000,
        retire_ms=clocks.retire_hours * 3_600_000,
    )


def _ms(seconds: Levels) -> tuple[int, ...]:
    return tuple(level * 1000 for level in list_levels(seconds))


def load_kernels(reference: Reference) -> None:
    """Load the compiled engines (加载内核): same integers, much sooner.

    About a second; a folder without its order of contraction takes some more for a large city.
    """
    from kuaifan.policy.coverage_kernel import load_counters
    from kuaifan.policy.listing_kernel import load_lister
    from kuaifan.policy.scoring_kernel import score_njit
    from kuaifan.roads.reach_kernel import load_marker, mark_compiled

    travel = reference.travel
    reference.snapper.load_kernel()
    reference.scorer = score_njit
    load_marker(reference.network, travel)
    reference.lister = load_lister()
    reference.circles = CircleTools(mark_compiled, load_counters())
    if isinstance(travel, DijkstraTravelTimes):
        travel.load_kernel()
        from kuaifan.roads.cch import CchTravelTimes
        from kuaifan.roads.cch_order import order_nodes

        network, ranks = reference.network, reference.road_order
        reference.use_engine(
            CchTravelTimes(network, order_nodes(network) if ranks is None else ranks)
        )


def _profile(unit: CityUnit, desk_id: str) -> UnitProfile:
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
        desk_id=desk_id,
        admin_parent=unit.admin_parent,
        has_gps=unit.has_gps,
    )
