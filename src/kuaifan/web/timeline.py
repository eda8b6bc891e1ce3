"""The timeline of an incident (警情时间线): what happened, by link.

Never with a name or the story; reasons and results in a person's own words only for whoever sees
personal data.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.board.reference import Reference
from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record
from kuaifan.policy.explain import lost_to_come_ms
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.disposition import DISPOSITIONS
from kuaifan.vocabulary.undo import UNDO_REASON
from kuaifan.web.case_reading import need_opened
from kuaifan.web.desk import Desk
from kuaifan.web.masking import mask
from kuaifan.web.problems import answer, not_found
from kuaifan.web.seat_rows import SeatHere
from kuaifan.web.timeline_asked import ASKED_WORDS
from kuaifan.web.timeline_calls import CALL_WORDS
from kuaifan.web.timeline_incidents import INCIDENT_WORDS, InWords, Link
from kuaifan.web.timeline_items import ITEM_WORDS
from kuaifan.web.timeline_paper import MARK, PAPER_WORDS, true_at_ms
from kuaifan.web.timeline_patrol import PHOTO_WORDS, READ_WORDS, told_letter, told_time
from kuaifan.web.timeline_seats import SeatTeller
from kuaifan.web.viewer import Viewer, viewer_of

Words = tuple[str, str]
SOURCES: Final[Mapping[str, Words]] = {
    "button": ("按键", "button"),
    "gps": ("定位", "position"),
    "voice": ("电台", "voice"),
    "paper": ("纸质单", "paper"),
}
UNSAID: Final = "—"
"""Where nobody said why, or it is not for this viewer."""
DISPOSITION_NAMES: Final = {each.code: (each.name_cn, each.name_en) for each in DISPOSITIONS}


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a timeline (时间线条目).

    at_ms: when it happened, by the card where it came from one; entered_at_ms: when it was typed
    in then, else 0.
    """

    seq: int
    at_ms: int
    link: Link
    actor: str
    type: str
    text_zh: str
    text_en: str
    entered_at_ms: int = 0


class Teller:
    """Puts events into words (叙述); knows the names of units and types, and no person's.

    viewer: for whom; who sees no personal data is told of what was said without the words.
    is_opened: whether this viewer has this case's; None: as it has in general. seats: whose own
    words say what happened at them. For one timeline: events are told in order.
    """

    def __init__(
        self,
        reference: Reference,
        viewer: Viewer,
        *,
        is_opened: bool | None = None,
        seats: Sequence[SeatHere] = (),
    ) -> None:
        self._reference, self._seats = reference, SeatTeller(seats, viewer)
        self._is_opened = viewer.sees_personal if is_opened is None else is_opened

    def unit(self, unit_id: str) -> str:
        """The call sign of a unit."""
        profile = self._reference.units.get(unit_id)
        return profile.call_sign if profile else unit_id

    def type_name(self, code: str) -> str:
        """The name of a type."""
        found = self._reference.types.get(code)
        return found.name_cn if found else code

    def tell(self, event: Event) -> tuple[Link, Words] | None:
        """Link and words of an event, None where it is of no interest to a reader."""
        if self._seats.is_hidden(event):
            return None
        if own := self._seats.tell(event):
            return "review", own
        told = TELLERS.get(type(event))
        if told is None:
            return None
        link, words = told
        return link, words(self, event if self._is_opened else mask(event))


def list_steps(records: list[Record], teller: Teller, incident_id: str) -> list[Step]:
    """The timeline of one incident: its own events, and those of its calls."""
    steps = []
    for record in records:
        for event in record.events:
            told = teller.tell(event) if _is_about(event, incident_id) else None
            if told is not None:
                steps.append(_step(record, event, *told))
    return steps


def _step(record: Record, event: Event, link: Link, words: Words) -> Step:
    true_ms, (text_zh, text_en) = true_at_ms(record, event), words
    mark_zh, mark_en = MARK if true_ms else ("", "")
    return Step(
        seq=record.seq,
        at_ms=true_ms or record.at_ms,
        link=link,
        actor=record.actor,
        type=str(type(event).__struct_config__.tag),
        text_zh=mark_zh + text_zh,
        text_en=mark_en + text_en,
        entered_at_ms=record.at_ms if true_ms else 0,
    )


def timeline_route(desk: Desk, seats: Sequence[SeatHere] = ()) -> Route:
    """GET /v1/incidents/{key}/timeline, of open and of closed incidents."""

    async def timeline(request: Request) -> Response:
        viewer, incident_id = viewer_of(request), request.path_params["key"]
        is_opened = await need_opened(desk, request, incident_id, "timeline")
        records = await asyncio.to_thread(desk.read_touching, incident_id)
        if not records or not _may_read(desk, viewer, records, incident_id):
            raise not_found(f"没有警情 {incident_id}", f"there is no incident {incident_id}")
        # The names of now: a unit may have another call sign, a type another name.
        teller = Teller(desk.reference, viewer, is_opened=is_opened, seats=seats)
        return answer(list_steps(records, teller, incident_id))

    return Route("/v1/incidents/{key}/timeline", timeline)


