"""Reads back what a basemap says of itself (底图元数据): from which city it was drawn."""

import zlib
from pathlib import Path

from kuaifan.city.whole_folder import CityFolderError


def read_made_from(path: Path) -> str:
    """The content hash of the city that a basemap was drawn from; raises CityFolderError."""
    from pmtiles.reader import MmapSource, Reader
    from pmtiles.tile import MagicNumberNotFound, SpecVersionUnsupported

    try:
        with path.open("rb") as file:
            source = MmapSource(file)  # type: ignore[no-untyped-call] # pmtiles has no types
            metadata = Reader(source).metadata()  # type: ignore[no-untyped-call] # the same
            return str(metadata["made_from"])
    except (
        MagicNumberNotFound,
        SpecVersionUnsupported,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        LookupError,
        TypeError,
    ) as error:
        raise CityFolderError(
            f"{path} is damaged or no basemap ({type(error).__name__}): run kuaifan city basemap "
            "on its city again"
        ) from None
