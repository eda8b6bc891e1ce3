"""Who is looking (查看者): role, unit and seat of a request.

There is no login yet: the request says who it is. Everything else asks this module, so that the
place where a name becomes a right is one file.
"""

from __future__ import annotations

import re
from typing import Final, Literal, get_args
from urllib.parse import unquote

import msgspec
from starlette.requests import HTTPConnection

from kuaifan.board.views import Shown
from kuaifan.web.problems import Problem, malformed

Role = Literal["call_taker", "dispatcher", "commander", "crew", "wall", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
DEFAULT_ROLE: Final[Role] = "dispatcher"
FULL_ROLES: Final = frozenset({"call_taker", "dispatcher"})
"""Roles that see personal data everywhere; a crew sees it where it is sent."""

SETTING_READERS: Final = frozenset({"admin", "commander"})
"""Roles that may read the settings; only an administrator changes them."""

NAME: Final = re.compile(r"[\w.@:-]{1,64}")


class Viewer(msgspec.Struct, frozen=True):
    """A role, with its unit where it is a crew (查看者)."""

    role: Role
    unit_id: str = ""

    @property
    def audience(self) -> str:
        """Viewers of one audience are shown the very same bytes."""
        if self.role == "crew":
            return f"crew:{self.unit_id}"
        return "full" if self.role in FULL_ROLES else "masked"

    @property
    def sees_personal(self) -> bool:
        """Whether what this viewer sees at all is shown with its personal data."""
        return self.role in FULL_ROLES or self.role == "crew"

    def sees(self, shown: Shown | None) -> bool:
        """Whether a row is in this viewer's scope."""
        if shown is None:
            return False
        return self.role != "crew" or shown.for_all or self.unit_id in shown.unit_ids

    def sees_unit(self, unit_id: str) -> bool:
        """Whether a unit's marker is in this viewer's scope."""
        return self.role != "crew" or self.unit_id == unit_id


def viewer_of(request: HTTPConnection) -> Viewer:
    """The viewer that a request names; a role nobody has is malformed."""
    role = _named(request, "role") or DEFAULT_ROLE
    for known in ROLES:
        if role == known:
            return Viewer(known, _name(request, "unit") if known == "crew" else "")
    raise malformed(
        f"没有角色 {role}", f"role {role!r} is unknown; it is one of {', '.join(ROLES)}"
    )


def need_admin(viewer: Viewer) -> None:
    """Raise Problem 403 for who may not change settings."""
    if viewer.role != "admin":
        raise Problem(
            403,
            "forbidden",
            "admin_needed",
            "只有管理员可以更改设置；请联系管理员",
            "only an administrator changes settings; ask one",
        )


def may_read_settings(viewer: Viewer) -> None:
    """Raise Problem 403 for who may not even read them."""
    if viewer.role not in SETTING_READERS:
        raise Problem(
            403,
            "forbidden",
            "admin_needed",
            "设置仅管理员和指挥长可以查看",
            "settings are for administrators and commanders to read",
        )


def actor_of(request: HTTPConnection) -> str:
    """Who acts, as it is written into the log."""
    return f"seat:{_name(request, 'seat') or viewer_of(request).role}"


def _name(request: HTTPConnection, what: str) -> str:
    name = unquote(_named(request, what))
    if name and not NAME.fullmatch(name):
        raise _bad_name(what)
    return name


def _named(request: HTTPConnection, what: str) -> str:
    return request.headers.get(f"x-kuaifan-{what}") or request.query_params.get(what, "")


def _bad_name(what: str) -> Problem:
    return malformed(
        f"{what} 只能含字母、数字、汉字和 . @ : - _，最长 64 字",
        f"{what} may have letters, digits and . @ : - _, at most 64 of them",
    )
