"""Shops and services along the streets of an invented city (沿街商户): banks, hotels, stops."""

from collections.abc import Iterator

import numpy as np

from kuaifan.city import invent_words as words
from kuaifan.city.invent_address import Addresses
from kuaifan.city.invent_layout import PRIMARY, SECONDARY, TERTIARY
from kuaifan.city.invent_names import NameBook
from kuaifan.city.invent_net import Point
from kuaifan.city.invent_places import Place
from kuaifan.city.invent_plots import Plot, Use
from kuaifan.city.invent_streets import Street

# How many of each kind on one block, on average.
_PER_PLOT: dict[Use, dict[str, float]] = {
    "commercial": {"bank": 0.35, "hotel": 0.3, "restaurant": 0.9, "shop": 0.9, "leisure": 0.45},
    "mall": {"bank": 0.6, "hotel": 0.5, "restaurant": 1.5, "leisure": 0.8, "parking": 1.0},
    "market": {"restaurant": 0.7, "shop": 1.0, "parking": 0.4},
    "old_homes": {"restaurant": 0.25, "shop": 0.4, "pharmacy": 0.1, "leisure": 0.08},
    "estate": {"shop": 0.7, "restaurant": 0.5, "pharmacy": 0.2, "bank": 0.06, "leisure": 0.12},
    "station": {"hotel": 2.0, "restaurant": 2.0, "parking": 1.0},
    "square": {"parking": 1.0},
}
_GAS_EVERY_M = 4_200.0
_STOP_EVERY_M = 420.0


def list_shops(
    plots: list[Plot], addresses: Addresses, book: NameBook, rng: np.random.Generator
) -> Iterator[Place]:
    """What stands along the rims of built-up blocks."""
    for plot in plots:
        per_kind = _PER_PLOT.get(plot.use)
        if per_kind is None or not plot.ring:
            continue
        street, address = addresses.address(plot.cell)
        street = plain(street)
        for kind, mean in per_kind.items():
            for _ in range(min(int(rng.poisson(mean)), 3)):
                at = _on_rim(plot.ring, rng)
                name = _shop_name(kind, street, book)
                site_class = 5 if kind == "bank" else 0
                rank = 4 if kind in {"bank", "hotel"} else 5
                yield Place(kind, name, at, rank, address, site_class)


def plain(street: str) -> str:
    """A street's name without its part: 滨河北路, not 滨河北路东二段."""
    end = max(street.rfind("路"), street.rfind("大道") + 1)
    return street[: end + 1] if street.endswith("段") and end > 0 else street


def _on_rim(ring: list[Point], rng: np.random.Generator) -> Point:
    side = int(rng.integers(len(ring)))
    share = float(rng.uniform(0.12, 0.88))
    a, b = ring[side], ring[(side + 1) % len(ring)]
    return round(a[0] + share * (b[0] - a[0]), 1), round(a[1] + share * (b[1] - a[1]), 1)


def _shop_name(kind: str, street: str, book: NameBook) -> str:
    if kind == "bank":
        return book.claim_on(f"{book.pick(words.BANKS)}{street}", "支行")
    if kind == "parking":
        return book.claim_on(street, "停车场")
    if kind == "pharmacy":
        return book.claim(f"{book.pick(words.SHOP_FIRST)}大药房({street}店)")
    ends = {"hotel": words.HOTELS, "restaurant": words.RESTAURANTS, "leisure": words.NIGHT}
    name = f"{book.pick(words.SHOP_FIRST)}{book.pick(ends.get(kind, words.SHOPS))}"
    if book.is_free(name) or not street:
        return book.claim(name)
    return book.claim(f"{name}({street}店)")


def list_roadside(
    streets: list[Street], book: NameBook, rng: np.random.Generator
) -> Iterator[Place]:
    """Bus stops at crossings of great streets, and petrol stations (公交站、加油站)."""
    crossing = _list_crossings(streets)
    stops: set[Point] = set()
    until_gas = float(rng.uniform(0.0, _GAS_EVERY_M))
    for street in streets:
        if street.rank > SECONDARY or street.stretches[0].is_country:
            continue
        last = -1e9
        for stretch in street.stretches:
            t = street.line.position(stretch.start)
            length_m = street.line.position(stretch.end) - t
            other = crossing.get(stretch.start, {}).get(street.line.line_id)
            is_stop = stretch.use == "street" and stretch.start not in stops
            if other and is_stop and t - last >= _STOP_EVERY_M:
                last = t
                stops.add(stretch.start)
                name = book.claim(f"{plain(street.name)}{plain(other)}站")
                yield Place("bus_stop", name, _beside(street, t + 35.0), 5)
            until_gas -= length_m if street.rank == PRIMARY else 0.0
            if until_gas < 0.0 and stretch.use == "street" and length_m > 60.0:  # noqa: PLR2004
                until_gas += _GAS_EVERY_M
                name = book.claim_on(plain(street.name), "加油站")
                yield Place("gas_station", name, _beside(street, t + length_m / 2.0, 26.0), 4)


def _beside(street: Street, t: float, off_m: float = 12.0) -> Point:
    u, v = street.line.point_at(t)
    if street.line.axis == 0:
        u += off_m
    else:
        v += off_m
    return round(u, 1), round(v, 1)


def _list_crossings(streets: list[Street]) -> dict[Point, dict[int, str]]:
    """At each junction, for each line through it, the name of the greatest other street."""
    at: dict[Point, list[tuple[int, int, str]]] = {}
    for street in streets:
        if street.rank > TERTIARY:
            continue
        row = (street.rank, street.line.line_id, street.name)
        for stretch in street.stretches:
            at.setdefault(stretch.start, []).append(row)
        at.setdefault(street.stretches[-1].end, []).append(row)
    return {
        point: {
            line_id: min((r for r in rows if r[1] != line_id), default=(0, 0, ""))[2]
            for _, line_id, _ in rows
        }
        for point, rows in at.items()
    }
