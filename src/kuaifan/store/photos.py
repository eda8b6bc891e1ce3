"""Photos beside the log (照片库): they come in pieces, each sealed, never plain on disk.

`<id>.json` says what is to come, `<id>.part` grows by sealed pieces, each of them synced before it
is acknowledged, and is renamed `<id>.photo` once it is whole and has the digest that was promised.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

import msgspec

from kuaifan.kernel.message import Refused
from kuaifan.kernel.whole_file import replace_file, sync_folder
from kuaifan.store.byte_sealing import OVERHEAD_BYTES
from kuaifan.store.log_error import LogError
from kuaifan.store.picture_size import is_too_large
from kuaifan.vocabulary.photo import PhotoKind

LENGTH_BYTES: Final = 4
KEPT_S: Final = 7 * 86_400
"""What was begun and not gone on with for so long is thrown away."""
UNDER_WAY_S: Final = 3_600
"""What nobody went on with for so long takes no place of its order's any more."""
CLEAR_S: Final = 3_600
"""So often the folder is searched for what is to be thrown away."""
MAGIC: Final = {"image/jpeg": (b"\xff\xd8\xff",), "image/png": (b"\x89PNG\r\n\x1a\n",)}


class PhotoNote(msgspec.Struct, frozen=True, kw_only=True):
    """What a photo is to be (照片说明); owner: whose key seals it."""

    photo_id: str
    order_id: str
    owner: str
    sha256: str
    n_bytes: int
    kind: PhotoKind
    device_at_ms: int


class Sealing(Protocol):
    """Where keys come from: the log that is open."""

    def seal_bytes(self, owner: str, content: bytes, about: str) -> bytes | None:
        """Seal, None where the key was destroyed."""

    def open_bytes(self, piece: bytes, about: str) -> bytes | None:
        """Open, None where the key was destroyed."""

    def flush(self) -> None:
        """Wait until every key handed out is durable."""


class PhotoStore:
    """The folder of a log's photos (照片库); any thread may ask, one at a time is served."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._cleared_at_s = 0.0
        self._by_order: dict[str, set[str]] | None = None

    def begin(self, note: PhotoNote) -> int:
        """Expect a photo, or go on with it; returns how many bytes are here already.

        Refuses: photo_differs where the id is that of another photo, damaged.
        """
        with self._lock:
            known = self.find(note.photo_id)
            if known is None:
                self._throw_away_old()
                self._write(note)
                self._index().setdefault(note.order_id, set()).add(note.photo_id)
            elif known != note:
                raise Refused(
                    "photo_differs",
                    f"照片编号 {note.photo_id} 已用于另一张照片",
                    f"photo id {note.photo_id} is that of another photo",
                )
            return self._n_here(note)

    def find(self, photo_id: str) -> PhotoNote | None:
        """What a photo is, None for one nobody has begun; refuses: damaged."""
        try:
            return msgspec.json.decode(self._path(photo_id, "json").read_bytes(), type=PhotoNote)
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise _damaged() from None

    def n_here(self, note: PhotoNote) -> int:
        """How many bytes of a photo are here."""
        with self._lock:
            return self._n_here(note)

    def list_under_way(self, order_id: str) -> set[str]:
        """Ids of an order's photos that somebody began or went on with within the hour."""
        with self._lock:
            begun = self._index().get(order_id, set())
            since_s = time.time() - UNDER_WAY_S
            return {photo_id for photo_id in begun if self._touched_at_s(photo_id) > since_s}

    def append(self, note: PhotoNote, offset: int, content: bytes, sealing: Sealing) -> int:
        """Add what follows at an offset; returns how many bytes are here then.

        Refuses: wrong_offset where something else is here, too_large, erased.
        """
        about = f"{note.photo_id}:{offset}"
        with self._lock:
            here = self._n_here(note)
            if offset != here:
                raise Refused("wrong_offset", f"应从第 {here} 字节续传", f"go on from byte {here}")
            if here + len(content) > note.n_bytes:
                raise Refused(
                    "too_large",
                    f"照片超过所报的 {note.n_bytes} 字节",
                    f"the photo is longer than the {note.n_bytes} bytes it was said to have",
                )
            piece = sealing.seal_bytes(note.owner, content, about)
            if piece is None:
                raise _erased()
            if not here:
                # A key new to the log must outlive what is sealed under it.
                sealing.flush()
            _append(self._path(note.photo_id, "part"), piece)
            return here + len(content)

    def finish(self, note: PhotoNote, sealing: Sealing) -> None:
        """Take a photo as whole; once more is no harm.

        Refuses: not_whole; hash_mismatch, not_a_photo, too_many_pixels, damaged, erased, with
        which it is forgotten.
        """
        with self._lock:
            if self._path(note.photo_id, "photo").exists():
                return
            here = self._n_here(note)
            if here != note.n_bytes:
                raise Refused("not_whole", f"应从第 {here} 字节续传", f"go on from byte {here}")
            try:
                _check(note, self._read(note, "part", sealing))
            except Refused:
                self._forget(note.photo_id)
                raise
            self._path(note.photo_id, "part").rename(self._path(note.photo_id, "photo"))
            sync_folder(self._folder)

    def forget(self, note: PhotoNote) -> None:
        """Throw a photo away that no order takes."""
        with self._lock:
            self._forget(note.photo_id)

    def read(self, note: PhotoNote, sealing: Sealing) -> bytes:
        """The picture as it came; refuses: erased, damaged."""
        with self._lock:
            content = self._read(note, "photo", sealing)
        if hashlib.sha256(content).hexdigest() != note.sha256:
            raise _damaged()
        return content

    def _forget(self, photo_id: str) -> None:
        for suffix in ("part", "photo", "json"):
            self._path(photo_id, suffix).unlink(missing_ok=True)
        for photo_ids in self._index().values():
            photo_ids.discard(photo_id)

    def _read(self, note: PhotoNote, suffix: str, sealing: Sealing) -> bytes:
        content = bytearray()
        for piece in _pieces(self._path(note.photo_id, suffix)):
            try:
                opened = sealing.open_bytes(piece, f"{note.photo_id}:{len(content)}")
            except LogError:
                raise _damaged() from None
            if opened is None:
                raise _erased()
            content += opened
        return bytes(content)

    def _n_here(self, note: PhotoNote) -> int:
        if self._path(note.photo_id, "photo").exists():
            return note.n_bytes
        return sum(
            len(piece) - OVERHEAD_BYTES for piece in _pieces(self._path(note.photo_id, "part"))
        )

    def _write(self, note: PhotoNote) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self._path(note.photo_id, "json"), msgspec.json.encode(note))

    def _throw_away_old(self) -> None:
        """Whatever was begun, came no further and is old, with or without a byte of it."""
        now_s = time.time()
        if now_s - self._cleared_at_s < CLEAR_S:
            return
        self._cleared_at_s = now_s
        for path in list(self._folder.glob("*.json")):
            is_whole = path.with_suffix(".photo").exists()
            if not is_whole and self._touched_at_s(path.stem) < now_s - KEPT_S:
                self._forget(path.stem)

    def _touched_at_s(self, photo_id: str) -> float:
        """When something of a photo came last, 0 where there is nothing of it."""
        paths = (self._path(photo_id, suffix) for suffix in ("json", "part", "photo"))
        return max((path.stat().st_mtime for path in paths if path.exists()), default=0.0)

    def _index(self) -> dict[str, set[str]]:
        """Ids by order; the folder is read once, and not for each photo that is begun."""
        if self._by_order is None:
            self._by_order = {}
            for path in self._folder.glob("*.json"):
                # A note that is damaged belongs to no order; it is said where it is asked for.
                with contextlib.suppress(Refused):
                    if note := self.find(path.stem):
                        self._by_order.setdefault(note.order_id, set()).add(note.photo_id)
        return self._by_order

    def _path(self, photo_id: str, suffix: str) -> Path:
        return self._folder / f"{photo_id}.{suffix}"


