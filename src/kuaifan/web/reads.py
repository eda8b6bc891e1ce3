"""What can be read (查询接口): the board, a thing of it, what lies near; all from durable rows."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.view_rows import VIEW_NAMES, IncidentRow, ViewName, ViewRow
from kuaifan.geo.points import distance_m
from kuaifan.web.case_reading import is_opened
from kuaifan.web.commands import decode, read_body
from kuaifan.web.desk import Parts
from kuaifan.web.masking import masked_row
from kuaifan.web.problems import answer, malformed, not_found
from kuaifan.web.rings import GEO_JSON, RingMaker
from kuaifan.web.stream import seen_positions
from kuaifan.web.view_store import Rows
from kuaifan.web.viewer import Viewer, viewer_of

NEARBY_M: Final = 500
NEARBY_MS: Final = 30 * 60_000
"""So near in place and time, two incidents may be one (domain §2)."""
MAX_QUERY_CHARS: Final = 400
MAX_PLACES: Final = 50
MAX_BODY_BYTES: Final = 4_096
NO_STORE: Final = {"Cache-Control": "no-store"}
NAMES_ZH: Final = {"calls": "来电", "incidents": "警情", "units": "警力"}
PLACE_NAMES: Final = {"q": "text", "lat": "lat", "lon": "lon", "limit": "limit"}


class PlaceQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What place is looked for (地点检索内容); lat, lon: places near there come first."""

    text: str = ""
    lat: float | None = None
    lon: float | None = None
    limit: int = 8


