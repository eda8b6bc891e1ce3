"""The content hash of a city (城市内容哈希): over what its folder says, never over what we add.

A log belongs to one city for as long as it is kept, so the hash must be the same under every later
build. It is taken over the settings of city.toml as they are written there, in a canonical form,
and over the hashes of the files that decide. A setting that is left out takes no part, whatever
a build takes in its place; nor do the map, its features, the demand or the sites.
"""

import hashlib
import tomllib
from typing import Any

import msgspec

DECIDING_FILES = ("roads.kfr", "forces.csv", "types.csv", "areas.geojson")
"""What the rules look up; any other file of the folder may be made anew without another city."""

NOT_DECIDING = ("import_report",)
OWN_TERMS = ("calls", "incidents", "inputs")
"""Terms of the log's own records: they may be set, and set anew, while a log goes on."""
MEANT_WHEN_LEFT_OUT = {("desk_targets", "undo_s"): 10}
"""Settings younger than the first folders, with what was done before there was one. Writing such
a value out changes nothing. Frozen: a line may be added with a new setting, none ever changed."""

_BEFORE = {
    "": (
        *("format", "name", "centre_lat", "centre_lon", "time_zone", "area_classes", "rings_min"),
        *("desks", "source", "response_targets_s", "desk_targets", "retention_days", "files"),
    ),
    "source": ("file", "sha256", "datum", "seed", "attribution"),
    "desk_targets": (
        *("first_order_s", "answer_s", "answer_share", "sign_s", "feedback_s", "undo_s"),
    ),
}
"""The settings in the order in which the hash before format 2 of a log went through them."""

_BEFORE_FLOATS = ("centre_lat", "centre_lon", "answer_share")


def hash_content(city_toml: bytes) -> str:
    """SHA-256, in hexadecimal, of a city by the bytes of its city.toml, already known to read."""
    written = tomllib.loads(city_toml.decode())
    for name in NOT_DECIDING:
        written.pop(name, None)
    for (table, name), meant in MEANT_WHEN_LEFT_OUT.items():
        if written[table].get(name) == meant:
            del written[table][name]
    written["retention_days"] = _without_own_terms(written)
    files = written["files"]
    written["files"] = {name: files[name] for name in DECIDING_FILES if name in files}
    return hashlib.sha256(msgspec.json.encode(written, order="sorted")).hexdigest()


def hash_as_before(city_toml: bytes) -> str:
    """The hash of the same folder in a log before format 2, which also took in every file.

    '' for a folder with a setting that came later: no such log can be of it.
    """
    written = tomllib.loads(city_toml.decode())
    written.pop("import_report", None)
    written["desk_targets"] = {"undo_s": 10} | written["desk_targets"]
    written["retention_days"] = _without_own_terms(written)
    for table, names in _BEFORE.items():
        if set(written[table] if table else written) != set(names):
            return ""
    ordered = {name: _before(name, written[name]) for name in _BEFORE[""]} | {"import_report": {}}
    return hashlib.sha256(msgspec.json.encode(ordered)).hexdigest()


def _without_own_terms(written: dict[str, Any]) -> dict[str, int]:
    terms: dict[str, int] = written["retention_days"]
    return {kind: days for kind, days in terms.items() if kind not in OWN_TERMS}


def _before(name: str, value: Any) -> Any:  # noqa: ANN401 - any setting
    if isinstance(value, dict):
        names = _BEFORE.get(name) or sorted(value)
        return {inner: _before(inner, value[inner]) for inner in names}
    if name in _BEFORE_FLOATS:
        return float(value)
    return [float(ring) for ring in value] if name == "rings_min" else value
