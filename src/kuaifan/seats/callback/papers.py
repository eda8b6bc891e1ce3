"""What the seat keeps (回访台账): call-backs that are due, agreements, answers, links to a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec

from kuaifan.board.day_tally import DayTally
from kuaifan.board.seat_terms import Term
from kuaifan.board.state import Board
from kuaifan.kernel.personal import Personal

SEAT_ID: Final = "callback"
OTHER_SEAT: Final = "other_seat"
"""Why an incident is not called back here: the seat whose it is does so itself."""
Sealed = Annotated[str, Personal("incident")]
KEY_NOUN: Final = "seat_key"
SealedKey = Annotated[str, Personal(KEY_NOUN)]
"""What links are made with: whoever reads the log as it is stored makes none."""
Why = Literal["enterprise", "agreed", "sample"]
Satisfaction = Literal["satisfied", "fairly", "dissatisfied"]
TermName = Literal[
    "sample_permille",
    "due_h",
    "n_tries",
    "gap_h",
    "grievance_h",
    "from_min",
    "to_min",
    "link_days",
    "answer_days",
]


class Terms(msgspec.Struct, frozen=True):
    """The numbers in force (现行参数): per thousand, hours, minutes of the local day, days."""

    sample_permille: int = 50
    due_h: int = 24
    n_tries: int = 3
    gap_h: int = 4
    grievance_h: int = 72
    from_min: int = 8 * 60
    to_min: int = 21 * 60
    link_days: int = 7
    answer_days: int = 30


TERMS: Final[Mapping[str, Term]] = {
    "sample_permille": Term("抽样比例（‰）", "share of the sample, per thousand", 0, 1000),
    "due_h": Term("回访时限（小时）", "hours until a call-back is due", 1, 168),
    "n_tries": Term("最多拨打次数", "tries of a call-back", 1, 6),
    "gap_h": Term("两次拨打至少间隔（小时）", "hours between two tries", 1, 24),
    "grievance_h": Term("不满意核查时限（小时）", "hours to answer a grievance", 1, 336),
    "from_min": Term("可拨打时段起（当日第几分钟）", "calls from (minute of the day)", 0, 1440),
    "to_min": Term("可拨打时段止（当日第几分钟）", "calls until (minute of the day)", 0, 1440),
    "link_days": Term("进度链接有效期（天）", "days a link works", 1, 30),
    "answer_days": Term("回访结果列示（天）", "days an answer stays on the page", 1, 90),
}


class Agreement(msgspec.Struct, kw_only=True):
    """What the person agreed to (约定): one number, and the minutes of the local day."""

    incident_id: str
    number: Sealed
    from_min: int
    to_min: int


class Due(msgspec.Struct, kw_only=True):
    """A call-back that is owed (应回访), by its item."""

    item_id: str
    incident_id: str
    desk_id: str
    record_class: str
    class_key: str
    why: Why
    number: Sealed
    unit_id: str
    opened_at_ms: int
    tries_at_ms: list[int] = []


class Answer(msgspec.Struct, kw_only=True):
    """What was answered (回访结果)."""

    incident_id: str
    desk_id: str
    record_class: str
    at_ms: int
    satisfaction: Satisfaction
    is_resolved: bool
    said: Sealed


class Track(msgspec.Struct, kw_only=True):
    """A link that was sent (进度链接): until when it works; stages kept once the case is over."""

    incident_id: str
    until_ms: int
    stages: dict[str, int] = {}
    is_criminal: bool = False
    rating: str = ""


class CallBacks(msgspec.Struct):
    """The slice of the seat (专席分态).

    key: of tokens and of the sample, from outside, so that nobody works out either.
    """

    terms: Terms = Terms()
    key: SealedKey = ""
    address: str = ""
    agreements: dict[str, Agreement] = {}
    due: dict[str, Due] = {}
    answers: dict[str, Answer] = {}
    tracks: dict[str, Track] = {}
    asked: dict[str, str] = {}
    tally: DayTally = msgspec.field(default_factory=DayTally)

    @property
    def seat_key_id(self) -> str:
        """Under which key its own is sealed."""
        return SEAT_ID


def slice_of(board: Board) -> CallBacks:
    """What the seat keeps on a board."""
    kept: CallBacks = board.seats[SEAT_ID]
    return kept
