"""Two hundred police calls of Nashville on the roads of Porto Alegre, from the data beside us.

Real streets and real times and types of calls; only the places are not theirs.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import msgspec

from kuaifan.app.rules import core_codec
from kuaifan.app.twin_run import RunOptions, calls_of_file, run_twin
from kuaifan.city.calls import encode_calls, read_calls
from kuaifan.city.calls_import import import_calls
from kuaifan.city.calls_onto import Onto
from kuaifan.city.folder import read_city
from kuaifan.city.import_map import ImportOptions, import_city
from kuaifan.store.reading import LogReader

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / ".." / "shared" / "data"
MAPPING = ROOT / "docs" / "howto" / "mappings" / "nashville.toml"
N_CALLS = 200


def make_poa(folder):
    """Porto Alegre as a city folder, read back; its clock is that of the calls."""
    source = DATA / "roads" / "porto_alegre" / "poa_osm.pbf"
    options = ImportOptions(name="Porto Alegre", time_zone="America/Chicago")
    import_city(source, folder / "poa", options, progress=lambda _: None)
    return read_city(folder / "poa")


def make_calls(poa, folder):
    """The first calls of the file, laid over the roads of Porto Alegre, as a call file."""
    source = DATA / "calls" / "nashville_police_calls_2024_jan_may.csv.gz"
    onto = Onto(poa.meta.name, poa.network)
    import_calls(source, MAPPING, folder / "all.jsonl", onto=onto)
    found = read_calls(folder / "all.jsonl")
    counts = msgspec.structs.replace(found.header.counts, taken=N_CALLS)
    header = msgspec.structs.replace(found.header, counts=counts)
    (folder / "calls.jsonl").write_bytes(encode_calls(header, found.rows[:N_CALLS]))
    return folder / "calls.jsonl"


def run_nashville(poa, calls, out, *, seed):
    """One run of these calls, with its records as the log gives them, unsealed."""
    found = read_calls(calls)
    source = calls_of_file(found.header, found.rows, poa)
    summary = run_twin(poa, source, out, RunOptions(seed=seed), progress=lambda *_: None)
    with LogReader(out / "log.db", core_codec()) as reader:
        items = list(reader.read_items())
    return SimpleNamespace(out=out, calls=found.rows, summary=summary, items=items)
