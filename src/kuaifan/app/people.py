"""Sessions and passwords of a desk (登录与会话); see web.people.People.

Each act is a logged input first and happens then: what the log refuses does not happen.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

import msgspec

from kuaifan.app import second_factor as factors
from kuaifan.app.passwords import Passwords, find_weakness
from kuaifan.app.try_limits import TryLimits
from kuaifan.kernel.message import Command
from kuaifan.store.accounts import Account, Accounts, Session
from kuaifan.store.log_error import LogError
from kuaifan.store.master_key import MasterKey
from kuaifan.vocabulary import access
from kuaifan.vocabulary.rights import SEPARATED
from kuaifan.web.people import LogOn, SecondFactor, Visitor
from kuaifan.web.problems import Problem, malformed

MAX_FAILED: Final = 5
TOKEN_BYTES: Final = 32
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
TOUCH_MS: Final = 30_000
"""So often at most an activity is written down."""
SEEN_S: Final = 1.0
"""So long a session is believed without looking again: who is disabled is out after it."""
MAX_SEEN: Final = 5_000
Tell = Callable[[Command, str], None]
"""Writes an act into the log and waits until it is durable; raises Problem."""


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """How long a log-on lasts (会话时限): idle, and in all; a crew's phone is in its pocket."""

    idle_ms: int = 30 * MINUTE_MS
    crew_idle_ms: int = 12 * HOUR_MS
    whole_ms: int = 14 * HOUR_MS


