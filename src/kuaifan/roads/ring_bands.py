"""Bands between rings (圈层路段带): each street drawn once, in the narrowest ring it is reached in.

A street that can be driven both ways is reached by two arcs, and may be reached from both of its
ends; what is drawn is the union, so that no shade lies on another.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kuaifan.roads.lines import PPM, ArcLines
from kuaifan.roads.rings import Rings

Line = tuple[tuple[float, float], ...]
Span = tuple[int, int]
"""From and to, in millionths of a street."""
Piece = tuple[int, int, int]
"""A street, named by the lower of its arcs, and the span of it."""


def ring_bands(
    lines: ArcLines, rings: Rings, post_i: int, bounds_ms: Sequence[int]
) -> list[list[Line]]:
    """Polylines of (lat, lon) per bound, narrowest first: what no narrower ring has reached.

    Bounds ascend. O(pieces), some microseconds each.
    """
    reached: dict[int, list[Span]] = {}
    bands: list[list[Line]] = []
    for bound_ms in bounds_ms:
        found = _spans(rings, post_i, bound_ms)
        fresh: list[Piece] = []
        for street, spans in found.items():
            left = _without(spans, reached.get(street, []))
            fresh.extend((street, begin, end) for begin, end in left)
        reached = found
        bands.append(_draw(lines, fresh))
    return bands


def _spans(rings: Rings, post_i: int, bound_ms: int) -> dict[int, list[Span]]:
    """Per street the spans of it within a ring, ascending and apart."""
    pieces = rings.cut(bound_ms)
    own = slice(int(pieces.first[post_i]), int(pieces.first[post_i + 1]))
    arc = pieces.arc[own].astype(np.int64)
    twin = rings.network.twin[arc].astype(np.int64)
    is_turned = (twin >= 0) & (twin < arc)
    street = np.where(is_turned, twin, arc)
    begin = np.where(is_turned, PPM - pieces.to_ppm[own], pieces.from_ppm[own])
    end = np.where(is_turned, PPM - pieces.from_ppm[own], pieces.to_ppm[own])
    order = np.lexsort((begin, street))
    found: dict[int, list[Span]] = {}
    columns = (street[order].tolist(), begin[order].tolist(), end[order].tolist())
    for key, low, high in zip(*columns, strict=True):
        spans = found.setdefault(key, [])
        if spans and low <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], high))
        else:
            spans.append((low, high))
    return found


def _without(spans: list[Span], taken: list[Span]) -> list[Span]:
    """What is left of some spans where others, all within them, are taken away."""
    left = []
    for low, high in spans:
        at = low
        for begin, end in taken:
            if begin >= high or end <= low:
                continue
            if begin > at:
                left.append((at, begin))
            at = max(at, end)
        if at < high:
            left.append((at, high))
    return left


def _draw(lines: ArcLines, pieces: list[Piece]) -> list[Line]:
    """Pieces as polylines; their ends are found in two calls for all."""
    if not pieces:
        return []
    network = lines.network
    arc, begin, end = np.array(pieces, np.int64).T
    starts, ends = lines.places_at(arc, begin), lines.places_at(arc, end)
    low, high = lines.between(arc, begin, end)
    spans = zip(low.tolist(), high.tolist(), strict=True)
    lat, lon = network.shape_lat, network.shape_lon
    tails = zip(starts.lat.tolist(), starts.lon.tolist(), strict=True)
    heads = zip(ends.lat.tolist(), ends.lon.tolist(), strict=True)
    return [
        (tail, *zip(lat[a:b].tolist(), lon[a:b].tolist(), strict=True), head)
        for (a, b), tail, head in zip(spans, tails, heads, strict=True)
    ]
