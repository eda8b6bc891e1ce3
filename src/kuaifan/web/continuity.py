"""The sealed board over HTTP (应急看板接口): the latest one, for the seats of the desk."""

from __future__ import annotations

from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.sealed_board import BOARD_PATH, TAKEN_AT, SealedBoard
from kuaifan.web.problems import Problem, not_found
from kuaifan.web.viewer import viewer_of

HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    # Were it ever shown from here and not saved, it would have no rights of this origin.
    "Content-Security-Policy": "sandbox",
}


class Boards(Protocol):
    """Where the sealed boards are kept (应急看板)."""

    def find_latest(self, desk_id: str) -> SealedBoard | None:
        """The last one of a desk, None where there is no such desk or none was made yet."""


def continuity_routes(boards: Boards | None) -> list[Route]:
    """GET /v1/continuity/latest?desk=: the file, to be kept by the seat's own machine."""

    async def latest(request: Request) -> Response:
        if not viewer_of(request).may("keep_boards"):
            raise Problem(
                403,
                "refused",
                "not_yours",
                "本席无权保存应急看板",
                "this role keeps no boards",
                tried="keep_boards",
            )
        desk_id = request.query_params.get("desk", viewer_of(request).desk_id)
        if not viewer_of(request).sees_all_desks and desk_id != viewer_of(request).desk_id:
            raise not_found(f"没有指挥席 {desk_id[:40]}", f"there is no desk {desk_id[:40]!r} here")
        if boards is None:
            raise not_found(
                "未启用应急看板：启动服务时须给出 --continuity-passphrase-file",
                "no boards are kept: serve with --continuity-passphrase-file",
            )
        board = boards.find_latest(desk_id)
        if board is None:
            raise not_found(
                f"指挥席 {desk_id[:40]} 尚无应急看板",
                f"there is no board of desk {desk_id[:40]!r} yet",
            )
        named = {
            "Content-Disposition": f'attachment; filename="{board.name}"',
            TAKEN_AT: str(board.taken_at_ms),
        }
        return Response(board.content, media_type="text/html", headers={**HEADERS, **named})

    return [Route(BOARD_PATH, latest)]