def _may_read(desk: Desk, viewer: Viewer, records: list[Record], incident_id: str) -> bool:
    """A crew reads of an incident as long as it sees it, and of a closed one it was sent to."""
    if viewer.role != "crew":
        return True
    shown = desk.store.find("incidents", incident_id)
    if shown is not None:
        return viewer.sees(shown)
    sent = (event for record in records for event in record.events)
    return any(
        isinstance(event, orders.UnitAssigned)
        and (event.incident_id, event.unit_id) == (incident_id, viewer.unit_id)
        for event in sent
    )


def _is_about(event: Event, incident_id: str) -> bool:
    about = {
        getattr(event, "incident_id", ""),
        getattr(event, "into_incident_id", ""),
        getattr(event, "left_incident_id", ""),
    } - {""}
    # An event of a call alone is here because the call belongs to the incident.
    return incident_id in about or (not about and hasattr(event, "call_id"))


def _opened(teller: Teller, event: incidents.IncidentOpened) -> Words:
    name = teller.type_name(event.type_code)
    return (
        f"立警情 {event.incident_id}：{name}，{event.priority} 级",
        f"incident {event.incident_id} opened: {name}, P{event.priority}",
    )


def _placed(_teller: Teller, event: incidents.IncidentPlaced) -> Words:
    return (
        f"已定位（距道路 {event.offset_m} 米）",
        f"placed, {event.offset_m} m from the nearest road",
    )


def _updated(teller: Teller, event: incidents.IncidentUpdated) -> Words:
    name = teller.type_name(event.type_code)
    return f"更新警情：{name}", f"updated: {name}"


def _priority(_teller: Teller, event: incidents.PrioritySet) -> Words:
    return f"等级调整为 {event.priority} 级", f"priority set to P{event.priority}"


def _merged(_teller: Teller, event: incidents.IncidentMerged) -> Words:
    return (
        f"警情 {event.incident_id} 并入 {event.into_incident_id}",
        f"incident {event.incident_id} merged into {event.into_incident_id}",
    )


def _recommended(teller: Teller, event: incidents.RecommendationMade) -> Words:
    if not event.candidates:
        return "推荐：暂无可派警力", "recommended: no unit can go"
    first = event.candidates[0]
    name, minutes = teller.unit(first.unit_id), first.travel_ms / 60_000
    cost_zh, cost_en = _calls_to_come(first)
    return (
        f"推荐 {name}，约 {minutes:.1f} 分钟{cost_zh}",
        f"recommended {name}, about {minutes:.1f} min{cost_en}",
    )


def _calls_to_come(first: incidents.Candidate) -> Words:
    """What they lose with the unit away, where a plan in use says what to expect."""
    cost_ms = lost_to_come_ms((each.code, each.number, each.subject) for each in first.reasons)
    cost_s = round((cost_ms or 0) / 1000)
    if not cost_s:
        return "", ""
    return f"，日后警情预计共多等 {cost_s} 秒", f", costs calls to come {cost_s} s"


def _assigned(teller: Teller, event: orders.UnitAssigned) -> Words:
    name = teller.unit(event.unit_id)
    chosen_zh = f"推荐第 {event.rank} 位" if event.rank else "自行选派"
    chosen_en = f"rank {event.rank}" if event.rank else "own choice"
    return f"派 {name}（{chosen_zh}）", f"{name} sent ({chosen_en})"


def _withdrawn(teller: Teller, event: orders.OrderWithdrawn) -> Words:
    name = teller.unit(event.unit_id)
    reason = event.reason or UNSAID
    reason_zh = "撤销派警" if reason == UNDO_REASON else reason
    return f"撤回 {name}：{reason_zh}", f"{name} called back: {reason}"


def _unsigned(teller: Teller, event: orders.OrderUnsigned) -> Words:
    name = teller.unit(event.unit_id)
    return (
        f"{name} 未签收，第 {event.level} 次催办",
        f"{name} has not signed, urged {event.level} times",
    )


def _by_source(zh: str, en: str) -> Callable[[Teller, Any], Words]:
    def words(_teller: Teller, event: Any) -> Words:  # noqa: ANN401 - any event of an order
        source_zh, source_en = SOURCES[event.source]
        late_zh, late_en = told_time(event)
        return (
            f"{event.order_id} {zh}（{source_zh}{late_zh}）",
            f"{event.order_id} {en} ({source_en}{late_en})",
        )

    return words


def _fed_back(_teller: Teller, event: orders.FeedbackGiven) -> Words:
    own = event.disposition or UNSAID
    zh, en = DISPOSITION_NAMES.get(own, (own, own))
    letter_zh, letter_en = told_letter(event.letter)
    return (
        f"{event.order_id} 反馈：{zh}{letter_zh}",
        f"{event.order_id} fed back: {en}{letter_en}",
    )


