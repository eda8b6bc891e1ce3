"""Other services (联动部门): asked to come or to take over, with a receipt and a clock."""

from __future__ import annotations

from typing import Final, Literal

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold, RequestReason

AgencyState = Literal["told", "accepted", "refused", "arrived", "called_off"]
AGENCIES: Final[dict[str, str]] = {
    "119": "消防救援",
    "120": "急救中心",
    "12345": "政务服务热线",
    "women_fed": "妇联",
    "gas": "燃气抢修",
    "bank": "银行",
    "civil_affairs": "民政",
    "ecology": "生态环境",
    "emergency_mgmt": "应急管理",
    "water": "供水抢修",
    "power": "供电抢修",
    "heat": "供热抢修",
    "court": "法院",
    "school": "学校",
    "health": "卫生健康",
    "locksmith": "备案开锁企业",
    "urban_mgmt": "城市管理",
    "sanitation": "环境卫生",
    "market_reg": "市场监管",
    "labour": "劳动监察",
}
"""Services that may be told, with their Chinese names: those of the types, and the departments."""
ASKED_BY_PERSON: Final[dict[str, str]] = {
    "12345": "the hotline takes what is not danger; a person decides that it is not",
    "court": "an order of the court is breached or not; the crew on scene says so first",
    "bank": "money is stopped by the fraud seat, with the accounts at hand",
    "locksmith": "the caller chooses and pays one; the desk only names those on the list",
    "school": "the school may be where the harm comes from; a person decides whom to tell",
}
"""Services that are never told at once and by themselves, each with the reason (须人工决定)."""


class RequestAgency(Command, frozen=True):
    """Tell a service about an incident and ask it to act (联动请求)."""

    incident_id: Id
    agency: Id
    what: IncidentReason = ""


class AcceptAgencyRequest(Command, frozen=True):
    """The service takes it (联动受理)."""

    request_id: Id
    by: ShortText


class RefuseAgencyRequest(Command, frozen=True):
    """The service does not take it (联动拒绝); a person decides what now."""

    request_id: Id
    by: ShortText
    reason: RequestReason


class ReportAgencyArrival(Command, frozen=True):
    """The service is on scene (联动到场)."""

    request_id: Id


class CallOffAgency(Command, frozen=True):
    """The service is not needed any more (取消联动)."""

    request_id: Id
    reason: RequestReason


class AgencyTold(Event, frozen=True):
    """A service has been told (已通知联动部门); the outbox calls or writes."""

    request_id: str
    incident_id: str
    agency: str
    what: IncidentReasonTold


class AgencyAccepted(Event, frozen=True):
    """The service takes it (联动部门已受理)."""

    request_id: str
    incident_id: str
    by: str


class AgencyRefused(Event, frozen=True):
    """The service does not take it (联动部门已拒绝)."""

    request_id: str
    incident_id: str
    by: str
    reason: IncidentReasonTold


class AgencyArrived(Event, frozen=True):
    """The service is on scene (联动部门已到场)."""

    request_id: str
    incident_id: str


class AgencyCalledOff(Event, frozen=True):
    """The service need not come (联动已取消); agency: empty in old logs."""

    request_id: str
    incident_id: str
    reason: IncidentReasonTold
    agency: str = ""


COMMANDS = (
    RequestAgency,
    AcceptAgencyRequest,
    RefuseAgencyRequest,
    ReportAgencyArrival,
    CallOffAgency,
)
EVENTS = (AgencyTold, AgencyAccepted, AgencyRefused, AgencyArrived, AgencyCalledOff)
