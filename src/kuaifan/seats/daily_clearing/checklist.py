"""The checklist of the daily review (日评查清单): pure rules, each with its own explanation.

A rule looks at one incident as the board has it at nine and says what it found, or None. It blames
nobody: a hit is a question for a reviewer, who confirms it or says why it is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from kuaifan.board.duplicates import is_compatible
from kuaifan.board.entities import Incident, Order
from kuaifan.board.letters import wants_letter
from kuaifan.board.state import Board
from kuaifan.geo.points import distance_m
from kuaifan.vocabulary.disposition import DISPOSITIONS
from kuaifan.vocabulary.incident_types import IncidentType

from .papers import DailyClearing
from .words_check import Hit

CASE_FOLLOWUP: Final = "case"
NO_CASE: Final = frozenset({"gone", "false_alarm", "called_off", "referred"})
"""Results after which nothing is there to file."""
MINOR_ENDS: Final = frozenset({"mediated", "warned"})
"""Results that may stand without a case, but never of a crime."""
NAMES_PARTIES: Final = frozenset({"criminal", "public_order", "dispute", "road_traffic"})
"""Classes whose feedback says who was there."""
CALL_BACK_SEAT: Final = "callback"
MIN_OFFICERS: Final = 2
NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})
CODES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        **{each.code: (each.name_cn, each.name_en) for each in DISPOSITIONS},
        "button": ("按键", "a button"),
        "voice": ("口头报告", "voice"),
        "gps": ("定位", "position"),
        "ordinary": ("普通记录", "an ordinary record"),
        "-": ("无", "none"),
    }
)
"""What stands in a hit, in words."""
MS: Final = 1_000
MINUTE_MS: Final = 60 * MS


class Look(NamedTuple):
    """What a rule may look at (核对对象); orders: those not withdrawn, oldest first."""

    board: Board
    papers: DailyClearing
    incident: Incident
    orders: list[Order]
    now_ms: int

    @property
    def final_type(self) -> IncidentType:
        """The type the review gave it, or the one it has."""
        types = self.board.reference.types
        return types[self.incident.final_type_code or self.incident.type_code]


class Rule(NamedTuple):
    """A rule (规则): its code, its name, what it found in words, and the function that finds it."""

    code: str
    zh: str
    en: str
    says_zh: str
    says_en: str
    check: Callable[[Look], Hit | None]

    def explain(self, hit: Hit, names: Mapping[str, str] = NO_NAMES) -> tuple[str, str]:
        """What was found, in Chinese and in English; names: of the codes of types."""
        said = []
        for words, language in ((self.says_zh, 0), (self.says_en, 1)):
            was, limit = (_word(each, language, names) for each in (hit.was, hit.limit))
            said.append(words.format(order=hit.order_id, was=was, limit=limit))
        return said[0], said[1]


def check_type(look: Look) -> Hit | None:
    """First against final: another class means that other help might have been right."""
    types = look.board.reference.types
    first = types.get(look.incident.first_type_code or look.incident.type_code)
    final = look.final_type
    if first is None or first.class_key == final.class_key:
        return None
    return Hit("type", was=first.code, limit=final.code)


def check_place(look: Look) -> Hit | None:
    """The place is known, only one is left, and it is the one the crew was told."""
    incident = look.incident
    if not look.orders:
        return None
    if not incident.is_placed:
        return Hit("place", look.orders[0].order_id, "-", "0")
    left = [place for place in incident.places if not place.ruled_out]
    if len(left) > 1:
        return Hit("place", was=f"{len(left)}", limit="1")
    for order in look.orders:
        if not (order.told_lat or order.told_lon):
            continue
        told = order.told_lat, order.told_lon
        off_m = distance_m(*told, to_lat=incident.lat, to_lon=incident.lon)
        if off_m > look.papers.terms.place_off_m:
            limit = f"{look.papers.terms.place_off_m} m"
            return Hit("place", order.order_id, f"{round(off_m)} m", limit)
    return None


def check_first_order(look: Look) -> Hit | None:
    """The first order within the time of its priority, from the place known."""
    incident = look.incident
    if not look.orders or incident.found_by_unit_id or incident.entered_at_ms:
        return None
    since_ms = max(incident.tp_ms or incident.opened_at_ms, incident.started_at_ms)
    took_ms = min(order.t4_ms for order in look.orders) - since_ms
    limit_ms = look.board.reference.first_order_ms(incident.priority, incident.desk_id)
    if took_ms <= limit_ms:
        return None
    return Hit("first_order", look.orders[0].order_id, _seconds(took_ms), _seconds(limit_ms))


def check_signed(look: Look) -> Hit | None:
    """Each order was signed, and within the time."""
    limit_ms = look.board.reference.clocks.unsigned_ms[0]
    for order in look.orders:
        if order.t5_source == "paper" or look.now_ms - order.t4_ms <= limit_ms:
            continue
        if not order.t5_ms or order.t5_ms - order.t4_ms > limit_ms:
            was = _seconds(order.t5_ms - order.t4_ms) if order.t5_ms else "-"
            return Hit("signed", order.order_id, was, _seconds(limit_ms))
    return None


def check_arrival(look: Look) -> Hit | None:
    """Arrival is stamped by position; a hand on a button proves nothing."""
    for order in look.orders:
        if order.is_active and not order.t7_ms:
            continue
        unit = look.board.units.get(order.unit_id)
        if unit is None or not unit.has_gps or order.t7_source == "paper":
            continue
        if not order.t7_ms:
            return Hit("arrival", order.order_id, "-", "gps")
        if not order.t7_gps_ms:
            return Hit("arrival", order.order_id, order.t7_source or "button", "gps")
    return None


def check_officers(look: Look) -> Hit | None:
    """Two at least attend, all crews of it together."""
    attended = [order for order in look.orders if order.t7_ms]
    n_officers = sum(order.n_crew for order in attended)
    if not attended or n_officers >= MIN_OFFICERS:
        return None
    return Hit("officers", attended[0].order_id, str(n_officers), str(MIN_OFFICERS))


def check_camera(look: Look) -> Hit | None:
    """Each attendance has the file of its body camera."""
    for order in look.orders:
        if order.t7_ms and order.t9_ms and order.order_id not in look.papers.camera:
            return Hit("camera", order.order_id)
    return None


def check_feedback_time(look: Look) -> Hit | None:
    """Feedback within the time after it was done."""
    limit_ms = look.board.reference.clocks.feedback_ms
    for order in look.orders:
        if not order.t8_ms:
            continue
        took_ms = (order.t9_ms or look.now_ms) - order.t8_ms
        if took_ms > limit_ms:
            was = _minutes(took_ms) if order.t9_ms else "-"
            return Hit("feedback_time", order.order_id, was, _minutes(limit_ms))
    return None


def check_feedback_whole(look: Look) -> Hit | None:
    """A feedback says what was found, and of some classes who was there."""
    n_chars = look.papers.terms.story_chars
    needs_parties = look.final_type.class_key in NAMES_PARTIES
    given = [order for order in look.orders if order.t9_ms]
    for order in given:
        if len(order.story) < n_chars:
            return Hit("feedback_whole", order.order_id, str(len(order.story)), str(n_chars))
    said = {order.disposition for order in given}
    if needs_parties and given and not said & NO_CASE and not any(o.parties for o in given):
        return Hit("feedback_whole", given[-1].order_id, "0", "1")
    return None


def check_letter(look: Look) -> Hit | None:
    """Domestic violence: somebody decided about a warning letter."""
    given = [order for order in look.orders if order.t9_ms]
    if not given or not wants_letter(look.final_type) or any(order.letter for order in given):
        return None
    return Hit("letter", given[-1].order_id)


def check_receipt(look: Look) -> Hit | None:
    """A case was accepted: who reported it has a receipt."""
    for case_id in look.papers.cases_of.get(look.incident.incident_id, ()):
        if not look.papers.cases[case_id].receipt_at_ms:
            return Hit("receipt", was=look.papers.cases[case_id].number)
    return None


def check_filed(look: Look) -> Hit | None:
    """Reported and not filed 有案不立: a case is due and none is linked."""
    incident = look.incident
    if incident.state == "merged" or look.papers.cases_of.get(incident.incident_id):
        return None
    given = [order.disposition for order in look.orders if order.t9_ms]
    says_case = "case_opened" in {*given, incident.disposition}
    excused = NO_CASE if look.final_type.class_key == "criminal" else NO_CASE | MINOR_ENDS
    is_due = CASE_FOLLOWUP in look.final_type.followups and bool(given)
    if not says_case and (not is_due or {*given, incident.disposition} & excused):
        return None
    return Hit("filed", was="case_opened" if says_case else look.final_type.code)


def check_call_back(look: Look) -> Hit | None:
    """A call-back that is due has been made."""
    for item_id in look.incident.item_ids:
        item = look.board.items[item_id]
        if item.seat_id == CALL_BACK_SEAT and item.due_at_ms < look.now_ms:
            return Hit("call_back", was=item_id)
    return None


def check_merge(look: Look) -> Hit | None:
    """What was merged was near, of one time and of one kind; and no pair is left undecided."""
    incident = look.incident
    if incident.state != "merged":
        left = incident.duplicate_ids
        return Hit("merge", was=left[0], limit="-") if left else None
    other = look.board.incidents.get(incident.merged_into)
    if other is None:
        return None
    return _merged(look, incident, other)


def _merged(look: Look, incident: Incident, other: Incident) -> Hit | None:
    clocks = look.board.reference.clocks
    apart_ms = abs(incident.opened_at_ms - other.opened_at_ms)
    if apart_ms > clocks.duplicate_age_ms:
        return Hit("merge", was=_minutes(apart_ms), limit=_minutes(clocks.duplicate_age_ms))
    if not is_compatible(look.board, incident, other):
        return Hit("merge", was=incident.type_code, limit=other.type_code)
    off_m = distance_m(incident.lat, incident.lon, to_lat=other.lat, to_lon=other.lon)
    if not (incident.is_placed and other.is_placed) or off_m <= clocks.duplicate_radius_m:
        return None
    return Hit("merge", was=f"{round(off_m)} m", limit=f"{clocks.duplicate_radius_m} m")


def check_privacy(look: Look) -> Hit | None:
    """What is to be kept close is a restricted record, whatever it was called at first."""
    if look.incident.record_class != "ordinary" or not look.final_type.restricted:
        return None
    return Hit("privacy", was=look.incident.record_class, limit=look.final_type.code)


RULES: Final = tuple(
    Rule(*each)
    for each in (
        (
            *("type", "类别前后不一", "type, first and final"),
            "初始类别 {was}，最终 {limit}，大类不同",
            "opened as {was}, ended as {limit}: another class",
            check_type,
        ),
        (
            *("place", "地点不准", "place"),
            "派警单 {order}：地点 {was}，应为 {limit}",
            "order {order}: the place was {was}, should be {limit}",
            check_place,
        ),
        (
            *("first_order", "派警超时", "first order late"),
            "首派 {order} 用时 {was}，限 {limit}",
            "the first order {order} took {was}, limit {limit}",
            check_first_order,
        ),
        (
            *("signed", "签收超时或未签收", "not signed in time"),
            "派警单 {order} 签收用时 {was}，限 {limit}",
            "order {order} was signed after {was}, limit {limit}",
            check_signed,
        ),
        (
            *("arrival", "到场非定位记录", "arrival not by position"),
            "派警单 {order} 到场由 {was} 记录，应为定位",
            "order {order}: arrival by {was}, not by position",
            check_arrival,
        ),
        (
            *("officers", "到场不足二人", "fewer than two officers"),
            "到场 {was} 人，应不少于 {limit} 人",
            "{was} attended, {limit} at least should",
            check_officers,
        ),
        (
            *("camera", "未关联执法记录仪", "no camera file"),
            "派警单 {order} 未关联执法记录仪文件",
            "order {order} has no body camera file",
            check_camera,
        ),
        (
            *("feedback_time", "反馈超时", "feedback late"),
            "派警单 {order} 反馈用时 {was}，限 {limit}",
            "order {order}: feedback after {was}, limit {limit}",
            check_feedback_time,
        ),
        (
            *("feedback_whole", "反馈不全", "feedback incomplete"),
            "派警单 {order} 反馈 {was}，至少 {limit}（经过字数或当事人）",
            "order {order}: feedback has {was}, at least {limit} (characters, or parties)",
            check_feedback_whole,
        ),
        (
            *("letter", "告诫书未作决定", "no decision on a letter"),
            "家庭暴力警情，派警单 {order} 的反馈未写告诫书",
            "domestic violence, and the feedback of {order} says nothing of a letter",
            check_letter,
        ),
        (
            *("receipt", "未给受案回执", "no receipt"),
            "案件 {was} 未给受案回执",
            "no receipt was given for case {was}",
            check_receipt,
        ),
        (
            *("filed", "应立未立", "reported but not filed"),
            "依据 {was} 应受案，但未关联案件",
            "a case is due by {was}, and none is linked",
            check_filed,
        ),
        (
            *("call_back", "回访未办", "call-back not made"),
            "回访事项 {was} 已逾期",
            "the call-back {was} is overdue",
            check_call_back,
        ),
        (
            *("merge", "合并不当或重复未定", "merge"),
            "合并：{was}，对照 {limit}",
            "merged or left undecided: {was} against {limit}",
            check_merge,
        ),
        (
            *("privacy", "保密标记缺失", "privacy flag"),
            "最终类别 {limit} 应为限制记录，现为 {was}",
            "{limit} is a restricted record, this one is {was}",
            check_privacy,
        ),
    )
)
RULES_BY_CODE: Final = {rule.code: rule for rule in RULES}
OTHER: Final = "other"
"""What a reviewer finds and no rule names."""


def list_hits(look: Look) -> list[Hit]:
    """What the rules in use find in an incident, in their order."""
    found = [check(look) for check in _list_checks(look.papers.terms.rules_off)]
    return [hit for hit in found if hit is not None]


@lru_cache(maxsize=4)
def _list_checks(off: tuple[str, ...]) -> tuple[Callable[[Look], Hit | None], ...]:
    """What the rules in use look for; which are off changes seldom."""
    return tuple(rule.check for rule in RULES if rule.code not in off)


def explain(hit: Hit, names: Mapping[str, str] = NO_NAMES) -> tuple[str, str]:
    """A hit in words; names: of the codes of types."""
    rule = RULES_BY_CODE.get(hit.rule)
    return rule.explain(hit, names) if rule else ("评查员补登", "added by a reviewer")


def names_of(codes: Iterable[str]) -> list[str]:
    """Codes that no rule has."""
    return [code for code in codes if code not in RULES_BY_CODE]


def _word(code: str, language: int, names: Mapping[str, str]) -> str:
    """A code of ours as people say it; numbers as they are."""
    return CODES[code][language] if code in CODES else names.get(code, code)


def _seconds(span_ms: int) -> str:
    return f"{span_ms // MS} s"


def _minutes(span_ms: int) -> str:
    return f"{span_ms // MINUTE_MS} min"
