"""Reads holidays.csv (节假日): public holidays, weekend days worked instead, and events.

Columns first, last (dates, both included), kind (holiday, workday or event) and name. A city in
China without such a file of its own has the one that the package ships, by the yearly notices of
the State Council (国务院办公厅放假通知); check it against the notice of each new year.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Final

from kuaifan.city.table_text import read_table_text
from kuaifan.city.whole_folder import CityFolderError

HOLIDAYS_FILE: Final = "holidays.csv"
KINDS: Final = ("holiday", "workday", "event")
COLUMNS: Final = ("first", "last", "kind", "name")
CHINA: Final = frozenset({"Asia/Shanghai", "Asia/Urumqi"})
MAX_BYTES: Final = 1024**2
MAX_SPAN_DAYS: Final = 60


def read_holidays(city: Path | None, time_zone: str) -> dict[date, str]:
    """The kind of each day that is not ordinary; a later line outdoes an earlier one.

    city: whose holidays.csv holds, where it has one. Raises CityFolderError with the line.
    """
    path = None if city is None else city / HOLIDAYS_FILE
    if path is not None and path.is_file():
        text = read_table_text(path, max_bytes=MAX_BYTES, what="holidays")
        return _parse(text, path.as_posix())
    if time_zone not in CHINA:
        return {}
    shipped = resources.files("kuaifan.city").joinpath("holidays_cn.csv")
    return _parse(shipped.read_text(encoding="utf-8"), "holidays_cn.csv")


def _parse(text: str, where: str) -> dict[date, str]:
    rows = csv.DictReader(io.StringIO(text))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise CityFolderError(f"{where} is to have the columns {','.join(COLUMNS)}")
    found: dict[date, str] = {}
    for row in rows:
        try:
            first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        except (TypeError, ValueError):
            raise CityFolderError(
                f"{where} line {rows.line_num}: first and last are dates like 2026-10-01"
            ) from None
        n_days = (last - first).days + 1
        if not 1 <= n_days <= MAX_SPAN_DAYS or row["kind"] not in KINDS:
            raise CityFolderError(
                f"{where} line {rows.line_num}: give 1 to {MAX_SPAN_DAYS} days and one of the "
                f"kinds {', '.join(KINDS)}"
            )
        found |= {first + timedelta(days=i): row["kind"] for i in range(n_days)}
    return found
