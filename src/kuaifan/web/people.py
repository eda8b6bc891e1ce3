"""People at the door (登录接口): what the web is given to know them by; all of it blocks.

Nothing is granted here: the table of vocabulary/rights.py says what a role may do.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Protocol

import msgspec

from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.rights import Role

Name = Annotated[str, msgspec.Meta(pattern=r"^[\w.-]{2,32}$")]
"""A log-on name; a person's own, never shared."""
Password = Annotated[str, msgspec.Meta(max_length=128)]
Secret = Annotated[str, msgspec.Meta(max_length=200)]


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Who has come in (来访者): a person with a session, or a system with a key.

    session: hash of the token, "" for a key. key_rights: what a key is limited to. has_glass:
    break-glass holds now. must_enrol: nothing but a second factor may be set up.
    """

    name: str
    display_name: str = ""
    roles: tuple[str, ...] = ()
    desk_id: str = "city"
    unit_id: str = ""
    session: str = ""
    key_rights: tuple[str, ...] = ()
    has_glass: bool = False
    glass_until_ms: int = 0
    must_enrol: bool = False

    @property
    def is_system(self) -> bool:
        """Whether it came with a key."""
        return not self.session


class LogOn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person types at the door (登录); code: of the second factor, or a recovery code."""

    name: Annotated[str, msgspec.Meta(max_length=64)]
    password: Password
    code: Annotated[str, msgspec.Meta(max_length=40)] = ""


class LinkUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A one-time link is used (启用账号); name, display_name: only for the very first account."""

    link: Secret
    password: Password
    name: Annotated[str, msgspec.Meta(max_length=64)] = ""
    display_name: ShortText = ""


class NewAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account to be made, or as it is to be (账号)."""

    name: Name
    roles: tuple[Role, ...]
    display_name: ShortText = ""
    desk_id: Id = "city"
    unit_id: Id = ""


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """An account as the security administrator sees it (账号行)."""

    name: str
    display_name: str
    roles: tuple[str, ...]
    desk_id: str
    unit_id: str
    is_disabled: bool
    is_locked: bool
    has_password: bool
    has_second_factor: bool
    created_at_ms: int
    last_on_at_ms: int
    n_sessions: int


class NewKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to be made for another system (接入密钥)."""

    key_id: Name
    rights: tuple[str, ...]
    desk_id: Id = "city"
    days: Annotated[int, msgspec.Meta(ge=1, le=730)] = 365


class KeyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is listed (密钥行); the key itself is shown once, when it is made."""

    key_id: str
    rights: tuple[str, ...]
    desk_id: str
    created_at_ms: int
    ends_at_ms: int


class SecondFactor(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor to be put into a phone (两步验证): the secret, and the address of its QR."""

    secret: str
    uri: str


Act = Literal[
    "roles", "disable", "enable", "release", "link", "reset_second_factor", "end_sessions"
]


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One log-on of a person, without anything that opens it (会话行)."""

    means: str
    address: str
    began_at_ms: int
    seen_at_ms: int
    ends_at_ms: int
    has_glass: bool


class Elsewhere(Protocol):
    """A service that says who somebody is (统一身份服务); blocks, raises BadInputError."""

    def begin(self) -> Any:  # noqa: ANN401 - its own business, with url and state
        """Where to send a browser, and what it has to bring back."""

    def finish(self, turn: Any, code: str) -> str:  # noqa: ANN401 - what begin gave
        """The log-on name of whoever came back."""


class People(Protocol):
    """Accounts and sessions (人员账号); every method blocks and may raise Problem."""

    def find_visitor(self, token: str) -> Visitor | None:
        """Who a session's token stands for, None once it is over; cheap."""

    def find_system(self, key: str) -> Visitor | None:
        """Which system a key stands for."""

    def touch(self, visitor: Visitor) -> None:
        """The person has done something: the idle time begins anew."""

    def log_on(self, asked: LogOn, address: str) -> str:
        """A token; the same answer and the same work whatever was wrong."""

    def log_on_by_name(self, name: str, address: str) -> str:
        """A token for whoever another service has vouched for."""

    def log_off(self, visitor: Visitor, *, everywhere: bool) -> None:
        """End this session, or all of the person's."""

    def change_password(self, visitor: Visitor, old: str, new: str) -> str:
        """A new token; every other session of the person ends."""

    def begin_second_factor(self, visitor: Visitor) -> SecondFactor:
        """Make one; it holds once it was confirmed."""

    def confirm_second_factor(self, visitor: Visitor, code: str) -> tuple[str, list[str]]:
        """A new token, and the recovery codes."""

    def take_unit(self, visitor: Visitor, unit_id: str) -> None:
        """A crew says which unit it is today."""

    def break_glass(self, visitor: Visitor, reason: str, minutes: int) -> str:
        """A new token whose sight is wider for some minutes."""

    def use_link(self, use: LinkUse, address: str) -> str:
        """Set a password; returns the account's name."""

    def list_accounts(self) -> list[AccountRow]:
        """All accounts."""

    def list_sessions(self, name: str) -> list[SessionRow]:
        """Log-ons of a person that hold, oldest first."""

    def add(self, account: NewAccount, by: str) -> str:
        """Make an account; returns the one-time link that sets its password."""

    def act(self, act: Act, account: NewAccount, by: str) -> str:
        """Change an account; returns a link where one was asked for."""

    def list_keys(self) -> list[KeyRow]:
        """All keys."""

    def add_key(self, key: NewKey, by: str) -> str:
        """Make a key; it is shown this once."""

    def revoke_key(self, key_id: str, by: str) -> None:
        """End a key."""