class Doorkeeper:
    """Lets people in and out (门卫); every method may be called from any thread.

    second_factor: of whom it is asked: `all`, `admins` or `none`. now_ms: the wall's clock.
    """

    def __init__(
        self,
        accounts: Accounts,
        tell: Tell,
        *,
        master_key: MasterKey,
        passwords: Passwords | None = None,
        times: Times | None = None,
        second_factor: str = "admins",
        now_ms: Callable[[], int] | None = None,
        issuer: str = "Kuaifan",
    ) -> None:
        self.accounts, self.tell = accounts, tell
        self.passwords = passwords or Passwords()
        self._key, self._times, self._asked_of = master_key, times or Times(), second_factor
        self.now_ms = now_ms or (lambda: time.time_ns() // 1_000_000)
        self._issuer = issuer
        self.limits = TryLimits()
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[float, Visitor | None]] = {}
        self._begun: dict[str, bytes] = {}

    def find_visitor(self, token: str) -> Visitor | None:
        """Who a session's token stands for, None once it is over."""
        token_hash = hash_of(token)
        kept = self._seen.get(token_hash)
        if kept is not None and time.monotonic() - kept[0] < SEEN_S:
            return kept[1]
        visitor = self._look_up(token_hash)
        if len(self._seen) > MAX_SEEN:
            self._seen.clear()
        self._seen[token_hash] = (time.monotonic(), visitor)
        return visitor

    def _look_up(self, token_hash: str) -> Visitor | None:
        session, now_ms = self.accounts.find_session(token_hash), self.now_ms()
        if session is None:
            return None
        account = self.accounts.find(session.name)
        is_over = now_ms >= min(session.ends_at_ms, session.seen_at_ms + session.idle_ms)
        if account is None or account.is_disabled or is_over:
            return None
        return Visitor(
            name=account.name,
            display_name=account.display_name or account.name,
            roles=account.roles,
            desk_id=account.desk_id,
            unit_id=account.unit_id or session.unit_id,
            session=token_hash,
            has_glass=session.glass_until_ms > now_ms,
            glass_until_ms=session.glass_until_ms,
            must_enrol=session.must_enrol,
        )

    def find_system(self, key: str) -> Visitor | None:
        """Which system a key stands for."""
        found = self.accounts.find_key(hash_of(key))
        if found is None or found.ends_at_ms <= self.now_ms():
            return None
        return Visitor(
            name=found.key_id,
            display_name=found.key_id,
            roles=("integrator",),
            desk_id=found.desk_id,
            key_rights=found.rights,
        )

    def touch(self, visitor: Visitor) -> None:
        """The person has done something: the idle time begins anew."""
        session = self.accounts.find_session(visitor.session)
        if session is not None and self.now_ms() - session.seen_at_ms > TOUCH_MS:
            self.accounts.put_session(msgspec.structs.replace(session, seen_at_ms=self.now_ms()))

    def log_on(self, asked: LogOn, address: str) -> str:
        """A token; the same answer and the same work whatever was wrong."""
        now_ms = self.now_ms()
        if self.limits.is_over(address, now_ms):
            raise _too_often()
        account = self.accounts.find(asked.name.strip())
        is_it = self.passwords.fits(asked.password, account.password_hash if account else "")
        if account is None or account.is_disabled or account.is_locked:
            self.limits.failed(address, now_ms)
            raise _wrong()
        means = self._means_of(account, asked.code) if is_it else None
        if means is None:
            self._failed(account, address)
            raise _wrong()
        return self.open_session(account, means, address)

    def log_on_by_name(self, name: str, address: str) -> str:
        """A token for whoever another service has vouched for; an account here it has to have."""
        account = self.accounts.find(name)
        if account is None or account.is_disabled or account.is_locked:
            raise _wrong()
        return self.open_session(account, "oidc", address)

    def open_session(self, account: Account, means: access.LogOnMeans, address: str) -> str:
        """A new session of a person who has proved who it is; returns its token."""
        self.tell(
            access.LogOnPerson(person=account.name, means=means, address=address[:64]),
            actor_of_person(account.name),
        )
        # The second factor may have been used: the account is read anew.
        account = self.accounts.find(account.name) or account
        now_ms = self.now_ms()
        self.accounts.put(msgspec.structs.replace(account, n_failed=0, last_on_at_ms=now_ms))
        must_enrol = means == "password" and self._is_asked_of(account)
        return self._new_session(account, means, address=address, must_enrol=must_enrol)

    def log_off(self, visitor: Visitor, *, everywhere: bool) -> None:
        """End this session, or all of the person's."""
        reason: access.LogOffReason = "everywhere" if everywhere else "asked"
        self.tell(
            access.LogOffPerson(person=visitor.name, reason=reason), actor_of_person(visitor.name)
        )
        self.drop(visitor.session)
        if everywhere:
            self.end_all(visitor.name)

    def change_password(self, visitor: Visitor, old: str, new: str) -> str:
        """A new token; every other session of the person ends."""
        account = self._account_of(visitor)
        if not self.passwords.fits(old, account.password_hash):
            self._failed(account, "")
            raise Problem(
                403, "forbidden", "wrong_password", "原口令不正确", "the old one is wrong"
            )
        self.set_password(account, new, actor=actor_of_person(account.name))
        return self._renewed(visitor)

    def set_password(self, account: Account, password: str, *, actor: str) -> None:
        """Have a new password; raises Problem 422 where it is weak."""
        if weakness := find_weakness(password, account.name):
            raise malformed(*weakness, code="weak_password")
        kept = self.passwords.make(password)
        self.tell_change(account, "password", actor)
        self.accounts.put(
            msgspec.structs.replace(
                account, password_hash=kept, n_failed=0, password_at_ms=self.now_ms()
            )
        )

    def begin_second_factor(self, visitor: Visitor) -> SecondFactor:
        """Make one; it holds once it was confirmed."""
        account = self._account_of(visitor)
        if account.second_factor is not None:
            raise Problem(
                409,
                "refused",
                "has_second_factor",
                "已启用两步验证；更换须由安全管理员重置",
                "a second factor is set up; the security administrator resets it",
            )
        secret = factors.new_secret()
        with self._lock:
            self._begun[account.name] = secret
        uri = factors.uri_of(secret, account.name, self._issuer)
        return SecondFactor(secret=factors.text_of(secret), uri=uri)

    def confirm_second_factor(self, visitor: Visitor, code: str) -> tuple[str, list[str]]:
        """A new token, and the recovery codes."""
        account, secret = self._account_of(visitor), self._begun.get(visitor.name)
        step = None
        if secret is not None:
            step = factors.find_step(secret, code.strip(), now_ms=self.now_ms(), last_step=0)
        if secret is None or step is None:
            raise Problem(
                403, "forbidden", "wrong_code", "验证码不正确，请核对手机时间", "the code is wrong"
            )
        self.tell_change(account, "second_factor", actor_of_person(account.name))
        sealed = self._key.wrap(secret, f"account:{account.name}")
        self.accounts.put(msgspec.structs.replace(account, second_factor=sealed, last_step=step))
        codes = factors.new_codes()
        self.accounts.put_codes(account.name, [factors.code_hash(each) for each in codes])
        with self._lock:
            self._begun.pop(account.name, None)
        return self._renewed(visitor, must_enrol=False), codes

    def take_unit(self, visitor: Visitor, unit_id: str) -> None:
        """A crew says which unit it is today; once a session."""
        session = self.accounts.find_session(visitor.session)
        if session is None or visitor.unit_id not in {"", unit_id} or "crew" not in visitor.roles:
            raise Problem(
                403,
                "forbidden",
                "other_unit",
                f"本账号属警力 {visitor.unit_id or '—'}，不能改用 {unit_id}",
                f"this log-on is of unit {visitor.unit_id or 'none'}, not {unit_id}",
            )
        account = self._account_of(visitor)
        self.tell(
            access.ChangeAccount(
                person=account.name,
                change="roles",
                by=account.name,
                roles=account.roles,
                desk_id=account.desk_id,
                unit_id=unit_id,
            ),
            actor_of_person(account.name),
        )
        self.accounts.put_session(msgspec.structs.replace(session, unit_id=unit_id))
        self._seen.pop(visitor.session, None)

    def break_glass(self, visitor: Visitor, reason: str, minutes: int) -> str:
        """A new token whose sight is wider for some minutes."""
        self.tell(
            access.BreakGlass(
                person=visitor.name, reason=reason, minutes=minutes, desk_id=visitor.desk_id
            ),
            actor_of_person(visitor.name),
        )
        return self._renewed(visitor, glass_until_ms=self.now_ms() + minutes * MINUTE_MS)

    def tell_change(self, account: Account, change: access.AccountChange, actor: str) -> None:
        """Write down what becomes of an account, before it does."""
        self.tell(
            access.ChangeAccount(
                person=account.name,
                change=change,
                by=actor.partition(":")[2],
                roles=account.roles,
                desk_id=account.desk_id,
                unit_id=account.unit_id,
            ),
            actor,
        )

    def end_all(self, name: str) -> None:
        """End every session of a person."""
        for session in self.accounts.list_sessions(name):
            self.drop(session.token_hash)

    def drop(self, token_hash: str) -> None:
        """End a session at once."""
        self.accounts.drop_session(token_hash)
        self._seen.pop(token_hash, None)

    def sweep(self) -> None:
        """Forget sessions whose time is over, and write down that they ended."""
        now_ms = self.now_ms()
        for session in self.accounts.list_ended(now_ms):
            reason: access.LogOffReason = "ended" if session.ends_at_ms <= now_ms else "idle"
            off = access.LogOffPerson(person=session.name, reason=reason)
            self.tell(off, "door")
            self.drop(session.token_hash)

    def _means_of(self, account: Account, code: str) -> access.LogOnMeans | None:
        """How the second factor was shown; None where it is asked for and was not."""
        if account.second_factor is None:
            return "password"
        code = code.strip()
        try:
            secret = self._key.unwrap(account.second_factor, f"account:{account.name}")
        except LogError:
            return None
        step = factors.find_step(secret, code, now_ms=self.now_ms(), last_step=account.last_step)
        if step is not None:
            self.accounts.put(msgspec.structs.replace(account, last_step=step))
            return "password_and_code"
        if code and self.accounts.take_code(account.name, factors.code_hash(code)):
            return "recovery_code"
        return None

    def _failed(self, account: Account, address: str) -> None:
        self.limits.failed(address, self.now_ms())
        with self.accounts.transaction():
            account = self.accounts.find(account.name) or account
            n_failed = account.n_failed + 1
            is_locked = n_failed >= MAX_FAILED
            changed = msgspec.structs.replace(account, n_failed=n_failed, is_locked=is_locked)
            self.accounts.put(changed)
        if is_locked and not account.is_locked:
            told = access.LockPerson(person=account.name, n_failed=n_failed, address=address[:64])
            self.tell(told, "door")

    def _is_asked_of(self, account: Account) -> bool:
        """Whether a second factor is asked of a person."""
        if self._asked_of == "admins":
            return bool(SEPARATED & set(account.roles))
        return self._asked_of == "all"

    def _new_session(self, account: Account, means: str, *, address: str, must_enrol: bool) -> str:
        token, now_ms = secrets.token_urlsafe(TOKEN_BYTES), self.now_ms()
        is_crew = set(account.roles) <= {"crew", "wall"}
        self.accounts.put_session(
            Session(
                token_hash=hash_of(token),
                name=account.name,
                means=means,
                address=address[:64],
                began_at_ms=now_ms,
                seen_at_ms=now_ms,
                idle_ms=self._times.crew_idle_ms if is_crew else self._times.idle_ms,
                ends_at_ms=now_ms + self._times.whole_ms,
                must_enrol=must_enrol,
            )
        )
        return token

    def _renewed(self, visitor: Visitor, **changes: object) -> str:
        """The same session under a new token; the old one is worth nothing from now on."""
        session = self.accounts.find_session(visitor.session)
        if session is None:
            raise logged_off()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        renewed = msgspec.structs.replace(
            session, token_hash=hash_of(token), seen_at_ms=self.now_ms(), **changes
        )
        with self.accounts.transaction():
            self.accounts.put_session(renewed)
        if "glass_until_ms" in changes:
            self.drop(visitor.session)
        else:
            for each in self.accounts.list_sessions(visitor.name):
                if each.token_hash != renewed.token_hash:
                    self.drop(each.token_hash)
        return token

    def _account_of(self, visitor: Visitor) -> Account:
        account = self.accounts.find(visitor.name)
        if account is None or account.is_disabled:
            raise logged_off()
        return account


def hash_of(secret: str) -> str:
    """What is kept of a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of_person(name: str) -> str:
    """A person as the log names who acts."""
    return f"user:{name}"


def logged_off() -> Problem:
    """Nobody is logged on here (401)."""
    return Problem(
        401,
        "unauthorized",
        "logged_off",
        "未登录或登录已过期，请重新登录",
        "log on, or log on again",
    )


def _wrong() -> Problem:
    return Problem(
        401,
        "unauthorized",
        "wrong_log_on",
        "用户名、口令或验证码不正确，或账号已锁定、停用；锁定请联系指挥长解除",
        "the name, the password or the code is wrong, or the account is locked or disabled; "
        "a commander releases a lock",
    )


def _too_often() -> Problem:
    return Problem(
        429,
        "busy",
        "too_often",
        "登录失败次数过多，请五分钟后再试",
        "too many failed tries from here: try again in five minutes",
    )
