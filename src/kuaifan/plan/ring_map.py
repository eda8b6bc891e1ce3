"""What posts reach by road, and which calls they do not (圈层与网格), as a map is drawn of it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from kuaifan.plan.scenario import Posts

Place = tuple[float, float]
"""Longitude and latitude, WGS-84, as GeoJSON has them."""


class RingAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The posts of a drawing, a scenario or an answer (所问驻点)."""

    posts: Posts


class RingBand(msgspec.Struct, frozen=True, kw_only=True):
    """The streets that no narrower ring has reached (圈层), of all posts as one.

    length_m, share, per_week: of everything within the ring, the narrower ones too; share of the
    calls of the squares that are drawn.
    """

    ring_min: float
    length_m: int
    share: float
    per_week: float
    lines: list[list[Place]]


class DemandSquare(msgspec.Struct, frozen=True, kw_only=True):
    """A square of the city with calls (网格); ring_min: the ring that reaches it, if one does."""

    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    per_week: float
    ring_min: float | None


class RingMap(msgspec.Struct, frozen=True, kw_only=True):
    """Rings and squares of some posts (圈层与网格图).

    cell_m: side of a square. bands: narrowest first. squares: most calls first. left_out: calls a
    week of the quiet squares that no plan is drawn on.
    """

    cell_m: float
    bands: tuple[RingBand, ...]
    squares: tuple[DemandSquare, ...]
    left_out: float
