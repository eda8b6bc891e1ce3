"""How a spot is called (地址与口述地点): an address for the form, and the words of a caller."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kuaifan.geo.points import METRES_PER_DEGREE, distance_m, distances_m
from kuaifan.roads.lines import PPM
from kuaifan.roads.network import ROAD_CLASSES, RoadNetwork
from kuaifan.twin.habits import Setting
from kuaifan.twin.stories_ground import FAST_ROADS, Floats, MapPlace, Spot

AT_CROSSING_M: Final = 50.0
BESIDE_M: Final = 90.0
NEARBY_M: Final = 500.0
METRES_PER_NUMBER: Final = 9.0
"""A door every nine metres of street."""
MAX_NAME_CHARS: Final = 24
NO_STREET: Final = "无名路"
DOORLESS: Final = ("立交", "立交桥", "大桥", "高架", "隧道", "高速", "快速路", "匝道")
HOME_KINDS: Final = frozenset({"estate", "building"})
N_BUILDINGS, N_FLOORS, N_ROOMS = 18, 11, 4
OPEN_KINDS: Final = frozenset(
    {"bus_stop", "metro", "bridge", "parking", "park", "place_label", "landmark"}
)
_AT_DOOR: Final = ("门口", "旁边", "门口", "")
_IN_OPEN: Final = ("旁边", "附近", "这边", "")
_BRANCH: Final = re.compile(r"[(（][^(（)）]*[)）]$")


@dataclass(frozen=True, slots=True)
class SpotWords:
    """What a spot is called (地点用语); `slots` fill the narratives."""

    address: str
    slots: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Names:
    """What is known by name at a spot; place is "" where there is none nearby."""

    street: str
    door: str
    place: str
    kind: str
    is_beside: bool

    @property
    def is_home(self) -> bool:
        """Whether one lives at the place."""
        return self.is_beside and self.kind in HOME_KINDS


class AddressBook:
    """The names of a city's streets and places (地址簿)."""

    def __init__(self, network: RoadNetwork, places: Sequence[MapPlace]) -> None:
        self._network = network
        self._places = [place for place in places if place.name]
        self._place_lat = np.array([place.lat for place in self._places])
        self._place_lon = np.array([place.lon for place in self._places])
        self._east_per_lat = float(np.cos(np.radians(network.node_lat.mean())))
        along_m = self._along_m(network.node_lat[network.tail], network.node_lon[network.tail])
        self._start_m = np.full(len(network.names), np.inf)
        np.minimum.at(self._start_m, network.name_i, along_m)
        self._named_arcs = np.flatnonzero(network.name_i)
        self._is_fast = [name in FAST_ROADS for name in ROAD_CLASSES]

    def words_of(self, spot: Spot, setting: Setting, rng: np.random.Generator) -> SpotWords:
        """Name a spot as its setting wants it: by a door, by a crossing or by a place."""
        names = self._names_of(spot)
        building, room, beside = rng.random(3).tolist()
        block, home = _home(names, building, room)
        slots = {
            "home": home,
            "block": block,
            "street": names.street,
            "place": names.place or names.door,
        }
        cross = "" if spot.anchor is not None else self._crossing(spot)
        if setting.kinds.keys() & HOME_KINDS and (names.is_home or not names.place):
            slots["where"] = names.place if names.is_home else names.door
            address = _join(names.door, slots["home"]) if names.is_home else slots["home"]
        elif cross:
            slots["where"] = f"{_join(names.street, '和')}{_join(cross, '路口')}"
            address = f"{_join(names.street, '与')}{_join(cross, '交叉口')}"
        elif names.is_beside:
            slots["where"] = _join(names.place, _beside(spot, names, beside))
            address = _join(names.door, names.place)
        else:
            slots["where"] = names.door
            address = names.door + (f"（{_join(names.place, '附近')}）" if names.place else "")
        return SpotWords(address, slots)

    def _names_of(self, spot: Spot) -> _Names:
        street, door = self._door(spot)
        place = spot.anchor or self._find_place(spot)
        if place is None or not place.name:
            return _Names(street, door, "", "", is_beside=False)
        is_beside = place is spot.anchor or _away_m(spot, place) < BESIDE_M
        return _Names(street, door, _spoken(place.name), place.kind, is_beside=is_beside)

    def _door(self, spot: Spot) -> tuple[str, str]:
        """The street and the door; a street without a name is called after one nearby."""
        name_i = int(self._network.name_i[spot.arc]) or self._name_near(spot)
        if not name_i:
            return NO_STREET, NO_STREET
        along_m = float(self._along_m(np.array(spot.lat), np.array(spot.lon)))
        number = 1 + int(abs(along_m - self._start_m[name_i]) / METRES_PER_NUMBER)
        street = _short(self._network.names[name_i])
        if self._is_fast[self._network.road_class[spot.arc]] or street.endswith(DOORLESS):
            return street, street
        return street, _join(street, f"{number}号")

    def _name_near(self, spot: Spot) -> int:
        network, arcs = self._network, self._named_arcs
        if not len(arcs):
            return 0
        lat, lon = network.node_lat[network.tail[arcs]], network.node_lon[network.tail[arcs]]
        away = (lat - spot.lat) ** 2 + ((lon - spot.lon) * self._east_per_lat) ** 2
        return int(network.name_i[arcs[int(np.argmin(away))]])

    def _find_place(self, spot: Spot) -> MapPlace | None:
        if not self._places:
            return None
        away_m = distances_m(spot.lat, spot.lon, to_lat=self._place_lat, to_lon=self._place_lon)
        i = int(np.argmin(away_m))
        return self._places[i] if away_m[i] < NEARBY_M else None

    def _crossing(self, spot: Spot) -> str:
        """The other street at the nearer end of the spot's own, where that is near."""
        network = self._network
        length_m = float(network.length_m[spot.arc])
        behind_m = length_m * spot.fraction_ppm / PPM
        is_tail = behind_m <= length_m - behind_m
        node = int((network.tail if is_tail else network.head)[spot.arc])
        own = int(network.name_i[spot.arc])
        if not own or min(behind_m, length_m - behind_m) > AT_CROSSING_M:
            return ""
        lat, lon, first = network.node_lat, network.node_lon, network.first_arc
        # A junction with forbidden turns is several nodes in one place.
        here = np.flatnonzero((lat == lat[node]) & (lon == lon[node])).tolist()
        leaving = np.concatenate([network.name_i[first[i] : first[i + 1]] for i in here])
        others = leaving[(leaving != own) & (leaving != 0)]
        return _short(network.names[int(others[0])]) if len(others) else ""

    def _along_m(self, lat: Floats, lon: Floats) -> Floats:
        """Metres to the north-east, by which doors are counted along any street."""
        return np.asarray((lat + lon * self._east_per_lat) * METRES_PER_DEGREE)


