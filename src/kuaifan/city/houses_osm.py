"""Reads house numbers of OpenStreetMap (读取门牌): of nodes, of buildings, and of drawn rows."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kuaifan.city.features import MAX_NUMBER, LatLon, MapHouse, MapHouseRow

if TYPE_CHECKING:
    from osmium.osm import Node, Way

HOUSE_KEYS = ("addr:housenumber", "addr:interpolation")
_NUMBER, _ROW = HOUSE_KEYS
MAX_NUMBERS = 20
"""Of one house; a longer list is somebody's note."""

_ONE = re.compile(r"^\D{0,4}?(\d{1,5})(?!\d)(?:\s*[-–~至]\s*(\d{1,5})(?!\d))?")
_APART = re.compile(r"[;,、]")
_STEPS = {"odd": 2, "even": 2, "all": 1}
_MAX_SPAN = 100
_DIGITS = 6


def read_numbers(text: str) -> list[int]:
    """The numbers that a house bears: 88号 is 88, 12-14 both, 3;5 both, 12A is 12, x none."""
    found: list[int] = []
    for part in _APART.split(text)[:MAX_NUMBERS]:
        match = _ONE.match(part.strip())
        if match is None:
            continue
        first, last = int(match[1]), int(match[2] or 0)
        found.append(first)
        if 0 < last - first <= _MAX_SPAN:
            found.append(last)
    return [number for number in dict.fromkeys(found) if 1 <= number <= MAX_NUMBER]


class HouseReader:
    """Gathers houses as a file is read, its nodes before its ways (门牌收集)."""

    def __init__(self) -> None:
        self.houses: list[MapHouse] = []
        self.rows: list[MapHouseRow] = []
        self._of_node: dict[int, tuple[str, int]] = {}

    def take(self, tags: Mapping[str, str], at: LatLon) -> None:
        """A house stands here."""
        street = _street_of(tags)
        self.houses += [MapHouse(street, n, *at) for n in read_numbers(tags.get(_NUMBER, ""))]

    def take_node(self, node: "Node") -> None:
        """A node with a number, which a row may end at."""
        if _NUMBER not in node.tags or not node.location.valid():
            return
        tags = {tag.k: tag.v for tag in node.tags}
        self.take(tags, (round(node.lat, _DIGITS), round(node.lon, _DIGITS)))
        numbers = read_numbers(tags[_NUMBER])
        if numbers:
            self._of_node[node.id] = (_street_of(tags), numbers[0])

    def take_way(self, way: "Way") -> None:
        """A building with a number, or a row of houses."""
        if _ROW in way.tags:
            self._take_row(way)
        elif _NUMBER in way.tags:
            nodes = list(way.nodes)
            corners = [node for node in nodes[: len(nodes) - way.is_closed()] if _is_known(node)]
            if corners:
                lat = sum(node.lat for node in corners) / len(corners)
                lon = sum(node.lon for node in corners) / len(corners)
                tags = {tag.k: tag.v for tag in way.tags}
                self.take(tags, (round(lat, _DIGITS), round(lon, _DIGITS)))

    def _take_row(self, way: "Way") -> None:
        """From each known number along the row to the next."""
        step = _step_of(way.tags[_ROW])
        line: list[LatLon] = []
        began: tuple[str, int] | None = None
        for node in way.nodes:
            if not _is_known(node):
                return
            line.append((round(node.lat, _DIGITS), round(node.lon, _DIGITS)))
            here = self._of_node.get(node.ref)
            if here is None:
                continue
            if began is not None and step:
                street = _street_of({tag.k: tag.v for tag in way.tags}) or began[0] or here[0]
                self._add_row(street, (began[1], here[1]), step, line)
            began, line = here, line[-1:]

    def _add_row(
        self, street: str, numbers: tuple[int, int], step: int, line: list[LatLon]
    ) -> None:
        low, high = sorted(numbers)
        is_whole = (high - low) % step == 0
        if street and high - low > step and is_whole and len(line) > 1:
            along = tuple(line if numbers[0] == low else line[::-1])
            self.rows.append(MapHouseRow(street, low, high, step, along))


def _step_of(how: str) -> int:
    """From one number of a row to the next; 0 where it counts otherwise, by letters say."""
    if how in _STEPS:
        return _STEPS[how]
    return int(how) if how.isdecimal() and int(how) <= MAX_NUMBER else 0


def _street_of(tags: Mapping[str, str]) -> str:
    """The street, or the village or estate that is numbered like one."""
    return (tags.get("addr:street") or tags.get("addr:place") or "").strip()


def _is_known(node: object) -> bool:
    location = getattr(node, "location", None)
    return location is not None and bool(location.valid())
