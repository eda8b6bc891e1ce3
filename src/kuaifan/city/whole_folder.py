"""Writes a folder whole or not at all (原子写入): beside its place first, renamed at the end."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kuaifan.kernel import whole_file
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.whole_file import sync_folder

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_LEAVE = {errno.EACCES, errno.EPERM, errno.EROFS}


class CityFolderError(BadInputError):
    """A city folder that cannot be written or read, said in one sentence with the cure."""


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Give a new folder beside the target; on leaving without an error it takes its place.

    What stood at the target is set aside until the new folder stands, and only then removed. On
    any error the target is as it was. Raises CityFolderError where the disk refuses.
    """
    target = target.absolute()
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.draft-", dir=target.parent))
    except OSError as error:
        raise describe_os_error(target, error) from error
    try:
        yield draft
        draft.chmod(0o755)
        sync_folder(draft)
        _take_place(draft, target)
        sync_folder(target.parent)
    except OSError as error:
        raise describe_os_error(target, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _take_place(draft: Path, target: Path) -> None:
    if not target.exists():
        draft.rename(target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.old-", dir=target.parent))
    old = target.rename(aside / target.name)
    try:
        draft.rename(target)
    except OSError:
        old.rename(target)
        raise
    finally:
        # Whatever is left aside here is the old city only if the new one stands.
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)


def write_file(path: Path, data: bytes) -> None:
    """Write one file and see it on the disk; raises CityFolderError where the disk refuses."""
    try:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            if path.is_file():
                os.fsync(file.fileno())
    except OSError as error:
        raise describe_os_error(path, error) from error


def replace_file(path: Path, data: bytes) -> None:
    """Replace one file whole; raises CityFolderError where the disk refuses."""
    try:
        whole_file.replace_file(path, data)
    except OSError as error:
        raise describe_os_error(path, error) from error


def describe_os_error(path: Path, error: OSError) -> CityFolderError:
    """One sentence for what the disk said, with the cure."""
    if error.errno in _NO_ROOM:
        cure = "the disk is full: free some space and try again"
    elif error.errno in _NO_LEAVE:
        cure = "the folder is read-only or belongs to someone else: choose another or get the right"
    elif error.errno == errno.ENOENT:
        cure = "its parent folder does not exist: create it first"
    elif error.errno == errno.ENOTDIR:
        cure = "its parent is a file, not a folder: choose another place"
    else:
        cure = f"the system said: {error.strerror or error}"
    return CityFolderError(f"cannot write {path}: {cure}")
