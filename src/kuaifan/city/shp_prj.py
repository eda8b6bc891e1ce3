"""What a .prj says of a shapefile's coordinates (坐标系说明): degrees of WGS-84, or not."""

import re

from kuaifan.city.pbf_blocks import DamagedMapError

_PROJECTED = re.compile(r'^\s*(?:PROJCS|PROJCRS|COMPD_CS|LOCAL_CS)\s*\[\s*"([^"]*)"', re.IGNORECASE)
_GEOGRAPHIC = re.compile(r'^\s*(?:GEOGCS|GEOGCRS|GEODCRS)\s*\[\s*"([^"]*)"', re.IGNORECASE)
_DATUM = re.compile(r'(?:DATUM|ENSEMBLE)\s*\[\s*"([^"]*)"', re.IGNORECASE)
_TO_4326 = "save it in EPSG:4326 (QGIS: Export > Save Features As) and import that"

_AS_WGS84 = ("wgs1984", "wgs84", "worldgeodeticsystem1984", "cgcs2000", "china2000",
             "chinageodeticcoordinatesystem2000")  # fmt: skip
"""CGCS2000, the national datum of China since 2008, lies within decimetres of WGS-84."""


def says_wgs84(name: str, prj: bytes | None) -> bool:
    """Whether the .prj states degrees of WGS-84 or CGCS2000; False where it states nothing.

    Raises DamagedMapError if it states a projection or another datum.
    """
    text = (prj or b"").decode("utf-8", "replace").strip("\ufeff\x00 \t\r\n")
    if not text:
        return False
    projected = _PROJECTED.match(text)
    if projected:
        raise DamagedMapError(
            f"{name} is projected to {projected[1][:60]!r}, in metres, not degrees: {_TO_4326}"
        )
    geographic = _GEOGRAPHIC.match(text)
    if not geographic:
        raise DamagedMapError(
            f"the .prj of {name} cannot be understood: put the right one there, or take it away "
            "and say --datum"
        )
    datum = _DATUM.search(text)
    words = {_plain(geographic[1]), _plain(datum[1] if datum else "")}
    if not any(known in word for word in words for known in _AS_WGS84):
        raise DamagedMapError(
            f"{name} is in the datum {geographic[1][:60]!r}, which may lie some hundred metres "
            f"from WGS-84: {_TO_4326}"
        )
    return True


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
