"""What the enterprise seat says of itself (护企专席声明): forms, tables and figures, as data."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Choice, Column, Field, Figure, Seat, Table
from kuaifan.seats.enterprise.kinds import KINDS

FIRM_KINDS: Final = (Choice("firm", "企业", "firm"), Choice("project", "项目", "project"))
MATCHED: Final = (
    Choice("phone", "按电话", "by telephone"),
    Choice("place", "按地点", "by place"),
    Choice("person", "人工", "by a person"),
)
ANSWERS: Final = (
    Choice("satisfied", "满意", "satisfied"),
    Choice("fairly", "基本满意", "fairly"),
    Choice("not_satisfied", "不满意", "not satisfied"),
    Choice("no_answer", "未接通", "no answer"),
)
CALLED: Final = (Choice("", "—", "—"), *ANSWERS)
REASON: Final = Field(name="reason", zh="理由", en="reason", kind="text")
THREE: Final = (
    Field(name="leader", zh="包保局领导", en="leader", kind="person"),
    Field(name="chief", zh="包保所队长", en="station chief", kind="person"),
    Field(name="officer", zh="包保民警", en="officer", kind="person"),
)
PHONE: Final = Field(
    name="phone",
    zh="企业电话",
    en="telephones of the firm",
    kind="text",
    required=False,
    help=("多个用分号隔开；只登记业务电话", "parted by semicolons; business numbers only"),
)
VALID_TO: Final = Field(
    name="valid_to_ms", zh="有效期止", en="valid to", kind="date", required=False
)
TABLE_HELP: Final = (
    "列：kind,name,lat,lon,radius_m,phones,leader,chief,officer（可加 ring）；同名即变更",
    "columns: kind,name,lat,lon,radius_m,phones,leader,chief,officer (and ring); same name: change",
)

REGISTER_ACTIONS: Final = (
    Action(
        command="AddFirm",
        zh="登记企业、项目",
        en="add a firm",
        on="seat",
        key="N",
        fields=(
            Field(name="kind", zh="类型", en="kind", kind="choice", choices=FIRM_KINDS),
            Field(name="name", zh="名称", en="name", kind="text"),
            Field(name="lat", zh="纬度", en="latitude", kind="lat"),
            Field(name="lon", zh="经度", en="longitude", kind="lon"),
            Field(name="radius_m", zh="半径（米）", en="radius (m)", kind="number"),
            PHONE,
            *THREE,
            VALID_TO,
        ),
    ),
    Action(
        command="ImportFirms",
        zh="导入名录",
        en="import the register",
        on="seat",
        fields=(
            Field(name="table", zh="CSV 表", en="CSV table", kind="long_text", help=TABLE_HELP),
        ),
    ),
    Action(
        command="ChangeFirm",
        zh="变更",
        en="change",
        on="row",
        table="firms",
        fills="firm_id",
        key="C",
        fields=(
            Field(name="leader", zh="包保局领导", en="leader", kind="person", required=False),
            Field(name="chief", zh="包保所队长", en="station chief", kind="person", required=False),
            Field(name="officer", zh="包保民警", en="officer", kind="person", required=False),
            PHONE,
            Field(name="radius_m", zh="半径（米）", en="radius (m)", kind="number", required=False),
            VALID_TO,
        ),
    ),
    Action(
        command="RetireFirm",
        zh="撤出名录",
        en="take out",
        on="row",
        table="firms",
        fills="firm_id",
        fields=(REASON,),
        sure=True,
    ),
    Action(
        command="SetEnterpriseTerms",
        zh="设定时限",
        en="set terms",
        on="seat",
        fields=(
            Field(
                name="read_ms",
                zh="签收时限（分）",
                en="read within (min)",
                kind="minutes",
                required=False,
            ),
            Field(
                name="call_back_ms",
                zh="回访时限（分）",
                en="called back within (min)",
                kind="minutes",
                required=False,
            ),
            Field(
                name="leader_ms",
                zh="局领导办结时限（分）",
                en="leader closes within (min)",
                kind="minutes",
                required=False,
            ),
        ),
    ),
)
CASE_ACTIONS: Final = (
    Action(
        command="ReadNotice",
        zh="签收",
        en="read",
        on="subject",
        fills="notice_id",
        key="S",
        kinds=("notice",),
        sure=True,
    ),
    Action(
        command="RecordFirmCallBack",
        zh="登记回访",
        en="enter the call-back",
        on="subject",
        fills="incident_id",
        key="B",
        kinds=("call_back",),
        fields=(
            Field(name="answer", zh="结果", en="answer", kind="choice", choices=ANSWERS),
            Field(
                name="unresolved",
                zh="问题未解决，报局领导",
                en="unresolved: to the leader",
                kind="yes_no",
                required=False,
            ),
            Field(name="note", zh="记录", en="note", kind="text", required=False),
        ),
    ),
    Action(
        command="ReportUnresolved",
        zh="当场未办结，报局领导",
        en="unresolved: to the leader",
        on="row",
        table="cases",
        fills="incident_id",
        key="U",
        fields=(REASON,),
    ),
    Action(
        command="ResolveFirmCase",
        zh="局领导办结",
        en="the leader closes it",
        on="subject",
        fills="incident_id",
        key="L",
        kinds=("unresolved",),
        fields=(Field(name="result", zh="办理结果", en="result", kind="text"),),
    ),
    Action(
        command="LiftMatch",
        zh="撤销匹配",
        en="not this firm's",
        on="row",
        table="cases",
        fills="incident_id",
        key="X",
        fields=(
            Field(
                name="why",
                zh="原因",
                en="why",
                kind="choice",
                choices=(
                    Choice("wrong_match", "匹配错误", "wrong match"),
                    Choice("against", "反映企业问题", "it is against the firm"),
                ),
            ),
            Field(name="reason", zh="说明", en="reason", kind="text", required=False),
        ),
        sure=True,
    ),
    Action(
        command="MatchFirm",
        zh="人工匹配警情",
        en="match an incident",
        on="row",
        table="firms",
        fills="firm_id",
        key="M",
        fields=(Field(name="incident_id", zh="警情", en="incident", kind="incident"),),
    ),
    Action(
        command="SayAgainst",
        zh="是反映企业问题",
        en="it is against the firm",
        on="incident",
        fills="incident_id",
        key="G",
    ),
)
TABLES: Final = (
    Table(
        name="cases",
        zh="涉企警情",
        en="incidents of firms",
        columns=(
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="firm_name", zh="企业", en="firm"),
            Column(name="matched_by", zh="匹配", en="matched", kind="code", choices=MATCHED),
            Column(name="matched_at_ms", zh="时间", en="when", kind="instant"),
            Column(name="n_read", zh="签收（3）", en="receipts of 3", kind="number"),
            Column(name="unread", zh="未签收", en="not read by"),
            Column(name="satisfied", zh="回访", en="call-back", kind="code", choices=CALLED),
            Column(name="unresolved_at_ms", zh="报局领导", en="to the leader", kind="instant"),
            Column(name="resolved_at_ms", zh="局领导办结", en="closed by leader", kind="instant"),
        ),
    ),
    Table(
        name="firms",
        zh="重点企业、项目名录",
        en="register of firms and projects",
        columns=(
            Column(name="row_id", zh="编号", en="number"),
            Column(name="kind", zh="类型", en="kind", kind="code", choices=FIRM_KINDS),
            Column(name="name", zh="名称", en="name"),
            Column(name="phones", zh="电话", en="telephones"),
            Column(name="radius_m", zh="半径（米）", en="radius (m)", kind="number"),
            Column(name="leader", zh="包保局领导", en="leader"),
            Column(name="chief", zh="包保所队长", en="station chief"),
            Column(name="officer", zh="包保民警", en="officer"),
            Column(name="valid_to_ms", zh="有效期止", en="valid to", kind="instant"),
        ),
    ),
)
FIGURES: Final = (
    Figure(name="matched", zh="涉企警情", en="incidents of firms", kind="count", of="matched"),
    Figure(
        name="all_read",
        zh="三人均签收",
        en="read by all three",
        kind="share",
        of="all_read",
        over="matched",
    ),
    Figure(name="read", zh="签收", en="receipts", kind="share", of="read", over="notices"),
    Figure(
        name="called_back",
        zh="回访率",
        en="called back",
        kind="share",
        of="called_back",
        over="matched",
    ),
    Figure(name="unresolved", zh="当场未办结", en="unresolved", kind="count", of="unresolved"),
    Figure(
        name="resolved",
        zh="局领导办结",
        en="closed by the leader",
        kind="share",
        of="resolved",
        over="unresolved",
    ),
    Figure(name="lifted", zh="撤销匹配", en="matches lifted", kind="count", of="lifted"),
)
TOLD: Final = (
    ("FirmMatched", "涉企警情：企业 {firm_id}（{matched_by}）", "firm {firm_id}, {matched_by}"),
    ("MatchLifted", "撤销企业匹配：{why}", "no firm's after all: {why}"),
    ("AgainstFirmSaid", "反映企业问题，不派发", "against a firm: told to none of its three"),
    ("NoticeRead", "一警三派签收：{by}", "notice read by {by}"),
    ("NoticePassedUp", "未签收，上报上一级", "not read, passed up"),
    ("FirmCalledBack", "企业回访：{answer}", "firm called back: {answer}"),
    ("UnresolvedReported", "当场未办结，报 {leader}", "unresolved, with {leader}"),
    ("FirmCaseResolved", "局领导已办结", "closed by the leader"),
)
SEAT: Final = Seat(
    title_zh="护企专席",
    title_en="Enterprise seat",
    about=(
        "重点企业、项目的警情一警三派：三人签收，百分百回访，当场未办结报局领导；不改变等级和派警顺序。",
        "Incidents of listed firms go to three people, are called back, and end with the leader.",
    ),
    readers=("call_taker", "dispatcher", "commander"),
    rights=(
        *((name, "command") for name in ("AddFirm", "ChangeFirm", "RetireFirm", "ImportFirms")),
        ("SetEnterpriseTerms", "command"),
        ("SayAgainst", "take_calls"),
    ),
    order=20,
    told=TOLD,
    codes=(Choice("merged", "警情已并入他案", "merged into another"),),
    kinds=KINDS,
    actions=(*CASE_ACTIONS, *REGISTER_ACTIONS),
    tables=TABLES,
    figures=FIGURES,
)
