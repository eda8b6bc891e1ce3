"""Small tables that a planner hands in (规划表格): CSV by column names, JSON lists by form."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from kuaifan.kernel.errors import BadInputError

Row = TypeVar("Row")


def check_suffix(output: Path, suffixes: Sequence[str]) -> None:
    """Raise BadInputError unless a file to write ends as one of the forms there are."""
    if output.suffix not in suffixes:
        raise BadInputError(
            f"{output} is of no known form: let its name end in {' or '.join(suffixes)}"
        )


def read_rows(file: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """The lines of a CSV with a line of names; raises BadInputError where a column is missing."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise BadInputError(f"there is no file {file}") from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{file} is not UTF-8: save it as UTF-8") from error
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInputError(
            f"{file} has no column {missing[0]}: its first line names {', '.join(columns)}"
        )
    rows = list(reader)
    short = next((i for i, row in enumerate(rows) if None in row.values()), None)
    if short is not None:
        raise BadInputError(f"{file} line {short + 2} has fewer columns than the first")
    return rows


def read_list(file: Path, row: type[Row]) -> tuple[Row, ...]:
    """A JSON list of things of one form; raises BadInputError with the place in the file."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=tuple[row, ...])  # type: ignore[valid-type] # a form that is handed in
    except FileNotFoundError as error:
        raise BadInputError(f"there is no file {file}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInputError(f"{file} is no list of {row.__name__}: {error}") from error
