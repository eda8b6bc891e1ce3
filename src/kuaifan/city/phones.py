"""The city's phones.csv (应急电话表): numbers on every board, for when the system is gone."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

from kuaifan.city.table_text import read_table_text
from kuaifan.city.whole_folder import CityFolderError
from kuaifan.vocabulary.phone_book import EmergencyPhone

PHONES_FILE: Final = "phones.csv"
COLUMNS: Final = ("desk_id", "name", "number")
MAX_BYTES: Final = 4 * 1024**2


def read_phones(city: Path) -> list[EmergencyPhone]:
    """Numbers of a city folder, UTF-8 or GBK; [] where it has no such file.

    Raises CityFolderError where it cannot be read.
    """
    path = city / PHONES_FILE
    if not path.is_file():
        return []
    text = read_table_text(path, max_bytes=MAX_BYTES, what="telephone numbers")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    reader.fieldnames = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    if not set(COLUMNS) <= set(reader.fieldnames):
        raise CityFolderError(f"{path} needs the columns {', '.join(COLUMNS)}")
    try:
        return [EmergencyPhone(*((row[name] or "").strip() for name in COLUMNS)) for row in reader]
    except csv.Error as error:
        raise CityFolderError(f"{path}, line {reader.line_num}: {error}") from None
