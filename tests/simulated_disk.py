"""A disk that fails on command (仿真磁盘): SQLite's own files, through a VFS that can lose them.

Everything is written to real files at once, so that every connection reads what was written. Beside
it stands what has been synced: when the power fails, each write since the last sync of its file is
kept, lost or torn, as a seed says. When only the process is killed, all writes are kept.
"""

from __future__ import annotations

import errno
import itertools
from contextlib import contextmanager
from pathlib import Path

import apsw

NUMBERS = itertools.count(1)
SECTOR = 512


class _Kept:
    """What of one file has reached the platter, and what was written since."""

    def __init__(self, content):
        self.durable, self.pending = bytearray(content), []

    def sync(self):
        for change in self.pending:
            apply(self.durable, change)
        self.pending.clear()

    def after_power_cut(self, rng):
        """Writes since the last sync are kept up to a moment, or each by its own luck."""
        image, way = bytearray(self.durable), rng.randrange(4)
        n_kept = (0, len(self.pending), rng.randint(0, len(self.pending)), 0)[way]
        for number, change in enumerate(self.pending):
            if way == 3 and rng.random() < 0.5:
                apply(image, torn(change, rng))
            elif number < n_kept:
                apply(image, change)
            elif number == n_kept and way == 2:
                apply(image, torn(change, rng))
        return bytes(image)


def apply(image, change):
    """Do one write, or one cut to a length."""
    offset, data = change
    if data is None:
        del image[offset:]
        return
    image.extend(bytes(max(0, offset - len(image))))
    image[offset : offset + len(data)] = data


def torn(change, rng):
    """A write that ended at some sector, or a cut that came about or did not."""
    offset, data = change
    if data is None:
        return change
    return offset, data[: SECTOR * rng.randint(0, -(-len(data) // SECTOR))]


class Disk:
    """What a seed does to the files of one log.

    fail_in: writes and syncs until one fails, None for never. how: of that failure. n_bad: further
    ones that fail after it. is_dead: the process is gone, and nothing it still does has an effect.
    """

    def __init__(self, folder: Path, rng):
        self._rng, self._folder = rng, str(folder)
        self.files: dict[str, _Kept] = {}
        self.fail_in, self.how, self.n_bad = None, "io", 0
        self.is_dead = False
        self.n_faults = 0
        self.is_read_only = False
        self.read_fails_in = None

    @contextmanager
    def mounted(self):
        """Every connection that is opened meanwhile uses this disk."""
        before = apsw.vfs_names()[0]
        vfs = _Vfs(self)
        try:
            yield self
        finally:
            apsw.set_default_vfs(before)
            vfs.unregister()

    def is_ours(self, path):
        return path.startswith(self._folder) and not path.endswith("-shm")

    def kept(self, path):
        """The file as it is tracked; what is there when it is first seen is durable."""
        if path not in self.files:
            there = Path(path)
            self.files[path] = _Kept(there.read_bytes() if there.exists() else b"")
        return self.files[path]

    def check(self, what):
        """Raise when this write, sync or removal is to fail."""
        if self.is_dead:
            raise apsw.IOError("the process is gone")
        if self.is_read_only:
            self.n_faults += 1
            raise apsw.ReadOnlyError("the disk has become read-only")
        if self.fail_in is None:
            return
        self.fail_in -= 1
        if self.fail_in > 0:
            return
        self.n_faults += 1
        self.n_bad -= 1
        self.fail_in = 1 if self.n_bad > 0 else None
        if self.how == "full":
            raise apsw.FullError(f"no space left to {what}")
        raise apsw.IOError(f"the disk cannot {what}")

    def check_read(self):
        """Raise when this read is to fail; so does every one after it."""
        if self.read_fails_in is not None:
            self.read_fails_in -= 1
            if self.read_fails_in <= 0:
                self.n_faults += 1
                raise apsw.IOError("the disk cannot read")

    def check_file(self):
        """The same for a file that is no database: the head beside the log."""
        if self.is_dead or self.is_read_only or self.fail_in is not None:
            raise OSError(errno.ENOSPC if self.how == "full" else errno.EIO, "the disk refuses")

    def heal(self):
        """Everything works from now on."""
        self.fail_in, self.n_bad, self.is_read_only = None, 0, False

    def restart(self, *, power_cut):
        """The files as the next process finds them; every connection must be closed."""
        for path, kept in self.files.items():
            image = kept.after_power_cut(self._rng) if power_cut else None
            if image is not None:
                Path(path).write_bytes(image)
            Path(f"{path}-shm").unlink(missing_ok=True)
        self.files.clear()
        self.is_dead = False


class _Vfs(apsw.VFS):
    def __init__(self, disk):
        self._disk = disk
        super().__init__(f"simulated-{next(NUMBERS)}", "unix", makedefault=True)

    def xOpen(self, name, flags):  # noqa: N802 - apsw's
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None or not self._disk.is_ours(path):
            return apsw.VFSFile("unix", name, flags)
        return _File(self._disk, path, name, flags)

    def xDelete(self, filename, syncdir):  # noqa: N802 - apsw's
        if self._disk.is_ours(filename):
            self._disk.check("remove")
            self._disk.files.pop(filename, None)
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, disk, path, name, flags):
        self._disk, self._path = disk, path
        disk.kept(path)
        super().__init__("unix", name, flags)

    def xLock(self, level):  # noqa: N802 - apsw's
        try:
            super().xLock(level)
        except apsw.IOError:
            # Who may only read asks in vain to fold the WAL back; SQLite passes over it.
            raise apsw.BusyError("it may only be read") from None

    def xRead(self, amount, offset):  # noqa: N802 - apsw's
        self._disk.check_read()
        return super().xRead(amount, offset)

    def xWrite(self, data, offset):  # noqa: N802 - apsw's
        self._disk.check("write")
        super().xWrite(data, offset)
        self._disk.kept(self._path).pending.append((offset, bytes(data)))

    def xTruncate(self, newsize):  # noqa: N802 - apsw's
        self._disk.check("cut")
        super().xTruncate(newsize)
        self._disk.kept(self._path).pending.append((newsize, None))

    def xSync(self, flags):  # noqa: N802 - apsw's
        self._disk.check("sync")
        super().xSync(flags)
        self._disk.kept(self._path).sync()