class Reads:
    """The read routes of one desk (查询)."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._desk = parts, parts.desk
        self._places = msgspec.json.Decoder(PlaceQuery)
        self._rings = RingMaker(parts.desk, parts.rings_min)

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/v1/board", self.board),
            Route("/v1/city", self.city),
            Route("/v1/incidents", self.incidents),
            Route("/v1/incidents/{key}", self.incident),
            Route("/v1/incidents/{key}/recommendation", self.recommendation),
            Route("/v1/incidents/{key}/nearby", self.nearby),
            Route("/v1/units", self.units),
            Route("/v1/units/{key}", self.unit),
            Route("/v1/calls/{key}", self.call),
            Route("/v1/circles/{key}/rings", self.rings),
            Route("/v1/places", self.places, methods=["POST"]),
            Route("/v1/places", self.places_by_name),
        ]

    async def board(self, request: Request) -> Response:
        """The snapshot that the stream goes on from."""
        viewer = viewer_of(request)
        store = self._desk.store
        cursor, rows = store.snapshot()
        body = {
            "seq": cursor.seq,
            "now_ms": self._desk.clock()[0],
            "views": seen_views(viewer, rows),
            "positions": seen_positions(viewer, store),
        }
        return answer(body, headers=NO_STORE)

    async def city(self, _request: Request) -> Response:
        """What does not change while the desk runs, and the clock."""
        now_ms, speed = self._desk.clock()
        basemap = self._parts.basemap
        has_basemap = basemap is not None and await asyncio.to_thread(basemap.is_file)
        moving: dict[str, object] = {"speed": speed, "now_ms": now_ms}
        moving["has_basemap"] = has_basemap
        moving["has_life"] = self._parts.life is not None
        moving["has_boards"] = self._parts.boards is not None
        moving["templates"] = self._desk.settings.templates_in_use
        card = self._parts.city_card
        if self._parts.settled_card is not None:
            card = {**card, **self._parts.settled_card(self._desk.reference)}
        return answer({**card, **moving}, headers=NO_STORE)

    async def incidents(self, request: Request) -> Response:
        """All open incidents."""
        return answer(self._seen(viewer_of(request), "incidents"), headers=NO_STORE)

    async def incident(self, request: Request) -> Response:
        """One open incident; with a purpose, unmasked and written down."""
        if viewer_of(request).visitor is not None and "purpose" in request.query_params:
            return answer(await self._opened(request), headers=NO_STORE)
        return answer(self._get(request, "incidents"), headers=NO_STORE)

    async def recommendation(self, request: Request) -> Response:
        """The stored ranking of an incident."""
        row = self._get_incident(request)
        if row.recommendation is None:
            raise not_found(
                f"警情 {row.incident_id} 尚无推荐",
                f"incident {row.incident_id} has no recommendation yet; "
                "place it, or submit RecommendUnits",
            )
        return answer(row.recommendation, headers=NO_STORE)

    async def nearby(self, request: Request) -> Response:
        """Open incidents that may be the same one."""
        row = self._get_incident(request)
        others = self._seen(viewer_of(request), "incidents").values()
        found = [other for other in others if isinstance(other, IncidentRow) and _near(row, other)]
        return answer(found, headers=NO_STORE)

    async def units(self, request: Request) -> Response:
        """All units on duty."""
        return answer(self._seen(viewer_of(request), "units"), headers=NO_STORE)

    async def unit(self, request: Request) -> Response:
        """One unit on duty."""
        return answer(self._get(request, "units"), headers=NO_STORE)

    async def call(self, request: Request) -> Response:
        """One call."""
        return answer(self._get(request, "calls"), headers=NO_STORE)

    async def rings(self, request: Request) -> Response:
        """The roads that a circle's post reaches in time, off the loop: it may take a while."""
        key, hull = request.path_params["key"], request.query_params.get("hull", "")
        if hull not in {"", "0", "1"}:
            raise malformed("hull 须为 0 或 1", f"hull is 0 or 1, not {hull[:40]!r}")
        by = request.query_params.get("by", "car")
        if not self._rings.knows(by):
            raise malformed(
                "by 须为 car、motorcycle 或 foot；旧地图只有 car，重新导入后可用其他",
                f"by is car, motorcycle or foot, not {by[:40]!r}; a map imported before those "
                "were told apart has only car: import it again",
            )
        viewer = viewer_of(request)
        if viewer.visitor is not None and not viewer.sees(self._desk.store.find("circles", key)):
            raise not_found(f"没有快反圈 {key}", f"there is no circle {key}")
        made = await asyncio.to_thread(self._rings.make, key, is_hull=hull == "1", by=by)
        if made is None:
            raise not_found(f"没有快反圈 {key}", f"there is no circle {key}")
        return Response(made, media_type=GEO_JSON, headers=NO_STORE)

    async def places(self, request: Request) -> Response:
        """Places by name, pinyin or coordinates; asked in a body, for it may be a home."""
        return await self._find(decode(self._places, await read_body(request, MAX_BODY_BYTES)))

    async def places_by_name(self, request: Request) -> Response:
        """As `places`, for integrators; what the console's people type goes in bodies."""
        said = request.query_params
        given = {PLACE_NAMES[name]: said[name] for name in PLACE_NAMES if name in said}
        try:
            asked = msgspec.convert(given, PlaceQuery, strict=False)
        except msgspec.ValidationError as error:
            raise malformed(
                f"lat、lon、limit 须为数字：{error}", f"lat, lon and limit are numbers: {error}"
            ) from None
        return await self._find(asked)

    async def _find(self, asked: PlaceQuery) -> Response:
        text = asked.text.strip()[:MAX_QUERY_CHARS]
        limit = min(MAX_PLACES, max(1, asked.limit))
        find_places = self._parts.find_places
        if not text or find_places is None:
            return answer([])
        found = await asyncio.to_thread(
            find_places, text, lat=asked.lat, lon=asked.lon, limit=limit
        )
        return answer(found)

    async def _opened(self, request: Request) -> ViewRow:
        key = request.path_params["key"]
        await is_opened(self._desk, request, key, "incident")
        shown = self._desk.store.find("incidents", key)
        if shown is None:
            raise not_found(f"当前没有警情 {key}", f"there is no open incident {key} to see")
        return shown.row

    def _seen(self, viewer: Viewer, view: ViewName) -> dict[str, ViewRow]:
        return _seen_rows(viewer, {view: self._desk.store.rows(view)}, view)

    def _get(self, request: Request, view: ViewName) -> ViewRow:
        key = request.path_params["key"]
        row = masked_row(viewer_of(request), self._desk.store.find(view, key))
        if row is None:
            raise not_found(
                f"当前没有{NAMES_ZH[view]} {key}", f"there is no open {view[:-1]} {key} to see"
            )
        return row

    def _get_incident(self, request: Request) -> IncidentRow:
        row = self._get(request, "incidents")
        assert isinstance(row, IncidentRow)  # noqa: S101 - the view says so
        return row


def seen_views(viewer: Viewer, rows: Rows) -> dict[str, dict[str, ViewRow]]:
    """All views as a viewer may see them."""
    return {view: _seen_rows(viewer, rows, view) for view in VIEW_NAMES}


def _seen_rows(viewer: Viewer, rows: Rows, view: ViewName) -> dict[str, ViewRow]:
    pairs = ((key, masked_row(viewer, shown)) for key, shown in rows[view].items())
    return {key: row for key, row in pairs if row is not None}


def _near(one: IncidentRow, other: IncidentRow) -> bool:
    is_other = one.incident_id != other.incident_id and one.is_placed and other.is_placed
    if not is_other or abs(one.opened_at_ms - other.opened_at_ms) > NEARBY_MS:
        return False
    metres = distance_m(one.lat, one.lon, to_lat=other.lat, to_lon=other.lon)
    return metres <= NEARBY_M
