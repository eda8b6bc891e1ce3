"""What is asked of a seat's archive and told of it (专席归档查询): papers that left the board."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec

from kuaifan.vocabulary.call import ShortText
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.rights import Purpose
from kuaifan.web.operation import Operation

SEAT_ARCHIVE_PATH: Final = "/v1/seats/{key}/archive"
SEARCH_PATH: Final = "/v1/seats/{key}/archive/search"
MAX_LOOKED: Final = 3_000
"""Papers looked through for one question, the newest first; the answer says how far it got."""
MAX_LISTED: Final = 200


class ArchiveSearching(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What of a seat's archive is looked for (归档检索内容).

    text: words that a paper's numbers and facts hold; personal texts are not looked through.
    from_day, to_day: local days on which it left the board, both included; 30 days unless said.
    purpose: what for; needed behind a log-on, for all of it is over.
    """

    text: Annotated[str, msgspec.Meta(max_length=80)] = ""
    from_day: ShortText = ""
    to_day: ShortText = ""
    purpose: Purpose | None = None
    reason: ShortText = ""


class ArchiveLook(msgspec.Struct, frozen=True, kw_only=True):
    """The same as the log is asked (归档查找): words, and days by number."""

    words: tuple[str, ...]
    first_day: int
    last_day: int


class ArchiveLine(msgspec.Struct, frozen=True, kw_only=True):
    """A paper in the list (归档条目): its facts, without any personal text.

    desk_ids: whose its case is, besides its own desk_id; record_class: what the case is by now.
    """

    table: str
    paper_id: str
    incident_id: str
    desk_id: str
    desk_ids: tuple[str, ...]
    record_class: RecordClass
    archived_at_ms: int
    paper: Any


class ArchiveLooked(msgspec.Struct, frozen=True, kw_only=True):
    """What the log has (归档所见), the newest first; n_looked: papers that were looked through."""

    lines: tuple[ArchiveLine, ...]
    n_looked: int
    is_cut: bool


class ArchiveFound(msgspec.Struct, frozen=True, kw_only=True):
    """The answer (归档检索答复).

    n_withheld: papers that this purpose does not open for this role; none of them is told. is_cut:
    there may be older ones, or more than are listed.
    """

    seat_id: str
    from_day: str
    to_day: str
    lines: tuple[ArchiveLine, ...]
    n_looked: int
    n_withheld: int
    is_cut: bool


class ArchivedPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that has left its seat's slice, as a viewer may see it (归档材料).

    table: of the slice. paper: as it left; what is masked or erased is empty or says so.
    """

    table: str
    paper_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    paper: Any
    is_masked: bool


class ArchiveSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What a seat kept of an incident that is over (专席归档)."""

    seat_id: str
    incident_id: str
    papers: tuple[ArchivedPaper, ...]


ARCHIVE_OPERATIONS: Final = (
    Operation(
        path=SEAT_ARCHIVE_PATH,
        method="get",
        name="read_seat_archive",
        tag="seats",
        summary="Papers that the seat kept of the incident incident_id and that have left the "
        "board; behind a log-on masked without a purpose, and logged with one (专席归档)",
        gives=ArchiveSeen,
        problems=("403", "404", "422"),
    ),
    Operation(
        path=SEARCH_PATH,
        method="post",
        name="search_seat_archive",
        tag="seats",
        summary="Papers of the seat that left the board on some days, without personal texts; "
        "logged first (归档检索)",
        takes=ArchiveSearching,
        gives=ArchiveFound,
        problems=("403", "404", "409", "422"),
    ),
)
