"""What the mediation seat says of itself (调解专席声明): its page is drawn from this."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Choice, Column, Field, Figure, Seat, Table
from kuaifan.seats.mediation.kinds import CASE, KINDS
from kuaifan.seats.mediation.told import TOLD

PARTNERS: Final = (
    Choice("community", "警民联调（社区、村居）", "with the community"),
    Choice("hospital", "警医联调（医院、医调委）", "with the hospital"),
    Choice("lawyer", "警律联调（律师、司法所）", "with lawyers"),
)
SHORT: Final = (
    Choice("community", "警民", "community"),
    Choice("hospital", "警医", "hospital"),
    Choice("lawyer", "警律", "lawyer"),
)
BASES: Final = (
    Choice("civil", "民间纠纷", "dispute"),
    Choice("public_order", "治安调解", "public-order case"),
)
MEDIATORS: Final = (
    Choice("retired_officer", "退休民警", "retired officer"),
    Choice("officer", "民警", "officer"),
    Choice("community", "社区调解员", "community mediator"),
    Choice("doctor", "医疗调解员", "medical mediator"),
    Choice("lawyer", "律师", "lawyer"),
)
SIDES: Final = (Choice("a", "甲方", "party a"), Choice("b", "乙方", "party b"))
ATTEMPTS: Final = (
    Choice("agreed", "达成一致", "agreed"),
    Choice("failed", "调解不成", "failed"),
    Choice("no_show", "一方缺席", "somebody stayed away"),
)
ENDS: Final = tuple(
    Choice(code, *CASE.outcomes[code]) for code in CASE.outcomes if code != "agreed"
)
STATES: Final = (
    *(Choice(code, *words) for code, words in CASE.words.items()),
    *(Choice(code, *words) for code, words in CASE.outcomes.items()),
    Choice("performed", "已履行", "performed"),
    Choice("not_performed", "未履行", "not performed"),
)
YES_NO: Final = (Choice("yes", "是", "yes"), Choice("no", "否", "no"))
WILLING: Final = ("ready", "booked", "again", "booked_again")


def _asked(name: str, zh: str, en: str) -> Field:
    """One of the four questions; a yes is refused with its clause."""
    return Field(name=name, zh=zh, en=en, kind="yes_no")


OPEN: Final = Action(
    command="OpenMediation",
    zh="立调解案",
    en="Open a mediation",
    on="incident",
    fills="incident_id",
    key="N",
    fields=(
        Field(name="basis", zh="性质", en="Basis", kind="choice", choices=BASES),
        Field(name="partner_kind", zh="联调方式", en="Partner", kind="choice", choices=PARTNERS),
        Field(name="partner", zh="联调单位", en="Which one", kind="text"),
        Field(name="party_a", zh="甲方", en="Party a", kind="text"),
        Field(name="party_b", zh="乙方", en="Party b", kind="text"),
        _asked("hired", "是否雇凶伤害", "Hired assault?"),
        _asked("gang", "是否结伙斗殴", "A gang fight?"),
        _asked("repeat_offender", "行为人是否多次违反治安管理", "Offended repeatedly?"),
        _asked("provocation", "是否寻衅滋事", "Provocation?"),
        Field(
            name="a_is_minor", zh="甲方未成年", en="Party a a minor", kind="yes_no", required=False
        ),
        Field(
            name="b_is_minor", zh="乙方未成年", en="Party b a minor", kind="yes_no", required=False
        ),
        Field(
            name="earlier_mediation_id",
            zh="前案编号",
            en="Earlier case",
            kind="id",
            required=False,
            help=("同一双方此前的调解案", "an earlier mediation of the same parties"),
        ),
    ),
)
CONSENT: Final = Action(
    command="RecordMediationConsent",
    zh="登记意愿",
    en="Record consent",
    on="subject",
    fills="mediation_id",
    key="C",
    kinds=("case",),
    stages=("consent",),
    fields=(
        Field(name="side", zh="哪一方", en="Which party", kind="choice", choices=SIDES),
        Field(name="consents", zh="同意调解", en="Consents", kind="yes_no"),
        Field(
            name="how", zh="方式（签字或见证人）", en="How (signed, or before whom)", kind="text"
        ),
    ),
)
BOOK: Final = Action(
    command="BookMediation",
    zh="预约调解室",
    en="Book a room",
    on="subject",
    fills="mediation_id",
    key="B",
    kinds=("case",),
    stages=("ready", "again"),
    fields=(
        Field(name="room_id", zh="调解室", en="Room", kind="id"),
        Field(name="mediator_id", zh="调解员", en="Mediator", kind="id"),
        Field(name="from_ms", zh="开始", en="From", kind="instant"),
        Field(name="n_minutes", zh="分钟数", en="Minutes", kind="number"),
    ),
)
CANCEL: Final = Action(
    command="CancelMediationBooking",
    zh="取消预约",
    en="Cancel the booking",
    on="subject",
    fills="mediation_id",
    key="X",
    kinds=("case",),
    stages=("booked", "booked_again"),
    fields=(Field(name="reason", zh="原因", en="Reason", kind="text"),),
)
HOLD: Final = Action(
    command="HoldMediation",
    zh="登记调解经过",
    en="Record an attempt",
    on="subject",
    fills="mediation_id",
    key="H",
    kinds=("case",),
    stages=WILLING,
    fields=(
        Field(name="outcome", zh="结果", en="Outcome", kind="choice", choices=ATTEMPTS),
        Field(name="where", zh="地点", en="Where", kind="text"),
        Field(name="mediator", zh="主持人", en="Mediator", kind="person"),
        Field(
            name="guardian_present",
            zh="监护人到场",
            en="Guardian there",
            kind="yes_no",
            required=False,
        ),
        Field(name="note", zh="经过", en="Account", kind="long_text", required=False),
    ),
)
SIGN: Final = Action(
    command="SignMediation",
    zh="签订协议",
    en="Sign the agreement",
    on="subject",
    fills="mediation_id",
    key="G",
    kinds=("case",),
    stages=("signing",),
    fields=(
        Field(name="terms", zh="协议内容", en="Terms", kind="long_text"),
        Field(name="perform_by_ms", zh="履行期限", en="To be performed by", kind="date"),
        Field(name="signed_a", zh="甲方已签名", en="Party a has signed", kind="yes_no"),
        Field(name="signed_b", zh="乙方已签名", en="Party b has signed", kind="yes_no"),
        Field(name="signed_mediator", zh="主持人已签名", en="Mediator has signed", kind="yes_no"),
        Field(
            name="performed_at_once",
            zh="当场履行完毕",
            en="Performed at once",
            kind="yes_no",
            required=False,
        ),
    ),
)
CHECK: Final = Action(
    command="CheckPerformance",
    zh="核查履行",
    en="Check performance",
    on="subject",
    fills="mediation_id",
    key="P",
    kinds=("performance",),
    fields=(
        Field(name="performed", zh="已履行", en="Performed", kind="yes_no"),
        Field(name="note", zh="说明", en="Note", kind="text", required=False),
    ),
)
END: Final = Action(
    command="EndMediation",
    zh="终止调解",
    en="End the mediation",
    on="subject",
    fills="mediation_id",
    key="E",
    kinds=("case",),
    sure=True,
    fields=(
        Field(name="why", zh="原因", en="Why", kind="choice", choices=ENDS),
        Field(name="note", zh="说明", en="Note", kind="text", required=False),
    ),
)
TO_CASE: Final = Action(
    command="TakeMediationToCase",
    zh="移送办案",
    en="Take to a case",
    on="subject",
    fills="mediation_id",
    key="T",
    kinds=("case_route",),
    fields=(Field(name="case_no", zh="案件编号", en="Case number", kind="text"),),
)
TO_COURT: Final = Action(
    command="TellCivilRoute",
    zh="已告知民事途径",
    en="Told of the civil route",
    on="subject",
    fills="mediation_id",
    key="V",
    kinds=("civil_route",),
    fields=(Field(name="how", zh="告知方式", en="How", kind="text"),),
)
ROOM: Final = Action(
    command="KeepMediationRoom",
    zh="登记调解室",
    en="Register a room",
    on="seat",
    fields=(
        Field(name="room_id", zh="编号", en="Id", kind="id"),
        Field(name="name", zh="名称", en="Name", kind="text"),
        Field(name="address", zh="地址", en="Address", kind="text"),
        Field(name="is_open", zh="使用中", en="In use", kind="yes_no"),
    ),
)
MEDIATOR: Final = Action(
    command="KeepMediator",
    zh="登记调解员",
    en="Register a mediator",
    on="seat",
    fields=(
        Field(name="mediator_id", zh="编号", en="Id", kind="id"),
        Field(name="name", zh="姓名", en="Name", kind="text"),
        Field(name="kind", zh="身份", en="What", kind="choice", choices=MEDIATORS),
        Field(name="is_active", zh="在任", en="Works", kind="yes_no"),
        Field(name="room_id", zh="常驻调解室", en="Usual room", kind="id", required=False),
    ),
)


def _term(name: str, zh: str, en: str) -> Field:
    return Field(name=name, zh=zh, en=en, kind="number", required=False)


def _days(name: str, zh: str, en: str) -> Field:
    help_ = ("写作 2027-02-05，以空格分隔", "as 2027-02-05, with a space between")
    return Field(name=name, zh=zh, en=en, kind="text", required=False, help=help_)


TERMS: Final = Action(
    command="SetMediationTerms",
    zh="设定时限",
    en="Set the times",
    on="seat",
    fields=(
        _term("consent_hours", "征求意愿（小时）", "Consent, hours"),
        _term("first_hours", "首次调解（小时）", "First attempt, hours"),
        _term("second_working_days", "再次调解（工作日）", "Second attempt, working days"),
        _term("sign_hours", "签订（小时）", "Signing, hours"),
        _term("check_hours", "到期后核查（小时）", "Check after the date, hours"),
        _term("route_hours", "移送与告知（小时）", "Routes, hours"),
        _term("repeat_days", "反复期（天）", "Repeats, days"),
        _term("n_no_shows", "缺席几次视为不愿", "Absences that end it"),
        _days("off_days", "另行放假的日子", "More days off"),
        _days("on_days", "另行上班的日子", "More days worked"),
    ),
)
CASES: Final = Table(
    name="cases",
    zh="调解案",
    en="Mediations",
    columns=(
        Column(name="row_id", zh="编号", en="No."),
        Column(name="incident_id", zh="警情", en="Incident", kind="incident"),
        Column(name="state", zh="状态", en="State", kind="code", choices=STATES),
        Column(name="due_at_ms", zh="期限", en="Due", kind="due"),
        Column(name="basis", zh="性质", en="Basis", kind="code", choices=BASES),
        Column(name="partner_kind", zh="联调", en="With", kind="code", choices=SHORT),
        Column(name="partner", zh="联调单位", en="Partner"),
        Column(name="party_a", zh="甲方", en="Party a"),
        Column(name="party_b", zh="乙方", en="Party b"),
        Column(name="n_held", zh="次数", en="Attempts", kind="number"),
        Column(name="second_by_ms", zh="再次调解截止", en="Second by", kind="instant"),
        Column(name="perform_by_ms", zh="履行期限", en="Perform by", kind="instant"),
        Column(name="earlier", zh="前案", en="Earlier"),
    ),
)
HOURS: Final = Table(
    name="hours",
    zh="调解室预约",
    en="Hours taken",
    columns=(
        Column(name="from_ms", zh="开始", en="From", kind="instant"),
        Column(name="until_ms", zh="结束", en="Until", kind="instant"),
        Column(name="room", zh="调解室", en="Room"),
        Column(name="mediator", zh="调解员", en="Mediator"),
        Column(name="row_id", zh="调解案", en="Mediation"),
    ),
)
REGISTER: Final = Table(
    name="register",
    zh="调解室与调解员",
    en="Rooms and mediators",
    columns=(
        Column(name="row_id", zh="编号", en="Id"),
        Column(name="name", zh="名称", en="Name"),
        Column(
            name="what",
            zh="类别",
            en="What",
            kind="code",
            choices=(Choice("room", "调解室", "room"), *MEDIATORS),
        ),
        Column(name="where", zh="地点", en="Where"),
        Column(name="in_use", zh="在用", en="In use", kind="code", choices=YES_NO),
        Column(name="n_hours", zh="已约", en="Booked", kind="number"),
    ),
)


def _share(name: str, zh: str, en: str, of: str, over: str) -> Figure:
    return Figure(name=name, zh=zh, en=en, kind="share", of=of, over=over)


SEAT: Final = Seat(
    title_zh="调解专席",
    title_en="Mediation",
    about=(
        "警民、警医、警律联调：立案、征求意愿、预约调解室、调解、协议、履行核查。不适用调解的依条款拒绝。",
        "Disputes mediated with community, hospital or lawyers; what must not be is refused.",
    ),
    readers=("call_taker", "dispatcher", "commander", "reviewer"),
    rights=(("SetMediationTerms", "command"),),
    order=60,
    kinds=KINDS,
    told=TOLD,
    actions=(
        *(OPEN, CONSENT, BOOK, HOLD, SIGN, CHECK, TO_CASE, TO_COURT, CANCEL, END),
        *(ROOM, MEDIATOR, TERMS),
    ),
    tables=(CASES, HOURS, REGISTER),
    figures=(
        _share("mediated", "纠纷调解率", "Disputes mediated", "disputes_mediated", "disputes"),
        _share("agreed", "调处率", "Agreed", "agreed", "mediated"),
        _share("performed", "履行率", "Performed", "performed", "agreed"),
        _share("repeated", "反复率", "Repeated within the days", "repeated", "mediated"),
        Figure(name="opened", zh="立调解案", en="Opened", kind="count", of="opened"),
        Figure(name="to_case", zh="移送办案", en="Taken to case work", kind="count", of="to_case"),
    ),
)
