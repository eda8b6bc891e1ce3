"""The photos of a log in its backup (备份照片): as they lie, each sealed under its owner's key."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from kuaifan.kernel.whole_file import take_place
from kuaifan.store.photos import default_photo_folder


def ship_photos(files: Path, folder: Path, *, since_ns: int) -> int:
    """Copy whole photos, with what says what they are, that a backup does not have.

    since_ns: what the pass before returned: when the folder of the log was last changed. While it
    was not, there is nothing to look for.
    """
    source = default_photo_folder(files)
    if not source.is_dir():
        return 0
    changed_at_ns = source.stat().st_mtime_ns
    if changed_at_ns != since_ns:
        _copy(source, folder / "photos")
    return changed_at_ns


def restore_photos(folder: Path, files: Path) -> int:
    """Copy the photos of a backup beside a log; how many."""
    return _copy(folder / "photos", default_photo_folder(files))


def _copy(source: Path, target: Path) -> int:
    n_copied = 0
    for photo in _list_new(source, target):
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The note first: a photo without one is nobody's.
        for path in (photo.with_suffix(".json"), photo):
            draft = target / f".{path.name}.draft"
            shutil.copyfile(path, draft)
            take_place(draft, target / path.name)
        n_copied += 1
    return n_copied


def _list_new(source: Path, target: Path) -> Iterator[Path]:
    known = {path.name for path in target.glob("*.photo")}
    for photo in sorted(source.glob("*.photo")):
        if photo.name not in known and photo.with_suffix(".json").exists():
            yield photo
