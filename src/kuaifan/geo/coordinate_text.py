"""Reads coordinates as people type them (坐标文本): any order, any datum, degrees or decimals."""

import re
import unicodedata
from typing import Final, NamedTuple

from kuaifan.geo.datums import Datum, is_in_china, to_wgs84
from kuaifan.geo.points import METRES_PER_DEGREE

MAX_CHARS: Final = 80
GOOD_FIX_M: Final = 10.0
"""However many decimals are typed, the phone that they were read from was no better."""

_DATUM_WORDS: Final = {
    Datum.BD09: r"百度(?:地图)?|bd-?09(?:ll|mc)?",
    Datum.GCJ02: r"gcj-?02|火星|高德(?:地图)?|腾讯(?:地图)?",
    Datum.WGS84: r"wgs-?84|gps|北斗|cgcs-?2000|大地2000",
}
_FILLER: Final = re.compile(r"坐标系?|经纬度|定位|位置|geo:|[()\[\]【】]")
_SIGNS: Final = (
    (re.compile(r"北纬|纬度|lat(?:itude)?|north"), "n"),
    (re.compile(r"东经|经度|lon(?:gitude)?|lng|east"), "e"),
    (re.compile(r"南纬|south"), "s"),
    (re.compile(r"西经|west"), "w"),
    (re.compile(r"[′’]{2}|''|[″”]|秒"), '"'),
    (re.compile(r"[′’]|分"), "'"),
    (re.compile(r"[º度]"), "°"),
)
_NUMBER: Final = (
    r"([-+]?\d{1,3}(?:\.\d+)?)"
    r"(?:\s*°(?:\s*(\d{1,2}(?:\.\d+)?)\s*'(?:\s*(\d{1,2}(?:\.\d+)?)\s*\")?)?)?"
)
_BETWEEN: Final = r"\s*[,;、/\s]\s*"
_EVEN_NONE: Final = r"\s*[,;、/]?\s*"
_BARE: Final = re.compile(f"{_NUMBER}{_BETWEEN}{_NUMBER}")
_BEFORE: Final = re.compile(
    rf"([nsew])\s*[:=]?\s*{_NUMBER}{_EVEN_NONE}([nsew])\s*[:=]?\s*{_NUMBER}"
)
_AFTER: Final = re.compile(rf"{_NUMBER}\s*([nsew]){_EVEN_NONE}{_NUMBER}\s*([nsew])")
_MAX_LAT: Final = 90.0
_MAX_LON: Final = 180.0


class _Angle(NamedTuple):
    degrees: float
    within_deg: float
    side: str


class TypedPosition(NamedTuple):
    """Two numbers read one way round (坐标): as typed, in the datum that was said, if any."""

    lat: float
    lon: float
    datum: Datum | None
    within_m: float

    @property
    def is_ambiguous(self) -> bool:
        """Whether another datum would lead elsewhere: none was said, and the point is in China."""
        return self.datum is None and bool(is_in_china(self.lat, self.lon))

    def to_wgs84(self, datum: Datum) -> tuple[float, float]:
        """The (lat, lon) in WGS-84 if the numbers were given in `datum`."""
        lat, lon = to_wgs84(self.lat, self.lon, datum)
        return round(float(lat), 7), round(float(lon), 7)


def read_coordinates(text: str) -> list[TypedPosition]:
    """The positions that a text may mean, latitude first before longitude first; [] if none.

    Letters or words for north and east settle the order. `within_m` is half of the last digit
    typed, and never better than a phone's fix.
    """
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARS]).casefold()
    datum, plain = _take_datum(plain)
    plain = _FILLER.sub(" ", plain)
    for sign, letter in _SIGNS:
        plain = sign.sub(letter, plain)
    angles = _read_angles(plain.strip(" :,;"))
    if angles is None:
        return []
    found = [_position(lat, lon, datum) for lat, lon in _orders(*angles)]
    return list(
        dict.fromkeys(p for p in found if abs(p.lat) <= _MAX_LAT and abs(p.lon) <= _MAX_LON)
    )


def _take_datum(text: str) -> tuple[Datum | None, str]:
    for datum, words in _DATUM_WORDS.items():
        without, n_taken = re.subn(words, " ", text)
        if n_taken:
            return datum, without
    return None, text


def _read_angles(text: str) -> tuple[_Angle, _Angle] | None:
    if match := _BARE.fullmatch(text):
        return _angle(match.groups()[:3], ""), _angle(match.groups()[3:], "")
    if match := _BEFORE.fullmatch(text):
        found = match.groups()
        return _angle(found[1:4], found[0]), _angle(found[5:], found[4])
    if match := _AFTER.fullmatch(text):
        found = match.groups()
        return _angle(found[:3], found[3]), _angle(found[4:7], found[7])
    return None


def _angle(parts: tuple[str | None, ...], side: str) -> _Angle:
    """Degrees, minutes and seconds as degrees, and half of the last digit that was typed."""
    degrees, within_deg = 0.0, 0.0
    whole = parts[0] or "0"
    for part, unit in zip((whole.lstrip("+-"), *parts[1:]), (1.0, 60.0, 3600.0), strict=True):
        if part is not None:
            degrees += float(part) / unit
            within_deg = 0.5 * 10.0 ** -len(part.partition(".")[2]) / unit
    is_negative = whole.startswith("-") or side in ("s", "w")
    return _Angle(-degrees if is_negative else degrees, within_deg, side)


def _orders(first: _Angle, second: _Angle) -> list[tuple[_Angle, _Angle]]:
    sides = (first.side in ("n", "s"), second.side in ("n", "s"))
    if not first.side:
        return [(first, second), (second, first)]
    return {(True, False): [(first, second)], (False, True): [(second, first)]}.get(sides, [])


def _position(lat: _Angle, lon: _Angle, datum: Datum | None) -> TypedPosition:
    within_m = max(lat.within_deg, lon.within_deg) * METRES_PER_DEGREE
    return TypedPosition(
        round(lat.degrees, 7), round(lon.degrees, 7), datum, round(max(within_m, GOOD_FIX_M), 1)
    )
