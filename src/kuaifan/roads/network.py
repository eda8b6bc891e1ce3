"""The road network (路网): arrays of nodes, directed arcs, their times and their shapes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

ROAD_CLASSES: tuple[str, ...] = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "motorway_link",
    "trunk_link",
    "primary_link",
    "secondary_link",
    "tertiary_link",
    "living_street",
    "service",
    "road",
    "busway",
    "pedestrian",
    "footway",
)
"""OpenStreetMap highway words that crews use; `road_class` is an index into them."""

WALK_CLASSES = frozenset({"pedestrian", "footway"})
"""Those that no car drives: streets for walking and narrow ways (步行街、人行路)."""

UNREACHABLE_MS = 2**30
"""The travel time of what cannot be reached; an arc that costs as much is closed."""

FORMAT = 1
"""Raised whenever the arrays of a stored network change their meaning."""

Float64s = NDArray[np.float64]
Float32s = NDArray[np.float32]
Int32s = NDArray[np.int32]
Bytes = NDArray[np.uint8]

_DTYPES: Mapping[str, type[np.generic]] = {
    "node_lat": np.float64,
    "node_lon": np.float64,
    "tail": np.int32,
    "head": np.int32,
    "first_arc": np.int32,
    "length_m": np.float32,
    "travel_ms": np.int32,
    "road_class": np.uint8,
    "name_i": np.int32,
    "twin": np.int32,
    "shape_first": np.int32,
    "shape_lat": np.float64,
    "shape_lon": np.float64,
    "hidden": np.int32,
}


def _no_hidden() -> Int32s:
    return np.empty((0, 2), np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class RoadNetwork:
    """One city's streets, frozen (路网); two networks are one when their hashes are.

    node_lat, node_lon: (n_nodes,).
    tail, head: (n_arcs,) node indices; arcs are sorted by (tail, head, length).
    first_arc: (n_nodes + 1,) arcs leaving node v are first_arc[v] up to first_arc[v + 1].
    travel_ms: (n_profiles, n_arcs), 0 <= ms <= UNREACHABLE_MS; 0 on a turn arc (see `is_turn`),
    UNREACHABLE_MS where that profile may not go.
    name_i: (n_arcs,) into `names`, whose entry 0 is "".
    twin: (n_arcs,) the same piece of street the other way, or -1 where nobody may go that way.
    shape_first: (n_arcs + 1,) into shape_lat and shape_lon, end points included.
    hidden: (k, 2) arcs without length that take time, ascending, and for each the street that is
    driven on it, -1 where it is a turn; see `street_of` and `is_through`.
    Raises ValueError when the arrays do not fit together.
    """

    node_lat: Float64s
    node_lon: Float64s
    tail: Int32s
    head: Int32s
    first_arc: Int32s
    length_m: Float32s
    profiles: tuple[str, ...]
    travel_ms: Int32s
    road_class: Bytes
    name_i: Int32s
    names: tuple[str, ...]
    twin: Int32s
    shape_first: Int32s
    shape_lat: Float64s
    shape_lon: Float64s
    attribution: str
    hidden: Int32s = field(default_factory=_no_hidden)

    def __post_init__(self) -> None:
        for key, dtype in _DTYPES.items():
            # A view, so that freezing it does not freeze what the caller holds.
            array = np.ascontiguousarray(getattr(self, key), dtype).view()
            array.flags.writeable = False
            object.__setattr__(self, key, array)
        _check_sizes(self)
        _check_values(self)

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_lat)

    @property
    def n_arcs(self) -> int:
        """Number of directed arcs."""
        return len(self.tail)

    @property
    def is_turn(self) -> NDArray[np.bool_]:
        """(n_arcs,) arcs without length or time between the copies of one junction (转向弧).

        A junction where turns are forbidden is several nodes in one place; such an arc is a turn
        that stays allowed, the step that somebody on foot takes there, whom no turn is forbidden,
        or the double of a street (see `street_of`). No car stands on it, no line is drawn, and it
        is not closed by itself.
        """
        no_car = self.travel_ms[0] >= UNREACHABLE_MS
        is_turn = (self.length_m == 0.0) & (no_car | (self.travel_ms[0] == 0))
        is_turn[self.hidden[:, 0]] = True
        return np.asarray(is_turn)

    @property
    def is_double(self) -> NDArray[np.bool_]:
        """(n_arcs,) arcs on which a street is driven that has doubles (路段分身)."""
        is_double = np.zeros(self.n_arcs, np.bool_)
        is_double[self.hidden[self.hidden[:, 1] >= 0, 0]] = True
        return is_double

    @property
    def street_of(self) -> Int32s:
        """(n_arcs,) the street driven on each arc (所行路段): itself, but of a double its street.

        Where a restriction leads over a street, who may turn at its end depends on where it was
        entered: it is driven on doubles, one for each case. Places are on the street itself.
        """
        street = np.arange(self.n_arcs, dtype=np.int32)
        double = self.hidden[self.hidden[:, 1] >= 0]
        street[double[:, 0]] = double[:, 1]
        return street

    @property
    def is_through(self) -> NDArray[np.bool_]:
        """(n_arcs,) false for a street that has doubles (可通过): ways only begin and end on it."""
        through = np.ones(self.n_arcs, np.bool_)
        through[self.hidden[self.hidden[:, 1] >= 0, 1]] = False
        return through

    @property
    def onward_head(self) -> Int32s:
        """(n_arcs,) where each arc leads on to: its head, but its tail where none goes through.

        For searches from node to node that also ask which arcs begin at a node.
        """
        head: Int32s = np.where(self.is_through, self.head, self.tail)
        head.flags.writeable = False
        return head

    @property
    def is_driven(self) -> NDArray[np.bool_]:
        """(n_arcs,) arcs that a car may drive; the others are walked, against a one-way too."""
        return np.asarray(self.travel_ms[0] < UNREACHABLE_MS)

    @property
    def driven_twin(self) -> Int32s:
        """(n_arcs,) as `twin`, -1 as well where no car may drive the other way."""
        is_back = (self.twin >= 0) & self.is_driven[self.twin]
        return np.asarray(np.where(is_back, self.twin, -1), np.int32)

    @property
    def is_street(self) -> NDArray[np.bool_]:
        """(n_arcs,) one arc of every street that cars drive, the lower where it has two."""
        is_once = (self.driven_twin < 0) | (np.arange(self.n_arcs) < self.twin)
        return np.asarray(is_once & self.is_driven & ~self.is_turn)

    def find_profile(self, name: str) -> int | None:
        """The index of a profile; None where the map was imported before there was such one."""
        return self.profiles.index(name) if name in self.profiles else None

    def get_profile(self, name: str) -> int:
        """The index of a profile by its name, for example "siren"."""
        if name not in self.profiles:
            known = ", ".join(self.profiles)
            raise ValueError(f"the road network has no profile {name!r}; it has {known}")
        return self.profiles.index(name)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All of the network as plain arrays for `np.savez`; texts are UTF-8 lines as bytes."""
        arrays: dict[str, NDArray[Any]] = {"format": np.asarray([FORMAT], np.int32)}
        for key in _KEYS:
            value = getattr(self, key)
            if key == "hidden" and not len(value):
                # Left out, so that a city without any keeps the bytes and the hash it had.
                continue
            if isinstance(value, str):
                value = (value,)
            arrays[key] = _text_bytes(value) if isinstance(value, tuple) else value
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The network that `to_arrays` took apart; checks every index before it is believed."""
        arrays = {"hidden": _no_hidden(), **arrays}
        missing = [key for key in ("format", *_KEYS) if key not in arrays]
        if missing:
            raise ValueError(f"the road network lacks {', '.join(missing)}; import the map again")
        stored = arrays["format"]
        if stored.shape != (1,) or stored[0] != FORMAT:
            raise ValueError(f"the road network is not of format {FORMAT}; import the map again")
        for key, dtype in _DTYPES.items():
            if arrays[key].dtype != dtype:
                raise ValueError(f"the road network's {key} has a wrong type; import the map again")
        values: dict[str, Any] = {key: arrays[key] for key in _DTYPES}
        values["profiles"] = _text_lines(arrays["profiles"])
        values["names"] = _text_lines(arrays["names"])
        values["attribution"] = "\n".join(_text_lines(arrays["attribution"]))
        return cls(**values)

    def content_hash(self) -> str:
        """SHA-256 over every array in declared order; equal networks hash equally everywhere."""
        digest = hashlib.sha256()
        for key, array in self.to_arrays().items():
            digest.update(f"{key} {array.dtype.str} {array.shape}\n".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


_KEYS: tuple[str, ...] = tuple(each.name for each in fields(RoadNetwork))


def _text_bytes(lines: tuple[str, ...]) -> Bytes:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _text_lines(stored: NDArray[Any]) -> tuple[str, ...]:
    try:
        return tuple(stored.astype(np.uint8).tobytes().decode().split("\n"))
    except UnicodeDecodeError as error:
        message = "a text of the road network is not UTF-8; import the map again"
        raise ValueError(message) from error


def _require(condition: object, complaint: str) -> None:
    if not condition:
        raise ValueError(f"the road network is damaged: {complaint}; import the map again")


def _check_sizes(network: RoadNetwork) -> None:
    n_nodes, n_arcs = len(network.node_lat), len(network.tail)
    n_points = len(network.shape_lat)
    sizes: dict[str, tuple[int, ...]] = {
        "node_lon": (n_nodes,),
        "first_arc": (n_nodes + 1,),
        "travel_ms": (len(network.profiles), n_arcs),
        "shape_first": (n_arcs + 1,),
        "shape_lon": (n_points,),
        "hidden": (len(network.hidden), 2),
    }
    sizes |= dict.fromkeys(("head", "length_m", "road_class", "name_i", "twin"), (n_arcs,))
    for key, shape in sizes.items():
        _require(getattr(network, key).shape == shape, f"{key} does not have the shape {shape}")
    _require(n_arcs > 0, "it has no arcs")


def _check_values(network: RoadNetwork) -> None:
    n_nodes, n_arcs = network.n_nodes, network.n_arcs
    for key, below in (("tail", n_nodes), ("head", n_nodes), ("name_i", len(network.names))):
        _require(_within(getattr(network, key), 0, below), f"{key} points outside")
    _require(_within(network.twin, -1, n_arcs), "twin points outside")
    paired = np.flatnonzero(network.twin >= 0)
    _require(np.array_equal(network.twin[network.twin[paired]], paired), "twins do not pair")
    _require(_within(network.road_class, 0, len(ROAD_CLASSES)), "a road class is unknown")
    _require(_within(network.travel_ms, 0, UNREACHABLE_MS + 1), "a travel time is out of range")
    timeless = np.any(network.travel_ms == 0, axis=0)
    _require(not np.any(network.length_m[timeless]), "a travel time is out of range on a street")
    _check_hidden(network)
    starts = np.searchsorted(network.tail, np.arange(n_nodes + 1))
    _require(np.all(np.diff(network.tail) >= 0), "arcs are not sorted by tail")
    _require(np.array_equal(network.first_arc, starts), "first_arc does not follow tail")
    n_points = np.diff(network.shape_first)
    _require(np.all(n_points >= 2), "an arc has no shape")  # noqa: PLR2004 - two ends make a line
    ends = (int(network.shape_first[0]), int(network.shape_first[-1]))
    _require(ends == (0, len(network.shape_lat)), "shapes do not end with their points")
    for key in ("node_lat", "node_lon", "shape_lat", "shape_lon", "length_m"):
        _require(np.all(np.isfinite(getattr(network, key))), f"{key} is not finite")


def _check_hidden(network: RoadNetwork) -> None:
    arc, street = network.hidden.T
    _require(_within(arc, 0, network.n_arcs), "a hidden arc points outside")
    _require(_within(street, -1, network.n_arcs), "a hidden arc's street points outside")
    _require(np.all(np.diff(arc) > 0), "hidden arcs are not in order")
    _require(not np.any(network.length_m[arc]), "a hidden arc has a length")
    _require(not np.any(np.isin(street, arc)), "a hidden arc stands for another")


def _within(values: NDArray[Any], low: int, below: int) -> bool:
    return bool(np.all((values >= low) & (values < below)))
