"""The photos of a running desk (实时照片库): the folder beside its log, its keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kuaifan.kernel.message import Refused
from kuaifan.store.photos import PhotoNote, PhotoStore, Sealing
from kuaifan.web.photo_desk import NewPhoto


class LivePhotos:
    """See web.photo_desk.Photos; sealing: the log of now, another one after a bad disk."""

    def __init__(self, folder: Path, sealing: Callable[[], Sealing]) -> None:
        self._store, self._sealing = PhotoStore(folder), sealing

    def begin(self, photo: NewPhoto, incident_id: str) -> int:
        """Expect one; returns how many bytes are here."""
        note = PhotoNote(
            photo_id=photo.photo_id,
            order_id=photo.order_id,
            owner=f"incident:{incident_id}",
            sha256=photo.sha256,
            n_bytes=photo.n_bytes,
            kind=photo.kind,
            device_at_ms=photo.device_at_ms,
        )
        return self._store.begin(note)

    def find(self, photo_id: str) -> NewPhoto | None:
        """What was begun."""
        note = self._store.find(photo_id)
        if note is None:
            return None
        return NewPhoto(
            photo_id=note.photo_id,
            order_id=note.order_id,
            sha256=note.sha256,
            n_bytes=note.n_bytes,
            kind=note.kind,
            device_at_ms=note.device_at_ms,
        )

    def n_here(self, photo_id: str) -> int:
        """How many bytes are here."""
        return self._store.n_here(self._note(photo_id))

    def list_under_way(self, order_id: str) -> set[str]:
        """Ids of those that somebody sends for an order just now."""
        return self._store.list_under_way(order_id)

    def append(self, photo_id: str, offset: int, content: bytes) -> int:
        """Add bytes; returns how many are here then."""
        return self._store.append(self._note(photo_id), offset, content, self._sealing())

    def finish(self, photo_id: str) -> None:
        """Take it as whole."""
        self._store.finish(self._note(photo_id), self._sealing())

    def forget(self, photo_id: str) -> None:
        """Throw away what no order takes."""
        self._store.forget(self._note(photo_id))

    def read(self, photo_id: str) -> bytes:
        """The picture."""
        return self._store.read(self._note(photo_id), self._sealing())

    def _note(self, photo_id: str) -> PhotoNote:
        note = self._store.find(photo_id)
        if note is None:
            raise Refused("unknown_photo", "没有这张照片", "there is no such photo")
        return note
