"""The text of a table that people made (表格文本): UTF-8 or GBK, as their programs save it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kuaifan.city.whole_folder import CityFolderError

ENCODINGS: Final = ("utf-8-sig", "gb18030")


def read_table_text(path: Path, *, max_bytes: int, what: str) -> str:
    """The text of a table; raises CityFolderError that says what is wrong, `what` is wanted."""
    try:
        if path.stat().st_size > max_bytes:
            limit = f"{max_bytes // 1024**2} MiB"
            raise CityFolderError(f"{path} is over {limit}: give a table of {what} only")
        data = path.read_bytes()
    except OSError as error:
        raise CityFolderError(f"cannot read {path} ({error.strerror}): give a CSV file") from None
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CityFolderError(f"{path} is neither UTF-8 nor GBK: save it as CSV in UTF-8")
