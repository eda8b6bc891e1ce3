"""Which right each route asks for (接口权限): a route that is not here does not start.

Commands are looked up by what they are, not by their address; see vocabulary/command_rights.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kuaifan.vocabulary.rights import Right

# A seat is read by the roles that it names itself: see web/seats.py.
READS: Final[Mapping[str, Right]] = {
    "/v1/board": "see_board",
    "/v1/events": "see_board",
    "/v1/city": "own_account",
    "/v1/incidents": "see_cases",
    "/v1/incidents/{key}": "see_cases",
    "/v1/incidents/{key}/recommendation": "see_cases",
    "/v1/incidents/{key}/nearby": "see_cases",
    "/v1/incidents/{key}/timeline": "see_cases",
    "/v1/units": "see_forces",
    "/v1/units/{key}": "see_forces",
    "/v1/calls/{key}": "see_cases",
    "/v1/circles/{key}/rings": "see_forces",
    "/v1/places": "find_places",
    "/v1/questions": "aid_intake",
    "/v1/life": "switch_life",
    "/v1/continuity/latest": "keep_boards",
    "/v1/settings": "read_settings",
    "/v1/photos/{key}": "read_photos",
    "/track/{token}": "public",
    "/track/page.css": "public",
    "/v1/metrics/phone": "read_figures",
    "/v1/plans": "plan",
    "/v1/plans/ledger": "plan",
    "/v1/ahead": "plan",
    "/v1/what-if": "plan",
    "/v1/policies": "plan",
    "/v1/policies/{key}": "plan",
    "/v1/scenarios/{key}": "plan",
    "/v1/scenarios/{key}/comparison": "plan",
    "/v1/scenarios/{key}/proposal": "plan",
    "/metrics": "read_figures",
    "/v1/session": "public",
    "/v1/session/oidc": "public",
    "/v1/session/oidc/back": "public",
    "/v1/people": "manage_accounts",
    "/v1/people/{key}/sessions": "manage_accounts",
    "/v1/keys": "manage_accounts",
    "/v1/glass": "review_glass",
    "/v1/audit": "read_audit",
    "/v1/keeping": "keep_records",
    "/v1/seats": "own_account",
    "/v1/seats/{key}": "own_account",
    "/v1/seats/{key}/archive": "own_account",
    "/v1/open311/services.json": "signed",
    "/v1/open311/services/{code}.json": "signed",
    "/v1/open311/requests.json": "signed",
    "/v1/open311/requests/{key}.json": "signed",
    "/healthz": "public",
    "/readyz": "public",
    "/openapi.json": "public",
    "/docs": "public",
    "/docs/page.css": "public",
    "/docs/page.js": "public",
    "/map/basemap.pmtiles": "find_places",
    "/assets": "public",
    "": "public",
}
PAGES: Final[Mapping[str, Right]] = dict.fromkeys(
    (
        *("/", "/admin", "/audit", "/dispatch", "/intake", "/login", "/paper", "/patrol"),
        *("/planner", "/records", "/review", "/seats", "/seats/{key}", "/security", "/start"),
    ),
    "public",
)
"""A page is code and holds nobody's data; what it shows it has to ask for."""
WRITES: Final[Mapping[str, Right]] = {
    "/v1/suggest": "aid_intake",
    "/v1/places": "find_places",
    "/v1/ahead": "plan",
    "/v1/ahead/stop": "plan",
    "/v1/what-if": "plan",
    "/v1/what-if/stop": "plan",
    "/v1/plans/rings": "plan",
    "/v1/policies": "plan",
    "/v1/policies/{key}/stop": "plan",
    "/v1/scenarios": "plan",
    "/v1/scenarios/{key}/{act}": "plan",
    "/v1/history": "read_history",
    "/v1/search": "search",
    "/v1/seats/{key}/archive/search": "own_account",
    "/v1/person-export": "export_person",
    "/v1/photos": "send_photos",
    "/v1/life": "switch_life",
    "/v1/positions": "report_positions",
    "/v1/phone/events": "signed",
    "/v1/open311/requests.json": "signed",
    "/v1/commands/{name:path}": "public",
    "/v1/preview/{name:path}": "public",
    "/v1/session": "public",
    "/v1/session/end": "own_account",
    "/v1/session/touch": "own_account",
    "/v1/session/password": "own_account",
    "/v1/session/second-factor": "own_account",
    "/v1/session/second-factor/confirm": "own_account",
    "/v1/session/unit": "own_account",
    "/v1/session/glass": "break_glass",
    "/v1/link": "public",
    "/track/{token}": "public",
    "/v1/people": "manage_accounts",
    "/v1/people/{key}/release": "release_lockouts",
    "/v1/people/{key}/{act}": "manage_accounts",
    "/v1/keys": "manage_accounts",
    "/v1/keys/{key}/revoke": "manage_accounts",
    "/v1/glass/{key}/review": "review_glass",
}
"""The two that answer for names which no command has say so to anybody."""
PATCHES: Final[Mapping[str, Right]] = {"/v1/photos/{key}": "send_photos"}
SAFE: Final = frozenset({"GET", "HEAD"})


def find_route_right(method: str, path: str) -> Right | None:
    """The right that a route asks for, None where none is declared."""
    if method in SAFE:
        return PAGES.get(path) or READS.get(path)
    return PATCHES.get(path) if method == "PATCH" else WRITES.get(path)
