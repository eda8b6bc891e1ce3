"""Finds the files of a shapefile (图形文件): given by name, in a folder, or in a .zip."""

import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kuaifan.city.pbf_blocks import DamagedMapError
from kuaifan.kernel.errors import BadInputError

MAX_PART_BYTES = 2 * 1024**3
"""No .shp is longer: its own header counts 16-bit words in a signed 32-bit number."""
_MAX_SMALL_BYTES = 64 * 1024
_SMALL = (".cpg", ".prj")
_LINES_BY_NAME = ("road", "street", "link", "highway", "道路", "路网", "街")
_LINE_TYPES = frozenset({3, 13, 23})
_TYPE_AT = slice(32, 36)
_AGAIN = "copy all files of the shapefile again (.shp, .dbf, .prj, .cpg)"


@dataclass(frozen=True, slots=True)
class ShpFiles:
    """The bytes of one shapefile's parts; what is not there is None.

    name: what messages call it.
    """

    name: str
    shp: bytes
    dbf: bytes
    cpg: bytes | None
    prj: bytes | None
    has_index: bool


@dataclass(frozen=True, slots=True)
class _Holder:
    """A folder or an archive: the names in it, and how to read one up to a number of bytes."""

    where: Path
    names: Sequence[str]
    read: Callable[[str, int], bytes]


def is_shapefile(source: Path) -> bool:
    """Whether a source is to be read as a shapefile: a .shp, a .zip or a folder."""
    return source.is_dir() or source.suffix.lower() in {".shp", ".zip"}


def read_shp_files(source: Path) -> ShpFiles:
    """Read the parts of the one shapefile of roads that the source holds.

    Raises BadInputError if it holds none or several, DamagedMapError if a part is missing.
    """
    if source.suffix.lower() == ".zip" and source.is_file():
        return _read_zip(source)
    folder = source if source.is_dir() else source.parent
    holder = _Holder(
        folder, [p.name for p in sorted(folder.iterdir()) if p.is_file()], _read_in(folder)
    )
    return _read_parts(holder, _choose(holder) if source.is_dir() else source.name)


def _read_in(folder: Path) -> Callable[[str, int], bytes]:
    def read(name: str, n_bytes: int) -> bytes:
        try:
            with (folder / name).open("rb") as file:
                return file.read(n_bytes)
        except OSError as error:
            raise BadInputError(
                f"cannot read {folder / name}: {error.strerror or error}"
            ) from error

    return read


def _read_zip(source: Path) -> ShpFiles:
    try:
        with zipfile.ZipFile(source) as archive:

            def read(name: str, n_bytes: int) -> bytes:
                with archive.open(name) as file:
                    return file.read(n_bytes)

            # macOS puts a shadow of every file beside it.
            names = [name for name in archive.namelist() if not name.startswith("__MACOSX")]
            holder = _Holder(source, names, read)
            return _read_parts(holder, _choose(holder))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise DamagedMapError(
            f"{source} is a cut or damaged .zip ({error}): download or copy it again"
        ) from error
    except RuntimeError as error:
        # What zipfile raises for an archive under a password.
        raise BadInputError(f"{source} cannot be unpacked ({error}): unpack it first") from error


def _choose(holder: _Holder) -> str:
    """The one .shp that holds roads: the one of lines, or the one of these that is named so."""
    found = [name for name in holder.names if name.lower().endswith(".shp")]
    if not found:
        what = "is a folder" if holder.where.is_dir() else "is a .zip"
        raise BadInputError(
            f"{holder.where} {what} without a shapefile: give an OSM PBF, a GraphML or a .shp"
        )
    lines = [name for name in found if _is_lines(holder.read(name, 100))] or found
    named = [name for name in lines if any(word in name.lower() for word in _LINES_BY_NAME)]
    chosen = named if len(lines) > 1 and named else lines
    if len(chosen) > 1:
        raise BadInputError(
            f"{holder.where} holds {len(chosen)} shapefiles ({', '.join(chosen[:5])}): give the "
            "one with the roads by name, unpacked"
        )
    return chosen[0]


def _is_lines(header: bytes) -> bool:
    return int.from_bytes(header[_TYPE_AT], "little") in _LINE_TYPES


def _read_parts(holder: _Holder, shp_name: str) -> ShpFiles:
    stem = PurePosixPath(shp_name).with_suffix("").as_posix().lower()
    at = {
        PurePosixPath(name).suffix.lower(): name
        for name in holder.names
        if PurePosixPath(name).with_suffix("").as_posix().lower() == stem
    }
    name = str(holder.where / shp_name) if holder.where.is_dir() else f"{holder.where}:{shp_name}"
    if ".shp" not in at:
        raise BadInputError(f"{name} does not exist")
    if ".dbf" not in at:
        raise DamagedMapError(
            f"{name} has no .dbf beside it, so its roads have neither names nor classes: {_AGAIN}"
        )
    parts = {
        suffix: _read_part(holder, at[suffix])
        for suffix in (".shp", ".dbf", *_SMALL)
        if suffix in at
    }
    return ShpFiles(
        name=name,
        shp=parts[".shp"],
        dbf=parts[".dbf"],
        cpg=parts.get(".cpg"),
        prj=parts.get(".prj"),
        has_index=".shx" in at,
    )


def _read_part(holder: _Holder, name: str) -> bytes:
    limit = _MAX_SMALL_BYTES if name.lower().endswith(_SMALL) else MAX_PART_BYTES
    data = holder.read(name, limit + 1)
    if len(data) > limit:
        raise BadInputError(f"{name} of {holder.where} is over {limit:,} bytes: no such part is")
    return data
