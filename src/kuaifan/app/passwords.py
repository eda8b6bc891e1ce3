"""Passwords (口令): Argon2id, the same work for a name that nobody has, and what is too weak."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

MIN_CHARS: Final = 12
MIN_DIFFERENT: Final = 5
TIME_COST, MEMORY_KIB, LANES = 2, 19_456, 1
"""OWASP's least for Argon2id: 19 MiB and two passes, some 20 ms of one core."""
WEAK: Final = ("password", "kuaifan", "110110", "123456", "qwerty", "abcdef", "111111", "admin")


class Passwords:
    """Hashes and compares (口令校验); every method takes some tens of milliseconds of a core."""

    def __init__(self, *, time_cost: int = TIME_COST, memory_kib: int = MEMORY_KIB) -> None:
        hasher = Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=LANES)
        self._hash = PasswordHash((hasher,))

    @cached_property
    def nobody(self) -> str:
        """A hash that no password opens, to do the same work for names that nobody has."""
        return self._hash.hash("nobody has this password")

    def make(self, password: str) -> str:
        """The hash to keep."""
        return self._hash.hash(password)

    def fits(self, password: str, kept: str) -> bool:
        """Whether it is the password; empty: there is none, and the work is done all the same."""
        try:
            is_it = self._hash.verify(password, kept or self.nobody)
        except PwdlibError:
            return False
        return is_it and bool(kept)


def find_weakness(password: str, name: str) -> tuple[str, str] | None:
    """Why a password is not good enough, in Chinese and English; None where it is."""
    plain = password.casefold()
    if len(password) < MIN_CHARS:
        return f"口令至少 {MIN_CHARS} 个字符", f"a password has at least {MIN_CHARS} characters"
    if len(set(plain)) < MIN_DIFFERENT:
        return "口令字符过于重复", "a password of so few different characters is guessed at once"
    if (name and name.casefold() in plain) or any(plain.startswith(weak) for weak in WEAK):
        return "口令不得含用户名或常见词", "a password holds neither the name nor a common word"
    return None
