"""What the web is given to keep photos with (照片库接口)."""

from __future__ import annotations

from typing import Annotated, Protocol

import msgspec

from kuaifan.vocabulary.call import Id
from kuaifan.vocabulary.order import Instant
from kuaifan.vocabulary.photo import PhotoKind, PhotoSize


class NewPhoto(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is to come (待传照片); photo_id: made by the sender, the same at every try."""

    photo_id: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9-]{8,64}$")]
    order_id: Id
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    n_bytes: PhotoSize
    kind: PhotoKind
    device_at_ms: Instant = 0


class Photos(Protocol):
    """Where photos are kept (照片库); everything blocks on the disk and may raise Refused."""

    def begin(self, photo: NewPhoto, incident_id: str) -> int:
        """Expect one; returns how many bytes are here."""

    def find(self, photo_id: str) -> NewPhoto | None:
        """What was begun."""

    def n_here(self, photo_id: str) -> int:
        """How many bytes are here."""

    def list_under_way(self, order_id: str) -> set[str]:
        """Ids of those that somebody sends for an order just now."""

    def append(self, photo_id: str, offset: int, content: bytes) -> int:
        """Add bytes; returns how many are here then."""

    def finish(self, photo_id: str) -> None:
        """Take it as whole."""

    def forget(self, photo_id: str) -> None:
        """Throw away what no order takes."""

    def read(self, photo_id: str) -> bytes:
        """The picture."""