def default_photo_folder(log_path: Path) -> Path:
    """Where the photos of a log lie."""
    return Path(f"{log_path}.photos")


def _append(path: Path, piece: bytes) -> None:
    """Add a piece; a stump that an earlier crash left behind is cut off first."""
    n_whole = sum(LENGTH_BYTES + len(each) for each in _pieces(path))
    with path.open("r+b" if path.exists() else "xb") as file:
        file.truncate(n_whole)
        file.seek(n_whole)
        file.write(len(piece).to_bytes(LENGTH_BYTES, "big") + piece)
        file.flush()
        os.fsync(file.fileno())


def _pieces(path: Path) -> Iterator[bytes]:
    """The whole pieces of a file, none where there is no file."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    at = 0
    while at + LENGTH_BYTES <= len(content):
        end = at + LENGTH_BYTES + int.from_bytes(content[at : at + LENGTH_BYTES], "big")
        if end > len(content):
            return
        yield content[at + LENGTH_BYTES : end]
        at = end


def _check(note: PhotoNote, content: bytes) -> None:
    if len(content) != note.n_bytes or hashlib.sha256(content).hexdigest() != note.sha256:
        raise Refused(
            "hash_mismatch",
            "照片内容与校验值不符，请重新上传",
            "the photo is not what its digest says; send it again from the start",
        )
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    known = MAGIC.get(note.kind)
    if not (content.startswith(known) if known else note.kind == "image/webp" and is_webp):
        raise Refused(
            "not_a_photo",
            "只收 JPEG、PNG 或 WebP 照片",
            f"the file is no {note.kind}; photos are JPEG, PNG or WebP",
        )
    if is_too_large(content):
        raise Refused(
            "too_many_pixels",
            "照片像素过大，请降低分辨率后重新拍摄",
            "the photo says it has more pixels than any screen; take it smaller",
        )


def _damaged() -> Refused:
    return Refused(
        "damaged",
        "照片文件已损坏，无法打开：请从备份恢复，或由处警端重新拍摄上传",
        "the photo's file is damaged; restore it from a backup, or take and send it again",
    )


def _erased() -> Refused:
    return Refused(
        "erased",
        "该警情的个人信息已销毁，照片不再可读",
        "the incident's personal data was erased; its photos cannot be read",
    )
