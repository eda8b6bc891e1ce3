"""Which city a log belongs to (日志所属城市)."""

from __future__ import annotations

from pathlib import Path

from kuaifan.app.database import existing_log
from kuaifan.app.rules import core_codec
from kuaifan.city.city import City
from kuaifan.city.folder import read_city
from kuaifan.kernel.errors import BadInputError
from kuaifan.store.log_place import LogPlace
from kuaifan.store.reading import LogReader


def read_city_of(db: str, city: Path | None) -> tuple[LogPlace, City]:
    """Log and city of a database URL; raises BadInputError when they do not belong together."""
    log = existing_log(db)
    with LogReader(log, core_codec()) as reader:
        meta = reader.meta
    if city is None and not meta["city_path"]:
        raise BadInputError(f"{log} does not say where its city lies: name it with --city")
    folder = read_city(city or Path(meta["city_path"]))
    if meta["city_hash"] not in (folder.content_hash, folder.former_hash or folder.content_hash):
        raise BadInputError(
            f"{log} was written in another city, or the folder {folder.path} was changed since: "
            "give the city of the log with --city"
        )
    return log, folder
