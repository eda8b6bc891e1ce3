"""What the inspection desk says of itself (投诉监督声明): its page is drawn from this."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Choice, Column, Field, Figure, Seat, Table
from kuaifan.seats.complaints.kinds import INQUIRY, KINDS
from kuaifan.seats.complaints.lookup import STATES
from kuaifan.seats.complaints.papers import READERS
from kuaifan.seats.complaints.told import TOLD

WRITTEN: Final = (
    Choice("12389", "12389 举报投诉", "12389"),
    Choice("letter", "来信", "letter"),
    Choice("visit", "来访", "visit"),
    Choice("web", "网上", "web"),
    Choice("other", "其他", "other"),
)
CHANNELS: Final = (Choice("110", "110 来电", "110"), *WRITTEN)
FEEDBACK_CHANNELS: Final = (
    Choice("account", "官方账号留言", "our official account"),
    Choice("web", "网上", "web"),
    Choice("letter", "来信", "letter"),
    Choice("visit", "来访", "visit"),
    Choice("phone", "电话", "phone"),
)
TOPICS: Final = (
    Choice("suggestion", "建议", "suggestion"),
    Choice("thanks", "表扬", "thanks"),
    Choice("criticism", "批评", "criticism"),
    Choice("question", "询问", "question"),
)
FINDINGS: Final = tuple(Choice(code, *words) for code, words in INQUIRY.outcomes.items())
YES_NO: Final = (Choice("yes", "是", "yes"), Choice("no", "否", "no"))


def _text(name: str, zh: str, en: str, *, required: bool = True) -> Field:
    return Field(name=name, zh=zh, en=en, kind="text", required=required)


def _long(name: str, zh: str, en: str) -> Field:
    return Field(name=name, zh=zh, en=en, kind="long_text")


def _on_complaint(
    command: str,
    zh: str,
    en: str,
    *fields: Field,
    kind: str,
    stage: str,
    key: str = "",
) -> Action:
    return Action(
        command=command,
        zh=zh,
        en=en,
        on="subject",
        fills="complaint_id",
        key=key,
        kinds=(kind,),
        stages=(stage,),
        fields=fields,
    )


LOG: Final = Action(
    command="LogComplaint",
    zh="登记投诉",
    en="Log a complaint",
    on="seat",
    key="L",
    fields=(
        Field(name="channel", zh="渠道", en="Channel", kind="choice", choices=WRITTEN),
        Field(name="ongoing", zh="正在发生", en="Going on now", kind="yes_no"),
        _long("text", "投诉内容", "What it is about"),
        Field(name="wants_answer", zh="需要答复", en="Wants an answer", kind="yes_no"),
        _text("contact", "联系方式", "Whom to answer", required=False),
        Field(name="unit_id", zh="被投诉警组", en="Unit", kind="unit", required=False),
        Field(name="their_id", zh="渠道编号", en="Their number", kind="id", required=False),
        _text("address", "地点", "Where", required=False),
    ),
)
SEND: Final = _on_complaint(
    "SendInspection",
    "派督察警组",
    "Send inspection",
    Field(name="unit_id", zh="督察警组", en="Unit", kind="unit"),
    kind="attend",
    stage="due",
    key="D",
)
GO: Final = _on_complaint(
    "SendInspector",
    "督察员到场",
    "An inspector goes",
    Field(name="inspector", zh="督察员", en="Inspector", kind="person"),
    kind="attend",
    stage="due",
    key="G",
)
BEGIN: Final = _on_complaint(
    "BeginInquiry",
    "开始核查",
    "Begin the inquiry",
    Field(name="inspector", zh="核查人", en="Inspector", kind="person"),
    kind="inquiry",
    stage="received",
    key="B",
)
CONCLUDE: Final = _on_complaint(
    "ConcludeComplaint",
    "作出结论",
    "Conclude",
    Field(name="finding", zh="结论", en="Finding", kind="choice", choices=FINDINGS),
    _long("account", "经过和依据", "What was found"),
    _text("correction", "整改内容", "What is to change", required=False),
    Field(name="responsible", zh="整改责任人", en="By whom", kind="person", required=False),
    Field(name="correct_by_ms", zh="整改期限", en="Until", kind="date", required=False),
    kind="inquiry",
    stage="inquiring",
    key="C",
)
ANSWER: Final = _on_complaint(
    "AnswerComplainant",
    "答复投诉人",
    "Answer the complainant",
    _long("answer", "答复内容", "Answer"),
    _text("how", "方式", "How"),
    kind="inquiry",
    stage="answering",
    key="A",
)
CORRECT: Final = _on_complaint(
    "ConfirmCorrection",
    "确认整改",
    "Confirm the correction",
    _long("account", "整改情况", "What has changed"),
    kind="correction",
    stage="due",
    key="K",
)
RECEIVE: Final = Action(
    command="ReceiveFeedback",
    zh="登记意见建议",
    en="Enter a message",
    on="seat",
    key="M",
    fields=(
        Field(name="channel", zh="渠道", en="Channel", kind="choice", choices=FEEDBACK_CHANNELS),
        Field(name="topic", zh="类别", en="About", kind="choice", choices=TOPICS),
        _long("text", "内容", "What was said"),
        _text("contact", "联系方式", "Whom to answer", required=False),
        Field(name="their_id", zh="渠道编号", en="Their number", kind="id", required=False),
    ),
)
REPLY: Final = Action(
    command="AnswerFeedback",
    zh="答复意见建议",
    en="Answer the message",
    on="subject",
    fills="feedback_id",
    key="R",
    kinds=("feedback",),
    stages=("due",),
    fields=(_long("answer", "答复内容", "Answer"),),
)


def _term(name: str, zh: str, en: str) -> Field:
    return Field(name=name, zh=zh, en=en, kind="number", required=False)


def _days(name: str, zh: str, en: str) -> Field:
    told = ("写作 2027-02-05，以空格分隔", "as 2027-02-05, with a space between")
    return Field(name=name, zh=zh, en=en, kind="text", required=False, help=told)


TERMS: Final = Action(
    command="SetComplaintTerms",
    zh="设定时限",
    en="Set the times",
    on="seat",
    fields=(
        _term("attend_minutes", "督察出动（分钟）", "Inspection on its way, minutes"),
        _term("begin_hours", "开始核查（小时）", "Begin, hours"),
        _term("inquire_working_days", "核查（工作日）", "Inquiry, working days"),
        _term("answer_working_days", "答复（工作日）", "Answer, working days"),
        _term("feedback_working_days", "意见答复（工作日）", "Messages, working days"),
        _term("kept_days", "办结后留在席面（天）", "On the page after the end, days"),
        _days("off_days", "另行放假的日子", "More days off"),
        _days("on_days", "另行上班的日子", "More days worked"),
    ),
)
COMPLAINTS: Final = Table(
    name="complaints",
    zh="投诉",
    en="Complaints",
    columns=(
        Column(name="row_id", zh="编号", en="No."),
        Column(name="incident_id", zh="警情", en="Incident", kind="incident"),
        Column(name="channel", zh="渠道", en="Channel", kind="code", choices=CHANNELS),
        Column(name="ongoing", zh="正在发生", en="Going on", kind="code", choices=YES_NO),
        Column(
            name="state",
            zh="状态",
            en="State",
            kind="code",
            choices=tuple(Choice(code, *words) for code, words in STATES.items()),
        ),
        Column(name="due_at_ms", zh="期限", en="Due", kind="due"),
        Column(name="units", zh="被投诉警组", en="Units", kind="owner"),
        Column(name="sent", zh="已派督察", en="Inspection"),
        Column(name="inspector", zh="核查人", en="Inspector"),
        Column(name="finding", zh="结论", en="Finding", kind="code", choices=FINDINGS),
        Column(name="responsible", zh="整改责任人", en="To correct it"),
        Column(name="correct_by_ms", zh="整改期限", en="Correct by", kind="due"),
        Column(name="contact", zh="联系方式", en="Whom to answer"),
    ),
)
MESSAGES: Final = Table(
    name="feedback",
    zh="待答复意见建议",
    en="Messages to be answered",
    columns=(
        Column(name="row_id", zh="编号", en="No."),
        Column(name="channel", zh="渠道", en="Channel", kind="code", choices=FEEDBACK_CHANNELS),
        Column(name="topic", zh="类别", en="About", kind="code", choices=TOPICS),
        Column(name="text", zh="内容", en="What was said"),
        Column(name="due_at_ms", zh="期限", en="Due", kind="due"),
        Column(name="contact", zh="联系方式", en="Whom to answer"),
    ),
)


def _count(of: str, zh: str, en: str) -> Figure:
    return Figure(name=of, zh=zh, en=en, kind="count", of=of)


def _share(of: str, over: str, zh: str, en: str) -> Figure:
    return Figure(name=of, zh=zh, en=en, kind="share", of=of, over=over)


SEAT: Final = Seat(
    title_zh="投诉监督",
    title_en="Complaints and inspection",
    about=(
        "正在发生的派督察，绝不派被投诉警组；其余由督察席核查、答复、整改；群众写给公安的意见建议在此答复。",
        "What goes on now gets inspection, never the unit complained of; the rest an inquiry.",
    ),
    readers=READERS,
    rights=(("SendInspection", "dispatch"), ("SetComplaintTerms", "command")),
    order=80,
    kinds=KINDS,
    told=TOLD,
    actions=(LOG, SEND, GO, BEGIN, CONCLUDE, ANSWER, CORRECT, RECEIVE, REPLY, TERMS),
    tables=(COMPLAINTS, MESSAGES),
    figures=(
        _count("taken", "受理投诉", "Complaints taken"),
        *(
            _count(f"by_{each.code}", f"其中：{each.zh}", f"of these: {each.en}")
            for each in CHANNELS
        ),
        _share("answered_in_time", "to_be_answered", "及时答复率", "Answered in time"),
        _share("attended", "ongoing", "督察到场率", "Inspection sent"),
        _share("founded", "concluded", "属实率", "Founded"),
        _share("corrected", "to_correct", "整改率", "Corrected"),
        _share("messages_in_time", "messages", "意见及时答复率", "Messages answered in time"),
    ),
)