def _away_m(spot: Spot, place: MapPlace) -> float:
    return distance_m(spot.lat, spot.lon, to_lat=place.lat, to_lon=place.lon)


def _home(names: _Names, building: float, room: float) -> tuple[str, str]:
    """A building and a door in it, by two draws of [0, 1)."""
    floor = 1 + int(room * N_FLOORS)
    if not names.is_home:
        return names.door, _join(names.door, f"{floor}楼")
    block = _join(names.place, f"{1 + int(building * N_BUILDINGS)}栋")
    door_no = 1 + int(room * N_FLOORS * N_ROOMS) % N_ROOMS
    return block, f"{block}{floor:d}{door_no:02d}"


def _beside(spot: Spot, names: _Names, luck: float) -> str:
    """How one stands to a place; who only stands near it does not say that he is in it."""
    words: tuple[str, ...] = _IN_OPEN if names.kind in OPEN_KINDS else _AT_DOOR
    words = words if spot.anchor is not None else words[:-1]
    return words[int(luck * len(words))]


def _join(name: str, more: str) -> str:
    """Chinese words stand side by side; after a Latin name comes a space."""
    is_latin = name[-1:].isascii() and name[-1:].isalpha()
    return f"{name} {more}" if is_latin and more else name + more


def _spoken(name: str) -> str:
    """What people say of a name such as 好又来超市(人民路店): not the branch."""
    return _short(_BRANCH.sub("", name) or name)


def _short(name: str) -> str:
    return name if len(name) <= MAX_NAME_CHARS else name[: MAX_NAME_CHARS - 1] + "…"
