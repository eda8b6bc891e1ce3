"""Files that are served as they are (静态文件): the console, its assets, our docs, the map.

Everything comes from this origin, and the policy sent with each page forbids anything else.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from kuaifan.web.headers import POLICY
from kuaifan.web.problems import not_found

Endpoint = Callable[[Request], Awaitable[Response]]
HERE: Final = Path(__file__).parent
PAGES: Final = (
    *("/", "/admin", "/audit", "/dispatch", "/intake", "/login", "/paper", "/patrol"),
    *("/planner", "/records", "/review", "/seats", "/seats/{key}", "/security", "/start"),
)
TEXTS: Final = frozenset({".js", ".mjs", ".css", ".svg"})
"""Kinds of assets that gzip makes three times smaller."""
IMMUTABLE: Final = "public, max-age=31536000, immutable"
PAGE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": POLICY,
}
DOCS: Final = {"": "docs.html", "/page.css": "docs.css", "/page.js": "docs.js"}
NO_CONSOLE: Final = (
    "<!doctype html><meta charset=utf-8><title>Kuaifan 快反</title>"
    "<p>The console has not been built here (控制台未构建): run <code>make setup</code>. "
    'The API works: <a href="/docs">/docs</a>.'
)


class HashedFiles(StaticFiles):
    """Assets whose names change with their content: kept by the browser for good, sent small."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """As the base class, with headers; a text is compressed, once, for all who ask."""
        response = await super().get_response(path, scope)
        asked = Headers(scope=scope)
        if isinstance(response, FileResponse) and "range" not in asked:
            file, found = Path(response.path), response.stat_result
            is_text = file.suffix in TEXTS and response.status_code == HTTPStatus.OK
            if is_text and found is not None and "gzip" in asked.get("accept-encoding", ""):
                # The largest takes tenths of a second, in which no stream would be served.
                body = await asyncio.to_thread(_squeezed, file, found.st_mtime_ns)
                response = Response(body, media_type=response.media_type)
                response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = IMMUTABLE
        return response


@lru_cache(maxsize=256)
def _squeezed(path: Path, _changed_at_ns: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


def file_routes(static_dir: Path | None, basemap: Path | None) -> list[BaseRoute]:
    """Routes of all files; the basemap answers Range requests with 206."""
    routes: list[BaseRoute] = [Route(f"/docs{at}", _file(HERE / name)) for at, name in DOCS.items()]
    routes.append(Route("/map/basemap.pmtiles", _basemap(basemap)))
    index = static_dir / "index.html" if static_dir else None
    routes += [Route(page, _page(index)) for page in PAGES]
    if static_dir is not None:
        assets = static_dir / "assets"
        routes.append(Mount("/assets", HashedFiles(directory=assets, check_dir=False)))
        routes.append(Mount("/", StaticFiles(directory=static_dir, check_dir=False)))
    return routes


def _file(path: Path) -> Endpoint:
    async def get(_request: Request) -> Response:
        return FileResponse(path, headers=PAGE_HEADERS)

    return get


def _page(index: Path | None) -> Endpoint:
    async def get(_request: Request) -> Response:
        # Asked each time: a console built while the desk runs is there at once.
        if index is not None and await asyncio.to_thread(index.is_file):
            return FileResponse(index, headers=PAGE_HEADERS)
        return Response(NO_CONSOLE, headers=PAGE_HEADERS, media_type="text/html")

    return get


def _basemap(basemap: Path | None) -> Endpoint:
    async def get(_request: Request) -> Response:
        if basemap is None or not await asyncio.to_thread(basemap.is_file):
            raise not_found(
                "本城市没有底图，请运行 kuaifan city basemap",
                "this city has no basemap: make one with kuaifan city basemap",
            )
        headers = {"Cache-Control": "no-cache"}
        return FileResponse(basemap, media_type="application/octet-stream", headers=headers)

    return get
