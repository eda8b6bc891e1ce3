"""Who is looking (查看者): role, desk, unit and seat of a request, and what of a row it sees.

Behind a log-on the gate has said who came; an open door, which only a demo and a bench have, takes
the request's word. Everything else asks this module, so that a name becomes a right in one file.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

import msgspec
from starlette.requests import HTTPConnection

from kuaifan.board.reference import CITY_DESK
from kuaifan.board.view_scope import CASE_ROWS, NOTICE_ROWS
from kuaifan.board.views import Shown
from kuaifan.vocabulary.rights import ROLE_NAMES, ROLES, Right, Role, may
from kuaifan.web.people import Visitor
from kuaifan.web.problems import Problem, malformed

DEFAULT_ROLE: Final[Role] = "dispatcher"
NAME: Final = re.compile(r"[\w.@:-]{1,64}")
VIEWER: Final = "kuaifan.viewer"
"""Where the gate leaves a viewer in a request's scope."""
GLASS: Final = "break_glass"


class Viewer(msgspec.Struct, frozen=True):
    """A role at a desk, with its unit where it is a crew (查看者).

    visitor: who it is behind a log-on; None through an open door, where nobody is asked.
    """

    role: Role
    unit_id: str = ""
    desk_id: str = CITY_DESK
    visitor: Visitor | None = None

    @property
    def audience(self) -> str:
        """Viewers of one audience are shown the very same bytes."""
        if self.role == "crew":
            return f"crew:{self.unit_id}"
        if self.visitor is None:
            return "full" if self.sees_personal else "masked"
        return f"{self.role}:{self.desk_id}:{self._purpose}"

    @property
    def has_glass(self) -> bool:
        """Whether break-glass holds."""
        return self.visitor is not None and self.visitor.has_glass

    @property
    def is_system(self) -> bool:
        """Whether another system came with a key."""
        return self.visitor is not None and self.visitor.is_system

    @property
    def sees_personal(self) -> bool:
        """Whether ordinary cases of its desk are shown with their personal data."""
        return may(self.role, "see_personal")

    @property
    def sees_all_desks(self) -> bool:
        """The city's desk sees every desk; so does whoever has broken the glass."""
        return self.visitor is None or self.desk_id == CITY_DESK or self.has_glass

    @property
    def _purpose(self) -> str:
        return GLASS if self.has_glass else "duty"

    def may(self, right: Right) -> bool:
        """Whether it has a right at its own desk."""
        if self.visitor is not None and self.visitor.key_rights:
            # A board is open to a key for what it shows of the forces.
            needed = "see_forces" if right == "see_board" else right
            return needed in self.visitor.key_rights and may(self.role, right)
        return may(self.role, right)

    def sees(self, shown: Shown | None) -> bool:
        """Whether a row is in this viewer's scope."""
        if shown is None or (shown.readers and self.role not in shown.readers):
            return False
        if self.role == "crew":
            return shown.for_all or self.unit_id in shown.unit_ids
        if self.visitor is None:
            return True
        if not self.may(_right_for(type(shown.row))):
            return False
        return shown.for_all or self.sees_all_desks or self.desk_id in shown.desk_ids

    def sees_personal_of(self, shown: Shown) -> bool:
        """Whether a row that it sees is shown with its personal data."""
        if self.visitor is None or self.role == "crew":
            return self.sees_personal
        return self.reads(shown.desk_ids, shown.record_class)

    def reads(self, desk_ids: tuple[str, ...], record_class: str) -> bool:
        """Whether personal data of some desk's case of a class are shown without being asked for.

        The city's desk reads ordinary cases of all; a restricted one is read where it is handled.
        """
        is_own = self.desk_id in (desk_ids or (CITY_DESK,))
        is_own = is_own or (record_class == "ordinary" and self.desk_id == CITY_DESK)
        return may(self.role, "see_personal", is_own, record_class, self._purpose)

    def sees_unit(self, unit_id: str) -> bool:
        """Whether a unit may be spoken for by this viewer."""
        return self.role != "crew" or self.unit_id == unit_id


