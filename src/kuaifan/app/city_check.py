"""Everything that `city check` looks at (城市检查): the folder's files, its map and its places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from kuaifan.app.city_card import BASEMAP_FILE
from kuaifan.city.basemap_read import read_made_from
from kuaifan.city.check import CheckLine, inspect_city
from kuaifan.city.city_toml import CITY_FILE
from kuaifan.city.content_hash import hash_content
from kuaifan.city.folder import read_data_file
from kuaifan.city.whole_folder import CityFolderError
from kuaifan.store.places import open_places
from kuaifan.store.places_write import PLACES_FILE, PlacesError

_RENEWED_BY: Final = "run kuaifan city basemap on its city"


def inspect_all(target: Path, *, are_hashes_checked: bool = True) -> list[CheckLine]:
    """Look at a city folder, then at the map and the gazetteer made from it."""
    lines = inspect_city(target, are_hashes_checked=are_hashes_checked)
    if lines[0].is_ok:
        content_hash = hash_content(read_data_file(target, CITY_FILE))
        lines += [_look_at_map(target, content_hash), _look_at_places(target, content_hash)]
    return lines


def _look_at_map(target: Path, content_hash: str) -> CheckLine:
    what = "basemap 底图"
    if not (target / BASEMAP_FILE).is_file():
        return CheckLine(what, BASEMAP_FILE, (), f"none yet: {_RENEWED_BY}")
    try:
        made_from = read_made_from(target / BASEMAP_FILE)
    except CityFolderError as error:
        return CheckLine(what, BASEMAP_FILE, (str(error),), "")
    return CheckLine(what, BASEMAP_FILE, (), _say_age(made_from, content_hash))


def _look_at_places(target: Path, content_hash: str) -> CheckLine:
    what = "places 地名库"
    if not (target / PLACES_FILE).is_file():
        return CheckLine(what, PLACES_FILE, (), f"none yet: {_RENEWED_BY}")
    try:
        with open_places(target / PLACES_FILE) as places:
            return CheckLine(what, PLACES_FILE, (), _say_age(places.made_from, content_hash))
    except PlacesError as error:
        return CheckLine(what, PLACES_FILE, (str(error),), "")


def _say_age(made_from: str, content_hash: str) -> str:
    if made_from == content_hash:
        return f"made from {made_from[:16]}, this very city"
    return f"made from {made_from[:16]}, before the last edit: {_RENEWED_BY} if that moved anything"


def list_check_lines(lines: Iterable[CheckLine]) -> Iterator[str]:
    """One line of text for each thing that holds and for each fault."""
    for line in lines:
        if line.is_ok:
            yield f"ok     {line.what}: {line.said}"
        yield from (f"wrong  {line.what}: {line.file}: {fault}" for fault in line.faults)


def make_check_json(lines: Iterable[CheckLine]) -> dict[str, Any]:
    """The same for machines; findings: the faults alone."""
    lines = list(lines)
    return {
        "ok": all(line.is_ok for line in lines),
        "lines": [
            {
                "what": line.what,
                "file": line.file,
                "ok": line.is_ok,
                "said": line.said if line.is_ok else "",
                "faults": list(line.faults),
            }
            for line in lines
        ],
        "findings": [{"file": line.file, "text": fault} for line in lines for fault in line.faults],
    }
