"""The figures of a city (城市概况), for `kuaifan city info`."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from kuaifan.city.areas import find_district
from kuaifan.city.check_ground import list_manned
from kuaifan.city.city import Area, City
from kuaifan.city.folder import read_city
from kuaifan.roads.network import ROAD_CLASSES
from kuaifan.vocabulary.unit_profile import UNIT_KINDS


def city_info(path: Path) -> dict[str, Any]:
    """The figures of a city folder, ready for JSON; raises CityFolderError if it cannot be read."""
    city = read_city(path)
    return {
        "name": city.meta.name,
        "path": str(path),
        "content_hash": city.content_hash,
        "time_zone": city.meta.time_zone,
        "centre": [city.meta.centre_lat, city.meta.centre_lon],
        "source": city.meta.source,
        "datum_of_source": city.meta.source_datum,
        "attribution": city.meta.attribution,
        "roads": _road_figures(city),
        "posts": dict(sorted(Counter(post.kind for post in city.posts).items())),
        "circles": sum(post.kind != "station" for post in city.posts),
        "circles_manned_in_every_shift": len(list_manned(city)),
        "units": dict(sorted(Counter(unit.kind for unit in city.units).items())),
        "units_by_shift": dict(Counter(unit.shift.name for unit in city.units)),
        "units_by_kind_and_shift": _count_by_kind_and_shift(city),
        "units_by_radio_only": [unit.call_sign for unit in city.units if not unit.has_gps],
        "crew": sum(unit.crew for unit in city.units),
        "officers_a_day": sum(unit.officers for unit in city.units),
        "auxiliaries_a_day": sum(unit.auxiliaries for unit in city.units),
        "placed_by": sorted({post.placed_by for post in city.posts}),
        "areas": {area.name: len(area.polygons) for area in city.areas if area.kind != "district"},
        "districts": [_district(city, area) for area in city.districts],
        "desks": [
            {
                "desk_id": desk.desk_id,
                "name": desk.name,
                "kind": desk.kind,
                "districts": list(desk.districts),
                "policy": desk.policy,
            }
            for desk in city.meta.desks
        ],
        "incident_types": len(city.type_rows),
        "rings_min": list(city.meta.rings_min),
    }


def _count_by_kind_and_shift(city: City) -> dict[str, dict[str, int]]:
    shifts = dict.fromkeys(unit.shift.name for unit in city.units)
    return {
        kind: {shift: count[shift] for shift in shifts}
        for kind in UNIT_KINDS
        if (count := Counter(unit.shift.name for unit in city.units if unit.kind == kind))
    }


def _district(city: City, area: Area) -> dict[str, Any]:
    """A district or county with the posts that stand in it and the units at home there."""
    posts = {
        post.post_id
        for post in city.posts
        if find_district((area,), lat=post.lat, lon=post.lon) is not None
    }
    return {
        "area_id": area.area_id,
        "name": area.name,
        "level": area.level,
        "posts": len(posts),
        "units": sum(unit.home_post_id in posts for unit in city.units),
    }


def _road_figures(city: City) -> dict[str, Any]:
    network = city.network
    once, is_street = network.is_street, network.is_driven & ~network.is_turn
    km = network.length_m.astype(np.float64) / 1000.0
    by_class = np.bincount(network.road_class[once], weights=km[once], minlength=len(ROAD_CLASSES))
    return {
        "nodes": network.n_nodes,
        "turn_arcs": int(network.is_turn.sum()),
        "arcs": network.n_arcs,
        "one_way_arcs": int(((network.driven_twin < 0) & is_street).sum()),
        "street_km": round(float(km[once].sum()), 1),
        "named_share": round(float((network.name_i > 0)[is_street].mean()), 3),
        "km_by_class": {
            name: round(value, 1)
            for name, value in zip(ROAD_CLASSES, by_class.tolist(), strict=True)
            if value > 0.0
        },
    }
