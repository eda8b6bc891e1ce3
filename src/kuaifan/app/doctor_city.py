"""The city folder of a desk, looked at (城市目录体检)."""

from __future__ import annotations

from pathlib import Path

from kuaifan.app.doctor_finding import Finding
from kuaifan.app.gazetteer import find_gazetteer_fault
from kuaifan.city.folder import read_city


def check_city(folder: Path, meta: dict[str, str]) -> Finding:
    """Whether it reads, is that of the log, and finds places by name; raises BadInputError."""
    city = read_city(folder)
    known = meta.get("city_hash", "")
    if known not in {"", city.content_hash, city.former_hash}:
        said = f"{folder} is not the city of the log, or was changed since"
        return Finding("city", "bad", said, "give the folder that the log was written in")
    if fault := find_gazetteer_fault(folder):
        return Finding("city", "warn", f"no place is found by name: {fault}", "see the sentence")
    return Finding("city", "ok", f"{folder} reads, and finds places by name")
