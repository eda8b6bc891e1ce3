"""People on the board (人员): who is locked out, which uses of break-glass wait for a review."""

from __future__ import annotations

import msgspec


class PersonAccess(msgspec.Struct, kw_only=True):
    """What the log says of a person's access (人员访问); no secrets and no rights are here."""

    person: str
    logged_on_at_ms: int = 0
    logged_off_at_ms: int = 0
    is_locked: bool = False
    n_reads: int = 0
    n_changes: int = 0
    n_refused: int = 0
    seq: int = 0


class BrokenGlass(msgspec.Struct, kw_only=True):
    """A use of break-glass (紧急授权): until it is reviewed it stays in sight."""

    glass_id: str
    person: str
    reason: str
    at_ms: int
    until_ms: int
    seq: int = 0
    desk_id: str = ""


class AccessPapers(msgspec.Struct, kw_only=True):
    """All of it (访问簿); n_glass counts uses of break-glass for their ids."""

    people: dict[str, PersonAccess] = {}
    glass: dict[str, BrokenGlass] = {}
    n_glass: int = 0

    def person(self, name: str) -> PersonAccess:
        """What is known of a person, begun here if nothing is."""
        return self.people.setdefault(name, PersonAccess(person=name))
