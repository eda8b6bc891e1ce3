"""What the seat says of itself (回访声明)."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Choice, Column, Field, Figure, Seat, Table
from kuaifan.board.seat_terms import set_term_action
from kuaifan.seats.callback.kinds import CALL, GRIEVANCE, HELD_CALL, KINDS
from kuaifan.seats.callback.papers import TERMS

SATISFACTION: Final = (
    Choice("satisfied", "满意", "satisfied"),
    Choice("fairly", "基本满意", "fairly satisfied"),
    Choice("dissatisfied", "不满意", "dissatisfied"),
)
YES_NO: Final = (Choice("yes", "是", "yes"), Choice("no", "否", "no"))
WHYS: Final = (
    Choice("enterprise", "涉企全访", "firm"),
    Choice("agreed", "约定回访", "agreed"),
    Choice("sample", "抽样", "sample"),
)
ACTIONS: Final = (
    Action(
        command="RecordCallBackAnswer",
        zh="登记回访",
        en="record the call",
        on="item",
        fills="item_id",
        key="r",
        kinds=(CALL.kind, HELD_CALL.kind),
        fields=(
            Field(
                name="number",
                zh="所拨号码",
                en="number rung",
                kind="phone",
                help=("须与应回访表一致；限制记录只拨约定号码", "as in the table; as was agreed"),
            ),
            Field(
                name="reached",
                zh="接通情况",
                en="reached",
                kind="choice",
                choices=(
                    Choice("answered", "已接通", "answered"),
                    Choice("not_reached", "未接通", "not reached"),
                    Choice("declined", "不愿受访", "declined"),
                ),
            ),
            Field(
                name="resolved",
                zh="是否解决",
                en="dealt with",
                kind="choice",
                choices=YES_NO,
                required=False,
            ),
            Field(
                name="satisfaction",
                zh="满意度",
                en="satisfaction",
                kind="choice",
                choices=SATISFACTION,
                required=False,
            ),
            Field(name="said", zh="意见", en="what was said", kind="long_text", required=False),
        ),
    ),
    Action(
        command="AnswerGrievance",
        zh="核查结果",
        en="answer",
        on="item",
        fills="item_id",
        key="g",
        kinds=(GRIEVANCE.kind,),
        fields=(
            Field(
                name="outcome",
                zh="结果",
                en="outcome",
                kind="choice",
                choices=tuple(Choice(code, *said) for code, said in GRIEVANCE.outcomes.items()),
            ),
            Field(name="found", zh="核查情况", en="what was found", kind="long_text"),
        ),
    ),
    Action(
        command="AgreeCallBack",
        zh="约定回访",
        en="agree a call-back",
        on="seat",
        key="a",
        fields=(
            Field(name="incident_id", zh="警情", en="incident", kind="incident"),
            Field(name="number", zh="约定号码", en="number", kind="phone"),
            Field(name="from_min", zh="自（当日第几分钟）", en="from (minute)", kind="number"),
            Field(name="to_min", zh="至（当日第几分钟）", en="to (minute of day)", kind="number"),
        ),
    ),
    Action(
        command="SendTrackLink",
        zh="发送进度链接",
        en="send a link",
        on="seat",
        key="l",
        fields=(Field(name="incident_id", zh="警情", en="incident", kind="incident"),),
    ),
    Action(
        command="SetTrackAddress",
        zh="进度页地址",
        en="address of the page",
        on="seat",
        fields=(
            Field(
                name="address",
                zh="地址（https://…）",
                en="address (https://…)",
                kind="text",
            ),
            Field(
                name="key",
                zh="密钥（首次必填）",
                en="key (needed once)",
                kind="text",
                required=False,
                help=(
                    "64 位十六进制随机数；更换即作废旧链接",
                    "64 hex digits; a new one ends links",
                ),
            ),
        ),
    ),
    set_term_action("SetCallBackTerm", TERMS),
)
TABLES: Final = (
    Table(
        name="due",
        zh="应回访",
        en="due",
        columns=(
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="why", zh="依据", en="why", kind="code", choices=WHYS),
            Column(name="number", zh="号码", en="number"),
            Column(name="hours", zh="时段", en="hours"),
            Column(name="n_tries", zh="已拨", en="tries", kind="number"),
            Column(name="script", zh="话术", en="script"),
        ),
    ),
    Table(
        name="agreements",
        zh="回访约定",
        en="agreements",
        columns=(
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="number", zh="号码", en="number"),
            Column(name="hours", zh="时段", en="hours"),
        ),
    ),
    Table(
        name="answers",
        zh="回访结果",
        en="answers",
        columns=(
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="at_ms", zh="时间", en="at", kind="instant"),
            Column(
                name="satisfaction",
                zh="满意度",
                en="satisfaction",
                kind="code",
                choices=SATISFACTION,
            ),
            Column(name="resolved", zh="已解决", en="dealt with", kind="code", choices=YES_NO),
            Column(name="said", zh="意见", en="what was said"),
        ),
    ),
    Table(
        name="tracks",
        zh="进度链接",
        en="links",
        columns=(
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="until_ms", zh="有效至", en="works until", kind="instant"),
            Column(name="rating", zh="评价", en="rating", kind="code", choices=SATISFACTION),
        ),
    ),
)
FIGURES: Final = (
    Figure(name="called", zh="回访率", en="called", kind="share", of="called", over="due"),
    Figure(name="answered", zh="接通率", en="answered", kind="share", of="answered", over="called"),
    Figure(
        name="content",
        zh="满意率（满意＋基本满意）",
        en="satisfied or fairly",
        kind="share",
        of="content",
        over="answered",
        interval=True,
    ),
    Figure(
        name="unresolved",
        zh="反映未解决",
        en="not dealt with",
        kind="share",
        of="unresolved",
        over="answered",
    ),
    Figure(name="not_reached", zh="多次未接通", en="not reached", kind="count", of="not_reached"),
    Figure(
        name="ratings",
        zh="网页评价满意（另计）",
        en="satisfied on the page (counted apart)",
        kind="share",
        of="ratings_content",
        over="ratings",
        interval=True,
    ),
)
TOLD: Final = (
    ("CallBackDue", "列入回访", "to be called back"),
    ("CallBackAgreed", "已约定回访", "a call-back was agreed"),
    ("CallBackTried", "回访未接通", "called back, nobody answered"),
    ("CallBackAnswered", "已回访：{satisfaction}", "called back: {satisfaction}"),
    ("GrievanceAnswered", "不满意核查：{outcome}", "grievance: {outcome}"),
    ("TrackLinkSent", "已发送进度链接", "a link was sent to the caller"),
    ("HandlingRated", "群众网页评价：{satisfaction}", "rated on the page: {satisfaction}"),
)
SEAT: Final = Seat(
    title_zh="回访",
    title_en="call-backs",
    about=(
        "涉企全访、约定必访、其余按日抽样；未解决即重开，不满意即核查；限制记录只拨约定号码和时段。",
        "Every firm, everybody who agreed, a daily sample of the rest; not dealt with goes on.",
    ),
    readers=("call_taker", "dispatcher", "commander", "reviewer", "dv_officer", "minors_officer"),
    rights=(("SetTrackAddress", "command"), ("SetCallBackTerm", "command")),
    order=70,
    kinds=KINDS,
    actions=ACTIONS,
    tables=TABLES,
    figures=FIGURES,
    told=TOLD,
)
