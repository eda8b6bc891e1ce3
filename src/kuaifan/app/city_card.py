"""What the screens are told of a city once (城市卡片): posts, types, targets, map."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec

from kuaifan.board.reference import Reference
from kuaifan.city.city import City
from kuaifan.vocabulary.disposition import DISPOSITIONS

BASEMAP_FILE: Final = "basemap.pmtiles"


def basemap_path(city: City) -> Path:
    """Where the map of a city lies, whether there is one or not."""
    return city.path / BASEMAP_FILE


def make_city_card(city: City, reference: Reference) -> dict[str, Any]:
    """The body of GET /v1/city, but for the clock and the map that may be made later."""
    meta = city.meta
    nodes_lat, nodes_lon = reference.network.node_lat, reference.network.node_lon
    return {
        "name": meta.name,
        "centre": {"lat": meta.centre_lat, "lon": meta.centre_lon},
        "bounds": [
            round(float(edge), 6)
            for edge in (nodes_lon.min(), nodes_lat.min(), nodes_lon.max(), nodes_lat.max())
        ],
        "time_zone": meta.time_zone,
        "attribution": meta.attribution,
        "rings_min": list(meta.rings_min),
        **make_settled_card(city, reference),
        "districts": [
            {"area_id": area.area_id, "name": area.name, "level": area.level}
            for area in city.districts
        ],
        "dispositions": msgspec.to_builtins(DISPOSITIONS),
    }


def make_settled_card(city: City, reference: Reference) -> dict[str, Any]:
    """The part of it that people change while the desk runs; what is retired is left out."""
    targets = city.targets
    return {
        "posts": [
            {"post_id": p.post_id, "kind": p.kind, "name": p.name, "lat": p.lat, "lon": p.lon}
            for p in reference.posts_in_use
        ],
        "types": [_type(each) for each in reference.types_in_use.values()],
        "targets": {
            "first_order_ms": {
                str(priority): ms
                for priority, ms in enumerate(reference.clocks.first_order_ms, start=1)
            },
            "sign_ms": targets.sign_s * 1000,
            "feedback_ms": reference.clocks.feedback_ms,
        },
        "desks": [
            {
                "desk_id": desk.desk_id,
                "name": desk.name,
                "kind": desk.kind,
                "districts": list(desk.districts),
                "policy": desk.policy,
            }
            for desk in reference.desks.values()
        ],
    }


def _type(incident_type: Any) -> dict[str, Any]:  # noqa: ANN401 - IncidentType, picked by name
    names = ("code", "name_cn", "key", "class_key", "class_cn", "priority", "route", "min_units")
    return {name: getattr(incident_type, name) for name in (*names, "seat", "followups")}
