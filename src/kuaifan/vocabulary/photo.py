"""Photos from a scene (现场照片): attached once they are whole, and never read without a purpose.

The picture itself lies beside the log, sealed under its incident's key; here is only what it is.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.order import Instant

PhotoKind = Literal["image/jpeg", "image/png", "image/webp"]
MAX_PHOTO_BYTES: Final = 10 * 1024 * 1024
MAX_PHOTOS: Final = 20
"""Of one order; more belong into the case file."""
PhotoSize = Annotated[int, msgspec.Meta(ge=1, le=MAX_PHOTO_BYTES)]


class AttachPhoto(Command, frozen=True):
    """A photo has come in whole (附照片); submitted by the desk itself after its checks."""

    photo_id: Id
    order_id: Id
    sha256: ShortText
    n_bytes: PhotoSize
    kind: PhotoKind
    device_at_ms: Instant = 0


class ReadPhoto(Command, frozen=True):
    """Somebody looks at a photo (调阅照片); submitted by the desk before it shows it."""

    photo_id: Id
    order_id: Id
    purpose: ShortText


class PhotoAttached(Event, frozen=True):
    """A photo belongs to an order (照片已附).

    stamp_at_ms: when it was taken by the phone, 0 where that is not to be believed.
    """

    photo_id: str
    order_id: str
    incident_id: str
    sha256: str
    n_bytes: int
    kind: PhotoKind
    device_at_ms: int
    stamp_at_ms: int
    clock_off: bool


class PhotoRead(Event, frozen=True):
    """A photo was looked at (照片已调阅): who, stands in the record; why, here."""

    photo_id: str
    order_id: str
    incident_id: str
    purpose: str


COMMANDS = (AttachPhoto, ReadPhoto)
EVENTS = (PhotoAttached, PhotoRead)