def _ended(zh: str, en: str) -> Callable[[Teller, Any], Words]:
    def words(_teller: Teller, event: Any) -> Words:  # noqa: ANN401 - any event with a result
        own = event.disposition
        name_zh, name_en = DISPOSITION_NAMES.get(own, (own or UNSAID, own or "none given"))
        return f"{zh}：{name_zh}", f"{en}: {name_en}"

    return words


def _returned(_teller: Teller, event: orders.FeedbackReturned) -> Words:
    reason = event.reason or UNSAID
    return f"{event.order_id} 反馈退回：{reason}", f"{event.order_id} returned: {reason}"


def _reviewed(teller: Teller, event: incidents.IncidentReviewed) -> Words:
    name = teller.type_name(event.final_type_code)
    return f"已评查，最终类别 {name}", f"reviewed, final type {name}"


def _plain(zh: str, en: str) -> Callable[[Teller, Any], Words]:
    def words(_teller: Teller, event: Any) -> Words:  # noqa: ANN401 - any event
        zh_event, en_event = InWords(event, is_chinese=True), InWords(event, is_chinese=False)
        return zh.format(event=zh_event), en.format(event=en_event)

    return words


TELLERS: Final[Mapping[type[Event], tuple[Link, Callable[[Teller, Any], Words]]]] = {
    # The first of the five links is the situation that shows itself: here, somebody rings (t0).
    calls.CallRegistered: (
        "warn",
        _plain("来电 {event.call_id}（{event.line}）", "call {event.call_id} on {event.line}"),
    ),
    calls.CallAnswered: (
        "intake",
        _plain("{event.seat_id}接听", "answered at {event.seat_id}"),
    ),
    calls.CallUpdated: ("intake", _plain("补充来电信息", "caller details completed")),
    calls.CallEnded: ("intake", _plain("通话结束", "the call ended")),
    calls.CallAbandoned: ("intake", _plain("来电未接", "the call was missed")),
    calls.CallAttached: (
        "intake",
        _plain("来电 {event.call_id} 关联警情", "call {event.call_id} attached"),
    ),
    **{event: ("intake", _plain(zh, en)) for event, (zh, en) in CALL_WORDS.items()},
    **{event: (link, _plain(zh, en)) for event, (link, zh, en) in INCIDENT_WORDS.items()},
    **{event: ("handle", _plain(zh, en)) for event, (zh, en) in PHOTO_WORDS.items()},
    **{event: ("review", _plain(zh, en)) for event, (zh, en) in READ_WORDS.items()},
    **{event: ("intake", _plain(zh, en)) for event, (zh, en) in PAPER_WORDS.items()},
    **{event: ("review", _plain(zh, en)) for event, (zh, en) in ITEM_WORDS.items()},
    **{event: ("dispatch", _plain(zh, en)) for event, (zh, en) in ASKED_WORDS.items()},
    incidents.IncidentOpened: ("intake", _opened),
    incidents.IncidentPlaced: ("intake", _placed),
    incidents.IncidentUpdated: ("intake", _updated),
    incidents.PrioritySet: ("dispatch", _priority),
    incidents.IncidentMerged: ("intake", _merged),
    incidents.RecommendationMade: ("dispatch", _recommended),
    incidents.IncidentSettled: ("handle", _ended("电话处置", "settled by phone")),
    incidents.IncidentReviewed: ("review", _reviewed),
    incidents.IncidentClosed: ("review", _ended("办结", "closed")),
    orders.UnitAssigned: ("dispatch", _assigned),
    orders.OrderWithdrawn: ("dispatch", _withdrawn),
    orders.WithdrawalAcknowledged: (
        "respond",
        _by_source("已签收撤回", "signed that it is void"),
    ),
    orders.WithdrawalLapsed: (
        "respond",
        _plain("{event.order_id} 警组已下勤，撤回免签", "{event.order_id}: its crew is off duty"),
    ),
    orders.OrderUnsigned: ("dispatch", _unsigned),
    orders.OrderAcknowledged: ("respond", _by_source("已签收", "signed")),
    orders.UnitEnRoute: ("respond", _by_source("已出警", "en route")),
    orders.UnitArrived: ("respond", _by_source("已到场", "on scene")),
    orders.CrewSafe: ("handle", _by_source("报平安", "all is well")),
    orders.OrderHandled: ("handle", _by_source("处理完毕", "handled")),
    orders.FeedbackGiven: ("handle", _fed_back),
    orders.FeedbackReturned: (
        "handle",
        _returned,
    ),
    orders.FeedbackOverdue: (
        "handle",
        _plain("{event.order_id} 反馈超时", "{event.order_id} feedback is late"),
    ),
}
