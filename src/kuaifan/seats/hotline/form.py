"""What the hand-over seat says of itself (联动专席声明): its page is drawn from this."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Choice, Column, Field, Figure, Seat, Table
from kuaifan.seats.hotline.kinds import KINDS
from kuaifan.seats.hotline.lookup import STATES
from kuaifan.seats.hotline.papers import NAMES
from kuaifan.seats.hotline.told import TOLD

ENGLISH: Final = {
    "12345": "12345 hotline",
    "civil_affairs": "civil affairs",
    "ecology": "environment",
    "health": "health",
    "urban_mgmt": "city management",
    "sanitation": "sanitation",
    "market_reg": "market regulation",
    "labour": "labour inspection",
}
SIDES: Final = tuple(Choice(code, NAMES[code], ENGLISH[code]) for code in NAMES)
TICKET_KINDS: Final = (Choice("help", "求助", "help"), Choice("consult", "咨询", "enquiry"))
RETURNS: Final = (
    Choice("not_theirs", "不属职责", "not theirs"),
    Choice("no_place", "地点不明", "no place"),
    Choice("too_little", "信息不全", "too little told"),
    Choice("danger", "有危险，应由 110", "danger: for 110"),
    Choice("done_already", "已办理", "done already"),
    Choice("other", "其他", "other"),
)
RESULTS: Final = (
    Choice("satisfied", "满意", "satisfied"),
    Choice("fairly", "基本满意", "fairly"),
    Choice("not", "不满意", "not satisfied"),
    Choice("unreached", "未接通", "not reached"),
)
HOLDERS: Final = (Choice("us", "公安", "110"), Choice("them", "对方", "the other side"))
NOBODY: Final = Choice("nobody", "协商不成（首接办理）", "nobody (the first receiver)")
DIRECTIONS: Final = (Choice("out", "移交", "out"), Choice("in", "转入", "in"))
OUTCOMES: Final = (
    Choice("solved", "已解决", "solved"),
    Choice("unsatisfied", "仍不满意", "still not satisfied"),
    Choice("unreached", "回访未接通", "not reached"),
    Choice("kept", "首接自办", "kept by the first receiver"),
    Choice("withdrawn", "已撤回", "withdrawn"),
)
WITHDRAWN_FOR: Final = (
    Choice("called_off", "报警人撤销", "called off by the caller"),
    Choice("false_alarm", "虚假警情", "false alarm"),
    Choice("gone", "到场未发现", "nothing found on arrival"),
    Choice("merged", "已并入另一警情", "merged into another incident"),
)
STAGES: Final = tuple(Choice(code, *words) for code, words in STATES.items())
OPEN: Final = ("offer",)
WORK: Final = ("theirs", "ours")


def _text(name: str, zh: str, en: str, *, required: bool = True) -> Field:
    return Field(name=name, zh=zh, en=en, kind="text", required=required)


def _on_ticket(
    command: str,
    zh: str,
    en: str,
    *fields: Field,
    kinds: tuple[str, ...],
    key: str = "",
    stages: tuple[str, ...] = (),
    sure: bool = False,
) -> Action:
    return Action(
        command=command,
        zh=zh,
        en=en,
        on="subject",
        fills="ticket_id",
        key=key,
        kinds=kinds,
        stages=stages,
        fields=fields,
        sure=sure,
    )


OFFER: Final = Action(
    command="OfferTicket",
    zh="一键移交",
    en="Hand over",
    on="incident",
    fills="incident_id",
    key="O",
    fields=(
        Field(name="to", zh="移交给", en="To", kind="choice", choices=SIDES),
        Field(name="kind", zh="性质", en="Kind", kind="choice", choices=TICKET_KINDS),
        _text("what", "事由", "What", required=False),
    ),
)
RECEIVE: Final = Action(
    command="ReceiveTicket",
    zh="登记转入",
    en="Enter what came in",
    on="seat",
    key="I",
    fields=(
        Field(name="from_agency", zh="来自", en="From", kind="choice", choices=SIDES),
        Field(name="their_id", zh="对方编号", en="Their number", kind="id"),
        Field(name="service_code", zh="警情类别", en="Type", kind="id"),
        Field(name="description", zh="内容", en="What", kind="long_text"),
        Field(name="danger", zh="有人身或财产危险", en="Danger", kind="yes_no"),
        Field(name="kind", zh="性质", en="Kind", kind="choice", choices=TICKET_KINDS),
        _text("address", "地址", "Address", required=False),
        _text("contact", "联系人和电话", "Whom to ask", required=False),
    ),
)
ACCEPT: Final = _on_ticket(
    "AcceptTicket",
    "签收",
    "Accept",
    Field(name="their_id", zh="对方编号", en="Their number", kind="id", required=False),
    kinds=OPEN,
    key="A",
)
RETURN: Final = _on_ticket(
    "ReturnTicket",
    "退回",
    "Return",
    Field(name="code", zh="退回类别", en="Why", kind="choice", choices=RETURNS),
    _text("reason", "理由", "Reason"),
    kinds=("offer", *WORK),
    stages=("offered", "accepted"),
    key="R",
)
REOFFER: Final = _on_ticket(
    "ReofferTicket",
    "再次移交",
    "Hand over again",
    Field(name="to", zh="移交给", en="To", kind="choice", choices=SIDES),
    _text("what", "补充说明", "What was missing"),
    kinds=("returned",),
    key="G",
)
KEEP: Final = _on_ticket(
    "KeepTicket",
    "首接自办",
    "Keep it",
    _text("reason", "理由", "Reason"),
    kinds=("offer", "returned", "theirs"),
    stages=("offered", "due", "accepted", "working"),
    key="K",
)
DECIDE: Final = _on_ticket(
    "DecideTicket",
    "协调定责",
    "Decide whose it is",
    Field(name="owner", zh="归", en="Whose", kind="choice", choices=HOLDERS),
    _text("reason", "理由", "Reason"),
    kinds=("decision",),
    key="D",
)
THREE_WAY: Final = _on_ticket(
    "StartThreeWay",
    "三方通话",
    "Talk by three",
    Field(name="call_id", zh="来电编号", en="Call", kind="id"),
    Field(name="number", zh="对方号码", en="Their number", kind="phone", required=False),
    kinds=OPEN,
    key="T",
)
AGREE: Final = _on_ticket(
    "AgreeThreeWay",
    "三方商定",
    "Agreed by three",
    Field(name="owner", zh="归", en="Whose", kind="choice", choices=(*HOLDERS, NOBODY)),
    kinds=OPEN,
    key="E",
)
START: Final = _on_ticket(
    "StartTicket", "开始办理", "Start", kinds=WORK, stages=("accepted",), key="S", sure=True
)
ANSWER: Final = _on_ticket(
    "AnswerTicket",
    "登记答复",
    "Answer",
    Field(name="answer", zh="答复内容", en="What was done", kind="long_text"),
    kinds=WORK,
    stages=("accepted", "working"),
    key="W",
)
CALL_BACK: Final = _on_ticket(
    "CallBackTicket",
    "回访",
    "Call back",
    Field(name="result", zh="结果", en="Result", kind="choice", choices=RESULTS),
    _text("note", "说明", "Note", required=False),
    kinds=WORK,
    stages=("answered",),
    key="B",
)
CLOSE: Final = _on_ticket(
    "CloseTicket",
    "办结",
    "Close",
    kinds=WORK,
    stages=("answered", "called_back"),
    key="C",
    sure=True,
)
URGE: Final = _on_ticket(
    "UrgeTicket",
    "催办",
    "Urge",
    _text("text", "催办内容", "What to say"),
    kinds=("offer", *WORK),
    stages=("offered", "accepted", "working"),
    key="U",
)


def _term(name: str, zh: str, en: str) -> Field:
    return Field(name=name, zh=zh, en=en, kind="number", required=False)


def _days(name: str, zh: str, en: str) -> Field:
    told = ("写作 2027-02-05，以空格分隔", "as 2027-02-05, with a space between")
    return Field(name=name, zh=zh, en=en, kind="text", required=False, help=told)


TERMS: Final = Action(
    command="SetHotlineTerms",
    zh="设定时限",
    en="Set the times",
    on="seat",
    fields=(
        _term("accept_hours", "签收（小时）", "Receipt, hours"),
        _term("return_working_days", "可退回（工作日）", "Return, working days"),
        _term("consult_working_days", "咨询答复（工作日）", "Enquiry, working days"),
        _term("help_working_days", "求助答复（工作日）", "Help, working days"),
        _term("call_back_working_days", "回访（工作日）", "Call-back, working days"),
        _term("urge_hours", "催办间隔（小时）", "Between urgings, hours"),
        _term("n_returns", "几次退回报领导", "Returns until a supervisor decides"),
        _term("kept_days", "办结后留在席面（天）", "On the page after the end, days"),
        _days("off_days", "另行放假的日子", "More days off"),
        _days("on_days", "另行上班的日子", "More days worked"),
    ),
)
TICKETS: Final = Table(
    name="tickets",
    zh="联动工单",
    en="Tickets",
    columns=(
        Column(name="row_id", zh="编号", en="No."),
        Column(name="incident_id", zh="警情", en="Incident", kind="incident"),
        Column(name="direction", zh="方向", en="Way", kind="code", choices=DIRECTIONS),
        Column(name="other", zh="对方", en="Other side"),
        Column(
            name="state",
            zh="状态",
            en="State",
            kind="code",
            choices=STAGES,
        ),
        Column(name="outcome", zh="结果", en="Outcome", kind="code", choices=OUTCOMES),
        Column(name="holder", zh="现归", en="Whose", kind="code", choices=HOLDERS),
        Column(name="due_at_ms", zh="期限", en="Due", kind="due"),
        Column(name="n_returned", zh="退回", en="Returned", kind="number"),
        Column(name="n_urged", zh="催办", en="Urged", kind="number"),
        Column(name="description", zh="内容", en="What"),
        Column(name="answer", zh="答复", en="Answer"),
        Column(name="result", zh="回访", en="Call-back", kind="code", choices=RESULTS),
        Column(name="their_id", zh="对方编号", en="Their number"),
    ),
)
DEPARTMENTS: Final = Table(
    name="departments",
    zh="部门",
    en="Departments",
    columns=(
        Column(name="name", zh="部门", en="Department"),
        Column(name="n_open", zh="在办", en="Open", kind="number"),
        Column(name="n_late", zh="超期", en="Late", kind="number"),
        Column(name="n_returned", zh="退回", en="Returned", kind="number"),
        Column(name="n_closed", zh="办结", en="Closed", kind="number"),
    ),
)


TOLD_THEM: Final = Table(
    name="told",
    zh="对方所见",
    en="What the other side is told",
    columns=(
        Column(name="row_id", zh="对方编号", en="Their number"),
        Column(name="other", zh="对方", en="Other side"),
        Column(
            name="status",
            zh="状态",
            en="Status",
            kind="code",
            choices=(Choice("open", "在办", "open"), Choice("closed", "办结", "closed")),
        ),
        Column(name="notes", zh="进度", en="Notes", kind="code", choices=(*STAGES, *OUTCOMES)),
        Column(name="responsible", zh="责任方", en="Responsible"),
        Column(name="service", zh="类别", en="Service"),
        Column(name="expected_at_ms", zh="预计答复", en="Expected", kind="instant"),
        Column(name="updated_at_ms", zh="更新", en="Updated", kind="instant"),
    ),
)


def _count(name: str, zh: str, en: str) -> Figure:
    return Figure(name=name, zh=zh, en=en, kind="count", of=name)


SEAT: Final = Seat(
    title_zh="12345 与联动专席",
    title_en="12345 and departments",
    about=(
        "与 12345 及城管、市场监管等部门双向移交：首接负责至签收；答复、回访、办结闭环。",
        "Hand-overs both ways; the first receiver has it until a receipt, and each is answered.",
    ),
    readers=("call_taker", "dispatcher", "commander", "reviewer"),
    right="take_calls",
    rights=(("DecideTicket", "command"), ("SetHotlineTerms", "command")),
    order=50,
    kinds=KINDS,
    told=TOLD,
    codes=WITHDRAWN_FOR,
    actions=(
        *(OFFER, RECEIVE, ACCEPT, RETURN, REOFFER, KEEP, DECIDE, THREE_WAY, AGREE),
        *(START, ANSWER, CALL_BACK, CLOSE, URGE, TERMS),
    ),
    tables=(TICKETS, DEPARTMENTS, TOLD_THEM),
    figures=(
        _count("solved", "帮助解决诉求", "Requests solved"),
        _count("offered_out", "移交", "Handed over"),
        _count("offered_in", "转入", "Received"),
        Figure(
            name="in_time",
            zh="及时答复率",
            en="Answered in time",
            kind="share",
            of="answered_in_time",
            over="accepted",
        ),
        Figure(
            name="returned", zh="退回率", en="Returned", kind="share", of="returned", over="offered"
        ),
        Figure(
            name="content", zh="满意率", en="Satisfied", kind="share", of="content", over="reached"
        ),
        _count("withdrawn", "撤回移交", "Hand-overs withdrawn"),
        _count("urged", "催办", "Urged"),
        _count("three_way", "三方通话", "Talked by three"),
        _count("by_voice", "语音转接", "Passed on by voice"),
    ),
)
