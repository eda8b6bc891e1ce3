"""Writes Mapbox Vector Tiles 2.1 (矢量瓦片): whole layers at once, as arrays.

The packages that do this walk every point in Python; a city has millions of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EXTENT = 4096
"""Units along one side of a tile."""

POINT, LINE, POLYGON = 1, 2, 3
TagValue = str | int
Tags = Mapping[str, TagValue]
Ints = NDArray[np.int64]

_MOVE_TO_ONE = 1 << 3 | 1
_LINE_TO = 2
_CLOSE_PATH = 1 << 3 | 7
_VERSION = 2


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Geometry of one type in tile units (几何): paths of points, grouped by feature.

    xy: (n_points, 2); a ring does not repeat its first point. y grows downwards.
    n_points: (n_paths,) points of each path, one after another in xy.
    feature_i: (n_paths,) ascending; rings of one feature follow each other, outer ones clockwise
    on the screen, each before its holes.
    """

    geometry_type: int
    xy: Ints
    n_points: Ints
    feature_i: Ints


class LayerWriter:
    """Collects the features of one layer of one tile; keys and values are kept once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._keys: dict[str, int] = {}
        self._values: dict[TagValue, int] = {}
        self._features: list[bytes] = []

    def add(self, paths: Paths, tags: Sequence[Tags]) -> None:
        """Add features; `tags` is indexed by `paths.feature_i`."""
        for feature_i, geometry in _pack_geometries(paths):
            parts = (
                _field(2, _pack_small(self._tag_indices(tags[feature_i]))),
                bytes((3 << 3, paths.geometry_type)),
                _field(4, geometry),
            )
            self._features.append(_field(2, b"".join(parts)))

    def to_bytes(self) -> bytes:
        """The layer as a field of a tile; nothing at all if it has no features."""
        if not self._features:
            return b""
        parts = [bytes((15 << 3, _VERSION)), _field(1, self._name.encode()), *self._features]
        parts += [_field(3, key.encode()) for key in self._keys]
        parts += [_field(4, _pack_value(value)) for value in self._values]
        parts.append(bytes((5 << 3,)) + _varint(EXTENT))
        return _field(3, b"".join(parts))

    def _tag_indices(self, tags: Tags) -> Iterable[int]:
        for key, value in tags.items():
            yield self._keys.setdefault(key, len(self._keys))
            yield self._values.setdefault(value, len(self._values))


def _pack_value(value: TagValue) -> bytes:
    if isinstance(value, str):
        return _field(1, value.encode())
    return bytes((5 << 3,)) + _varint(value)


def _field(number: int, data: bytes) -> bytes:
    return bytes((number << 3 | 2,)) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _pack_small(values: Iterable[int]) -> bytes:
    return b"".join(map(_varint, values))


def _pack_geometries(paths: Paths) -> list[tuple[int, bytes]]:
    """The packed commands of each feature that has any, with its index."""
    if not len(paths.n_points):
        return []
    commands, path_first = _list_commands(paths)
    data, value_first = _pack_varints(commands)
    starts_feature = np.flatnonzero(np.diff(paths.feature_i, prepend=-1))
    begin = value_first[path_first[starts_feature]].tolist()
    feature_i = paths.feature_i[starts_feature].tolist()
    return [
        (i, data[first:last])
        for i, first, last in zip(feature_i, begin, [*begin[1:], len(data)], strict=True)
    ]


def _list_commands(paths: Paths) -> tuple[Ints, Ints]:
    """Command integers of all paths, and where each path begins among them."""
    n_points, is_closed = paths.n_points, paths.geometry_type == POLYGON
    has_lines = paths.geometry_type != POINT
    n_values = 2 * n_points + 1 + has_lines + is_closed
    path_first = np.cumsum(n_values) - n_values
    point_first = np.cumsum(n_points) - n_points
    path_of = np.repeat(np.arange(len(n_points)), n_points)
    step = np.arange(len(paths.xy)) - point_first[path_of]
    at = path_first[path_of] + 1 + 2 * step + (has_lines & (step > 0))
    # The pen starts each feature at the tile's corner and stays where the last path ended.
    came_from = np.roll(paths.xy, 1, axis=0)
    came_from[point_first[np.diff(paths.feature_i, prepend=-1) != 0]] = 0
    moved = paths.xy - came_from
    zigzag = (moved << 1) ^ (moved >> 63)
    commands = np.zeros(int(n_values.sum()), np.int64)
    commands[at], commands[at + 1] = zigzag[:, 0], zigzag[:, 1]
    commands[path_first] = _MOVE_TO_ONE
    if has_lines:
        commands[path_first + 3] = (n_points - 1) << 3 | _LINE_TO
    if is_closed:
        commands[path_first + n_values - 1] = _CLOSE_PATH
    return commands, path_first


def _pack_varints(values: Ints) -> tuple[bytes, Ints]:
    """Values as protobuf varints, and where each begins."""
    n_bytes = np.ones(len(values), np.int64)
    for bits in (7, 14, 21, 28, 35):
        n_bytes += values >= 1 << bits
    first = np.cumsum(n_bytes) - n_bytes
    byte_i = np.arange(int(n_bytes.sum())) - np.repeat(first, n_bytes)
    packed = (np.repeat(values, n_bytes) >> (7 * byte_i)) & 0x7F
    packed |= np.where(byte_i < np.repeat(n_bytes, n_bytes) - 1, 0x80, 0)
    return packed.astype(np.uint8).tobytes(), first