def _right_for(kind: type) -> Right:
    """The right that a kind of row is shown by."""
    if kind in NOTICE_ROWS:
        return "watch_glass"
    return "see_cases" if kind in CASE_ROWS else "see_forces"


def viewer_of(request: HTTPConnection) -> Viewer:
    """The viewer of a request; a role nobody has is malformed."""
    known: Viewer | None = request.scope.get(VIEWER)
    return _said(request) if known is None else known


def viewer_behind(visitor: Visitor, request: HTTPConnection) -> Viewer:
    """The viewer that a visitor is; raises Problem 403 where the request says it is another.

    A person with several roles says by X-Kuaifan-Role in which it works now.
    """
    said = _named(request, "role")
    role = next((each for each in ROLES if each == (said or next(iter(visitor.roles), ""))), None)
    if role is None or role not in visitor.roles:
        raise Problem(
            403,
            "forbidden",
            "not_your_role",
            f"本账号没有角色 {said[:40]}",
            f"this account does not have the role {said[:40]!r}",
        )
    unit_id = _name(request, "unit")
    if role == "crew" and unit_id and unit_id != visitor.unit_id:
        raise Problem(
            403,
            "forbidden",
            "other_unit",
            f"本次登录属警力 {visitor.unit_id or '—'}，不是 {unit_id}",
            f"this log-on is of unit {visitor.unit_id or 'none'}, not of {unit_id}",
        )
    own_unit = visitor.unit_id if role == "crew" else ""
    return Viewer(role, own_unit, visitor.desk_id, visitor)


def need(viewer: Viewer, right: Right, *, own_words: tuple[str, str] | None = None) -> None:
    """Raise Problem 403 for who does not have a right."""
    if not viewer.may(right):
        raise no_right(viewer, right, own_words)


def no_right(viewer: Viewer, right: Right, own_words: tuple[str, str] | None = None) -> Problem:
    """That a role does not have a right (403)."""
    said = own_words or (
        f"{ROLE_NAMES[viewer.role][0]}无此权限（{right}）",
        f"the role {viewer.role} does not have the right {right}",
    )
    return Problem(403, "forbidden", "no_right", *said, tried=right)


def need_admin(viewer: Viewer) -> None:
    """Raise Problem 403 for who may not change settings."""
    if not viewer.may("change_settings"):
        raise Problem(
            403,
            "forbidden",
            "admin_needed",
            "只有管理员可以更改设置；请联系管理员",
            "only an administrator changes settings; ask one",
            tried="change_settings",
        )


def may_read_settings(viewer: Viewer) -> None:
    """Raise Problem 403 for who may not even read them."""
    if not viewer.may("read_settings"):
        raise Problem(
            403,
            "forbidden",
            "admin_needed",
            "设置仅管理员和指挥长可以查看",
            "settings are for administrators and commanders to read",
            tried="read_settings",
        )


def actor_of(request: HTTPConnection) -> str:
    """Who acts, as it is written into the log."""
    viewer = viewer_of(request)
    if viewer.visitor is None:
        return f"seat:{_name(request, 'seat') or viewer.role}"
    return f"key:{viewer.visitor.name}" if viewer.is_system else f"user:{viewer.visitor.name}"


def seat_of(request: HTTPConnection) -> str:
    """What a request calls its seat, empty where it calls it nothing."""
    return _name(request, "seat")


def _said(request: HTTPConnection) -> Viewer:
    role = _named(request, "role") or DEFAULT_ROLE
    for known in ROLES:
        if role == known:
            return Viewer(known, _name(request, "unit") if known == "crew" else "")
    raise malformed(
        f"没有角色 {role}", f"role {role!r} is unknown; it is one of {', '.join(ROLES)}"
    )


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
