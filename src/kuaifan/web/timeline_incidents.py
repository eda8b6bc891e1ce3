"""Words of the timeline for what happens to an incident and its orders (警情时间线用语).

Each is a link and a pair of templates, Chinese and English, over the event; codes in them are put
into words. Never a note's text, a name or an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from kuaifan.kernel.message import Event
from kuaifan.vocabulary import (
    agency,
    alarm,
    broadcast,
    complaint,
    desk,
    emergency,
    facts,
    kinship,
    major,
    overlay,
    recall,
    reinforce,
    road,
    seat_archive,
    voice,
)
from kuaifan.vocabulary.rights import PURPOSE_NAMES
from kuaifan.web.timeline_calls import CALL_CODE_WORDS

SEAT_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "seat": ("", ""),
    "intake": ("接警 ", "intake "),
    "dispatch": ("派警 ", "dispatch "),
    "paper": ("补录 ", "paper "),
}
"""What the ids of numbered seats begin with: a console's are its page's."""
Link = Literal["warn", "intake", "dispatch", "respond", "handle", "review"]
Words = tuple[Link, str, str]

CODE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    **{str(each): words for each, words in PURPOSE_NAMES.items()},
    **{code: (name, code) for code, name in agency.AGENCIES.items()},
    **CALL_CODE_WORDS,
    "weapon": ("持械", "a weapon"),
    "injury": ("有人受伤", "somebody hurt"),
    "child": ("有儿童", "a child"),
    "under_ten": ("不满十岁", "a child under ten"),
    "ongoing": ("正在发生", "still going on"),
    "suspect_present": ("嫌疑人在场", "the suspect is there"),
    "repeat": ("多次发生", "not the first time"),
    "violence": ("有暴力行为", "violence"),
    "threat": ("有威胁", "a threat"),
    "crowd": ("五人以上", "five people or more"),
    "danger": ("有危险", "danger"),
    "distress": ("求救迹象", "signs of distress"),
    "protected_place": ("受保护地址", "a protected place"),
    "unconscious": ("昏迷", "somebody unconscious"),
    "trapped_in_heat": ("高温被困", "trapped in heat"),
    "cold_or_water": ("低温或涉水", "cold or water"),
    "fire": ("起火", "fire"),
    "verified": ("已核实", "verified"),
    "harm_suspected": ("疑似受害", "harm suspected"),
    "detained": ("有人被拘禁", "somebody held"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "unknown": ("不详", "not known"),
    "place": ("地点", "the place"),
    "type": ("类别", "the type"),
    "priority": ("等级", "the priority"),
    "queue": ("待派超时", "nobody sent yet"),
    "item": ("事项超期", "an item is late"),
    "not_moving": ("签收后未出警", "signed and not moving"),
    "eta_passed": ("超过预计到达", "expected before now"),
    "silent_on_scene": ("到场后无报告", "silent on scene"),
    "amendment": ("变更未签收", "change not signed"),
    "withdrawal": ("撤回未签收", "withdrawal not signed"),
    "agency": ("联动部门未回应", "service has not answered"),
    "transfer": ("转接未签收", "transfer not signed"),
    "hand_over": ("移交未签收", "hand-over not signed"),
    "call_back": ("待回拨", "a call-back is owed"),
    "backup": ("增援未派", "back-up not sent"),
    "emergency": ("紧急求助未受理", "emergency not taken up"),
    "agency_refused": ("联动部门拒绝", "service does not take it"),
    "transfer_refused": ("转接被拒", "transfer refused"),
    "hand_over_refused": ("移交被退回", "hand-over sent back"),
    "text_failed": ("短信未送达", "text not delivered"),
    "major": ("重大警情", "major incident"),
    "leader_told": ("须报告领导", "the leader is told"),
    "other_desk_ground": ("位于其他辖区", "on another desk's ground"),
    "agency_untold": ("联动部门未收到通知", "service was not told"),
    "phone_untold": ("话机系统未执行指令", "telephones do not do as told"),
    "dispatcher": ("派警员", "dispatcher"),
    "supervisor": ("值班领导", "supervisor"),
    "leader": ("局领导", "leader"),
    "signed": ("收到", "signed"),
    "en_route": ("出发", "on the way"),
    "arrived": ("到", "there"),
    "handled": ("完毕", "done"),
    "at": ("在", "is at a place"),
    "back": ("归队", "back"),
    "told_otherwise": ("已另行告知", "told otherwise"),
    "not_needed": ("无需告知", "no longer needed"),
    "full": ("清单已满", "the list was full"),
    "phone": ("话机系统", "the telephone system"),
    "safe": ("平安", "safe"),
    "enterprise": ("涉企", "enterprise"),
}
"""Codes of facts, alarms, services and radio words as people say them."""

INCIDENT_WORDS: Final[Mapping[type[Event], Words]] = {
    complaint.ComplainedOfNamed: (
        "intake",
        "已登记被投诉警组",
        "it was said which units are complained of",
    ),
    overlay.OverlayMarked: (
        "intake",
        "叠加标记 {event.overlay}",
        "also marked as {event.overlay}",
    ),
    overlay.OverlayLifted: (
        "intake",
        "撤销叠加标记 {event.overlay}：{event.reason}",
        "no longer marked as {event.overlay}: {event.reason}",
    ),
    facts.FactRecorded: (
        "intake",
        "要素：{event.fact} {event.answer}",
        "{event.fact}: {event.answer}",
    ),
    facts.PossiblePlaceAdded: (
        "intake",
        "登记可能地点 {event.place_no}",
        "possible place {event.place_no} noted",
    ),
    facts.PlaceRuledOut: (
        "intake",
        "排除可能地点 {event.place_no}",
        "possible place {event.place_no} ruled out",
    ),
    facts.NoteAdded: ("intake", "补充记录 {event.note_no}", "note {event.note_no} added"),
    facts.NoteStruck: ("intake", "划改记录 {event.note_no}", "note {event.note_no} struck through"),
    facts.MajorDeclared: ("dispatch", "定为重大警情", "declared a major incident"),
    facts.MajorEnded: ("dispatch", "解除重大警情", "no longer a major incident"),
    major.ReportedUp: (
        "dispatch",
        "重大警情上报（第 {event.report_no} 条）",
        "reported up ({event.report_no})",
    ),
    major.ReportConfirmed: (
        "dispatch",
        "上报第 {event.report_no} 条已签收",
        "report {event.report_no} was received",
    ),
    major.LogKeeperNamed: ("dispatch", "已指定记录员", "a log keeper is named"),
    major.AfterActionAdded: (
        "review",
        "登记后续事项 {event.item_no}",
        "item {event.item_no} is owed afterwards",
    ),
    major.AfterActionTicked: (
        "review",
        "后续事项 {event.item_no} 已完成",
        "item {event.item_no} is done",
    ),
    broadcast.BroadcastSent: (
        "dispatch",
        "发布广播 {event.broadcast_id}",
        "broadcast {event.broadcast_id} sent",
    ),
    kinship.DuplicateSuggested: (
        "intake",
        "疑似与 {event.other_incident_id} 重复（相距 {event.distance_m} 米）",
        "may be {event.other_incident_id}, {event.distance_m} m away",
    ),
    kinship.DuplicateDismissed: (
        "intake",
        "与 {event.other_incident_id} 不是同一警情",
        "not the same as {event.other_incident_id}",
    ),
    kinship.IncidentSplit: (
        "intake",
        "拆分出警情 {event.into_incident_id}",
        "incident {event.into_incident_id} split off",
    ),
    kinship.IncidentsLinked: (
        "intake",
        "与 {event.other_incident_id} 关联",
        "linked with {event.other_incident_id}",
    ),
    kinship.IncidentsUnlinked: (
        "intake",
        "取消与 {event.other_incident_id} 的关联",
        "no longer linked with {event.other_incident_id}",
    ),
    kinship.IncidentReopened: ("review", "警情重开", "reopened"),
    kinship.IncidentRetired: ("review", "归档", "left the board"),
    kinship.RetirementPutOff: ("review", "暂缓归档", "stays on the board for now"),
    recall.IncidentRecalled: ("review", "调档", "brought back from the archive"),
    seat_archive.SeatPaperRetired: (
        "review",
        "专席材料 {event.paper.paper_id} 归档",
        "paper {event.paper.paper_id} of a special seat left the board",
    ),
    seat_archive.SeatPaperRecalled: (
        "review",
        "专席材料 {event.paper.paper_id} 调档",
        "paper {event.paper.paper_id} of a special seat brought back",
    ),
    kinship.CallRetired: ("review", "来电归档", "the call left the board"),
    agency.AgencyTold: ("dispatch", "通知{event.agency}", "told: {event.agency}"),
    agency.AgencyAccepted: (
        "dispatch",
        "联动请求 {event.request_id} 已受理",
        "{event.request_id} taken",
    ),
    agency.AgencyRefused: (
        "dispatch",
        "联动请求 {event.request_id} 被拒绝",
        "{event.request_id} not taken",
    ),
    agency.AgencyArrived: (
        "respond",
        "联动部门到场（{event.request_id}）",
        "service on scene ({event.request_id})",
    ),
    agency.AgencyCalledOff: (
        "dispatch",
        "取消联动请求 {event.request_id}",
        "{event.request_id} called off",
    ),
    desk.HandOverOffered: (
        "dispatch",
        "移交 {event.to_desk_id}，待签收",
        "offered to desk {event.to_desk_id}",
    ),
    desk.HandOverAccepted: (
        "dispatch",
        "{event.to_desk_id} 已签收移交",
        "desk {event.to_desk_id} has it",
    ),
    desk.HandOverRefused: (
        "dispatch",
        "{event.to_desk_id} 退回移交",
        "desk {event.to_desk_id} sent it back",
    ),
    desk.IncidentTakenOver: (
        "dispatch",
        "市局从 {event.from_desk_id} 提级指挥",
        "the city took it from desk {event.from_desk_id}",
    ),
    reinforce.BackupRequested: (
        "dispatch",
        "请求增援 {event.n_units} 个警力单元",
        "{event.n_units} more units asked for",
    ),
    reinforce.IncidentEscalated: (
        "dispatch",
        "升级响应至第 {event.level} 圈",
        "ring {event.level} of forces opened",
    ),
    reinforce.UnitDiverted: (
        "dispatch",
        "{event.unit_id} 由 {event.from_order_id} 改派",
        "{event.unit_id} diverted from {event.from_order_id}",
    ),
    reinforce.UnitReserved: ("dispatch", "预留 {event.unit_id}", "{event.unit_id} kept in mind"),
    reinforce.UnitReleased: (
        "dispatch",
        "取消预留 {event.unit_id}",
        "{event.unit_id} no longer kept in mind",
    ),
    reinforce.OrderAmended: (
        "dispatch",
        "{event.order_id} 变更：{event.what}，待签收",
        "{event.order_id} told of a change: {event.what}",
    ),
    reinforce.AmendmentAcknowledged: (
        "respond",
        "{event.order_id} 已签收变更",
        "{event.order_id} signed the change",
    ),
    reinforce.IncidentScheduled: ("intake", "预约", "scheduled"),
    reinforce.ScheduledStarted: ("dispatch", "预约到时启动", "its time has come"),
    voice.VoiceReported: (
        "respond",
        "电台报告 {event.unit_id}：{event.word}",
        "{event.unit_id} on the radio: {event.word}",
    ),
    emergency.EmergencyDeclared: (
        "warn",
        "民警紧急求助：{event.unit_id}",
        "officer emergency: {event.unit_id}",
    ),
    emergency.EmergencyTakenUp: ("dispatch", "紧急求助已受理", "the emergency is in hand"),
    emergency.VoiceContactConfirmed: (
        "respond",
        "已与 {event.unit_id} 语音联系",
        "{event.unit_id} has been spoken with",
    ),
    emergency.EmergencyEnded: ("handle", "紧急求助解除", "the emergency is over"),
    alarm.AlarmRaised: (
        "warn",
        "告警：{event.kind}（第 {event.level} 级，{event.to}）",
        "alarm: {event.kind} (level {event.level}, {event.to})",
    ),
    road.EtaUpdated: (
        "respond",
        "{event.unit_id} 预计到达时间变更",
        "{event.unit_id} is expected at another time",
    ),
}


class InWords:
    """An event whose codes read as words of one language (代码转文字)."""

    def __init__(self, event: Event, *, is_chinese: bool) -> None:
        self._event, self._at = event, 0 if is_chinese else 1

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any field of any event
        value = getattr(self._event, name)
        if value and (name.endswith("seat_id") or self._is_seat(name)):
            return seat_words(value)[self._at]
        words = CODE_WORDS.get(value) if isinstance(value, str) else None
        return words[self._at] if words else value

    def _is_seat(self, name: str) -> bool:
        """Whether a field names a seat because another says so."""
        return name == "to_id" and getattr(self._event, "to_kind", "") == "seat"


def seat_words(seat_id: str) -> tuple[str, str]:
    """A seat as the screens call it: seat-4 is 4 席, dispatch-2 is 派警 2 席."""
    kind, _, number = seat_id.rpartition("-")
    zh, en = SEAT_KINDS.get(kind, ("", ""))
    if not number.isdecimal() or kind not in SEAT_KINDS:
        number = seat_id
    return f"{zh}{number} 席", f"{en}seat {number}"
