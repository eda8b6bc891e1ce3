"""Accounts as the security administrator keeps them (账号管理): made, changed, ended; links, keys.

Nobody types a password for somebody else: a new account is opened by a link that is good once.
"""

from __future__ import annotations

import secrets
from typing import Final

import msgspec

from kuaifan.app.people import (
    HOUR_MS,
    TOKEN_BYTES,
    Doorkeeper,
    actor_of_person,
    hash_of,
)
from kuaifan.store.accounts import Account, ApiKey, Link
from kuaifan.vocabulary import access
from kuaifan.vocabulary.rights import ALLOWED, find_conflict
from kuaifan.web.people import AccountRow, Act, KeyRow, LinkUse, NewAccount, NewKey, SessionRow
from kuaifan.web.problems import Problem, malformed, not_found

FIRST_LINK_MS: Final = HOUR_MS
LINK_MS: Final = 24 * HOUR_MS
DAY_MS: Final = 24 * HOUR_MS
KEY_PREFIX: Final = "kf_"
KEY_RIGHTS: Final = frozenset(cell[1] for cell in ALLOWED if cell[0] == "integrator")


class AccountDesk(Doorkeeper):
    """The door with its register (账号登记); see web.people.People."""

    def first_link(self) -> str | None:
        """A link for the first security administrator, None where there is anybody."""
        if self.accounts.count():
            return None
        return self._new_link("", FIRST_LINK_MS)

    def use_link(self, use: LinkUse, address: str) -> str:
        """Set a password; returns the account's name."""
        now_ms = self.now_ms()
        link = None if self.limits.is_over(address, now_ms) else self._find_link(use.link)
        if link is None:
            self.limits.failed(address, now_ms)
            raise Problem(
                403,
                "forbidden",
                "bad_link",
                "链接无效、已用过或已过期，请索取新链接",
                "the link is wrong, used or over: ask for a new one",
            )
        account = self.accounts.find(link.name) if link.name else self._first_account(use)
        if account is None or account.is_disabled:
            raise not_found("没有此账号", "there is no such account")
        self.set_password(account, use.password, actor=actor_of_person(account.name))
        self.accounts.drop_link(link.link_hash)
        self.end_all(account.name)
        return account.name

    def list_accounts(self) -> list[AccountRow]:
        """All accounts."""
        return [self._row(account) for account in self.accounts.list_accounts()]

    def list_sessions(self, name: str) -> list[SessionRow]:
        """Log-ons of a person that hold, oldest first."""
        now_ms = self.now_ms()
        return [
            SessionRow(
                means=each.means,
                address=each.address,
                began_at_ms=each.began_at_ms,
                seen_at_ms=each.seen_at_ms,
                ends_at_ms=min(each.ends_at_ms, each.seen_at_ms + each.idle_ms),
                has_glass=each.glass_until_ms > now_ms,
            )
            for each in sorted(self.accounts.list_sessions(name), key=lambda s: s.began_at_ms)
        ]

    def add(self, account: NewAccount, by: str) -> str:
        """Make an account; returns the one-time link that sets its password."""
        if self.accounts.find(account.name) is not None:
            raise Problem(
                409, "refused", "name_taken", f"账号 {account.name} 已存在", "the name is taken"
            )
        _check_roles(account)
        made = Account(
            name=account.name,
            display_name=account.display_name or account.name,
            roles=tuple(account.roles),
            desk_id=account.desk_id,
            unit_id=account.unit_id,
            created_at_ms=self.now_ms(),
        )
        self.tell_change(made, "added", by)
        self.accounts.put(made)
        return self._new_link(made.name, LINK_MS)

    def act(self, act: Act, account: NewAccount, by: str) -> str:
        """Change an account; returns a link where one was asked for."""
        found = self.accounts.find(account.name)
        if found is None:
            raise not_found(f"没有账号 {account.name}", f"there is no account {account.name}")
        if act == "release":
            self._release(found, by)
        elif act == "end_sessions":
            told = access.LogOffPerson(person=found.name, reason="administrator")
            self.tell(told, by)
            self.end_all(found.name)
        elif act == "link":
            self.tell_change(found, "link_made", by)
            return self._new_link(found.name, LINK_MS)
        else:
            self._change(act, found, account, by)
        return ""

    def _release(self, account: Account, by: str) -> None:
        person = by.partition(":")[2]
        self.tell(access.ReleasePerson(person=account.name, by=person), by)
        self.accounts.put(msgspec.structs.replace(account, is_locked=False, n_failed=0))

    def _change(self, act: Act, found: Account, asked: NewAccount, by: str) -> None:
        if act == "roles":
            _check_roles(asked)
            changed = msgspec.structs.replace(
                found, roles=tuple(asked.roles), desk_id=asked.desk_id, unit_id=asked.unit_id
            )
        elif act == "reset_second_factor":
            changed = msgspec.structs.replace(found, second_factor=None, last_step=0)
        else:
            changed = msgspec.structs.replace(found, is_disabled=act == "disable")
        self._keep_one_administrator(found, changed)
        told: dict[str, access.AccountChange] = {
            "roles": "roles",
            "disable": "disabled",
            "enable": "enabled",
            "reset_second_factor": "second_factor_reset",
        }
        self.tell_change(changed, told[act], by)
        self.accounts.put(changed)
        # Whoever is logged on by the old rights logs on again by the new ones.
        self.end_all(found.name)

    def _keep_one_administrator(self, before: Account, after: Account) -> None:
        """Refuse to leave nobody who could grant anything."""
        others = (each for each in self.accounts.list_accounts() if each.name != before.name)
        is_last = _grants(before) and not any(map(_grants, others))
        if is_last and not _grants(after):
            raise Problem(
                409,
                "refused",
                "last_administrator",
                "至少须保留一名安全管理员",
                "this is the last security administrator: make another first",
            )

    def list_keys(self) -> list[KeyRow]:
        """All keys."""
        return [
            KeyRow(
                key_id=key.key_id,
                rights=key.rights,
                desk_id=key.desk_id,
                created_at_ms=key.created_at_ms,
                ends_at_ms=key.ends_at_ms,
            )
            for key in self.accounts.list_keys()
        ]

    def add_key(self, key: NewKey, by: str) -> str:
        """Make a key; it is shown this once."""
        unknown = [right for right in key.rights if right not in KEY_RIGHTS]
        if unknown or not key.rights:
            raise malformed(
                f"密钥权限须为 {'、'.join(sorted(KEY_RIGHTS))}",
                f"a key may have {', '.join(sorted(KEY_RIGHTS))}",
            )
        if any(each.key_id == key.key_id for each in self.accounts.list_keys()):
            raise Problem(409, "refused", "name_taken", "密钥名已存在", "the name is taken")
        self._tell_key(key.key_id, "key_added", by)
        secret = KEY_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        now_ms = self.now_ms()
        self.accounts.put_key(
            ApiKey(
                key_hash=hash_of(secret),
                key_id=key.key_id,
                rights=key.rights,
                desk_id=key.desk_id,
                created_at_ms=now_ms,
                ends_at_ms=now_ms + key.days * DAY_MS,
            )
        )
        return secret

    def revoke_key(self, key_id: str, by: str) -> None:
        """End a key."""
        self._tell_key(key_id, "key_revoked", by)
        if not self.accounts.drop_key(key_id):
            raise not_found(f"没有密钥 {key_id}", f"there is no key {key_id}")

    def _tell_key(self, key_id: str, change: access.AccountChange, by: str) -> None:
        person = by.partition(":")[2]
        self.tell(access.ChangeAccount(person=key_id, change=change, by=person), by)

    def _first_account(self, use: LinkUse) -> Account:
        """The very first one, who grants everybody else what they may."""
        if self.accounts.count():
            raise Problem(403, "forbidden", "bad_link", "系统已启用", "this desk is set up already")
        try:
            asked = msgspec.convert(
                {"name": use.name.strip(), "roles": ("security_admin",)}, NewAccount
            )
        except msgspec.ValidationError:
            raise malformed(
                "用户名须为 2 至 32 个字母、数字、汉字或 . _ -",
                "a name has 2 to 32 letters, digits, . _ or -",
            ) from None
        made = Account(
            name=asked.name,
            display_name=use.display_name or asked.name,
            roles=("security_admin",),
            created_at_ms=self.now_ms(),
        )
        self.tell_change(made, "added", "door:first")
        return made

    def _find_link(self, text: str) -> Link | None:
        link = self.accounts.find_link(hash_of(text.strip()))
        return link if link is not None and link.ends_at_ms > self.now_ms() else None

    def _new_link(self, name: str, lasts_ms: int) -> str:
        text = secrets.token_urlsafe(TOKEN_BYTES)
        ends_at_ms = self.now_ms() + lasts_ms
        self.accounts.put_link(Link(link_hash=hash_of(text), name=name, ends_at_ms=ends_at_ms))
        return text

    def _row(self, account: Account) -> AccountRow:
        return AccountRow(
            name=account.name,
            display_name=account.display_name,
            roles=account.roles,
            desk_id=account.desk_id,
            unit_id=account.unit_id,
            is_disabled=account.is_disabled,
            is_locked=account.is_locked,
            has_password=bool(account.password_hash),
            has_second_factor=account.second_factor is not None,
            created_at_ms=account.created_at_ms,
            last_on_at_ms=account.last_on_at_ms,
            n_sessions=len(self.accounts.list_sessions(account.name)),
        )


def _grants(account: Account) -> bool:
    return "security_admin" in account.roles and not account.is_disabled


def _check_roles(account: NewAccount) -> None:
    if not account.roles:
        raise malformed("须给出角色", "an account has at least one role")
    if conflict := find_conflict(frozenset(account.roles)):
        raise Problem(409, "refused", "separated_duties", *conflict)
