"""Recorded tracks (轨迹文件): a line for each fix, `seconds lat lon edge`, in plain text or gzip.

After each track comes a line with one number. Beside `NAME_input.txt` may lie `NAME_output.txt`
with the recorded matches, line by line.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.matching import Fix

INPUTS: Final = ("_input.txt", "_input.txt.gz")
N_COLUMNS: Final = 4
MS_PER_S: Final = 1000


class Track(NamedTuple):
    """One recorded track: fixes, and where each was matched then; else where it was received."""

    fixes: list[Fix]
    lat: list[float]
    lon: list[float]


def read_tracks(path: Path, *, with_matches: bool = False) -> list[Track]:
    """Every track of one input file, or of all in a folder; raises BadInputError."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    inputs = [file for file in files if file.name.endswith(INPUTS)]
    if not inputs or not path.exists():
        raise BadInputError(f"{path} has no tracks: give a *_input.txt or *_input.txt.gz")
    found = [track for file in inputs for track in _read_file(file, with_matches)]
    if not found:
        raise BadInputError(f"{path} holds no fix: each line is 'seconds lat lon edge'")
    return found


def _read_file(file: Path, with_matches: bool) -> Iterator[Track]:  # noqa: FBT001 - passed on
    matches = file.with_name(file.name.replace("_input.txt", "_output.txt"))
    fix_rows = _rows(file)
    match_rows = _rows(matches) if with_matches else fix_rows
    if len(fix_rows) != len(match_rows):
        raise BadInputError(f"{matches} has {len(match_rows)} lines for {len(fix_rows)} fixes")
    track = Track([], [], [])
    for number, (fix, match) in enumerate(zip(fix_rows, match_rows, strict=True), start=1):
        if len(fix) == N_COLUMNS == len(match):
            track.fixes.append(Fix(round(fix[0] * MS_PER_S), fix[1], fix[2]))
            track.lat.append(match[1])
            track.lon.append(match[2])
        elif len(fix) == 1 == len(match):
            if track.fixes:
                yield track
            track = Track([], [], [])
        else:
            raise BadInputError(f"{file}, line {number}: a fix is 'seconds lat lon edge'")
    if track.fixes:
        yield track


def _rows(file: Path) -> list[list[float]]:
    try:
        raw = file.read_bytes()
        text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("ascii")
        return [[float(word) for word in line.split()] for line in text.splitlines()]
    except (OSError, EOFError, zlib.error) as error:
        raise BadInputError(f"{file} cannot be read: {error}") from error
    except ValueError as error:
        raise BadInputError(f"{file} holds something else than numbers: {error}") from error
