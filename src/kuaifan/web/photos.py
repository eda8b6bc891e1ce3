"""Photos over HTTP (照片接口): begun, sent in pieces, resumed after a cut, read with a purpose.

POST  /v1/photos            what is to come; answers how many bytes are here already
HEAD  /v1/photos/{id}       Upload-Offset
PATCH /v1/photos/{id}       the bytes from Upload-Offset on; the last ones attach it
GET   /v1/photos/{id}       the picture; X-Kuaifan-Purpose, percent-encoded, is logged before that;
                            of a case that is over or of others, ?purpose= opens the record first
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final, cast
from urllib.parse import unquote

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.view_rows import IncidentRow, OrderRow
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.message import Command, Refused
from kuaifan.vocabulary.photo import MAX_PHOTOS, AttachPhoto, ReadPhoto
from kuaifan.web.case_reading import is_opened, purpose_needed
from kuaifan.web.commands import decode, read_body, submit
from kuaifan.web.desk import Desk
from kuaifan.web.operation import Operation
from kuaifan.web.photo_desk import NewPhoto, Photos
from kuaifan.web.problems import Problem, answer, malformed, not_found, unknown_outcome
from kuaifan.web.viewer import Viewer, actor_of, viewer_of

PATH: Final = "/v1/photos"
ONE_PATH: Final = "/v1/photos/{key}"
PIECE_BYTES: Final = 256 * 1024
OFFSET: Final = "Upload-Offset"
PURPOSE: Final = "X-Kuaifan-Purpose"
PHOTO_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
HIDDEN: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class PhotoState(msgspec.Struct, frozen=True, kw_only=True):
    """How far a photo has come (照片进度)."""

    photo_id: str
    n_here: int
    n_bytes: int


NOES: Final = ("404", "409", "422", "503")
OPERATIONS: Final = (
    Operation(
        path=PATH,
        method="post",
        name="begin_photo",
        tag="photos",
        summary="A photo is to come; answers how many bytes are here already (照片开始)",
        takes=NewPhoto,
        gives=PhotoState,
        problems=("404", "409", "413", "422", "503"),
    ),
    Operation(
        path=ONE_PATH,
        method="head",
        name="measure_photo",
        tag="photos",
        summary="How many bytes are here, in Upload-Offset (照片进度)",
        problems=("404",),
    ),
    Operation(
        path=ONE_PATH,
        method="patch",
        name="send_photo",
        tag="photos",
        summary="Bytes from Upload-Offset on; the last ones attach it to its order (照片续传)",
        headers=(OFFSET,),
        takes="application/offset+octet-stream",
        gives=PhotoState,
        problems=NOES,
    ),
    Operation(
        path=ONE_PATH,
        method="get",
        name="read_photo",
        tag="photos",
        summary="The picture; what for, percent-encoded, is logged before it is shown (调阅照片)",
        headers=(PURPOSE,),
        gives="image/*",
        problems=("403", *NOES),
    ),
)


class PhotoRoutes:
    """The photo routes of one desk (照片接口)."""

    def __init__(self, desk: Desk, photos: Photos) -> None:
        self._desk, self._photos = desk, photos
        self._decoder = msgspec.json.Decoder(NewPhoto)

    def routes(self) -> list[Route]:
        """Both of them."""
        return [
            Route(PATH, self.begin, methods=["POST"]),
            Route(ONE_PATH, self.photo, methods=["GET", "PATCH"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Expect a photo, or say how much of it is here."""
        viewer = viewer_of(request)
        photo: NewPhoto = decode(self._decoder, await read_body(request))
        order = self._get_order(viewer, photo.order_id)
        taken = {each.photo_id for each in order.photos}
        taken |= await _kept(self._photos.list_under_way, photo.order_id)
        if len(taken - {photo.photo_id}) >= MAX_PHOTOS:
            raise _problem(
                Refused(
                    "too_many_photos",
                    f"派警单 {photo.order_id} 已有 {MAX_PHOTOS} 张照片",
                    f"order {photo.order_id} has {MAX_PHOTOS} photos; no more are taken",
                )
            )
        incident_id = photo.order_id.rpartition("-")[0]
        n_here = await _kept(self._photos.begin, photo, incident_id)
        return await self._answer(request, photo, n_here)

    async def photo(self, request: Request) -> Response:
        """One photo: its progress, its bytes, or the picture."""
        photo = await self._find(request)
        if request.method == "GET":
            return await self._show(request, photo)
        self._get_order(viewer_of(request), photo.order_id)
        if request.method == "HEAD":
            n_here = await asyncio.to_thread(self._photos.n_here, photo.photo_id)
            return Response(headers={**HIDDEN, OFFSET: str(n_here)})
        return await self._answer(request, photo, await self._take(request, photo))

    async def _take(self, request: Request, photo: NewPhoto) -> int:
        """Keep what comes, piece by piece: a cut loses no more than the piece under way.

        Nothing sent says nothing of how much is here, whatever offset it names.
        """
        at, piece = _offset(request), bytearray()
        here = await _kept(self._photos.n_here, photo.photo_id)
        if at != here:
            reason_zh, reason_en = f"应从第 {here} 字节续传", f"go on from byte {here}"
            raise _problem(Refused("wrong_offset", reason_zh, reason_en))
        try:
            async for chunk in request.stream():
                piece += chunk
                if len(piece) >= PIECE_BYTES:
                    at = await _kept(self._photos.append, photo.photo_id, at, bytes(piece))
                    piece.clear()
        except ClientDisconnect:
            pass
        if piece:
            at = await _kept(self._photos.append, photo.photo_id, at, bytes(piece))
        return at

    async def _answer(self, request: Request, photo: NewPhoto, n_here: int) -> Response:
        """The progress; a photo that is whole belongs to its order before this is answered."""
        if n_here == photo.n_bytes:
            await _kept(self._photos.finish, photo.photo_id)
            await self._attach(request, photo)
        state = PhotoState(photo_id=photo.photo_id, n_here=n_here, n_bytes=photo.n_bytes)
        return answer(state, headers={OFFSET: str(n_here)})

    async def _show(self, request: Request, photo: NewPhoto) -> Response:
        if not viewer_of(request).may("read_photos"):
            raise Problem(
                403,
                "refused",
                "not_yours",
                "本席无权调阅照片",
                "this role may not look at photos",
                tried="read_photos",
            )
        # No word of it in the address: addresses end up in the logs of every proxy.
        purpose = unquote(request.headers.get(PURPOSE, "")).strip()[:200]
        if not purpose:
            raise malformed("调阅照片须填写事由", f"say what for, in {PURPOSE}", code="no_purpose")
        await self._need_opened(request, photo.order_id)
        read = ReadPhoto(photo_id=photo.photo_id, order_id=photo.order_id, purpose=purpose)
        await self._submit(request, read, key=None)
        picture = await _kept(self._photos.read, photo.photo_id)
        return Response(picture, media_type=photo.kind, headers=HIDDEN)

    async def _need_opened(self, request: Request, order_id: str) -> None:
        """A photo of a case in hand is looked at as it stands; of any other by opening the case.

        A crew has its own orders, while they are in hand. Raises Problem 403 and 404.
        """
        viewer = viewer_of(request)
        if viewer.role == "crew" or self._find_order(viewer, order_id) is not None:
            self._get_order(viewer, order_id)
        elif not await is_opened(self._desk, request, order_id.rpartition("-")[0], "photo"):
            raise purpose_needed()

    async def _attach(self, request: Request, photo: NewPhoto) -> None:
        """What the order does not take is kept no longer."""
        try:
            await self._submit(request, attach_of(photo), key=f"photo:{photo.photo_id}")
        except Problem as problem:
            is_refused = problem.body["error"] == "refused"
            if is_refused and problem.body["code"] != "already_attached":
                await _kept(self._photos.forget, photo.photo_id)
            raise

    async def _submit(self, request: Request, command: Command, *, key: str | None) -> None:
        record = await submit(self._desk, command, actor=actor_of(request), key=key)
        if record.refusal is not None:
            refusal = record.refusal
            raise _problem(Refused(refusal.code, refusal.reason_zh, refusal.reason_en))

    async def _find(self, request: Request) -> NewPhoto:
        photo_id = request.path_params["key"]
        is_id = PHOTO_ID.fullmatch(photo_id)
        photo = await _kept(self._photos.find, photo_id) if is_id else None
        if photo is None:
            raise not_found("没有这张照片", "there is no such photo")
        return cast("NewPhoto", photo)

    def _get_order(self, viewer: Viewer, order_id: str) -> OrderRow:
        order = self._find_order(viewer, order_id)
        if order is None:
            raise not_found(
                f"没有在办的派警单 {order_id}", f"there is no open order {order_id} to see"
            )
        return order

    def _find_order(self, viewer: Viewer, order_id: str) -> OrderRow | None:
        """A crew has to do with the photos of its own orders; the desk with all that it sees."""
        incident_id = order_id.rpartition("-")[0]
        shown = self._desk.store.find("incidents", incident_id)
        row = shown.row if shown is not None else None
        orders = row.orders if isinstance(row, IncidentRow) else ()
        order = next((each for each in orders if each.order_id == order_id), None)
        is_own = order is not None and viewer.role == "crew" and order.unit_id == viewer.unit_id
        is_desk = order is not None and viewer.role != "crew" and viewer.sees(shown)
        is_desk = is_desk and shown is not None and viewer.sees_personal_of(shown)
        return order if is_own or is_desk else None


def attach_of(photo: NewPhoto) -> AttachPhoto:
    """The command that makes a photo belong to its order."""
    return AttachPhoto(
        photo_id=photo.photo_id,
        order_id=photo.order_id,
        sha256=photo.sha256,
        n_bytes=photo.n_bytes,
        kind=photo.kind,
        device_at_ms=photo.device_at_ms,
    )


async def _kept(do: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - any method of Photos
    try:
        return await asyncio.to_thread(do, *arguments)
    except Refused as refused:
        raise _problem(refused) from refused
    except (StorageError, OSError) as error:
        raise unknown_outcome("storage", str(error)) from error


def _problem(refused: Refused) -> Problem:
    return Problem(409, "refused", refused.code, refused.reason_zh, refused.reason_en)


def _offset(request: Request) -> int:
    text = request.headers.get(OFFSET.lower(), "")
    if not text.isdecimal() or len(text) > 12:  # noqa: PLR2004 - digits of any size we take
        raise malformed(
            "须有 Upload-Offset", "Upload-Offset says where these bytes begin, a whole number"
        )
    return int(text)
